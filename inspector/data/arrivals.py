"""Which files of a folder are complete: parts that arrive one by one, also on network shares and in sub-folders."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from inspector.data.kinds import Kind, is_spare, tell_kind
from inspector.data.layouts.accounting import is_text
from inspector.data.layouts.grids import find_grids
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.own_files import DATABASE, MANIFEST, TABLES, find_own_files
from inspector.data.layouts.tree import describe_debris
from inspector.data.samples import Sample

_MARKS = frozenset({DATABASE, MANIFEST, *TABLES})
"""Files by which this program's own exports and workspaces are known: where one comes, others are no parts any more."""

LOOKED_AT = 2000
"""Files that were found before and are looked at in one go, whether they were replaced; of more, some each time."""


_Entry = tuple[str, str, bool]
"""A file: its name in the folder, its path, and whether its name says that it is unfinished or a copy."""


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
        unnamed: names of such files that are no text, but bytes of another encoding: no database can hold them.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)


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
        self._places: dict[int, str] = {}  # the latest name of a file, by the hash of its own name and stamp
        for name, stamp in (known or {}).items():
            self._remember(name, stamp)
        self._moving: dict[str, _Moving] = {}
        self._unfinished: dict[str, tuple[int, int]] = {}  # inode and size, by name
        self._folders: dict[str, Collection[str]] = {}  # the names in each that are none, by its path and "/"
        self._clock = clock
        self._turn = 0

    @property
    def incomplete(self) -> Collection[str]:
        """Names of the files that are not complete yet, or were not when they were looked at last."""
        return self._moving.keys()

    def poll(self, names: Collection[str] | None = None, *, everything: bool = False) -> Found:
        """Look at the folder.

        Args:
            names: what has changed, with "/" between folders: only these files are looked at, and those that are not
                complete yet; None = everything, as it must be the first time.
            everything: whether the others are looked at as well.

        Raises:
            OSError: it cannot be listed, as where a network share is away; look again later.
        """
        some: Iterable[_Entry] | None = None if names is None or everything else self._choose(names)
        now, complete, seen = self._clock(), [], set[str]()
        unfinished = dict(self._unfinished.values())
        if some is None:
            self._unfinished, some = {}, self._list_all(names or ())
        for name, path, spare in some:
            self._unfinished.pop(name, None)
            if (status := _ask_status(path)) is None:
                continue
            stamp = Stamp(status.st_size, status.st_mtime_ns)
            if spare:
                self._unfinished[name] = status.st_ino, stamp.size
            elif self._known.get(name) != stamp:
                seen.add(name)
                moving = self._moving.get(name)
                if moving is None or moving.stamp != stamp:
                    moving = self._moving[name] = _Moving(stamp, now)
                is_renamed = unfinished.get(status.st_ino, stamp.size + 1) <= stamp.size  # else another file's inode
                if is_renamed or now - moving.since >= self.settle:
                    complete.append((stamp.mtime_ns, natural_key(Path(name)), name))
        self._moving = {name: moving for name, moving in self._moving.items() if name in seen}
        return self._take([name for _, _, name in sorted(complete)], now)

    def _choose(self, names: Collection[str]) -> list[_Entry] | None:
        """Say which of some names are files to look at, as `_list_files` does; None where all must be listed."""
        chosen = []
        for name in {*names, *self._moving}:
            if "~" in name and name not in self._moving:  # Windows may tell of LONGNA~1.PNG in place of a long name
                return None
            *folders, tail = name.split("/")
            prefix, passed_over = "", False
            for folder in folders:
                passed_over = folder in self._folders.get(prefix, ()) or bool(describe_debris(folder, is_folder=True))
                prefix += f"{folder}/"
                if passed_over:
                    break
            if passed_over or tail in self._folders.get(prefix, ()):
                continue
            path = self.folder / name
            is_folder = os.path.isdir(path)  # noqa: PTH112 - Path raises where Windows is about to delete the file
            if prefix not in self._folders or tail in _MARKS or is_folder:
                return None
            chosen.append((name, str(path), _is_spare(tail)))
        return chosen

    def _list_all(self, told: Collection[str]) -> Iterator[_Entry]:
        """List all files but those that were found before, are not told of, and are looked at another time."""
        parts = max(1, -(-len(self._known) // LOOKED_AT))
        self._turn = (self._turn + 1) % parts
        self._folders, due = {}, {*told, *self._moving}
        return _list_files(
            self.folder,
            lambda name: name in self._known and hash(name) % parts != self._turn and name not in due,
            self._folders,
        )

    def _take(self, names: list[str], now: float) -> Found:
        found = Found()
        for name in names:
            stamp, path = self._moving.pop(name).stamp, self.folder / name
            before = self._find_before(path.name, stamp)
            self._remember(name, stamp)
            if before is not None and not _lies_at(self.folder / before, stamp):  # it was found there, and moved
                self._known.pop(before, None)
                continue
            kind = tell_kind(path)
            if kind == "photo" and find_grids([path]).points:
                kind = "cloud"
            if kind is not None and not is_text(name):
                found.unnamed.append(name)
            elif kind is not None:
                found.arrivals.append(Arrival(name, path, stamp, now, kind))
        return found

    def _find_before(self, tail: str, stamp: Stamp) -> str | None:
        """Find the path at which a file of this name and stamp was found last."""
        before = self._places.get(hash((tail, stamp)))
        if before is None or before.rpartition("/")[2] != tail or self._known.get(before) != stamp:
            return None
        return before

    def _remember(self, name: str, stamp: Stamp) -> None:
        self._known[name] = stamp
        self._places[hash((name.rpartition("/")[2], stamp))] = name


def _has_changed(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path) != stamp
    except OSError:
        return False


def _lies_at(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path) == stamp
    except OSError:
        return False


def read_stamp(path: str | Path) -> Stamp:
    """Return what a file is now; raises OSError where it is not there."""
    status = Path(path).stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def list_stamps(folder: str | Path) -> dict[str, Stamp]:
    """Return the stamps of all files in a folder by name, as those to be ignored; raises OSError as `poll` does."""
    found = ((name, _ask_status(path)) for name, path, spare in _list_files(Path(folder)) if not spare)
    return {name: Stamp(status.st_size, status.st_mtime_ns) for name, status in found if status is not None}


def _list_files(
    root: Path,
    passes_over: Callable[[str], bool] = lambda name: False,
    folders: dict[str, Collection[str]] | None = None,
) -> Iterator[_Entry]:
    """Yield what lies in a folder and those below it.

    As `walk` does it, but fast enough to be done many times a second: links are followed, each folder is entered once.

    Args:
        root: the folder.
        passes_over: tells names that are not needed.
        folders: receives the names in each folder that this program wrote itself, by its path and "/".
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
        if folders is not None:
            folders[prefix] = own
        for entry in entries:
            name = prefix + entry.name
            if passes_over(name) or entry.name in own:
                continue
            if _is_folder(entry):
                if not describe_debris(entry.name, is_folder=True):
                    waiting.append((entry.path, f"{name}/"))
                continue
            yield name, entry.path, _is_spare(entry.name)


def _is_spare(name: str) -> bool:
    """Tell whether a file's name says that it is unfinished, a copy, or debris."""
    return bool(describe_debris(name, False)) or is_spare(name)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as a link to itself
        return False


def _ask_status(path: str) -> os.stat_result | None:
    """Ask what a file is now; None where it went away, or is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - of a string, many times a second
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
