import numpy as np
import pytest
import torch

from inspector.decision.regions import Region, defect_regions
from inspector.decision.threshold import (
    TWO_GROUPS,
    UNSURE,
    UNSURE_GROUPS,
    UNSURE_OF_FEW,
    choose_threshold,
    divide,
    label_free_threshold,
    to_map_scale,
)
from inspector.presets import PRESETS

PUBLISHED = ("published", "musc", "musc-v2")


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


def choose(raw, final=None, **options):
    """The automatic threshold of raw scores, or of re-scored ones."""
    raw = np.asarray(raw, float)
    options = {"rule": "auto", "k": 5.0, **options}
    return choose_threshold(raw, raw if final is None else final, rescored=final is not None, **options)


def normal(mean, deviation, count, seed=0):
    """Scores spread evenly over the quantiles of a normal distribution, in random order."""
    quantiles = torch.special.ndtri((torch.arange(count) + 0.5) / count).numpy()
    return mean + deviation * np.random.default_rng(seed).permutation(quantiles)


def test_the_gap_between_two_groups_by_hand():
    middle, share, ratio = divide(np.array([3.0, 1.0, 1.0, 3.0]))

    assert (middle, share, ratio) == (2.0, pytest.approx(1.0), 2.0)
    assert divide(np.full(5, 0.3)) == (0.3, 0.0, 0.0)
    assert divide(np.array([0.0, 0.0, 1.0]))[2] == np.inf


@pytest.mark.parametrize("bad", [10, 20, 40, 60, 75])
def test_two_groups_are_told_apart_whatever_their_shares(bad):
    scores = np.concatenate([normal(1.0, 0.05, 100 - bad), normal(1.6, 0.1, bad)])

    found = choose(scores)

    assert (found.sure, found.why) == (True, TWO_GROUPS)
    assert 1.15 < found.value < 1.35
    assert (label_free_threshold(scores, 5) < 1.35) == (bad <= 20)  # a median follows the many


def test_one_group_may_be_good_parts_or_many_bad_ones_and_is_unsure():
    found = choose(normal(1.0, 0.07, 60))

    assert (found.sure, found.why) == (False, UNSURE)
    assert found.value > normal(1.0, 0.07, 60).max()


def test_parts_that_are_known_to_be_good_are_one_group_and_sure():
    kinds = np.concatenate([normal(1.0, 0.05, 30), normal(1.6, 0.1, 30)])

    one, two = (choose(scores, all_good=True) for scores in (normal(1.0, 0.07, 60), kinds))

    assert one.sure
    assert two.sure
    assert one.why == two.why == "It lies 5 x MAD above the median of the scores."
    assert two.value > kinds.max()


def test_good_parts_differ_by_a_fifth():
    scores = np.concatenate([normal(1.0, 0.045, 57), [1.15, 1.18, 1.25]])

    found = choose(scores)

    assert found.value == pytest.approx(1.2 * np.median(scores))
    assert (scores > found.value).sum() == 1 < (scores > label_free_threshold(scores, 5)).sum()
    assert choose(scores, all_good=True).why == "It lies 20% above the median of the scores."


def test_where_most_are_close_together_less_than_a_fifth_is_odd():
    scores = np.concatenate([normal(1.0, 0.01, 57), [1.08, 1.1, 1.2]])

    found = choose(scores)

    assert (scores > found.value).sum() == 3
    assert found.value == label_free_threshold(scores, 8)
    assert choose(scores, all_good=True).why == "It lies 8 x MAD above the median of the scores."


def test_scores_that_scatter_widely_leave_it_unsure():
    found = choose(normal(1.0, 0.2, 60))

    assert (found.sure, found.why) == (False, UNSURE)
    assert not (normal(1.0, 0.2, 60) > found.value).any()


def test_a_few_odd_parts_among_quiet_ones_are_sure():
    scores = np.concatenate([normal(1.0, 0.04, 57), [1.5, 1.6, 1.9]])

    found = choose(scores)

    assert found.sure
    assert (scores > found.value).tolist() == [False] * 57 + [True] * 3


def test_rescoring_that_stretches_close_scores_makes_no_groups():
    raw = np.concatenate([normal(1.0, 0.002, 30), normal(1.02, 0.002, 30)])  # two per cent apart
    final = (raw - raw.min()) / (raw.max() - raw.min())

    found = choose(raw, final)

    assert not found.sure
    assert not (final > found.value).any()


def test_groups_must_show_before_rescoring_too():
    final = np.concatenate([normal(0.1, 0.02, 30), normal(0.9, 0.02, 30)])
    raw = normal(1.5, 0.2, 60)

    assert not choose(raw, final).sure


@pytest.mark.parametrize(("moved", "sure"), [(7, True), (8, False)], ids=str)
def test_groups_that_are_others_before_rescoring_are_unsure(moved, sure):
    """Of 30 and 30 parts some change sides: 30 of 30 + 7 is more than four fifths, of 30 + 8 less."""
    raw = np.concatenate([np.linspace(1.0, 1.1, 30 - moved), np.linspace(2.0, 2.1, 30 + moved)])
    final = (np.concatenate([np.linspace(1.0, 1.1, 30), np.linspace(2.0, 2.1, 30)]) - 1.0) / 1.1

    found = choose(raw, final)

    assert found.why == (TWO_GROUPS if sure else UNSURE_GROUPS)
    assert found.sure == sure
    assert (final > found.value).sum() == 30


def test_few_scores_are_no_two_groups():
    scores = np.concatenate([normal(1.0, 0.02, 5), normal(2.0, 0.02, 5)])

    found = choose(scores)
    assert (found.sure, found.why) == (False, UNSURE_OF_FEW)  # two groups are plain, and were not looked for
    assert choose(np.concatenate([scores, scores + 0.001])).sure


@pytest.mark.parametrize(("scores", "two"), [(24, False), (36, True)], ids=str)
def test_evenly_spread_scores_are_two_groups_only_where_they_are_many(scores, two):
    """Three quarters of their variance lie between the halves; 0.64 + 0.6 / sqrt(N) are asked for."""
    assert (choose(np.linspace(1.0, 2.0, scores)).why == TWO_GROUPS) == two


@pytest.mark.parametrize(("lower", "upper", "two"), [(10, 9, False), (10, 10, True)], ids=str)
def test_two_groups_take_twenty_scores(lower, upper, two):
    scores = np.concatenate([normal(1.0, 0.02, lower), normal(2.0, 0.02, upper)])

    assert (choose(scores).why == TWO_GROUPS) == two


@pytest.mark.parametrize(("higher", "two"), [(0.19, False), (0.21, True)], ids=str)
def test_groups_less_than_a_fifth_apart_are_one(higher, two):
    scores = np.concatenate([normal(1.0, 0.005, 30), normal(1.0 + higher, 0.005, 30)])

    assert (choose(scores).why == TWO_GROUPS) == two


def test_equal_scores_count_as_scattered_by_a_thousandth():
    assert label_free_threshold(np.full(9, 0.4), 5) == pytest.approx(0.4 * 1.005)


def test_a_lone_score_lies_further_above_after_rescoring_than_before():
    raw = normal(3.0, 0.172, 60)

    before, after = choose(raw), choose(raw, (raw - raw.min()) / (raw.max() - raw.min()))

    assert before.value == pytest.approx(1.2 * np.median(raw))
    assert to_map_scale(after.value, True, raw) == pytest.approx(1.3 * np.median(raw))  # usual parts draw together
    assert not before.sure
    assert (after.sure, after.why) == (before.sure, before.why)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_scale_of_scores_does_not_matter(scale):
    raw = np.concatenate([normal(1.0, 0.05, 30), normal(1.6, 0.1, 30)])
    final = (raw - raw.min()) / (raw.max() - raw.min())

    assert choose(scale * raw).value == pytest.approx(scale * choose(raw).value)
    assert choose(scale * raw, final).value == pytest.approx(choose(raw, final).value)
    assert to_map_scale(choose(raw, final).value, True, raw) == pytest.approx(choose(raw).value)


def test_identical_parts_that_were_rescored_are_decided_by_the_median():
    assert choose(np.full(9, 0.4), np.zeros(9)).why == "It lies 5 x MAD above the median of the scores."


@pytest.mark.parametrize("count", [1, 2, 60])
def test_identical_parts_are_not_flagged_and_sure(count):
    for final in (None, np.zeros(count)):
        found = choose(np.full(count, 0.4), final)

        assert found.sure
        assert not ((np.full(count, 0.4) if final is None else final) > found.value).any()


def test_the_rule_of_the_published_presets_is_median_and_mads():
    scores = np.concatenate([normal(1.0, 0.05, 30), normal(1.6, 0.1, 30)])

    found = choose_threshold(scores, scores, rescored=False, rule="mad", k=4.0)

    assert (found.value, found.sure) == (label_free_threshold(scores, 4.0), True)
    assert found.why == "It lies 4 x MAD above the median of the scores."
    assert all(PRESETS[name].threshold == "mad" and PRESETS[name].threshold_k == 4.0 for name in PUBLISHED)
    assert all(PRESETS[name].threshold == "auto" for name in ("embedded", "fast"))
