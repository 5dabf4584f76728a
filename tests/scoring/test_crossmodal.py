from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inspector.geometry.grid import patches_of
from inspector.scoring.crossmodal import enhance
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.mutual import lowest_mean, mutual_scores
from tests.scoring import literal

GOLDEN = Path(__file__).parents[1] / "data" / "muscv2_3d.npz"


def batch(count: int, patches: int, groups: int, pixels: int) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(count)
    grid_features = F.normalize(torch.randn(count, patches, 8, generator=generator), dim=-1)
    point_features = F.normalize(torch.randn(count, groups, 6, generator=generator), dim=-1)
    return grid_features, point_features, torch.randint(pixels, (count, groups), generator=generator)


def cross_modal_scores(
    grid_features: torch.Tensor,
    point_features: torch.Tensor,
    center_pixels: torch.Tensor,
    *,
    grid: tuple[int, int],
    image_size: int | tuple[int, int],
    share: float = 0.3,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Score patches and groups of a batch by one layer each: (N, P) and (N, G)."""
    cells = patches_of(center_pixels, grid, image_size)
    samples = range(len(cells))
    both = [
        distances(features.__getitem__, samples, all_others(len(cells))) for features in (grid_features, point_features)
    ]
    found = [enhance(patches.T, groups.T, cells[sample]) for (sample, patches), (_, groups) in zip(*both, strict=True)]
    patches, groups = (
        torch.stack([lowest_mean(one.T, share) for one in of_all]) for of_all in zip(*found, strict=True)
    )
    return patches, groups


# The published values rank equal distances as torch.sort does on Linux; elsewhere some differ by up to 1e-2.
@pytest.mark.parametrize("layer", range(3))
def test_published_scores(layer):
    golden = {name: torch.from_numpy(values) for name, values in np.load(GOLDEN).items()}

    patches, groups = cross_modal_scores(
        golden["snamd_2d"][:, :, layer],
        golden["snamd_3d"][:, :, layer],
        golden["center_pixel"],
        grid=(12, 12),
        image_size=96,
    )

    assert torch.allclose(patches, golden[f"cae_2d_l{layer}"], rtol=0, atol=1e-4)
    assert torch.allclose(groups, golden[f"cae_3d_l{layer}"], rtol=0, atol=1e-4)


def test_one_patch_and_one_group_keep_their_distances():
    grid_features = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    point_features = torch.tensor([[[0.6, 0.8]], [[0.6, 0.8]]])

    patches, groups = cross_modal_scores(
        grid_features, point_features, torch.zeros(2, 1, dtype=torch.int64), grid=(1, 1), image_size=4
    )

    assert torch.allclose(patches, torch.full((2, 1), 2**0.5))
    assert torch.equal(groups, torch.zeros(2, 1))


def test_enhancement_by_hand():
    # With one other sample the confidence is 1. Carried (8, 7, 6, 5) is matched to the own values: (4, 3, 2, 1);
    # the maxima (4, 3, 3, 4) have the ranks (3, 1, 2, 4); the result is the mean of (3, 1, 2, 4) and (1, 2, 3, 4).
    own = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    carried = torch.tensor([[8.0], [7.0], [6.0], [5.0]])

    patches, _ = enhance(own, carried, torch.arange(4))

    assert patches.flatten().tolist() == [2.0, 1.5, 2.5, 4.0]


def test_uncovered_patches_only_compete_with_their_own_values():
    # Patch 0 holds no group. Patch 1 is matched to its own 2, so that nothing changes; nor does the only group.
    patches, groups = enhance(torch.tensor([[3.0], [2.0]]), torch.tensor([[5.0]]), torch.tensor([1]))

    assert patches.tolist() == [[3.0], [2.0]]
    assert groups.tolist() == [[5.0]]


def test_groups_in_one_patch_are_averaged():
    # The carried means (5, 6, 7) rank like the own values; the sums (10, 6, 7) would give (1.5, 1.5, 3).
    own = torch.tensor([[1.0], [2.0], [3.0]])

    patches, _ = enhance(own, torch.tensor([[9.0], [1.0], [6.0], [7.0]]), torch.tensor([0, 0, 1, 2]))

    assert patches.flatten().tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("count", "grid", "size", "groups", "share"),
    [
        (5, (4, 4), (16, 16), 9, 0.3),
        (4, (2, 5), (8, 30), 7, 0.9),
        (2, (3, 3), (12, 12), 6, 0.3),
        (3, (3, 2), (7, 9), 1, 0.3),
        (3, (1, 1), (4, 4), 5, 0.3),
    ],
    ids=["square", "wide", "two samples", "one group", "one patch"],
)
def test_equal_to_the_literal_version(count, grid, size, groups, share):
    features = batch(count, grid[0] * grid[1], groups, size[0] * size[1])

    result = cross_modal_scores(*features, grid=grid, image_size=size, share=share)

    expected = literal.cross_modal_scores(*features, grid, size, share)
    assert torch.allclose(result[0], expected[0], atol=1e-5)
    assert torch.allclose(result[1], expected[1], atol=1e-5)


def test_order_of_samples_hardly_matters():
    # Matching ranks makes equal values, and equal values are ranked as they stand: neighbours in rank may swap.
    grid_features, point_features, _ = batch(5, 16, 16, 16)
    pixels = torch.arange(16).repeat(5, 1)
    order = torch.tensor([3, 0, 4, 2, 1])

    patches, groups = cross_modal_scores(grid_features, point_features, pixels, grid=(4, 4), image_size=4)

    shuffled = cross_modal_scores(grid_features[order], point_features[order], pixels[order], grid=(4, 4), image_size=4)
    assert torch.allclose(shuffled[0], patches[order], atol=0.02)
    assert torch.allclose(shuffled[1], groups[order], atol=0.02)


def test_odd_group_raises_the_patch_it_lies_in():
    generator = torch.Generator().manual_seed(1)
    grid_features = F.normalize(torch.randn(6, 16, 8, generator=generator), dim=-1)
    point_features = 0.5 + torch.rand(6, 16, 4, generator=generator) * 1e-3
    point_features[2, 5] = torch.tensor([1.0, 0, 0, 0])
    pixels = torch.arange(16).repeat(6, 1)

    patches, groups = cross_modal_scores(grid_features, point_features, pixels, grid=(4, 4), image_size=4)

    assert int(groups.argmax()) == 2 * 16 + 5
    assert patches[2, 5] > mutual_scores(grid_features)[2, 5]
