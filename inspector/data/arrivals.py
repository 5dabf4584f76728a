"""Which files of a folder are complete: parts that arrive one by one, also on network shares and in sub-folders."""

import os
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from inspector.data.first_bytes import Kind
from inspector.data.held_files import HeldFiles
from inspector.data.kinds import describe_other, detect_kind
from inspector.data.known_files import KnownFiles, Stamp
from inspector.data.layouts.accounting import as_text, is_text
from inspector.data.layouts.grids import find_grids
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.own_files import MARKS
from inspector.data.layouts.tree import describe_debris
from inspector.data.samples import Sample
from inspector.data.watched_entries import Entry, is_unfinished, list_entries

LOOKED_AT = 2000
"""Files that were found before and are looked at in one go, whether they were replaced; of more, some each time."""

ListJudged = Callable[[Collection[Stamp]], Iterable[tuple[str, Stamp]]]
"""Tells which judged files had one of some stamps: the path at which each was found, as often as it was judged there,
and its stamp; not those in whose place another file was found later."""

RESTLESS = 60.0
"""Seconds after which a file that changes all the time is told of."""

MOST_SUFFIXES = 20
"""Kinds of files that are passed over and told of."""

TOGETHER = 500
"""Files that are looked at before it is asked which of them were judged."""


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
        copy: a copy of the file, which stays when the file is overwritten; None where there is none.
    """

    name: str
    path: Path
    stamp: Stamp
    complete: float
    kind: Kind = "photo"
    cloud: "Arrival | None" = None
    copy: Path | None = None

    @property
    def files(self) -> list["Arrival"]:
        """What it consists of, each alone."""
        return [self] if self.cloud is None else [replace(self, cloud=None), self.cloud]

    def has_changed(self) -> bool:
        """Tell whether another file lies there now, or more of it; one that is gone has not changed."""
        return any(_has_changed(file.path, file.stamp) for file in self.files)

    def to_sample(self, identity: Mapping[str, str] | None = None, *, source: bool = False) -> Sample:
        """Make the sample of it, named after the file; where `source` is set, of where its files are read."""
        paths = {file.kind: file.source if source else file.path for file in self.files}
        return Sample(self.name, paths.get("photo"), paths.get("cloud"), identity=dict(identity or {}))

    @property
    def source(self) -> Path:
        """Where the file is read: its copy, where there is one."""
        return self.copy or self.path

    def lies_there(self) -> bool:
        """Tell whether the file lies where it was found."""
        return _lies_at(self.path, self.stamp)

    def can_be_lost(self) -> bool:
        """Tell whether what is read is gone when the files are overwritten: a copy is missing, or was a beginning."""
        return any(file.copy is None or not file.copy.exists() for file in self.files)


@dataclass(frozen=True)
class LookResult:
    """What one look at the folder found.

    Attributes:
        arrivals: complete photos and clouds that were not found before, the oldest first; equal ones in natural order.
        unnamed: names of such files that are no text, but bytes of another encoding: no database can hold them.
        passed: why a file is neither photo nor cloud, by its name; the first of each suffix since the watch began.
        restless: names of files that are overwritten before, or not for `RESTLESS` seconds, complete; each once.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    passed: dict[str, str] = field(default_factory=dict)
    restless: list[str] = field(default_factory=list)


class _Moving(NamedTuple):
    """A file that is not complete yet: what it was, since when it has been that, whether it had just been moved, and
    when it was seen first."""

    stamp: Stamp
    since: float
    moved: bool
    first: float


class Arrivals:
    """Watches a folder by looking at it again and again, which works wherever it lies.

    A file is complete when size and time of last change have not moved for `settle` seconds, or at once when it was
    seen under another name before, as where a writer renames `a.tmp` to `a.png`. A file that is complete is found once;
    a name whose file is replaced later comes again. A file that was found and is then moved within the folder, as into
    `ok/`, is no new one. What is kept of a file is a few bytes, and while it lies there; whether one that comes from
    elsewhere was judged before is asked.

    Attributes:
        folder: which.
        settle: seconds.
    """

    def __init__(
        self,
        folder: str | Path,
        settle: float,
        known: Mapping[str, Stamp] | None = None,
        judged: ListJudged = lambda _: (),
        clock: Callable[[], float] = time.monotonic,
        held: HeldFiles | None = None,
    ) -> None:
        """Begin to watch.

        Args:
            folder: with sub-folders.
            settle: seconds; 0 = every file is taken to be complete.
            known: stamps by name of files that are not to be found.
            judged: tells files that are no new ones, either; asked in the thread that looks.
            clock: gives seconds.
            held: copies files that may be overwritten before they are read; None = nothing is copied.
        """
        self.folder = Path(folder)
        self.settle = settle
        self._known = KnownFiles(known or {})
        self._judged, self._is_first = judged, True
        self._moving: dict[str, _Moving] = {}
        self._unfinished: dict[str, tuple[int, int]] = {}  # inode and size, by name
        self._folders: dict[str, Collection[str]] = {}  # the names in each that are none, by its path and "/"
        self._clock, self._held = clock, held
        self._turn = 0
        self._suffixes: set[str] = set()  # of files that are passed over
        self._restless: set[str] = set()

    @property
    def incomplete(self) -> Collection[str]:
        """Names of the files that are not complete yet, or were not when they were looked at last."""
        return self._moving.keys()

    def poll(self, names: Collection[str] | None = None, *, everything: bool = False) -> LookResult:
        """Look at the folder.

        Args:
            names: what has changed, with "/" between folders: only these files are looked at, and those that are not
                complete yet; None = everything, as it must be the first time.
            everything: whether the others are looked at as well.

        Raises:
            OSError: it cannot be listed, as where a network share is away; look again later.
        """
        some: Iterable[Entry] | None = None if names is None or everything else self._choose(names)
        now, is_whole, complete, seen, restless = self._clock(), some is None, list[str](), set[str](), set[str]()
        unfinished = dict(self._unfinished.values())
        if some is None:
            self._unfinished, some = {}, self._list_all(names or ())
            self._known.begin_look(now)
        entries = iter(some)
        while together := list(islice(entries, TOGETHER)):
            new = self._find_new(together)
            known = set(self._ask_judged(stamp for stamp, _ in new.values())) if self._is_first and is_whole else ()
            for name, (stamp, inode) in new.items():
                if (name, stamp) in known:
                    self._known.add(name, stamp)
                    continue
                seen.add(name)
                moving = self._moving.get(name)
                if moving is None or moving.stamp != stamp:
                    first = now if moving is None else moving.first
                    if moving is not None and stamp.size < moving.stamp.size and self._known.knows(name):
                        restless.add(name)  # the next photo of a camera that writes all under one name
                    moving = self._moving[name] = _Moving(stamp, now, self._has_left(name, stamp), first)
                is_renamed = unfinished.get(inode, stamp.size + 1) <= stamp.size  # else another file's inode
                if is_renamed or now - moving.since >= self.settle:
                    complete.append(name)
        if is_whole:
            self._known.end_look(now)
            self._is_first = False
        self._moving = {name: moving for name, moving in self._moving.items() if name in seen}
        complete.sort(key=lambda name: (self._moving[name].stamp.mtime_ns, natural_key(Path(name)), name))
        found = self._take(complete, now)
        restless |= {name for name, moving in self._moving.items() if now - moving.first >= max(RESTLESS, self.settle)}
        found.restless.extend(sorted(restless - self._restless))
        self._restless |= restless
        return found

    def _find_new(self, entries: Iterable[Entry]) -> dict[str, tuple[Stamp, int]]:
        """Look at some files: note the unfinished ones; return stamp and inode of those that are not known, by name."""
        new = {}
        for name, path, spare in entries:
            self._unfinished.pop(name, None)
            if (status := _ask_status(path)) is None:
                continue
            stamp = Stamp.of(status)
            if spare:
                self._unfinished[name] = status.st_ino, stamp.size
            elif not self._known.holds(name, stamp):
                new[name] = stamp, status.st_ino
        return new

    def _ask_judged(self, stamps: Iterable[Stamp]) -> list[tuple[str, Stamp]]:
        asked = set(stamps)
        return list(self._judged(asked)) if asked else []

    def _choose(self, names: Collection[str]) -> list[Entry] | None:
        """Say which of some names are files to look at, as `list_entries` does; None where all must be listed."""
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
            if prefix not in self._folders or tail in MARKS or is_folder:
                return None
            chosen.append((name, str(path), is_unfinished(tail)))
        return chosen

    def _list_all(self, told: Collection[str]) -> Iterator[Entry]:
        """List all files but those that were found before, are not told of, and are looked at another time."""
        parts = max(1, -(-len(self._known) // LOOKED_AT))
        self._turn = (self._turn + 1) % parts
        self._folders, due = {}, {*told, *self._moving}
        return list_entries(
            str(self.folder),
            lambda name: self._known.meet(name) and hash(name) % parts != self._turn and name not in due,
            self._folders,
        )

    def _take(self, names: list[str], now: float) -> LookResult:
        found = LookResult()
        judged = defaultdict[tuple[str, Stamp], list[str]](list)
        for start in range(0, len(names), TOGETHER):
            stamps = (self._moving[name].stamp for name in names[start : start + TOGETHER])
            for file, stamp in self._ask_judged(stamps):
                judged[file.rpartition("/")[2], stamp].append(file)
        for name in names:
            moving, path = self._moving.pop(name), self.folder / name
            stamp = moving.stamp
            before = self._known.find_place(path.name, stamp)
            was_found = self._has_left(name, stamp) or (moving.moved and before is None)
            if was_found and before is not None:
                self._known.drop(before, stamp)
            was_found = was_found or self._is_back(name, stamp, judged.get((path.name, stamp), []))
            again = self._known.knows(name)
            self._known.add(name, stamp)
            if was_found:
                continue
            kind = find_kind(path)
            if kind is not None and not is_text(name):
                found.unnamed.append(name)
            elif kind is not None:
                copy = self._held.hold(name, stamp, again=again) if self._held else None
                found.arrivals.append(Arrival(name, path, stamp, now, kind, copy=copy))
            elif (suffix := path.suffix.lower()) not in self._suffixes and len(self._suffixes) < MOST_SUFFIXES:
                self._suffixes.add(suffix)
                found.passed[as_text(name)] = describe_other(path)
        return found

    def _has_left(self, name: str, stamp: Stamp) -> bool:
        """Tell whether a file of this own name and stamp was found elsewhere, and lies there no more: it was moved."""
        before = self._known.find_place(name.rpartition("/")[2], stamp)
        return before is not None and before != name and not _lies_at(self.folder / before, stamp)

    def _is_back(self, name: str, stamp: Stamp, judged: Sequence[str]) -> bool:
        """Tell whether a file is one of those that were judged and do not lie in the folder any more.

        Args:
            name, stamp: of the file.
            judged: where files of its own name and stamp were found when they were judged.
        """
        places = {*judged, self._known.find_place(name.rpartition("/")[2], stamp)} - {name, None}
        return sum(_lies_at(self.folder / str(place), stamp) for place in places) < len(judged)


def find_kind(path: str | Path) -> Kind | None:
    """Say what a file is, by its name and, where that may be either, by what is in it; None = neither."""
    path = Path(path)
    kind = detect_kind(path)
    return "cloud" if kind == "photo" and find_grids([path]).points else kind


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
    return Stamp.of(Path(path).stat())


def list_stamps(folder: str | Path) -> dict[str, Stamp]:
    """Return the stamps of all files in a folder by name, as those to be ignored; raises OSError as `poll` does."""
    found = ((name, _ask_status(path)) for name, path, spare in list_entries(str(folder)) if not spare)
    return {name: Stamp.of(status) for name, status in found if status is not None}


def _ask_status(path: str) -> os.stat_result | None:
    """Ask what a file is now; None where it went away, or is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - of a string, many times a second
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
