import numpy as np
import pytest

from inspector.decision.regions import Region, defect_regions
from inspector.decision.threshold import label_free_threshold, to_map_scale


def test_threshold_by_hand():
    assert label_free_threshold(np.array([1.0, 2.0, 3.0, 4.0, 100.0]), 5) == 8.0


def test_nothing_stands_out_in_a_batch_of_good_parts():
    scores = np.random.default_rng(0).normal(0.5, 0.05, 1000)

    flagged = (scores > label_free_threshold(scores, 3)).mean()

    assert flagged < 0.03


def test_equal_scores_are_not_flagged():
    scores = np.full(10, 0.4)

    assert not (scores > label_free_threshold(scores, 3)).any()


def test_rounding_noise_is_not_flagged():
    scores = 0.4 + np.array([0, 0, 0, 0, 1e-7])

    assert not (scores > label_free_threshold(scores, 3)).any()


def test_one_odd_among_equal_is_flagged():
    scores = np.array([0.4] * 9 + [0.6])

    assert (scores > label_free_threshold(scores, 3)).tolist() == [False] * 9 + [True]


@pytest.mark.parametrize("scores", [[], [1.0, np.nan], [np.inf]])
def test_undefined_scores_are_refused(scores):
    with pytest.raises(ValueError, match="finite scores"):
        label_free_threshold(np.array(scores), 3)


def test_map_scale_undoes_the_min_max_scaling():
    assert to_map_scale(0.25, True, np.array([2.0, 6.0])) == 3.0
    assert to_map_scale(0.25, False, np.array([2.0, 6.0])) == 0.25


def test_regions_by_hand():
    anomaly_map = np.zeros((6, 9), np.float32)
    anomaly_map[1, 2] = 0.6
    anomaly_map[2, 3] = 0.9
    anomaly_map[4:6, 7:9] = 0.7

    regions = defect_regions(anomaly_map, 0.5)

    assert regions == [
        Region(x=2, y=1, width=2, height=2, area=2, peak=float(np.float32(0.9)), peak_x=3, peak_y=2),
        Region(x=7, y=4, width=2, height=2, area=4, peak=float(np.float32(0.7)), peak_x=7, peak_y=4),
    ]


def test_peak_belongs_to_its_own_region():
    anomaly_map = np.zeros((3, 5), np.float32)
    anomaly_map[0] = 0.6
    anomaly_map[:, 0] = 0.6
    anomaly_map[2, 2] = 5.0

    assert [region.peak_x for region in defect_regions(anomaly_map, 0.5)] == [2, 0]


def test_quiet_map_has_no_region():
    assert defect_regions(np.zeros((4, 4), np.float32), 0.1) == []
