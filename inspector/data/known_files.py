"""Which files of a watched folder were found: as numbers, for there may be millions, and only while they lie there."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FORGOTTEN = 600.0
"""Seconds after which a file that lies in the folder no more is forgotten; a share may be away for a while."""

SWEEP = 60.0
"""Seconds from one look for files that are gone to the next."""

REACH = 2**63 - 1
"""Nanoseconds from 1970 that a database can hold, to 1677 and to 2262; Windows knows files of the year 1601."""

BITS = 60
"""Of a digest: Python keeps such numbers in 32 bytes, larger ones in 48."""


class Stamp(NamedTuple):
    """What tells one content of a file from the next without reading it."""

    size: int
    mtime_ns: int
    """Nanoseconds since the epoch, by the clock of whoever wrote it."""

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """Take it of what the system says of a file; a time beyond `REACH` is taken to be there."""
        return cls(status.st_size, max(-REACH, min(status.st_mtime_ns, REACH)))

    def lies_at(self, path: str | Path) -> bool:
        """Tell whether a file lies somewhere with this stamp."""
        try:
            return Stamp.of(Path(path).stat()) == self
        except OSError:
            return False


class KnownFiles:
    """The files that were found, and where a file of some own name and stamp was found last.

    Of each, two digests are kept, some 150 bytes: of its path, and of its own name and stamp. They are Python's own
    hashes, SipHash of a key that is drawn anew at each start, cut to 60 bits, and live no longer than the process.
    Among a million known files a new path has the digest of another one once in 10^12 times; and that goes unnoticed
    only if the second digest, too, is that of the other file.
    """

    def __init__(self, lasting: Mapping[str, Stamp]) -> None:
        """Begin with files that are never forgotten."""
        self._files: dict[int, int] = {}  # the digest of own name and stamp, by that of the path
        self._places: dict[int, str] = {}  # the folder and "/", by the digest of own name and stamp
        self._prefixes: dict[str, str] = {}  # the same ones, each kept once
        self._missing: dict[int, float] = {}  # since when, by the digest of the path
        self._unmet: set[int] | None = None
        self._swept: float | None = None
        for name, stamp in lasting.items():
            self.add(name, stamp)
        self._lasting = frozenset(self._files)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._files)

    def holds(self, name: str, stamp: Stamp) -> bool:
        """Tell whether the file that lies at a path was found."""
        return self._files.get(_digest(name)) == _digest((_split(name)[1], *stamp))

    def knows(self, name: str) -> bool:
        """Tell whether some file was found at a path."""
        return _digest(name) in self._files

    def add(self, name: str, stamp: Stamp) -> None:
        """Note a file that was found at a path, in place of one that was before."""
        prefix, tail = _split(name)
        content = _digest((tail, *stamp))
        self._files[_digest(name)] = content
        self._places[content] = self._prefixes.setdefault(prefix, prefix)

    def drop(self, name: str, stamp: Stamp) -> None:
        """Take out a file that does not lie at a path any more."""
        if self.holds(name, stamp):
            del self._files[_digest(name)]

    def find_place(self, tail: str, stamp: Stamp) -> str | None:
        """Find the path at which a file of this name and stamp was found last; None where none is known."""
        prefix = self._places.get(_digest((tail, *stamp)))
        return None if prefix is None or not self.holds(prefix + tail, stamp) else prefix + tail

    def begin_look(self, now: float) -> None:
        """Begin to look at the whole folder; `meet` is to be called for all that lies there, then `end_look`."""
        due = self._swept is None or now - self._swept >= SWEEP
        self._unmet = set(self._files) if due else None
        if self._unmet is not None:
            self._unmet -= self._lasting

    def meet(self, name: str) -> bool:
        """Note that something lies at a path; tell whether a file was found there."""
        digest = _digest(name)
        if self._unmet is not None:
            self._unmet.discard(digest)
        return digest in self._files

    def end_look(self, now: float) -> None:
        """Forget what was not met for long enough."""
        if self._unmet is None:
            return
        missing = {digest: self._missing.get(digest, now) for digest in self._unmet if digest in self._files}
        self._swept, self._unmet = now, None
        gone = {digest for digest, since in missing.items() if now - since >= FORGOTTEN}
        self._missing = {digest: since for digest, since in missing.items() if digest not in gone}
        for digest in gone:
            del self._files[digest]
        if gone:
            left = set(self._files.values())
            self._places = {content: prefix for content, prefix in self._places.items() if content in left}
            self._prefixes = {prefix: prefix for prefix in self._places.values()}


def _split(name: str) -> tuple[str, str]:
    """Split a path into that of the folder, with "/", and the file's own name."""
    folder, slash, tail = name.rpartition("/")
    return folder + slash, tail


def _digest(what: object) -> int:
    return hash(what) & ((1 << BITS) - 1)
