"""The map of one sample: no peak is lost on tiles; a region of interest decides what counts, and hides the rest."""

import numpy as np
import pytest
import torch

from inspector.geometry.frame import Frame
from inspector.geometry.roi import Roi
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.maps import tile_maps
from inspector.scoring.sample_maps import _round_up, map_sample


def make_photo(values, tiling=(1, 1)):
    """A batch of one photo of square tiles, whose patches score so."""
    side = round((len(values) // (tiling[0] * tiling[1])) ** 0.5)
    tiles = ((),) * (tiling[0] * tiling[1])
    return BatchFeatures((0,), (), tiles, (), (side, side), 1, tiling=tiling), BatchScores({0: torch.tensor(values)})


@pytest.mark.parametrize("alignment", ["centres", "corners"])
@pytest.mark.parametrize(("tiling", "side"), [((2, 2), 15), ((1, 3), 16), ((1, 1), 3)])
@pytest.mark.parametrize("peak", [6, 11])
def test_a_peak_keeps_its_height_on_a_map_of_tiles(tiling, side, peak, alignment):
    values = [0.5] * (16 * tiling[0] * tiling[1])
    values[16 * (tiling[0] * tiling[1] - 1) + peak] = 0.9

    found = map_sample(0, *make_photo(values, tiling), frame=None, side=side, score_share=0, alignment=alignment)

    assert found.score == pytest.approx(0.9, abs=1e-6)


@pytest.mark.parametrize("length", [2, 3, 5, 8])
def test_a_side_is_stretched_by_the_least_factor_at_which_each_value_has_a_pixel(length):
    for side in range(2, 40):
        corners = next(longer for longer in range(side, 400) if longer > 1 and (longer - 1) % (length - 1) == 0)
        centres = next(longer for longer in range(side, 400) if longer % (2 * length) == length)

        assert _round_up(length, side, "corners") == corners
        assert _round_up(length, side, "centres") == centres


def test_on_corners_a_map_of_tiles_is_that_of_its_patches():
    values = torch.rand(18, generator=torch.Generator().manual_seed(0))
    photo = make_photo(values.tolist(), (1, 2))

    found = map_sample(0, *photo, frame=None, side=30, score_share=0, alignment="corners")

    assert torch.equal(torch.from_numpy(found.anomaly_map), tile_maps(values[None], (3, 3), (1, 2), "corners")[0])


def test_on_corners_padding_ends_where_the_photo_begins():
    frame = Frame(9, 2, 0, (5, 9))

    found = map_sample(
        0, *make_photo([0.0, 0.0, 1.0, 1.0]), frame=frame, side=17, score_share=0, alignment="corners"
    ).anomaly_map

    np.testing.assert_allclose(found, np.linspace(0.25, 0.75, 9)[:, None].repeat(17, axis=1), atol=1e-6)


def test_a_map_is_no_lower_at_the_border_of_the_photo():
    frame = Frame(10, 0, 0, (5, 10))  # its four rows are finer than those of the square

    found = map_sample(0, *make_photo([0.5] * 4), frame=frame, side=7, score_share=0)

    np.testing.assert_allclose(found.anomaly_map, np.full((4, 7), 0.5), rtol=1e-6)


@pytest.mark.parametrize(("share", "score"), [(0, 0.9), (0.25, 0.9), (0.5, 0.65), (1.0, 0.4)])
def test_a_sample_scores_the_mean_of_a_share_of_its_map(share, score):
    found = map_sample(0, *make_photo([0.2, 0.9, 0.4, 0.1]), frame=None, side=2, score_share=share)

    assert found.score == pytest.approx(score)


def keep_left(size=None, cols=4):
    return Roi(np.arange(8)[None].repeat(8, axis=0) < cols, size)


@pytest.mark.parametrize(("alignment", "seen", "score"), [("centres", 1, 0.0), ("corners", 2, 1 / 3)])
def test_a_region_of_interest_lies_on_the_map_as_the_photo_does(alignment, seen, score):
    options = {"frame": None, "side": 4, "score_share": 0, "alignment": alignment, "roi": keep_left(cols=3)}

    found = map_sample(0, *make_photo([0.0, 1.0, 0.0, 1.0]), **options)

    assert found.seen.sum(axis=1).tolist() == [seen] * 4
    assert found.score == pytest.approx(score)


def test_only_what_is_looked_at_is_scored_and_the_rest_is_as_low_as_its_lowest():
    values = [0.2, 0.9, 0.4, 0.1]  # 2 x 2 patches: the peak and the lowest lie to the right

    found = map_sample(0, *make_photo(values), frame=None, side=8, score_share=0, roi=keep_left())

    left, right = found.anomaly_map[:, :4], found.anomaly_map[:, 4:]
    assert found.anomaly_map.shape == (8, 8)
    assert found.score == left.max() < 0.9
    assert set(right.flatten().tolist()) == {left.min()}
    np.testing.assert_array_equal(found.seen, keep_left().mask)


def test_a_region_of_interest_lies_on_the_photo_and_not_on_its_padding():
    values = [0.9] * 4 + [0.2, 0.3, 0.7, 0.7] + [0.4, 0.2, 0.8, 0.8] + [0.9] * 4  # rows of patches; two are padding
    frame = Frame(8, 2, 0, (4, 8))

    found = map_sample(0, *make_photo(values), frame=frame, side=4, score_share=0, roi=keep_left())

    assert found.anomaly_map.shape[1] == 2 * found.anomaly_map.shape[0]
    assert found.score == pytest.approx(0.4)


class Cloud:
    """Three points and two groups of a cloud, seen in a square of 4 x 4 pixels; the third point is not shown."""

    def __init__(self, *pixels):
        self._pixels = torch.tensor(pixels)

    def read(self, _, name):
        points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 0, 1]])
        kept = {"points": points, "original": points, "center_index": torch.tensor([0, 1])}
        kept |= {"shown": torch.arange(len(self._pixels)), "pixels": self._pixels, "size": torch.tensor([4, 4])}
        return kept[name]


UNPADDED = Frame(4, 0, 0, (4, 4))


def map_cloud(*pixels, frame=UNPADDED, roi=None):
    features = BatchFeatures((), (0,), ((),), (Cloud(*pixels),), (0, 0), 1)
    scores = BatchScores(groups={0: torch.tensor([0.2, 0.9])})
    return map_sample(0, features, scores, frame=frame, side=4, score_share=0, roi=roi)


def test_points_that_are_not_looked_at_are_as_low_as_the_lowest_that_is():
    found, whole = map_cloud(4, 7, roi=keep_left((4, 4))), map_cloud(4, 7)

    assert found.pixels.tolist() == [4, 7, -1]
    assert found.point_scores.tolist() == whole.point_scores[[0, 0, 2]].tolist()  # the third lies in no picture
    assert whole.point_scores[1] > whole.point_scores[0]
    assert found.seen.tolist() == [[True, True, False, False]] * 4


def test_a_point_at_the_first_pixel_is_hidden_as_any_other():
    right = Roi(~keep_left().mask, (4, 4))

    found, whole = map_cloud(7, 0, roi=right), map_cloud(7, 0)

    assert found.point_scores.tolist() == whole.point_scores[[0, 0, 2]].tolist()


def test_where_no_point_is_looked_at_points_keep_their_scores():
    found, whole = map_cloud(2, 6, 7, roi=keep_left((4, 4))), map_cloud(2, 6, 7)

    assert found.point_scores.tolist() == whole.point_scores.tolist()


def test_without_a_frame_points_lie_where_they_were_seen():
    assert map_cloud(4, 7, frame=None).pixels.tolist() == [4, 7, -1]
