import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from inspector.sinks.result import PartResult
from tests.sinks.parts import RESULT


def test_the_json_line_is_what_the_page_says():
    assert json.loads(RESULT.to_json()) == {
        "id": "12-345",
        "run": 12,
        "position": 345,
        "name": "a.png",
        "path": "/line/a.png",
        "verdict": "ng",
        "score": 0.71,
        "threshold": 0.52,
        "peak": [301.0, 88.5],
        "time": "2026-03-01T06:12:09.250Z",
        "seconds": 0.14,
        "reason": "",
        "sha256": None,
        "cloud": "",
        "cloud_sha256": None,
    }
    assert "\n" not in RESULT.to_json()


def test_a_result_comes_back_from_its_line():
    unreadable = replace(RESULT, verdict="unreadable", score=None, peak=None, reason="größer als ein Bild", sha256="ab")

    assert PartResult.from_json(RESULT.to_json()) == RESULT
    assert PartResult.from_json(unreadable.to_json()) == unreadable


def test_the_time_is_told_in_utc():
    there = datetime(2026, 3, 1, 15, 12, 9, 250_999, timezone(timedelta(hours=9)))

    assert replace(RESULT, time=there).to_fields()["time"] == "2026-03-01T06:12:09.250Z"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"verdict": "good"}, "expected a verdict of ok, ng, unreadable"),
        ({"time": datetime(2026, 3, 1)}, "a time with its zone"),
        ({"score": float("nan")}, "finite"),
        ({"peak": (1.0, float("inf"))}, "finite"),
    ],
)
def test_what_receivers_would_choke_on_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        replace(RESULT, **wrong)
