"""One map of a photo that was looked at in several sizes, all of it or at its part alone."""

import numpy as np
import pytest
import torch
from scipy.ndimage import map_coordinates

from inspector.geometry.placement import Placement, pixel_centres
from inspector.geometry.roi import Roi
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.maps import grid_maps
from inspector.scoring.sample_maps import map_photo, map_sample


def make_photo(values, grid, tiling=(1, 1)):
    """A batch of one photo whose patches score so."""
    features = BatchFeatures((0,), (), ((),) * (tiling[0] * tiling[1]), (), grid, 1, tiling=tiling)
    return features, BatchScores({0: torch.tensor(values)})


def draw_photo(grid, tiling=(1, 1), seed=0):
    """The same, with scores by chance."""
    count = grid[0] * grid[1] * tiling[0] * tiling[1]
    return make_photo(torch.rand(count, generator=torch.Generator().manual_seed(seed)).tolist(), grid, tiling)


def blend(photo, alignment="centres"):
    """The map of one size, as multiples of its usual score, and that score."""
    usual = float(photo[1].typical_patch)
    options = {"frame": None, "side": 1, "score_share": 0, "alignment": alignment}
    return torch.from_numpy(map_sample(0, *photo, **options).anomaly_map) / usual, usual


def stretch(plane, size, alignment="centres"):
    return grid_maps(plane.reshape(1, -1), tuple(plane.shape), size, alignment)[0]


FINE = [0.6] * 5 + [1.2] + [0.6] * 10
COARSE = make_photo([0.2] * 4, (2, 2))
"""Of two sizes of a photo, 2 x 2 and 4 x 4 patches: usual scores of 0.2 and 0.6; one patch scores twice as much."""


KEEP_LEFT = Roi(np.arange(8)[None].repeat(8, axis=0) < 4)


def test_sizes_count_alike_by_their_usual_scores():
    found = map_photo(0, [COARSE, make_photo(FINE, (4, 4))], side=8, score_share=0)

    rows, cols = found.anomaly_map.shape
    fine = grid_maps(torch.tensor(FINE)[None] / 0.6, (4, 4), (rows, cols))[0]
    np.testing.assert_allclose(found.anomaly_map, (1 + fine) / 2 * 0.4, rtol=1e-5)
    assert min(rows, cols) >= 4
    assert found.score == pytest.approx(found.anomaly_map.max(), rel=1e-5)
    assert found.seen is None


def test_a_map_of_several_sizes_shows_and_scores_what_is_looked_at():
    mirrored = torch.tensor(FINE).view(4, 4).flip(1).flatten().tolist()  # the peak lies to the right

    found = map_photo(0, [COARSE, make_photo(mirrored, (4, 4))], side=8, score_share=0, roi=KEEP_LEFT)

    assert found.anomaly_map.shape == found.seen.shape
    assert found.score == pytest.approx(found.anomaly_map[found.seen].max())
    assert found.score < 0.5
    assert set(found.anomaly_map[~found.seen].tolist()) == {found.anomaly_map[found.seen].min()}


def test_what_lies_outside_the_box_of_a_part_is_as_usual_as_its_lowest():
    box = Placement(20.0, 20.0, 20.0, 20.0)

    found = map_photo(0, [COARSE, make_photo(FINE, (4, 4))], side=8, score_share=0, placed=(box, (80, 80))).anomaly_map

    rows, cols = found.shape
    np.testing.assert_allclose(found[rows // 2 :], 0.4, rtol=1e-5)
    np.testing.assert_allclose(found[:, cols // 2 :], 0.4, rtol=1e-5)
    row, col = np.unravel_index(found.argmax(), found.shape)
    assert (row + 0.5) / rows == pytest.approx(17.5 / 80, abs=1.5 / rows)  # the middle of the second patch of four
    assert (col + 0.5) / cols == pytest.approx(17.5 / 80, abs=1.5 / cols)
    assert found.max() > 0.5


@pytest.mark.parametrize(("alignment", "shape"), [("centres", (16, 35)), ("corners", (4, 32))])
def test_maps_of_all_sizes_lie_on_each_other_as_their_patches_do(alignment, shape):
    """Sizes of 2 x 3 patches, and of two tiles of 4 x 5; the map is scored at 40 x 40."""
    sizes = [draw_photo((2, 3)), draw_photo((4, 5), (1, 2), seed=1)]
    options = {"side": 40, "score_share": 0, "alignment": alignment}

    found = map_photo(0, sizes, **options)
    seen = map_photo(0, sizes, **options, roi=KEEP_LEFT)

    (first, usual), (second, other) = (blend(photo, alignment) for photo in sizes)
    expected = (stretch(first, shape, alignment) + stretch(second, shape, alignment)) / 2 * (usual + other) / 2
    torch.testing.assert_close(torch.from_numpy(found.anomaly_map), expected)
    scored_at = stretch(expected, (40, 40), alignment)
    assert found.score == pytest.approx(float(scored_at.max()))
    torch.testing.assert_close(torch.from_numpy(seen.anomaly_map)[:, :20], scored_at[:, :20])


def test_a_region_of_interest_lies_on_the_map_of_several_sizes_as_the_photo_does():
    narrow = Roi(np.arange(8)[None].repeat(8, axis=0) < 3)

    for alignment, seen in (("centres", 1), ("corners", 2)):
        found = map_photo(0, [draw_photo((1, 1))] * 2, side=4, score_share=0, alignment=alignment, roi=narrow)

        assert found.seen.sum(axis=1).tolist() == [seen] * len(found.seen)


@pytest.mark.parametrize(
    ("box", "photo", "tiling", "shape"),
    [
        (
            Placement(40.0, 40.0, 20.0, 20.0),
            (80, 160),
            (1, 1),
            (32, 64),
        ),  # two values for each of 4 patches of 5 pixels
        (Placement(40.0, 40.0, 20.0, 10.0), (80, 160), (1, 1), (64, 128)),  # of 2.5 pixels
        (Placement(40.0, 40.0, 20.0, 10.0), (80, 160), (2, 1), (128, 256)),
        (Placement(40.0, 40.0, 5.0, 5.0), (800, 1600), (1, 1), (256, 512)),  # no more than so many along a side
        (Placement(40.0, 40.0, 500.0, 500.0), (80, 160), (1, 1), (16, 16)),  # no fewer than the whole photo has
    ],
)
def test_a_map_is_as_fine_as_the_patches_of_the_box(box, photo, tiling, shape):
    sizes = [draw_photo((4, 4)), draw_photo((3, 4), tiling)]

    assert map_photo(0, sizes, side=8, score_share=0, placed=(box, photo)).anomaly_map.shape == shape


@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_the_map_of_a_box_is_laid_where_it_was_cut_from(angle):
    sizes, box = [draw_photo((4, 4)), draw_photo((3, 4), seed=1)], Placement(70.0, 30.0, 40.0, 24.0, angle)

    found = map_photo(0, sizes, side=8, score_share=0, placed=(box, (80, 160))).anomaly_map

    (first, usual), (second, other) = map(blend, sizes)
    places = box.to_box(pixel_centres(found.shape) * (160 / found.shape[1], 80 / found.shape[0]))
    patches = [places[..., 1] * 3 - 0.5, places[..., 0] * 4 - 0.5]  # rows and columns of the size's patches
    lowest = float(second.min())
    laid = map_coordinates(second.numpy() - lowest, patches, order=1, mode="grid-constant") + lowest
    np.testing.assert_allclose(found, (stretch(first, found.shape).numpy() + laid) / 2 * (usual + other) / 2, rtol=1e-4)
