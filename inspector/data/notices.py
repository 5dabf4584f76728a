"""What the system tells of the files of a folder: nothing of what other machines write to a share."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from watchfiles import Change, watch

STEP = 20
"""Milliseconds for which nothing must change before it is told."""

LONGEST = 60
"""Milliseconds after which it is told all the same."""

TELLS_RENAMES = sys.platform == "linux"
"""Whether a file is told to be added only where there was none of its name, or another one was renamed to it."""

REMEMBERED = 10_000
"""Names that were added last, to which another file may be renamed."""


class Notices:
    """Hears of the files of a folder and those below it, where the system tells of them at all.

    Linux, Windows and macOS tell what programs of the same machine do on a local disk. It is heard in a thread of its
    own: what comes and goes while nobody waits is counted, too.
    """

    def __init__(self, folder: Path, stop: Flag) -> None:
        """Begin to listen; `stop` ends it."""
        self._folder, self._stop = folder, stop
        self._replaced = Counter[str]()
        self._there: dict[str, None] = {}
        self._end, self._told = self._begin()

    def begin_anew(self) -> None:
        """Listen anew, as where the folder was away."""
        self._end.set()
        self._there.clear()
        self._end, self._told = self._begin()

    def wait(self, seconds: float) -> set[str]:
        """Wait until something changes.

        Args:
            seconds: for which to wait at most.

        Returns:
            The names of what has changed, come or gone, with "/" between folders; none after the time, and where
            the system tells nothing.
        """
        until, names = time.monotonic() + seconds, set[str]()
        self._listens.wait(1.0)  # what comes from then on is told
        while not names and not self._stop.is_set():
            left = until - time.monotonic()
            with suppress(Empty):
                names |= self._take(self._told.get(timeout=max(0.0, min(left, LONGEST / 1000))))
            if left <= 0:
                break
        while not self._told.empty():
            names |= self._take(self._told.get())
        return names

    def take_replaced(self) -> dict[str, int]:
        """Return how many files were renamed to names that had one before, of what `wait` has returned since."""
        replaced, self._replaced = dict(self._replaced), Counter()
        return replaced

    def _take(self, changes: Set[tuple[int, str]]) -> set[str]:
        """Take what was told at one moment; return the names."""
        added = {name for change, name in changes if change == Change.added}
        deleted = {name for change, name in changes if change == Change.deleted}
        for name in deleted:
            self._there.pop(name, None)
        if TELLS_RENAMES:
            self._replaced.update(added & self._there.keys())
            for name in added:
                self._there.pop(name, None)  # it is the latest from now on
            self._there.update(dict.fromkeys(added - deleted))
        while len(self._there) > REMEMBERED:
            del self._there[next(iter(self._there))]
        return {name for _, name in changes}

    def _begin(self) -> tuple[Flag, SimpleQueue[Set[tuple[int, str]]]]:
        end, told = Flag(), SimpleQueue[Set[tuple[int, str]]]()
        self._listens = Flag()
        Thread(target=self._hear, args=(end, told, self._listens), name="notices", daemon=True).start()
        return end, told

    def _hear(self, end: Flag, told: SimpleQueue[Set[tuple[int, str]]], listens: Flag) -> None:
        with suppress(OSError, RuntimeError):  # the folder is away, or too many folders are watched
            for changes in self._listen():
                listens.set()
                if end.is_set():
                    return
                if changes:
                    told.put(changes)
        listens.set()

    def _listen(self) -> Iterator[set[tuple[int, str]]]:
        folder = self._folder.resolve()  # macOS tells of files as they lie there, links on the way followed
        root = str(folder).rstrip(os.sep) + os.sep  # a drive has one already
        changes = watch(
            folder,
            watch_filter=None,
            debounce=LONGEST,
            step=STEP,
            stop_event=self._stop,
            rust_timeout=LONGEST,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        for found in changes:
            below = ((change, path) for change, path in found if path.startswith(root))
            yield {(change, path.removeprefix(root).replace(os.sep, "/")) for change, path in below}
