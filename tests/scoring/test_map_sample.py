"""The map of one sample: no peak is lost on tiles; a region of interest decides what counts, and hides the rest."""

import numpy as np
import pytest
import torch

from inspector.geometry.frame import Frame
from inspector.geometry.placement import Placement
from inspector.geometry.roi import Roi
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.maps import grid_maps
from inspector.scoring.sample_maps import map_photo, map_sample


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


def keep_left(size=None):
    return Roi(np.arange(8)[None].repeat(8, axis=0) < 4, size)


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

    def read(self, _, name):
        points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 0, 1]])
        kept = {"points": points, "original": points, "center_index": torch.tensor([0, 1])}
        kept |= {"shown": torch.tensor([0, 1]), "pixels": torch.tensor([4, 7]), "size": torch.tensor([4, 4])}
        return kept[name]


def test_points_that_are_not_looked_at_are_as_low_as_the_lowest_that_is():
    features = BatchFeatures((), (0,), ((),), (Cloud(),), (0, 0), 1)
    scores, frame = BatchScores(groups={0: torch.tensor([0.2, 0.9])}), Frame(4, 0, 0, (4, 4))

    found = map_sample(0, features, scores, frame=frame, side=4, score_share=0, roi=keep_left((4, 4)))
    whole = map_sample(0, features, scores, frame=frame, side=4, score_share=0)

    assert found.pixels.tolist() == [4, 7, -1]
    assert found.point_scores.tolist() == whole.point_scores[[0, 0, 2]].tolist()  # the third lies in no picture
    assert whole.point_scores[1] > whole.point_scores[0]


COARSE = [0.2] * 4
FINE = [0.6] * 5 + [1.2] + [0.6] * 10
"""Patches of two sizes of a photo, 2 x 2 and 4 x 4: usual scores of 0.2 and 0.6; one patch scores twice as much."""


def test_sizes_count_alike_by_their_usual_scores():
    found = map_photo(0, [make_photo(COARSE), make_photo(FINE)], side=8, score_share=0)

    rows, cols = found.anomaly_map.shape
    fine = grid_maps(torch.tensor(FINE)[None] / 0.6, (4, 4), (rows, cols))[0]
    np.testing.assert_allclose(found.anomaly_map, (1 + fine) / 2 * 0.4, rtol=1e-5)
    assert min(rows, cols) >= 4
    assert found.score == pytest.approx(found.anomaly_map.max(), rel=1e-5)
    assert found.seen is None


def test_a_map_of_several_sizes_shows_and_scores_what_is_looked_at():
    mirrored = torch.tensor(FINE).view(4, 4).flip(1).flatten().tolist()  # the peak lies to the right

    found = map_photo(0, [make_photo(COARSE), make_photo(mirrored)], side=8, score_share=0, roi=keep_left())

    assert found.anomaly_map.shape == found.seen.shape
    assert found.score == pytest.approx(found.anomaly_map[found.seen].max())
    assert found.score < 0.5
    assert set(found.anomaly_map[~found.seen].tolist()) == {found.anomaly_map[found.seen].min()}


def test_what_lies_outside_the_box_of_a_part_is_as_usual_as_its_lowest():
    box = Placement(20.0, 20.0, 20.0, 20.0)

    found = map_photo(
        0, [make_photo(COARSE), make_photo(FINE)], side=8, score_share=0, placed=(box, (80, 80))
    ).anomaly_map

    rows, cols = found.shape
    np.testing.assert_allclose(found[rows // 2 :], 0.4, rtol=1e-5)
    np.testing.assert_allclose(found[:, cols // 2 :], 0.4, rtol=1e-5)
    row, col = np.unravel_index(found.argmax(), found.shape)
    assert (row + 0.5) / rows == pytest.approx(17.5 / 80, abs=1.5 / rows)  # the middle of the second patch of four
    assert (col + 0.5) / cols == pytest.approx(17.5 / 80, abs=1.5 / cols)
    assert found.max() > 0.5
