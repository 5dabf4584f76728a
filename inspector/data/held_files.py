"""Copies of files that may be overwritten before they are read, as where a camera writes every photo to one name."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from stat import S_ISREG

from inspector.data.known_files import Stamp
from inspector.files import sync_folder
from inspector.places import is_there

UNDER_WAY = "under-way"
"""Where a copy is made: one that a kill or a full disk cuts short is none."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What the system says where nothing can be written."""

MOST_HELD = 64
"""Copies at a time: beyond, a file must be read before it is overwritten."""


class HeldFiles:
    """Copies of files that are complete and wait: of names that came before, and of those that are `due`.

    Each copy keeps name, size and time of its file, so that they are found again after the program was killed. A copy
    that the next one of its name begins with goes: its file was still being written.

    Attributes:
        due: so many files are held though none came under their names before, as while parts wait for many others.
        trouble: where there is no room for copies, and what the system said; "" = the last one could be written.
    """

    def __init__(self, root: str | Path, folder: str | Path, most: int = MOST_HELD) -> None:
        """Keep copies in a folder, which is made when it is needed.

        Args:
            root: the watched folder.
            folder: where copies are kept; what lies in it is of an earlier program, see `take_left`.
            most: copies at a time.
        """
        self.due, self.trouble = 0, ""
        self._root, self._folder, self._most = Path(root), Path(folder), most
        self._numbers = count(1 + max((number for number, _ in self._list_numbered()), default=0))
        self._copies: set[Path] = set()  # files are held and released in two threads
        self._latest: dict[str, Path] = {}  # by the name of the file

    def hold(self, name: str, stamp: Stamp, *, again: bool) -> Path | None:
        """Copy a file.

        Args:
            name: its path in the watched folder, with "/" between folders.
            stamp: what it was when it was found.
            again: whether another file had that name before.

        Returns:
            The copy; None where there is none: it is not needed, another file lies there by now, or there is no room.
        """
        if not (again or self.due > 0) or len(self._copies) >= self._most:
            return None
        self.due -= not again
        home, path = self._folder / str(next(self._numbers)), self._root / name
        beside, copy = self._folder / UNDER_WAY, home / name
        shutil.rmtree(beside, ignore_errors=True)  # of a kill
        try:
            (beside / name).parent.mkdir(parents=True)
            shutil.copyfile(path, beside / name)
            os.utime(beside / name, ns=(stamp.mtime_ns, stamp.mtime_ns))
            if Stamp.of(path.stat()) == stamp == Stamp.of((beside / name).stat()):
                self._keep(beside, home, name)
            self.trouble = ""
        except OSError as error:
            if error.errno in NO_ROOM:
                self.trouble = f"{self._folder}: {error.strerror or error}"
        shutil.rmtree(beside, ignore_errors=True)
        if not is_there(copy):
            return None
        self._copies.add(copy)
        self._drop_beginning(name, copy)
        self._latest[name] = copy
        return copy

    def _keep(self, beside: Path, home: Path, name: str) -> None:
        """Give a copy its number; a power cut leaves it whole from then on, for its file may be gone at once."""
        with (beside / name).open("r+b") as file:
            os.fsync(file.fileno())
        sync_folder((beside / name).parent)
        beside.rename(home)
        sync_folder(self._folder)

    def _drop_beginning(self, name: str, copy: Path) -> None:
        """Remove the copy before this one of the same name where this one goes on from it."""
        with suppress(OSError):  # it may be released at this moment, or is being read on Windows
            if (before := self._latest.get(name)) is not None and _begins_with(copy, before):
                before.unlink()

    def release(self, copy: Path) -> None:
        """Remove a copy that is not needed any more."""
        self._copies.discard(copy)
        number, *name = copy.relative_to(self._folder).parts
        if self._latest.get("/".join(name)) == copy:
            del self._latest["/".join(name)]
        shutil.rmtree(self._folder / number, ignore_errors=True)

    def take_left(self) -> list[tuple[str, Path, Path]]:
        """Take up the copies that an earlier program left: names and paths of their files, oldest first, and copies.

        Raises:
            OSError: they cannot be looked at.
        """
        left = []
        for _, home in sorted(self._list_numbered()):
            names = [file.relative_to(home).as_posix() for file in home.rglob("*") if S_ISREG(file.stat().st_mode)]
            left += [(name, self._root / name, home / name) for name in names]
        self._copies |= {copy for *_, copy in left}
        return left

    def _list_numbered(self) -> Iterator[tuple[int, Path]]:
        with suppress(OSError):
            yield from ((int(home.name), home) for home in self._folder.iterdir() if home.name.isdecimal())


def _begins_with(path: Path, beginning: Path) -> bool:
    """Tell whether a file begins with all that another one holds, and goes on."""
    if not 0 < beginning.stat().st_size < path.stat().st_size:
        return False
    with path.open("rb") as file, beginning.open("rb") as other:
        while block := other.read(1 << 20):
            if file.read(len(block)) != block:
                return False
    return True
