"""Which parts statistics are about, and the groups that make the points of a control chart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

from inspector.errors import SettingsError, shorten_value
from inspector.statistics.counts import Counts, add_up
from inspector.statistics.shifts import Shift, find_shift
from inspector.store.tallies import Facts, Tally

GroupBy = Literal["run", "shift", "day"]
"""What one point of the control chart stands for."""

GROUPINGS: tuple[GroupBy, ...] = get_args(GroupBy)


FIELDS = ("product", "folder", "lot", "station", "operator")
"""What a selection and the facts of a part both have."""


@dataclass(frozen=True)
class Selection:
    """What is asked for; None = all.

    Attributes:
        product: name of a recipe.
        folder: that was scanned or watched.
        lot, station: as the parts say.
        operator: whose verdict stands.
        shift: name of the shift in which the parts arrived.
    """

    product: str | None = None
    folder: str | None = None
    lot: str | None = None
    station: str | None = None
    operator: str | None = None
    shift: str | None = None

    def takes(self, facts: Facts, shifts: Sequence[Shift], zone: tzinfo | None = None) -> bool:
        """Tell whether a part is asked for; `zone` is that of the station's clock, None = the machine's."""
        if self.shift is not None and find_shift(facts.time.astimezone(zone), shifts)[1] != self.shift:
            return False
        wanted = ((name, getattr(self, name)) for name in FIELDS)
        return all(value is None or getattr(facts, name) == value for name, value in wanted)


@dataclass(frozen=True)
class ChartPoint:
    """A point of the control chart.

    Attributes:
        run_id: its run, where a point is a run.
        day: on the station's clock, on which the run, the shift or the day began.
        shift: its name, where a point is a shift.
        counts: what its parts come to.
    """

    run_id: int | None
    day: date
    shift: str
    counts: Counts


def list_choices(tallies: Iterable[Tally]) -> dict[str, list[str]]:
    """Return what can be chosen of each field of `Selection` but the shift, in order of the alphabet."""
    facts = [tally.facts for tally in tallies]
    return {name: sorted({str(getattr(one, name)) for one in facts} - {""}) for name in FIELDS}


def group(
    tallies: Sequence[Tally], by: GroupBy, shifts: Sequence[Shift], zone: tzinfo | None = None
) -> list[ChartPoint]:
    """Gather tallies by run, shift or day; groups without a judged part are left out.

    Args:
        tallies: in the order of time.
        by: what becomes a group.
        shifts: of the station.
        zone: of its clock; None = the machine's.

    Returns:
        The groups in the order of time, runs in the order of their numbers.
    """
    gathered: defaultdict[tuple[int, date, int], list[Tally]] = defaultdict(list)
    order = {shift.name: place for place, shift in enumerate(shifts)}
    first: dict[int, date] = {}
    for tally in tallies:
        local = tally.facts.time.astimezone(zone)
        if by == "run":
            run = tally.facts.run_id
            gathered[run, first.setdefault(run, local.date()), 0].append(tally)
        elif by == "shift":
            day, name = find_shift(local, shifts)
            gathered[0, day, order[name]].append(tally)
        else:
            gathered[0, local.date(), 0].append(tally)
    groups = []
    for (run, day, place), some in sorted(gathered.items()):
        counts = add_up(some)
        if counts.parts:
            groups.append(ChartPoint(run or None, day, shifts[place].name if by == "shift" else "", counts))
    return groups


def read_span(first: str | None, last: str | None) -> tuple[datetime | None, datetime | None]:
    """Read two days as "2026-05-01" into the moments from which, and before which, samples count.

    Returns:
        The beginning of the first day and the end of the last one, on the machine's clock; None where none is given,
        or where the calendar begins or ends with it.

    Raises:
        SettingsError: a day is written otherwise, or the first one is after the last one.
    """
    begin = None if first is None else _read_day(first)
    end = None if last is None else _read_day(last)
    if begin is not None and end is not None and begin > end:
        raise SettingsError(f"the first day {first} is after the last one {last}; change them over")
    return begin_of(begin), end_of(end)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"expected a day as in 2026-05-01, but got {shorten_value(text)}") from error


def begin_of(day: date | None) -> datetime | None:
    """Return when a day begins on the machine's clock, which is kept in the result; None for None and 0001-01-01."""
    return None if day is None or day == date.min else datetime.combine(day, time()).astimezone()


def end_of(day: date | None) -> datetime | None:
    """Return when a day ends, as `begin_of` does when it begins; None for None and 9999-12-31."""
    return None if day is None or day == date.max else begin_of(day + timedelta(days=1))
