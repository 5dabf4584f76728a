"""When a watched folder is looked at: at once where the system tells of a file, and at everything now and then."""

import time
from collections.abc import Iterator, Sequence
from math import inf
from threading import Event as Flag

from inspector.data.arrivals import Arrivals, Found
from inspector.data.notices import Notices

PAUSE = 0.05
"""Seconds between two looks at everything while it is not known that the system tells of new files; at least `RESTING`
times as long as a look takes."""

RESTING = 4

SELDOM = 2.0
"""The same while the system tells of them; at least `RESTING_SELDOM` times as long as a look takes."""

RESTING_SELDOM = 20

AWAY = 1.0
"""Seconds until the next look at a folder that could not be listed."""

LATE = 1.0
"""Seconds within which the system must have told of a file that was found without its telling."""

DOUBT = 600.0
"""Seconds for which everything is looked at often after it had not."""


class Looking:
    """Looks at a folder as often as it must be, in a time that does not grow with what lies there, where that can be.

    What the system tells of is looked at at once. It tells nothing of what other machines write to a share: everything
    is looked at often until a file was told of, and again where one is found that was not.
    """

    def __init__(self, arrivals: Arrivals, stop: Flag) -> None:
        """Begin to listen; `stop` ends waiting."""
        self._arrivals, self._stop = arrivals, stop
        self._notices = Notices(arrivals.folder, stop)
        self._due = self._rest = 0.0
        self._doubted_until = inf
        self._old: set[str] | None = None  # what lay there at the first look, and is not complete
        self._heard: set[str] = set()
        self._untold: dict[str, float] = {}

    def __call__(self) -> Found | OSError:
        """Wait for the next look and take it; return what was found, or why the folder cannot be listed."""
        self._stop.wait(self._rest)
        pause = self._due - time.monotonic()
        told = self._notices.wait(max(0.0, min(pause, PAUSE) if self._arrivals.incomplete else pause))
        begun = time.monotonic()
        everything = begun >= self._due
        try:
            found = self._arrivals.poll(told, everything=everything)
        except OSError as error:
            self._notices.begin_anew()
            self._due, self._doubted_until, self._old = begun + AWAY, inf, None
            return error
        self._weigh(told, [arrival.name for arrival in found.arrivals], begun)
        took = time.monotonic() - begun
        self._rest = 0.0 if everything else RESTING * took
        if everything:
            is_told = begun > self._doubted_until
            self._due = begun + took + (max(SELDOM, RESTING_SELDOM * took) if is_told else max(PAUSE, RESTING * took))
        return found

    def _weigh(self, told: set[str], found: Sequence[str], now: float) -> None:
        """Find out whether the system tells of new files."""
        incomplete = set(self._arrivals.incomplete)
        if self._old is None:
            self._old = incomplete
            return
        new = [name for name in found if name not in self._old]
        self._old &= incomplete
        self._heard |= told
        is_told = any(_tells_of(self._heard, name) for name in new)
        if self._doubted_until == inf and (is_told or any(_tells_of(told, name) for name in self._untold)):
            self._doubted_until = now
        self._untold = {name: since for name, since in self._untold.items() if not _tells_of(told, name)}
        self._untold |= {name: now for name in new if not _tells_of(self._heard, name)}
        if any(now - since > LATE for since in self._untold.values()):
            self._untold.clear()
            if not now < self._doubted_until < inf:  # once a doubt: it walks all folders, a share slowly
                self._notices.begin_anew()
            self._doubted_until = now + DOUBT
        self._heard &= {path for name in incomplete for path in _list_paths(name)}


def _tells_of(told: set[str], name: str) -> bool:
    """Tell whether some names tell of a file: itself, or of a folder that it lies in, as where that was moved there."""
    return not told.isdisjoint(_list_paths(name))


def _list_paths(name: str) -> Iterator[str]:
    """Give the path of a file, and those of the folders that it lies in."""
    while name:
        yield name
        name = name.rpartition("/")[0]
