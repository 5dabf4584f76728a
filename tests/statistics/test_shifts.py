from datetime import date, datetime

import pytest

from inspector.errors import SettingsError
from inspector.statistics.shifts import USUAL, find_shift, read_shifts


@pytest.mark.parametrize(
    ("moment", "day", "name"),
    [
        ("2026-05-02T06:00", 2, "Early"),
        ("2026-05-02T13:59", 2, "Early"),
        ("2026-05-02T14:00", 2, "Late"),
        ("2026-05-02T23:10", 2, "Night"),
        ("2026-05-02T01:30", 1, "Night"),
        ("2026-05-02T05:59", 1, "Night"),
    ],
)
def test_the_night_shift_belongs_to_the_day_on_which_it_began(moment: str, day: int, name: str) -> None:
    assert find_shift(datetime.fromisoformat(moment), read_shifts(USUAL)) == (date(2026, 5, day), name)


def test_shifts_are_read_in_any_order_and_with_names_of_several_words() -> None:
    shifts = read_shifts("Second shift 18.30,First shift 6:30")

    assert [(shift.name, f"{shift.begin:%H:%M}") for shift in shifts] == [
        ("First shift", "06:30"),
        ("Second shift", "18:30"),
    ]


@pytest.mark.parametrize(
    "text", ["", "Early", "06:00", "Early 24:00", "Early 06:60", "A 06:00,", "A 6:00, A 14:00", "A 6:00, B 06:00"]
)
def test_what_is_no_list_of_shifts_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="shift"):
        read_shifts(text)
