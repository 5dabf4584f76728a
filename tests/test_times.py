"""Times are told on the clock of the machine."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from inspector.times import to_local, write_local, write_zoned


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system knows its zone by other means")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_times_of_the_store_are_told_on_the_local_clock() -> None:
    summer, winter = datetime(2026, 7, 1, 12), datetime(2026, 12, 31, 23, 30, 5, 999, tzinfo=UTC)
    assert (write_local(summer), write_local(winter)) == ("2026-07-01 14:00", "2027-01-01 00:30")
    assert (write_zoned(summer), write_zoned(winter)) == ("2026-07-01T14:00:00+02:00", "2027-01-01T00:30:05+01:00")
    assert to_local(summer) == summer.replace(tzinfo=UTC)
