import numpy as np
import pytest

from inspector.decision.verdict_threshold import ENOUGH, _rise, choose_next, fit_threshold, is_by_verdicts


def judge_in_turn(scores: np.ndarray, labels: np.ndarray, count: int) -> list[int]:
    judged: list[int] = []
    for _ in range(count):
        place = choose_next(scores, judged, labels[np.array(judged, int)])
        assert place is not None
        judged.append(place)
    return judged


def test_threshold_lies_where_the_expected_f1_is_highest():
    scores = np.arange(10.0)
    found = fit_threshold(scores, [8, 2], [True, False])
    # chances 0 0 0 1/6 1/3 1/2 2/3 5/6 1 1: flagging 4 or 5 of them is expected to give 7/8.5 and 8/9.5
    chances = np.clip((scores - 2) / 6, 0, 1)
    expected = [2 * chances[cut:].sum() / (10 - cut + chances.sum()) for cut in range(1, 10)]
    assert found is not None
    assert found.value == int(np.argmax(expected)) + 0.5
    assert not found.sure
    assert found.why == (
        "It is set by verdicts on 2 parts, which do not yet say where it lies: judge the part that tells most."
    )


def test_one_verdict_is_told_as_one():
    found = fit_threshold(np.arange(10.0), [8], [True])
    assert found is not None
    told = "It is set by verdicts on 1 part, which does not yet say where it lies: judge the part that tells most."
    assert found.why == told
    assert is_by_verdicts(told)


def test_nothing_is_flagged_where_no_part_was_rejected():
    scores = np.array([3.0, 1.0, 2.0])
    found = fit_threshold(scores, [0, 1], [False, False])
    assert found is not None
    assert found.value == 3
    assert not (scores > found.value).any()


def test_lowest_score_is_not_flagged_where_all_parts_were_rejected():
    found = fit_threshold(np.array([0.0, 1.0, 2.0]), [0, 1, 2], [True, True, True])
    assert found is not None
    assert found.value == 0.5


@pytest.mark.parametrize("bad", [(False, True), (True, False, True, False, True)])
def test_nothing_more_is_asked_for_where_all_parts_have_a_verdict(bad: tuple[bool, ...]):
    found = fit_threshold(np.arange(len(bad)), np.arange(len(bad)), bad)
    assert found is not None
    assert found.why == f"It is set by verdicts on all {len(bad)} parts."


def test_parts_of_one_score_are_decided_alike():
    scores = np.array([0.0, 1.0, 1.0, 1.0, 2.0])
    found = fit_threshold(scores, [1, 2, 4], [False, True, True])
    assert found is not None
    assert found.value in (0.5, 1.5)


def test_no_verdict_gives_no_threshold():
    assert fit_threshold(np.arange(4.0), [], []) is None


@pytest.mark.parametrize("share", [0.02, 0.1, 0.4, 0.7])
def test_eight_verdicts_in_turn_find_the_boundary_of_a_hundred_ranked_parts(share: float):
    chance = np.random.default_rng(0)
    labels = chance.permutation(100) < 100 * share
    scores = labels + chance.random(100)
    judged = judge_in_turn(scores, labels, ENOUGH)
    found = fit_threshold(scores, judged, labels[judged])
    assert found is not None
    assert found.sure
    flagged = scores > found.value
    assert 2 * (flagged & labels).sum() / (flagged.sum() + labels.sum()) >= 0.9


def test_verdicts_on_the_highest_alone_are_not_sure_where_all_were_rejected():
    scores = np.arange(100.0)
    found = fit_threshold(scores, np.arange(92, 100), np.ones(8, bool))
    assert found is not None
    assert not found.sure


def test_good_parts_are_asked_for_from_the_highest_down_in_steps_that_double():
    scores = np.random.default_rng(1).permutation(40).astype(float)
    judged = judge_in_turn(scores, np.zeros(40, bool), 6)
    assert scores[judged].tolist() == [39, 37, 33, 25, 9, 38]
    found = fit_threshold(scores, [*judged, *judge_in_turn(scores, np.zeros(40, bool), 8)[6:]], np.zeros(8, bool))
    assert found is not None
    assert found.sure


def test_half_way_down_is_asked_for_where_all_were_rejected():
    scores = np.arange(40.0)
    assert choose_next(scores, [39], [True]) == 19
    assert choose_next(scores, [39, 19], [True, True]) == 9


def test_the_middle_around_the_threshold_is_asked_for_then_the_nearest():
    scores = np.arange(9.0)
    assert choose_next(scores, [0, 8], [False, True]) == 4
    assert choose_next(scores, [0, 8, 4, 5, 3], [False, True, False, True, False]) in (2, 6)


def test_nothing_is_asked_for_where_all_have_a_verdict():
    assert choose_next(np.arange(3.0), [0, 1, 2], [False, True, False]) is None


def test_chances_rise_as_those_of_scipy_do():
    from scipy.optimize import isotonic_regression

    chance = np.random.default_rng(2)
    for count in (1, 2, 8, 40):
        bad = chance.random(count) < np.linspace(0.2, 0.8, count)
        assert np.allclose(_rise(bad), isotonic_regression(bad.astype(float)).x)


@pytest.mark.parametrize(("against", "count", "sure"), [(1, 8, True), (2, 8, False), (2, 12, True), (3, 12, False)])
def test_verdicts_against_the_threshold_ask_for_more(against: int, count: int, sure: bool) -> None:
    scores = np.arange(100.0)
    judged = np.arange(50 - count // 2, 50 + count // 2)
    bad = judged >= 50
    bad[-1 - np.arange(against)] = False  # accepted at high scores
    found = fit_threshold(scores, judged, bad)
    assert found is not None
    assert int((bad != (judged > found.value)).sum()) == against
    assert found.sure is sure
