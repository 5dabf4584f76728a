"""Which files of a folder are complete: parts that arrive one by one, also on network shares and in sub-folders."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from inspector.data.first_bytes import Kind
from inspector.data.found_files import (
    Arrival,
    ListJudged,
    LookResult,
    leave_judged,
)
from inspector.data.held_files import HeldFiles
from inspector.data.kinds import describe_other, detect_kind
from inspector.data.known_files import KnownFiles, Stamp
from inspector.data.layouts.accounting import as_text, is_text
from inspector.data.layouts.grids import LONE_AXIS, find_grids, is_lone_axis
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.own_files import MARKS
from inspector.data.layouts.tree import describe_debris
from inspector.data.watched_entries import Entry, is_unfinished, list_entries

LOOKED_AT = 2000
"""Files that were found before and are looked at in one go, whether they were replaced; of more, some each time."""

RESTLESS = 60.0
"""Seconds after which a file that changes all the time is told of."""

MASKS = "masks of a dataset, no parts"
"""Why files in their folders are passed over; told of the first folder alone."""

MOST_SUFFIXES = 20
"""Kinds of files that are passed over and told of."""

TOGETHER = 500
"""Files of a look that are held at one time; at the first one it is asked of so many at once which were judged."""

ONE_NAME = 3
"""Files that came under a name before the first was complete, from which on they are photos of a camera with one name
for all; two are one photo that a tool has written anew."""


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
        *,
        asks: bool = True,
    ) -> None:
        """Begin to watch.

        Args:
            folder: with sub-folders.
            settle: seconds; 0 = every file is taken to be complete.
            known: stamps by name of files that are not to be found.
            judged: tells files that are no new ones, either; asked in the thread that looks.
            clock: gives seconds.
            held: copies files that may be overwritten before they are read; None = nothing is copied.
            asks: whether `judged` is asked of all that is found; else of what lies there at first alone, and whoever
                takes the rest asks by `leave_judged`: a database may be slow, and photos go meanwhile.
        """
        self.folder = Path(folder)
        self.settle = settle
        self._known = KnownFiles(known or {})
        self._judged, self._is_first, self._asks = judged, True, asks
        self._replaced = set[str]()  # names in whose place complete files were renamed since the last look
        self._unseen: dict[str, int] = {}  # files that came by renaming under a name, less those that were found
        self._began: dict[str, int] = {}  # files that came under a name of which none was found yet
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

    def note_replaced(self, counts: Mapping[str, int]) -> None:
        """Note how many files were renamed to names that had one before.

        Each was complete, though it may be gone, where its name was found before or was used `ONE_NAME` times; of other
        names nothing is taken for sure: tools write a photo anew soon after it came.
        """
        for name, came in counts.items():
            if self._passes_over(name) or is_unfinished(name.rpartition("/")[2]):
                continue
            if not self._known.knows(name):
                came += self._began.pop(name, 1)
                if came < ONE_NAME:
                    self._began[name] = came
                    continue
            self._unseen[name] = self._unseen.get(name, 0) + came
            self._replaced.add(name)

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
                    if moving is not None and stamp.size < moving.stamp.size and name not in self._replaced:
                        restless.add(name)  # the next photo of a camera that writes all under one name
                    moving = self._moving[name] = _Moving(stamp, now, self._has_left(name, stamp), first)
                is_renamed = unfinished.get(inode, stamp.size + 1) <= stamp.size  # else another file's inode
                if is_renamed or name in self._replaced or now - moving.since >= self.settle:
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
        found.missed.update(self._tell_missed())
        return found

    def _tell_missed(self) -> dict[str, int]:
        """Tell how many files of each name nobody saw, but of names whose file is not complete yet."""
        self._replaced.clear()
        missed = {name: count for name, count in self._unseen.items() if count > 0 and name not in self._moving}
        self._unseen = {name: count for name, count in self._unseen.items() if count and name not in missed}
        self._began = {name: count for name, count in self._began.items() if name in self._moving}
        return {name: count for name, count in missed.items() if find_kind(self.folder / name) is not None}

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
            if self._passes_over(name):
                continue
            prefix, tail = name[: name.rfind("/") + 1], name.rpartition("/")[2]
            path = self.folder / name
            is_folder = os.path.isdir(path)  # noqa: PTH112 - Path raises where Windows is about to delete the file
            if prefix not in self._folders or tail in MARKS or is_folder:
                return None
            chosen.append((name, str(path), is_unfinished(tail)))
        return chosen

    def _passes_over(self, name: str) -> bool:
        """Tell whether this program wrote a file, or it lies in a folder that is passed over."""
        *folders, tail = name.split("/")
        prefix = ""
        for folder in folders:
            if folder in self._folders.get(prefix, ()) or describe_debris(folder, is_folder=True):
                return True
            prefix += f"{folder}/"
        return tail in self._folders.get(prefix, ())

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
        for name in names:
            moving, path = self._moving.pop(name), self.folder / name
            stamp = moving.stamp
            before = self._known.find_place(path.name, stamp)
            was_found = self._has_left(name, stamp) or (moving.moved and before is None)
            if was_found and before is not None:
                self._known.drop(before, stamp)
            place = self._known.find_place(path.name, stamp)
            again = self._known.knows(name) or name in self._replaced
            if again:
                self._unseen[name] = max(-1, self._unseen.get(name, 0) - 1)  # it may be told of later
            self._known.add(name, stamp)
            if was_found:
                continue
            if no_part := _find_no_part(self.folder, name):
                passed, reason = no_part
                if reason not in self._suffixes:
                    self._suffixes.add(reason)
                    found.passed[as_text(passed)] = reason
                continue
            kind = find_kind(path)
            if kind is not None and not is_text(name):
                found.unnamed.append(name)
            elif kind is not None:
                copy = self._held.hold(name, stamp, again=again) if self._held else None
                found.arrivals.append(Arrival(name, path, stamp, now, kind, copy=copy))
                found.places[name] = place
            elif (suffix := path.suffix.lower()) not in self._suffixes and len(self._suffixes) < MOST_SUFFIXES:
                self._suffixes.add(suffix)
                found.passed[as_text(name)] = describe_other(path)
        if self._asks:
            leave_judged(found, self._judged)
        return found

    def _has_left(self, name: str, stamp: Stamp) -> bool:
        """Tell whether a file of this own name and stamp was found elsewhere, and lies there no more: it was moved."""
        before = self._known.find_place(name.rpartition("/")[2], stamp)
        return before is not None and before != name and not stamp.lies_at(self.folder / before)


def find_kind(path: str | Path) -> Kind | None:
    """Say what a file is, by its name and, where that may be either, by what is in it; None = neither."""
    path = Path(path)
    kind = detect_kind(path)
    return "cloud" if kind == "photo" and find_grids([path]).points else kind


def _find_no_part(root: Path, name: str) -> tuple[str, str] | None:
    """Say why a photo or cloud is no part, and of what that is said: the folder that it is in, or the file."""
    if folder := _find_mask_folder(root, name):
        return folder, MASKS
    return (name, LONE_AXIS) if is_lone_axis(root / name) else None


def _find_mask_folder(root: Path, name: str) -> str:
    """Find the folder of masks, as datasets are laid out, that holds a file; "" where it is in none.

    Args:
        root: of all.
        name: of the file, with "/" between folders.

    Returns:
        `ground_truth`, or `gt` beside `rgb` or `xyz`, with what is above it below the root.
    """
    folders = name.split("/")[:-1]
    for place, folder in enumerate(map(str.casefold, folders)):
        above = root.joinpath(*folders[:place])
        beside = folder == "gt" and any((above / other).is_dir() for other in ("rgb", "xyz"))
        if folder == "ground_truth" or beside:
            return "/".join(folders[: place + 1])
    return ""


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
