"""Which photos of a folder are complete: parts that arrive one by one, also on network shares and in sub-folders."""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from inspector.data.kinds import is_spare, tell_kind
from inspector.data.layouts.grids import find_grids
from inspector.data.layouts.listing import name_sample, natural_key
from inspector.data.layouts.tree import walk


class Stamp(NamedTuple):
    """What tells one content of a file from the next without reading it."""

    size: int
    mtime_ns: int
    """Nanoseconds since the epoch, by the clock of whoever wrote it."""


@dataclass(frozen=True)
class Arrival:
    """A complete photo.

    Attributes:
        name: its path in the folder, with "/" between folders.
        path: the file.
        stamp: what it was when it was found complete.
        complete: when that was, in seconds of `time.monotonic`.
    """

    name: str
    path: Path
    stamp: Stamp
    complete: float

    def has_changed(self) -> bool:
        """Tell whether another file lies there now, or more of it; one that is gone has not changed."""
        try:
            return read_stamp(self.path) != self.stamp
        except OSError:
            return False


@dataclass(frozen=True)
class Found:
    """What one look at the folder found.

    Attributes:
        arrivals: complete photos that were not found before, the oldest first; equal ones in natural order.
        clouds: names of complete point clouds that were not found before: they are not judged.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    clouds: list[str] = field(default_factory=list)


class _Moving(NamedTuple):
    """A file that is not complete yet: what it was, and since when it has been that."""

    stamp: Stamp
    since: float


class Arrivals:
    """Watches a folder by looking at it again and again, which works wherever it lies.

    A file is complete when size and time of last change have not moved for `settle` seconds, or at once when it was
    seen under another name before, as where a writer renames `a.tmp` to `a.png`. A file that is complete is found once;
    a name whose file is replaced later comes again. A file that was found and is then moved within the folder, as into
    `ok/`, is no new one.

    Attributes:
        folder: which.
        settle: seconds.
    """

    def __init__(
        self,
        folder: str | Path,
        settle: float,
        known: Mapping[str, Stamp] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to watch.

        Args:
            folder: with sub-folders.
            settle: seconds; 0 = every file is taken to be complete.
            known: stamps by name of files that are not to be found.
            clock: gives seconds.
        """
        self.folder = Path(folder)
        self.settle = settle
        self._known: dict[str, Stamp] = {}
        self._places: dict[tuple[str, Stamp], str] = {}
        for name, stamp in (known or {}).items():
            self._remember(name, stamp)
        self._moving: dict[str, _Moving] = {}
        self._unfinished: dict[int, int] = {}  # sizes by inode
        self._clock = clock

    def poll(self) -> Found:
        """Look at the folder.

        Raises:
            OSError: it cannot be listed, as where a network share is away; look again later.
        """
        there = dict(self._list())
        unfinished, now, complete = self._unfinished, self._clock(), []
        self._unfinished = {inode: stamp.size for inode, stamp, spare in there.values() if spare}
        files = {name: stamp for name, (_, stamp, spare) in there.items() if not spare}
        for name, stamp in files.items():
            if self._known.get(name) == stamp:
                continue
            moving = self._moving.get(name)
            if moving is None or moving.stamp != stamp:
                moving = self._moving[name] = _Moving(stamp, now)
            is_renamed = unfinished.get(there[name][0], stamp.size + 1) <= stamp.size  # else another file's inode
            if is_renamed or now - moving.since >= self.settle:
                complete.append((stamp.mtime_ns, natural_key(Path(name)), name))
        self._moving = {name: moving for name, moving in self._moving.items() if name in files}
        return self._take([name for _, _, name in sorted(complete)], files, now)

    def _take(self, names: list[str], files: Mapping[str, Stamp], now: float) -> Found:
        found = Found()
        for name in names:
            stamp, path = files[name], self.folder / name
            before = self._places.get((path.name, stamp))
            self._remember(name, stamp)
            del self._moving[name]
            if before is not None and before not in files:  # it was found there, and moved
                self._known.pop(before, None)
                continue
            kind = tell_kind(path)
            if kind == "photo" and not find_grids([path]).points:
                found.arrivals.append(Arrival(name, path, stamp, now))
            elif kind is not None:
                found.clouds.append(name)
        return found

    def _remember(self, name: str, stamp: Stamp) -> None:
        self._known[name] = stamp
        self._places[name.rpartition("/")[2], stamp] = name

    def _list(self) -> Iterator[tuple[str, tuple[int, Stamp, bool]]]:
        """Yield the name, inode and stamp of each file, and whether its name says that it is unfinished or a copy."""
        for found in walk(self.folder):
            try:
                status = found.path.stat()
            except OSError:  # it went away meanwhile, or is a link to nothing
                continue
            if not stat.S_ISREG(status.st_mode):
                continue
            spare = bool(found.reason) or is_spare(found.path)
            stamp = Stamp(status.st_size, status.st_mtime_ns)
            yield name_sample(self.folder, found.path), (status.st_ino, stamp, spare)


def read_stamp(path: str | Path) -> Stamp:
    """Return what a file is now; raises OSError where it is not there."""
    status = os.stat(path)  # noqa: PTH116 - of text or a path alike
    return Stamp(status.st_size, status.st_mtime_ns)


def list_stamps(folder: str | Path) -> dict[str, Stamp]:
    """Return the stamps of all files in a folder by name, as those to be ignored; raises OSError as `poll` does."""
    return {name: stamp for name, (_, stamp, spare) in Arrivals(folder, 0)._list() if not spare}
