"""When a watched folder is polled: at once where the system notifies of a file, and as a whole now and then."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from math import inf
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

from inspector.data.arrivals import Arrivals
from inspector.data.found_files import LookResult
from inspector.data.notices import Notices
from inspector.errors import StoreAway

POLL_INTERVAL = 0.05
"""Seconds between two polls of the whole folder while notices of the system are not trusted; at least `POLL_REST` times
as long as a poll takes."""

POLL_REST = 4

CHECK_INTERVAL = 2.0
"""Seconds between two polls of the whole folder while notices are trusted; at least `CHECK_REST` times as long as a
poll takes."""

CHECK_REST = 20

RETRY_INTERVAL = 1.0
"""Seconds until the next poll of a folder that could not be listed."""

LAST_LOOK = 2.0
"""Seconds that a look under way is waited for at the end: a share that hangs never answers."""

NOTICE_DELAY = 1.0
"""Seconds within which the system must have notified of a file that a poll has found."""

DISTRUST_TIME = 600.0
"""Seconds for which notices are not trusted after one was missing."""


NOTHING = LookResult()
"""What a poll finds where nothing new is complete."""


class WatchedRoot:
    """The watched folder itself, which may go away for a while, as a share or a drive that is unplugged.

    Attributes:
        folder: where it is.
    """

    def __init__(self, folder: str | Path) -> None:
        """Note on which device it lies, where it can be looked at."""
        self.folder = Path(folder)
        self._device: int | None = None
        with suppress(OSError):
            self._device = self.folder.stat().st_dev

    def is_away(self) -> bool:
        """Tell whether it cannot be looked into, or is the empty folder that another device was mounted at."""
        try:
            return self.folder.stat().st_dev != self._device and not any(self.folder.iterdir())
        except OSError:
            return True


class Looker:
    """Looks at a folder in a thread of its own, also while a part is judged; what it finds waits to be taken.

    Attributes:
        news: is set when there is something to take; others may set it, too.
        begun: when the look under way began, in seconds of `time.monotonic`; None = it waits for the next one.
    """

    def __init__(self, arrivals: Arrivals) -> None:
        """Begin with `with`, which ends it, too."""
        self.news = Flag()
        self._stop, self._found = Flag(), SimpleQueue[LookResult | Exception]()
        self.begun: float | None = None
        self._poll = FolderPoller(arrivals, self._stop, self._note_begin)
        self._thread = Thread(target=self._look_on, name="looker", daemon=True)

    def __enter__(self) -> "Looker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(LAST_LOOK)

    def _note_begin(self) -> None:
        self.begun = time.monotonic()

    def take(self) -> Iterator[LookResult | OSError | StoreAway]:
        """Yield what was found, or why it is looked again: the folder could not be listed, or the workspace is away.

        Raises what ended the looking.
        """
        while not self._found.empty():
            found = self._found.get()
            if isinstance(found, Exception) and not isinstance(found, OSError | StoreAway):
                raise found
            yield found

    def _look_on(self) -> None:
        while not self._stop.is_set():
            try:
                found = self._poll()
                self.begun = None
                if found != NOTHING or self._found.empty():  # else hours without a database would pile them up
                    self._found.put(found)
            except Exception as error:  # told by `take`
                self._found.put(error)
                self._stop.set()
            self.news.set()


class FolderPoller:
    """Polls a folder as often as needed; where the system notifies of new files, in a time that does not grow with it.

    Files that the system notifies of are looked at immediately. It does not notify of what other machines write to a
    share: the whole folder is polled often until the first notice of a new file, and again where a notice is missing.
    """

    def __init__(self, arrivals: Arrivals, stop: Flag, note_begin: Callable[[], None] = lambda: None) -> None:
        """Begin to listen for notices; `stop` ends waiting, `note_begin` is called when a poll begins."""
        self._arrivals, self._stop, self._note_begin = arrivals, stop, note_begin
        self._notices = Notices(arrivals.folder, stop)
        self._due = self._rest = 0.0
        self._distrusted_until = inf
        self._first_incomplete: set[str] | None = None  # what lay there at the first look, and is not complete
        self._noticed: set[str] = set()
        self._unnoticed: dict[str, float] = {}

    def __call__(self) -> LookResult | OSError | StoreAway:
        """Wait for the next poll and do it; return what was found, or why it has to be done again.

        The folder cannot be listed, or, at the first poll, it cannot be asked what was judged.
        """
        self._stop.wait(self._rest)
        pause = self._due - time.monotonic()
        noticed = self._notices.wait(max(0.0, min(pause, POLL_INTERVAL) if self._arrivals.incomplete else pause))
        self._arrivals.note_replaced(self._notices.take_replaced())
        begun = time.monotonic()
        everything = begun >= self._due
        self._note_begin()
        try:
            found = self._arrivals.poll(noticed, everything=everything)
        except (OSError, StoreAway) as error:
            self._notices.begin_anew()
            self._due, self._distrusted_until, self._first_incomplete = begun + RETRY_INTERVAL, inf, None
            return error
        self._judge_notices(noticed, [arrival.name for arrival in found.arrivals], begun)
        took = time.monotonic() - begun
        self._rest = 0.0 if everything else POLL_REST * took
        if everything:
            is_trusted = begun > self._distrusted_until
            interval, rest = (CHECK_INTERVAL, CHECK_REST) if is_trusted else (POLL_INTERVAL, POLL_REST)
            self._due = begun + took + max(interval, rest * took)
        return found

    def _judge_notices(self, noticed: set[str], found: Sequence[str], now: float) -> None:
        """Decide whether the system notifies of new files.

        Args:
            noticed: names that it has notified of since the last poll.
            found: names of the files that this poll has found complete.
            now: when the poll began, in seconds of `time.monotonic`.
        """
        incomplete = set(self._arrivals.incomplete)
        if self._first_incomplete is None:
            self._first_incomplete = incomplete
            return
        new = [name for name in found if name not in self._first_incomplete]
        self._first_incomplete &= incomplete
        self._noticed |= noticed
        is_noticed = any(_covers(self._noticed, name) for name in new)
        if self._distrusted_until == inf and (is_noticed or any(_covers(noticed, name) for name in self._unnoticed)):
            self._distrusted_until = now
        self._unnoticed = {name: since for name, since in self._unnoticed.items() if not _covers(noticed, name)}
        self._unnoticed |= {name: now for name in new if not _covers(self._noticed, name)}
        if any(now - since > NOTICE_DELAY for since in self._unnoticed.values()):
            self._unnoticed.clear()
            if not now < self._distrusted_until < inf:  # once a doubt: it walks all folders, a share slowly
                self._notices.begin_anew()
            self._distrusted_until = now + DISTRUST_TIME
        self._noticed &= {path for name in incomplete for path in _list_paths(name)}


def _covers(noticed: set[str], name: str) -> bool:
    """Tell whether notices cover a file: they have its name, or that of a folder that it lies in and came with."""
    return not noticed.isdisjoint(_list_paths(name))


def _list_paths(name: str) -> Iterator[str]:
    """Yield the path of a file, and those of the folders that it lies in."""
    while name:
        yield name
        name = name.rpartition("/")[0]
