"""`move:FOLDER`: judged files, photo and cloud together, go into the folders ok, ng and unreadable below FOLDER."""

import filecmp
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from inspector.files import file_sha256, sync_folder
from inspector.sinks.address import read_folder
from inspector.sinks.journal import Journal
from inspector.sinks.result import PartResult
from inspector.sinks.sink import RefusedError, Sink, SinkError


class _File(NamedTuple):
    """A file to be moved, and the SHA-256 of what was judged in it; None = not known."""

    path: Path
    sha256: str | None


class Mover(Sink):
    """Moves each file once and never onto another one: a second a.png becomes "a (2).png".

    Photo and cloud of a part are moved together, under names that still say so; where the second one could not be
    moved, as after a power cut, it follows. A file that came later under the name of a judged one, before that was
    moved, stays where it is, and so does its partner.
    """

    moves_files = True

    def __init__(self, address: str) -> None:
        """Move to below the folder of `move:FOLDER`."""
        super().__init__(address)
        self.folder = read_folder(address)
        self._journal = Journal(self.folder / ".begun.json")

    def take(self, result: PartResult) -> None:
        """Move the files of a part; raises as `Sink.take`."""
        assert self.folder is not None
        files = [_File(Path(result.path), result.sha256)]
        if result.cloud:
            files.append(_File(Path(result.cloud), result.cloud_sha256))
        places: list[Path | None] = [None for _ in files]
        try:
            self._move(files, places, self.folder / result.verdict, result.id)
        except OSError as error:
            named = " and ".join(str(file.path) for file in files)
            raise SinkError(f"{named} cannot be moved to {self.folder}: {error.strerror or error}") from error
        finally:
            if any(places):
                self.tell_moved(result, *(place or file.path for file, place in zip(files, places, strict=True)))

    def _move(self, files: Sequence[_File], places: list[Path | None], folder: Path, result_id: str) -> None:
        """Move files that were not moved yet; `places` gets where each one lies then."""
        begun = self._journal.read()
        targets, sums = _read_begun(begun, len(files)) if begun.get("id") == result_id else ([], [])
        for index, (target, wanted) in enumerate(zip(targets, sums, strict=True)):  # before a power cut or a kill
            places[index] = _finish(files[index].path, target, wanted)
        if len(targets) > 1 and files[1].path.exists() and not files[0].path.exists():
            places[0] = targets[0]  # the photo went first; its reader may have taken it away since
        left = [index for index, place in enumerate(places) if place is None]
        now = {index: _require_judged(files[index]) for index in left}
        names = name_targets(folder, *(file.path.name for file in files))
        while left:  # another program may take a name in between
            if not targets or any(os.path.lexists(targets[index]) for index in left):
                targets = next(some for some in names if not any(os.path.lexists(some[index]) for index in left))
            for index in left:
                targets[index].parent.mkdir(parents=True, exist_ok=True)
            noted = [places[index] or target for index, target in enumerate(targets)]
            sums = [now.get(index) or sums[index] for index in range(len(files))]
            self._journal.note(id=result_id, **_write_begun(noted, sums))
            with suppress(FileExistsError):
                while left:
                    target = targets[left[0]]
                    move_to_free_name(files[left[0]].path, target)
                    places[left.pop(0)] = target
                    sync_folder(target.parent)


NOTED = (("target", "sha256"), ("cloud_target", "cloud_sha256"))
"""What the journal calls the new path and the content of the first file of a part, and of the second."""


def _write_begun(targets: Sequence[Path], sums: Sequence[str]) -> dict[str, str]:
    noted: dict[str, str] = {}
    for (target_key, sum_key), target, found in zip(NOTED, targets, sums, strict=False):
        noted |= {target_key: str(target), sum_key: found}
    return noted


def _read_begun(noted: Mapping[str, str], count: int) -> tuple[list[Path], list[str]]:
    return [Path(noted[target]) for target, _ in NOTED[:count]], [noted[found] for _, found in NOTED[:count]]


def _finish(source: Path, target: Path, wanted: str) -> Path | None:
    """End a move that was begun, if its file is at the new path; return that, or None where it is not."""
    if not target.exists():
        return None
    if find_sha256(source) == wanted:
        if not filecmp.cmp(source, target, shallow=False):  # another program's file
            return None
        source.unlink()
    return target


def _require_judged(file: _File) -> str:
    """Return the SHA-256 of a file that is what was judged; raises RefusedError where it is not."""
    now = find_sha256(file.path)
    if now is None:
        raise RefusedError(f"{file.path} is gone; it was not moved")
    if file.sha256 not in (None, now):
        raise RefusedError(f"another file has the name of {file.path} by now; it was not moved")
    return now


def name_targets(folder: str | Path, name: str, cloud: str | None = None) -> Iterator[list[Path]]:
    """Give paths in a folder for a file, or for photo and cloud of a part: plain ones first, then with (2), (3), …

    Two files of one part can be told to be that by their new names, too: they have one number, which follows a stem
    that both have, and is that of a folder where they have not. Where both have one name, the cloud goes into a folder
    xyz.

    Example:
        a.png -> a.png, "a (2).png", …; a_rgb.png, a_xyz.tiff -> a_rgb.png, a_xyz.tiff, then both in the folder (2).
    """
    folder, names = Path(folder), [Path(name)]
    if cloud is not None:
        names.append(Path("xyz", cloud) if cloud.lower() == name.lower() else Path(cloud))
    yield [folder / each for each in names]
    one_stem = len({each.stem for each in names}) == 1
    for number in count(2):
        if one_stem:
            yield [folder / each.with_name(f"{each.stem} ({number}){each.suffix}") for each in names]
        else:
            yield [folder / f"({number})" / each for each in names]


def find_sha256(path: str | Path) -> str | None:
    """Return the SHA-256 of a file in hexadecimal; None where there is none."""
    try:
        return file_sha256(path)
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
    beside.unlink(missing_ok=True)  # of a kill: it may be another name of a file that its reader has moved on
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
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        source.rename(target)
    else:
        source.unlink()
