"""Shifts: when they begin, and which one a moment belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from inspector.errors import SettingsError

USUAL = "Early 06:00, Late 14:00, Night 22:00"
"""Where nothing else is set."""


@dataclass(frozen=True)
class Shift:
    """A shift lasts until the next one begins, the last one of a day until the first one of the next."""

    name: str
    begin: time


def read_shifts(text: str) -> tuple[Shift, ...]:
    """Read shifts as "Early 06:00, Late 14:00, Night 22:00", in the order in which they begin.

    Raises:
        SettingsError: it is written otherwise, or two have the same name or begin at the same time.
    """
    shifts = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\S.*?)\s+([01]?\d|2[0-3])[:.]([0-5]\d)\s*", part)
        if found is None:
            told = "write each shift with its name and when it begins"
            raise SettingsError(f"cannot read the shift {part.strip()!r}; {told}, as in “{USUAL}”")
        shifts.append(Shift(found[1], time(int(found[2]), int(found[3]))))
    if len({shift.name for shift in shifts}) < len(shifts) or len({shift.begin for shift in shifts}) < len(shifts):
        raise SettingsError("two shifts have the same name or begin at the same time; give each its own")
    return tuple(sorted(shifts, key=lambda shift: shift.begin))


def find_shift(moment: datetime, shifts: Sequence[Shift]) -> tuple[date, str]:
    """Return the shift that a moment belongs to, and the day on which that began.

    Args:
        moment: on the clock of the station.
        shifts: at least one, in the order in which they begin.

    Example:
        With a night shift from 22:00, the second of May at 01:30 gives (1 May, "Night").
    """
    begun = [shift for shift in shifts if shift.begin <= moment.time().replace(tzinfo=None)]
    if begun:
        return moment.date(), begun[-1].name
    return moment.date() - timedelta(days=1), shifts[-1].name
