"""Which files of a folder are complete: parts that arrive one by one, also on network shares and in sub-folders."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from inspector.data.kinds import Kind, is_spare, tell_kind
from inspector.data.layouts.grids import find_grids
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.own_files import find_own_files
from inspector.data.layouts.tree import describe_debris
from inspector.data.samples import Sample

LOOKED_AT = 2000
"""Files that were found before and are looked at in one go, whether they were replaced; of more, some each time."""


class Stamp(NamedTuple):
    """What tells one content of a file from the next without reading it."""

    size: int
    mtime_ns: int
    """Nanoseconds since the epoch, by the clock of whoever wrote it."""


@dataclass(frozen=True)
class Arrival:
    """A complete photo, a complete cloud, or a part of both.

    Attributes:
        name: its path in the folder, with "/" between folders.
        path: the file; of a part of both, the photo.
        stamp: what it was when it was found complete.
        complete: when that was, in seconds of `time.monotonic`; of a part of both, when the second one was.
        kind: what the file is.
        cloud: the cloud of the same part; None where there is none, or the file is one itself.
    """

    name: str
    path: Path
    stamp: Stamp
    complete: float
    kind: Kind = "photo"
    cloud: "Arrival | None" = None

    @property
    def files(self) -> list["Arrival"]:
        """What it consists of, each alone."""
        return [self] if self.cloud is None else [replace(self, cloud=None), self.cloud]

    def has_changed(self) -> bool:
        """Tell whether another file lies there now, or more of it; one that is gone has not changed."""
        return any(_has_changed(file.path, file.stamp) for file in self.files)

    def to_sample(self, identity: Mapping[str, str] | None = None) -> Sample:
        """Make the sample of it, named after the file."""
        paths = {file.kind: file.path for file in self.files}
        return Sample(self.name, paths.get("photo"), paths.get("cloud"), identity=dict(identity or {}))


@dataclass(frozen=True)
class Found:
    """What one look at the folder found.

    Attributes:
        arrivals: complete photos and clouds that were not found before, the oldest first; equal ones in natural order.
    """

    arrivals: list[Arrival] = field(default_factory=list)


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
        self._turn = 0

    def poll(self) -> Found:
        """Look at the folder.

        Raises:
            OSError: it cannot be listed, as where a network share is away; look again later.
        """
        there, now, complete = set[str](), self._clock(), []
        unfinished, self._unfinished = self._unfinished, {}
        parts = max(1, -(-len(self._known) // LOOKED_AT))
        self._turn = (self._turn + 1) % parts
        for place, (name, entry, spare) in enumerate(_list_files(self.folder)):
            there.add(name)
            if name in self._known and place % parts != self._turn:
                continue
            if (status := _ask_status(entry)) is None:
                continue
            stamp = Stamp(status.st_size, status.st_mtime_ns)
            if spare:
                self._unfinished[status.st_ino] = stamp.size
            elif self._known.get(name) != stamp:
                moving = self._moving.get(name)
                if moving is None or moving.stamp != stamp:
                    moving = self._moving[name] = _Moving(stamp, now)
                is_renamed = unfinished.get(status.st_ino, stamp.size + 1) <= stamp.size  # else another file's inode
                if is_renamed or now - moving.since >= self.settle:
                    complete.append((stamp.mtime_ns, natural_key(Path(name)), name))
        self._moving = {name: moving for name, moving in self._moving.items() if name in there}
        return self._take([name for _, _, name in sorted(complete)], there, now)

    def _take(self, names: list[str], there: Collection[str], now: float) -> Found:
        found = Found()
        for name in names:
            stamp, path = self._moving.pop(name).stamp, self.folder / name
            before = self._places.get((path.name, stamp))
            self._remember(name, stamp)
            if before is not None and before not in there:  # it was found there, and moved
                self._known.pop(before, None)
                continue
            kind = tell_kind(path)
            if kind == "photo" and find_grids([path]).points:
                kind = "cloud"
            if kind is not None:
                found.arrivals.append(Arrival(name, path, stamp, now, kind))
        return found

    def _remember(self, name: str, stamp: Stamp) -> None:
        self._known[name] = stamp
        self._places[name.rpartition("/")[2], stamp] = name


def _has_changed(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path) != stamp
    except OSError:
        return False


def read_stamp(path: str | Path) -> Stamp:
    """Return what a file is now; raises OSError where it is not there."""
    status = Path(path).stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def list_stamps(folder: str | Path) -> dict[str, Stamp]:
    """Return the stamps of all files in a folder by name, as those to be ignored; raises OSError as `poll` does."""
    found = ((name, _ask_status(entry)) for name, entry, spare in _list_files(Path(folder)) if not spare)
    return {name: Stamp(status.st_size, status.st_mtime_ns) for name, status in found if status is not None}


def _list_files(root: Path) -> Iterator[tuple[str, "os.DirEntry[str]", bool]]:
    """Yield what lies in a folder and those below it: name, entry, and whether the name says unfinished or a copy.

    As `walk` does it, but fast enough to be done many times a second: links are followed, each folder is entered once.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(str(root), "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            status = Path(folder).stat()
            with os.scandir(folder) as scanned:
                entries = list(scanned)
        except OSError:
            if not prefix:
                raise
            continue
        if (identity := (status.st_dev, status.st_ino)) in seen:
            continue
        seen.add(identity)
        own = find_own_files(Path(folder), {entry.name for entry in entries})
        for entry in entries:
            if entry.name in own:
                continue
            if _is_folder(entry):
                if not describe_debris(entry.name, is_folder=True):
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
                continue
            yield f"{prefix}{entry.name}", entry, bool(describe_debris(entry.name, False)) or is_spare(entry.name)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as a link to itself
        return False


def _ask_status(entry: "os.DirEntry[str]") -> os.stat_result | None:
    """Ask what a file is now; None where it went away, or is no file."""
    try:
        status = os.stat(entry.path)  # noqa: PTH116 - an entry keeps what it was told first, on some systems when listed
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
