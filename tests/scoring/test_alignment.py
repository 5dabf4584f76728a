"""Where the peak of a map lies on the photo, from a single hot patch."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from inspector.geometry.frame import Frame
from inspector.geometry.grid import stretch_map
from inspector.scoring.batch import BatchScores
from inspector.scoring.sample_maps import map_sample

SIZES = [(200, 1600), (1600, 200), (333, 777)]


def make_features(grid: tuple[int, int], tiles: tuple[int, int] = (1, 1), phases: int = 1) -> SimpleNamespace:
    return SimpleNamespace(grid=grid, tiling=tiles, points=(), phases=phases)


def map_photo(features: SimpleNamespace, scores: BatchScores, size: tuple[int, int], frame=None, side: int = 64):
    found = map_sample(0, features, scores, frame=frame, side=side, score_share=0)
    return stretch_map(found.anomaly_map, size)


def find_peak(anomaly_map: np.ndarray) -> tuple[float, float]:
    """The middle of all that is as hot as the hottest pixel, in pixels from the photo's upper left edge."""
    rows, cols = np.nonzero(anomaly_map > anomaly_map.max() - 1e-6)
    return rows.min() / 2 + rows.max() / 2 + 0.5, cols.min() / 2 + cols.max() / 2 + 0.5


def heat(length: int, place: int) -> torch.Tensor:
    scores = torch.zeros(length)
    scores[place] = 1
    return scores


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("patch", [(1, 1), (7, 13), (14, 2)])
def test_the_peak_lies_in_the_middle_of_the_patch(size, patch):
    scores = BatchScores({0: heat(256, patch[0] * 16 + patch[1])})

    row, col = find_peak(map_photo(make_features((16, 16)), scores, size))

    assert row == pytest.approx((patch[0] + 0.5) * size[0] / 16, abs=1)
    assert col == pytest.approx((patch[1] + 0.5) * size[1] / 16, abs=1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tile", [0, 1, 2, 3])
@pytest.mark.parametrize("patches", [7, 8, 16])
def test_the_peak_of_a_tile_lies_in_the_middle_of_its_patch(size, tile, patches):
    middle = patches // 2
    scores = BatchScores({0: heat(4 * patches**2, tile * patches**2 + middle * patches + middle)})

    found = find_peak(map_photo(make_features((patches, patches), tiles=(2, 2)), scores, size))

    for place, second, length in zip(found, divmod(tile, 2), size, strict=True):
        patch = length / (1.75 * patches)  # the second tile begins three quarters of a tile on
        assert place == pytest.approx((middle + 0.5 + 0.75 * patches * second) * patch, abs=patch / 8 + 1)


@pytest.mark.parametrize("size", SIZES)
def test_patches_of_the_moved_photo_lie_half_a_patch_to_the_upper_left(size):
    for hot, shift in ((0, 0.5), (1, 0.0)):
        passes = torch.zeros(2, 64)
        passes[hot, 3 * 8 + 5] = 1
        scores = BatchScores({0: passes.mean(dim=0)}, phases={0: passes})

        row, col = find_peak(map_photo(make_features((8, 8), phases=2), scores, size))

        assert row == pytest.approx((3 + shift) * size[0] / 8, abs=1)
        assert col == pytest.approx((5 + shift) * size[1] / 8, abs=1)


@pytest.mark.parametrize("place", [5.1, 5.4, 5.6, 5.9])
def test_with_two_passes_a_defect_is_found_within_a_quarter_of_a_patch(place):
    passes = torch.stack([heat(64, 3 * 8 + int(place)), heat(64, 3 * 8 + int(place + 0.5))])
    scores = BatchScores({0: passes.mean(dim=0)}, phases={0: passes})

    _, col = find_peak(map_photo(make_features((8, 8), phases=2), scores, (200, 1600)))

    assert abs(col / 200 - place) <= 0.25 + 0.03  # a value of the map has a quarter of a patch


def test_the_mean_of_two_passes_lies_between_them():
    scores = BatchScores({0: heat(64, 3 * 8 + 5)})  # as where clouds strengthen photos: passes are not kept apart

    row, col = find_peak(map_photo(make_features((8, 8), phases=2), scores, (200, 1600)))

    assert (row, col) == pytest.approx((3.25 * 25, 5.25 * 200), abs=1)


def test_the_peak_of_a_padded_photo_lies_in_the_middle_of_its_patch():
    frame = Frame.around((200, 1600))  # 700 rows above and below
    scores = BatchScores({0: heat(256, 8 * 16 + 13)})

    row, col = find_peak(map_photo(make_features((16, 16)), scores, (200, 1600), frame, side=160))

    assert (row, col) == pytest.approx((850 - 700, 1350), abs=11)  # a value of the map has 10 pixels
