"""Reject rate and level of the latest parts."""

import pytest

from inspector.jobs.drift import LATEST, LEAST, Drift


def test_rate_and_level_are_those_of_the_latest_parts():
    drift = Drift(usual=2.0)
    for step in range(LATEST + 30):
        drift = drift.add(step % 4 == 0, 3.0 if step >= 30 else 100.0)

    assert drift.reject_rate == pytest.approx(0.24, abs=0.02)
    assert drift.level == 1.5
    assert (len(drift.flagged), len(drift.scores)) == (LATEST, LATEST)


def test_alarm_needs_enough_parts_and_more_than_the_rate():
    drift = Drift(usual=1.0)
    for _ in range(LEAST - 1):
        drift = drift.add(True, 1.0)
    assert not drift.exceeds(0.1)
    drift = drift.add(True, 1.0)

    assert drift.exceeds(0.1)
    assert not drift.exceeds(1.0)
    assert not drift.exceeds(None)


def test_nothing_to_compare_is_level_one_and_rate_zero():
    assert (Drift(0.0).level, Drift(0.0).add(False, 1.0).level, Drift(1.0).reject_rate) == (1.0, 1.0, 0.0)
