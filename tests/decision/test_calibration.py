from dataclasses import replace

import numpy as np
import pytest

from inspector.decision.calibration import Calibration, choose_display_range
from inspector.decision.threshold import choose_threshold


def fit(raw, final, **options):
    return Calibration.fit(np.array(raw), np.array(final), np.array(raw, np.float32), threshold_k=2.0, **options)


def test_a_part_of_the_batch_is_decided_as_in_the_batch():
    raw = np.array([1.0, 1.1, 1.2, 1.1, 3.0])
    final = (raw - raw.min()) / (raw.max() - raw.min())

    calibration = fit(raw, final, rescored=True)

    assert [calibration.apply(score) for score in final] == [False, False, False, False, True]
    assert calibration.threshold == pytest.approx(0.05 + 2 * 0.05)
    assert calibration.map_threshold == pytest.approx(1.0 + calibration.threshold * 2.0)


def test_it_holds_what_was_found_and_the_colours_of_quiet_maps():
    raw = np.array([1.0, 1.1, 1.2, 1.1, 3.0])
    final = (raw - raw.min()) / (raw.max() - raw.min())
    quiet = np.full((3, 4), 1.25, np.float32)

    found = Calibration.fit(raw, final, quiet, rescored=True, threshold_k=2.0, rule="auto")

    expected = choose_threshold(raw, final, rescored=True, rule="auto", k=2.0)
    assert (found.threshold, found.sure, found.why) == (expected.value, expected.sure, expected.why)
    assert (found.map_low, found.map_high) == (1.25, pytest.approx(2 * found.map_threshold - 1.25))
    assert not found.apply(found.threshold)


def test_without_rescoring_maps_and_scores_have_one_scale():
    calibration = fit([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], rescored=False)

    assert calibration.map_threshold == calibration.threshold == 4.0


def test_it_comes_back_from_json_as_it_was():
    calibration = fit([0.1, 0.7, 0.30000000000000004], [0.0, 1.0, 1 / 3], rescored=True)

    assert Calibration.from_json(calibration.to_json()) == calibration


def test_range_keeps_a_quiet_batch_cold():
    low, high = choose_display_range(np.full(100, 0.5, np.float32), threshold=0.8)

    assert low == 0.5
    assert high == pytest.approx(1.1)


def test_range_of_equal_values_is_not_empty():
    assert choose_display_range(np.full(10, 0.5, np.float32), threshold=0.5) == (0.5, 1.5)


def test_unsure_is_kept_and_older_runs_are_sure():
    scores = np.linspace(0.5, 2.0, 19)
    calibration = fit(scores, scores, rescored=False, rule="auto")
    before = {name: value for name, value in calibration.to_json().items() if name not in ("sure", "why")}

    assert not calibration.sure
    assert Calibration.from_json(calibration.to_json()) == calibration
    assert Calibration.from_json(before) == replace(calibration, sure=True, why="")
