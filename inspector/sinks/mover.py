"""`move:FOLDER`: judged files go into the folders ok, ng and unreadable below FOLDER."""

import filecmp
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from inspector.sinks.address import read_folder
from inspector.sinks.journal import Journal, sync_folder
from inspector.sinks.result import PartResult
from inspector.sinks.sink import RefusedError, Sink, SinkError


class Mover(Sink):
    """Moves each file once and never onto another one: a second a.png becomes "a (2).png".

    A file that came later under the name of a judged one, before that was moved, stays where it is.
    """

    moves_files = True

    def __init__(self, address: str) -> None:
        """Move to below the folder of `move:FOLDER`."""
        super().__init__(address)
        self.folder = read_folder(address)
        self._journal = Journal(self.folder / ".begun.json")

    def take(self, result: PartResult) -> None:
        """Move the file; raises as `Sink.take`."""
        assert self.folder is not None
        try:
            (self.folder / result.verdict).mkdir(parents=True, exist_ok=True)
            target = self._move(Path(result.path), self.folder / result.verdict, result)
        except OSError as error:
            raise SinkError(f"{result.path} cannot be moved to {self.folder}: {error.strerror or error}") from error
        self.tell_moved(result, target)

    def _move(self, source: Path, folder: Path, result: PartResult) -> Path:
        begun = self._journal.read()
        if begun.get("id") == result.id:
            target, wanted = Path(begun["target"]), begun["sha256"]
            if target.exists():  # before a power cut or a kill
                if find_sha256(source) == wanted and filecmp.cmp(source, target, shallow=False):
                    source.unlink()
                return target
        now = find_sha256(source)
        if now is None:
            raise RefusedError(f"{source} is gone; it was not moved")
        if result.sha256 not in (None, now):
            raise RefusedError(f"another file has the name of {source} by now; it was not moved")
        while True:  # another program may take the name in between
            target = next(name for name in name_targets(folder / source.name) if not name.exists())
            self._journal.note(id=result.id, target=str(target), sha256=now)
            with suppress(FileExistsError):
                move_to_free_name(source, target)
                sync_folder(folder)
                return target


def name_targets(first: str | Path) -> Iterator[Path]:
    """Give names for a file, the plain one first, then with (2), (3), …"""
    first = Path(first)
    yield first
    for number in count(2):
        yield first.with_name(f"{first.stem} ({number}){first.suffix}")


def find_sha256(path: str | Path) -> str | None:
    """Return the SHA-256 of a file in hexadecimal; None where there is none."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def move_to_free_name(source: str | Path, target: str | Path) -> None:
    """Move a file, to another disk too; the whole file is at `target`, or nothing.

    Raises:
        FileExistsError: something has the name by now; nothing was moved.
        OSError: it cannot be moved; it is still there.
    """
    source, target = Path(source), Path(target)
    if are_on_one_disk(source, target.parent):
        _name_anew(source, target)
        return
    beside = target.with_name(f".{target.name}.part")
    try:
        shutil.copy2(source, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        _name_anew(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    source.unlink()


def are_on_one_disk(one: str | Path, other: str | Path) -> bool:
    """Tell whether files can be renamed between two places."""
    return Path(one).stat().st_dev == Path(other).stat().st_dev


def _name_anew(source: Path, target: Path) -> None:
    """A link, for it never replaces a file as a rename does; where a disk has no links, nobody else may write there."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(target) from None
        source.rename(target)
    else:
        source.unlink()
