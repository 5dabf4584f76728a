"""Scores of a batch: the mean over layers, with and without cross-modal enhancement."""

from pathlib import Path

import numpy as np
import pytest
import torch

from inspector.geometry.grid import patches_of
from inspector.scoring.batch import least_bytes, score_alone
from inspector.scoring.crossmodal import enhance
from inspector.scoring.distances import distances
from inspector.scoring.enhanced import score_enhanced
from inspector.scoring.judges import all_others, ring
from inspector.scoring.maps import grid_maps, point_maps
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.rescoring import rescore

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"
ALL = {"share": 0.3, "memory": 1 << 30}


@pytest.fixture(scope="module")
def golden():
    return {name: torch.from_numpy(values) for name, values in np.load(GOLDEN).items()}


def nothing():
    pass


def published(golden):
    cells = patches_of(golden["center_pixel"], (12, 12), 96)
    grid_loads = [golden["snamd_2d"][:, :, layer].__getitem__ for layer in range(3)]
    point_loads = [golden["snamd_3d"][:, :, layer].__getitem__ for layer in range(3)]
    return score_enhanced(grid_loads, point_loads, list(cells), all_others(7), **ALL, step=nothing)


def test_published_scores_over_all_layers(golden):
    patches, groups = published(golden)

    assert torch.allclose(patches, golden["map2d_patch"], rtol=0, atol=1e-4)
    assert torch.allclose(groups, golden["map3d_group"], rtol=0, atol=1e-4)
    by_layer = torch.stack([golden[f"cae_2d_l{layer}"] for layer in range(3)])
    assert torch.allclose(patches, by_layer.mean(dim=0), rtol=0, atol=1e-4)


def test_published_maps_scores_and_rescoring(golden):
    patches, groups = published(golden)
    clouds = golden["clouds"].flatten(1, 2)
    pixels = [(cloud != 0).any(dim=1).nonzero().flatten() for cloud in clouds]
    points = [cloud[places] for cloud, places in zip(clouds, pixels, strict=True)]

    of_clouds = point_maps(groups, golden["centers"].mT, points, pixels, (96, 96))
    fused = grid_maps(patches, (12, 12), (96, 96), "corners") + of_clouds
    raw = fused.amax(dim=(1, 2))
    salient = torch.cat(
        [
            golden[f"snamd_{kind}"][torch.arange(7), scores.argmax(dim=1), 1]
            for kind, scores in (("2d", patches), ("3d", groups))
        ],
        dim=1,
    )

    tolerance = 0.01 * float(golden["map3d_96"].max())  # the published blur rounds to 8 bits
    assert torch.allclose(fused, golden["map_fused"], rtol=0, atol=tolerance)
    assert torch.allclose(raw, golden["score_raw"], rtol=0, atol=tolerance)
    assert torch.allclose(salient, golden["salient"], rtol=0, atol=1e-4)
    assert torch.allclose(
        rescore(golden["score_raw"], salient, golden["rscon_k"].tolist()), golden["rscon"], rtol=0, atol=1e-4
    )


def test_single_modality_is_the_mean_over_layers(golden):
    loads = [golden["snamd_3d"][:, :, layer].__getitem__ for layer in range(3)]

    (scores,) = score_alone(loads, range(7), all_others(7), **ALL, step=nothing)

    expected = torch.stack([golden[f"msm_3d_l{layer}"] for layer in range(3)]).mean(dim=0)
    assert torch.allclose(scores, expected, rtol=0, atol=1e-4)


def test_longer_list_is_averaged_in_runs():
    # Two samples of one or two patches; three sets of patches in two runs: the first alone, the other two together.
    grid = [torch.tensor([[[0.0], [9.0]], [[distance], [9.0]]]) for distance in (1.0, 2.0, 4.0)]
    point = [torch.tensor([[[0.0]], [[distance]]]) for distance in (1.0, 3.0)]
    cells = [torch.tensor([0]), torch.tensor([1])]

    patches, groups = score_enhanced(
        [features.__getitem__ for features in grid],
        [features.__getitem__ for features in point],
        cells,
        all_others(2),
        **ALL,
        step=nothing,
    )

    runs = [
        (enhance(torch.tensor([[first], [0.0]]), torch.tensor([[group]]), cells[0]), group)
        for first, group in ((1.0, 1.0), (3.0, 3.0))
    ]
    assert torch.allclose(patches[0], torch.stack([lowest_mean(run[0][0].T, 0.3) for run in runs]).mean(dim=0))
    assert groups[0].tolist() == [2.0]


def test_plain_patches_keep_their_own_distances_and_strengthen_groups():
    features = torch.rand(2, 5, 4, 3, generator=torch.Generator().manual_seed(0))
    grid, point = ([each.__getitem__] for each in features)
    cells = [torch.tensor([0, 1, 1, 3])] * 5

    patches, groups = score_enhanced(grid, point, cells, all_others(5), **ALL, step=nothing, plain_patches=True)

    enhanced, expected = score_enhanced(grid, point, cells, all_others(5), **ALL, step=nothing)
    assert torch.equal(patches, score_alone(grid, range(5), all_others(5), **ALL, step=nothing)[0])
    assert torch.equal(groups, expected)
    assert not torch.equal(patches, enhanced)


def test_every_sample_of_every_pair_is_told():
    features = torch.rand(4, 2, 3, generator=torch.Generator().manual_seed(0))
    told = []

    score_enhanced(
        [features.__getitem__] * 4,
        [features.__getitem__] * 2,
        [torch.tensor([0, 1])] * 4,
        all_others(4),
        **ALL,
        step=lambda: told.append(1),
    )
    score_alone([features.__getitem__] * 3, range(4), all_others(4), **ALL, step=lambda: told.append(2))

    assert (told.count(1), told.count(2)) == (8, 12)


def test_passes_of_a_photo_are_scored_apart():
    generator = torch.Generator().manual_seed(0)
    first, second = torch.rand(2, 4, 3, 5, generator=generator)
    loads = [first.__getitem__, first.__getitem__, second.__getitem__, second.__getitem__]

    apart = score_alone(loads, range(4), all_others(4), **ALL, step=nothing, phases=2)

    assert apart.shape == (2, 4, 3)
    for found, features in zip(apart, (first, second), strict=True):
        assert torch.equal(found, score_alone([features.__getitem__], range(4), all_others(4), **ALL, step=nothing)[0])


def test_budget_is_shared_by_what_is_compared_side_by_side(monkeypatch):
    given = []
    features = torch.rand(4, 2, 3, generator=torch.Generator().manual_seed(0))

    def spy(load, samples, judges, *, memory, comparison):
        given.append(memory)
        return distances(load, samples, judges, memory=memory, comparison=comparison)

    for module in ("mutual", "enhanced"):
        monkeypatch.setattr(f"inspector.scoring.{module}.distances", spy)

    score_alone([features.__getitem__] * 2, range(4), ring(4, 9), share=0.3, memory=100_000, step=nothing)
    score_enhanced(
        [features.__getitem__] * 5,
        [features.__getitem__] * 2,
        [torch.tensor([0, 1])] * 4,
        ring(4, 9),
        share=0.3,
        memory=100_000,
        step=nothing,
    )

    scores = 2 * 4 * 4 * 2  # those of all patches and their mean, float32
    assert given[:2] == [100_000 - scores] * 2
    assert given[2:] == [(100_000 - 2 * scores) // 3] * 3 + [(100_000 - 2 * scores) // 4] * 4


def test_least_memory_is_all_scores_and_the_distances_of_a_sample_twice():
    assert least_bytes(1000, 200, 16) == 8 * 16 * 1200
    assert least_bytes(10, 200, 16) == 8 * 16 * 19
    assert least_bytes(1000, 200, 16, tiles=4, phases=2) == 8 * 16 * 8200


def test_chosen_samples_have_the_scores_they_have_among_all():
    features = torch.rand(5, 2, 3, generator=torch.Generator().manual_seed(0))
    loads, cells = [features.__getitem__], [torch.tensor([0, 1])] * 5

    whole = score_enhanced(loads, loads, cells, all_others(5), **ALL, step=nothing)
    found = score_enhanced(loads, loads, cells[:2], all_others(5), **ALL, step=nothing, samples=[3, 1])

    for some, every in zip(found, whole, strict=True):
        torch.testing.assert_close(some, every[[3, 1]])
