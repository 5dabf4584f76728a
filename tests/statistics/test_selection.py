from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from inspector.errors import SettingsError
from inspector.statistics.selection import Selection, group, list_choices, read_span
from inspector.statistics.shifts import USUAL, read_shifts
from inspector.store.tallies import Facts, Tally

SHIFTS = read_shifts(USUAL)
BERLIN = timezone(timedelta(hours=2))


def tally(run_id: int, time: str, *, flagged: bool | None = False, count: int = 1, operator: str = "") -> Tally:
    verdict = "rejected" if operator else "undecided"
    moment = datetime.fromisoformat(time).replace(tzinfo=UTC)
    return Tally(
        Facts(
            run_id,
            f"product {run_id}",
            f"folder {run_id}",
            "",
            f"station {run_id % 2}",
            moment,
            flagged,
            verdict,
            operator,
        ),
        count,
    )


TALLIES = [
    tally(1, "2026-05-01T21:00", count=5),
    tally(1, "2026-05-01T21:00", flagged=True, operator="Mia"),
    tally(2, "2026-05-02T03:00", count=3),
    tally(3, "2026-05-02T10:00", count=2),
    tally(4, "2026-05-03T10:00", flagged=None, count=2),
]


def test_runs_are_points_and_those_without_a_judged_part_are_none() -> None:
    points = group(TALLIES, "run", SHIFTS, BERLIN)

    assert [(point.run_id, point.counts.parts, point.counts.rejected) for point in points] == [
        (1, 6, 1),
        (2, 3, 0),
        (3, 2, 0),
    ]


def test_a_night_shift_is_one_point_over_midnight_on_the_clock_of_the_station() -> None:
    points = group(TALLIES, "shift", SHIFTS, BERLIN)

    assert [(point.day, point.shift, point.counts.parts) for point in points] == [
        (date(2026, 5, 1), "Night", 9),
        (date(2026, 5, 2), "Early", 2),
    ]


def test_days_are_points() -> None:
    points = group(TALLIES, "day", SHIFTS, BERLIN)

    assert [(point.day.day, point.counts.parts) for point in points] == [(1, 6), (2, 5)]


@pytest.mark.parametrize(
    ("selection", "runs"),
    [
        (Selection(), [1, 1, 2, 3, 4]),
        (Selection(folder="folder 2"), [2]),
        (Selection(product="product 3"), [3]),
        (Selection(station="station 0"), [2, 4]),
        (Selection(lot="7"), []),
        (Selection(operator="Mia"), [1]),
        (Selection(shift="Night"), [1, 1, 2]),
        (Selection(shift="Early", folder="folder 3"), [3]),
        (Selection(shift="Late"), []),
    ],
)
def test_what_is_chosen(selection: Selection, runs: list[int]) -> None:
    assert [t.facts.run_id for t in TALLIES if selection.takes(t.facts, SHIFTS, BERLIN)] == runs


def test_choices_are_sorted_and_hold_no_empty_name() -> None:
    assert list_choices(TALLIES) == {
        "product": [f"product {i}" for i in range(1, 5)],
        "folder": [f"folder {i}" for i in range(1, 5)],
        "lot": [],
        "station": ["station 0", "station 1"],
        "operator": ["Mia"],
    }


def test_a_span_holds_its_last_day() -> None:
    since, until = read_span("2026-05-01", "2026-05-01")

    assert since is not None
    assert until is not None
    assert until - since == timedelta(days=1)
    assert read_span(None, None) == (None, None)
    assert read_span("0001-01-01", "9999-12-31") == (None, None)  # the calendar ends there: no limit
    with pytest.raises(SettingsError, match=r"expected a day as in 2026-05-01, but got '1\.5\.2026'"):
        read_span("1.5.2026", None)
    with pytest.raises(SettingsError, match="the first day 2026-05-02 is after the last one 2026-05-01"):
        read_span("2026-05-02", "2026-05-01")
