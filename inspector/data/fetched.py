"""A batch whose files lie at an address: they are fetched into a folder, and again by workers that do not see it."""

import hashlib
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import uuid4

from inspector.data.layouts import read_batch
from inspector.data.layouts.batches import find_batches
from inspector.data.parts import Part
from inspector.data.samples import Batch, Sample, require_two
from inspector.errors import InputError, SettingsError, StoreError
from inspector.events import Event, Report, silent
from inspector.files import fold_name, is_device
from inspector.storage import AT_ONCE, WINDOWS_REFUSES, Storage, Stored, find_fetched, keeping

SETTLED = 86400.0
"""Seconds after which a hidden file in the folder is no other scan's half-fetched one any more."""


class Fetched(NamedTuple):
    """A file at the address, and why it could not be fetched, or ""."""

    stored: Stored
    problem: str = ""


@dataclass(frozen=True)
class Origin:
    """Where the files of a batch come from.

    Attributes:
        storage: the address.
        folder: where they lie now; those that could not be fetched are empty files.
        files: what is at the address, by where it lies now.
        left_out: what is there and can be no file here, by its name.
    """

    storage: Storage
    folder: Path
    files: Mapping[Path, Fetched] = field(repr=False)
    left_out: tuple[str, ...] = ()

    def tell(self, text: str) -> str:
        """Name the address in what names the folder, which nobody knows."""
        return text.replace(str(self.folder), self.storage.address)

    def choose(self, sample: Sample) -> "Origin":
        """Return what is needed of it for one sample."""
        own = (path for path in (sample.image, sample.cloud) if path is not None)
        return replace(self, files={path: self.files[path] for path in own if path in self.files})

    def bring(self, sample: Sample) -> Sample:
        """Have the files of a sample on this machine, and return it with their places.

        Raises:
            InputError: one could not be fetched at first, or is gone or another one since.
            StoreError: this machine may not read the address or cannot reach it, or has no room.
        """
        return replace(sample, image=self._bring(sample.image), cloud=self._bring(sample.cloud))

    def let_go(self, sample: Sample) -> None:
        """Say that the files of a sample, with their places on this machine, were read."""
        for path in (sample.image, sample.cloud):
            if path is not None:
                self.storage.let_go(path)

    def _bring(self, path: Path | None) -> Path | None:
        if path is None or path not in self.files:
            return path
        stored, problem = self.files[path]
        if problem:
            raise InputError(problem)
        try:
            return self.storage.bring(stored, path)
        except InputError as error:
            if isinstance(error.__cause__, PermissionError):  # though the process that was started could read it
                raise StoreError(f"{socket.gethostname()}: {error}") from error
            raise


def fetch_files(address: str, workspace: str | Path, report: Report = silent) -> Origin:
    """Fetch all files at an address into a folder of the workspace, each once: what is there already stays.

    What cannot be fetched, for it is gone or may not be read, is told by an event, and again when the batch is read.

    Args:
        address: as "s3://bucket/folder".
        workspace: folder of the workspace.
        report: receives the progress in files, and warnings; may raise `Cancelled`, the same call goes on then.

    Raises:
        InputError: there is nothing at the address, or nothing that may be read.
        StoreError: the store cannot be reached, or the folder cannot be written.
        SettingsError: the address is none.
    """
    storage = Storage(address)
    folder = find_fetched(address, workspace)
    found = storage.find()
    usable = _choose_files(found)
    files = {folder / name: stored for name, stored in _name_files(usable, folder).items()}
    _remove_others(folder, files)

    def fetch(path: Path) -> str:
        try:
            storage.fetch(files[path], path)
        except InputError as error:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
            return str(error)
        return ""

    problems: dict[Path, str] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            report(Event("progress", "fetch", 0, len(files)))
            for done, (path, problem) in enumerate(zip(files, pool.map(fetch, files), strict=True), start=1):
                if problem:
                    problems[path] = problem
                    report(Event("warning", "fetch", message=problem))
                os.utime(folder)  # pruning goes by it as long as there is no run
                report(Event("progress", "fetch", done, len(files)))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    if len(problems) == len(files):
        raise InputError(next(iter(problems.values()), f"no name at {storage.address} can be the name of a file"))
    fetched = {path: Fetched(stored, problems.get(path, "")) for path, stored in files.items()}
    return Origin(storage, folder, fetched, _name_left_out(found, usable))


def add_origin(batch: Batch, origin: Origin | None) -> Batch:
    """Return a batch in the fetched folder, or in one below, that knows the address: parts have their names there.

    Args:
        batch: as it was read.
        origin: where its files come from; None = they have always been here, and the batch stays as it is.
    """
    if origin is None:
        return batch
    notes = [f"fetched from {origin.storage.address}"]
    if origin.left_out:
        number, first = len(origin.left_out), origin.left_out[0]
        one = f"one file at the address has a name that cannot be used here: {first!a}"
        several = f"{number} files at the address have names that cannot be used here, {first!a} first"
        notes.append(one if number == 1 else several)
    samples = tuple(replace(sample, name=_find_name(sample.name, batch.root, origin)) for sample in batch.samples)
    return replace(batch, samples=samples, notes=(*notes, *batch.notes), origin=origin)


def _find_name(name: str, root: Path, origin: Origin) -> str:
    """Return the name at the address of what has a name below a fetched folder."""
    found = origin.files.get(root / name)
    return name if found is None else "/".join(found.stored.name.split("/")[-len(name.split("/")) :])


def read_fetched_batch(origin: Origin, layout: str = "auto", *, has_camera: bool = False) -> Batch:
    """List the parts of a batch that was fetched; a note says from where. Raises as `read_batch`."""
    with telling_address(origin):
        return add_origin(read_batch(origin.folder, layout, has_camera=has_camera), origin)


def read_from(origin: Origin, read: Callable[[int, Sample], Part], position: int, sample: Sample) -> Part:
    """Read a part whose files may have to be fetched first; what is gone is told in the result.

    Args:
        origin: of this sample.
        read: makes a part of its position and a sample whose files are here.
        position: place in the batch.
        sample: with the places of its files where the scan was started.
    """
    try:
        here = origin.bring(sample)
    except InputError as error:
        return Part(position, reason=str(error))
    try:
        return read(position, here)
    finally:
        origin.let_go(here)


def find_batches_at(address: str, layout: str = "auto") -> list[str]:
    """List the addresses of the batches below an address, as `find_batches` finds them in the fetched folder.

    Nothing is fetched: files are told by their names alone, so a photo without a known suffix is none here.

    Args:
        address: as "s3://bucket/folder".
        layout: as for `find_batches`.

    Raises:
        InputError: there is nothing at the address, it is a batch itself, or has none below it.
        StoreError: the store cannot be reached, or there is no room for temporary files.
        SettingsError: the address is none.
    """
    with _stand_in(address) as origin:
        found = find_batches(origin.folder, layout)
    there = {
        here: at
        for path, (stored, _) in origin.files.items()
        for here, at in zip(path.parents, PurePosixPath(stored.name).parents, strict=False)
    }
    return [f"{origin.storage.address}/{there[path]}" for path in found]


def list_batch_at(address: str, layout: str = "auto", *, has_camera: bool = False) -> Batch:
    """List the parts of a batch at an address; nothing is fetched, so that files are told by their names alone.

    Args:
        address: as "s3://bucket/folder".
        layout, has_camera: as for `read_batch`.

    Returns:
        The batch, at paths where nothing lies; `Batch.origin` knows the files at the address.

    Raises:
        InputError: there is nothing at the address, or fewer than two samples.
        StoreError: the store cannot be reached, or there is no room for temporary files.
        SettingsError: the address is none.
    """
    with _stand_in(address) as origin:
        batch = read_fetched_batch(origin, layout, has_camera=has_camera)
        require_two(batch)  # which would name the folder that is gone by then
        return batch


@contextmanager
def telling_address(origin: Origin | None) -> Iterator[None]:
    """Name the address, as it was given, in what is wrong with its files; None = they have always been here."""
    try:
        yield
    except (InputError, SettingsError) as error:  # others are about the folder itself, as a full disk
        if origin is None:
            raise
        raise type(error)(origin.tell(str(error))) from error


@contextmanager
def _stand_in(address: str) -> Iterator[Origin]:
    """Have, for a while, a folder of empty files that are named like those at an address."""
    storage = Storage(address)
    found = storage.find()
    try:
        temporary = TemporaryDirectory(prefix="inspector-")
    except OSError as error:
        raise StoreError(f"cannot make a temporary folder: {error.strerror or error}; make room there") from error
    with temporary as name:
        folder = Path(name).resolve() / "files"
        usable = _choose_files(found)
        files = {folder / path: Fetched(stored) for path, stored in _name_files(usable, folder).items()}
        try:
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            origin = Origin(storage, folder, files, _name_left_out(found, usable))
            with telling_address(origin):
                yield origin
        except OSError as error:
            raise StoreError(f"cannot write to {name}: {error.strerror or error}; make room there") from error


def _name_left_out(found: Sequence[Stored], usable: Sequence[Stored]) -> tuple[str, ...]:
    names = {stored.name for stored in usable}
    return tuple(stored.name for stored in found if stored.name not in names)


def _choose_files(found: Sequence[Stored]) -> list[Stored]:
    """Return those that can be files here: a store may have "a" beside "a/1.png", a folder cannot."""
    holding = {stored.name.rpartition("/")[0] for stored in found}
    folders = holding | {str(parent) for name in holding for parent in PurePosixPath(name).parents}
    return [one for one in found if _is_file_name(one.name) and one.name not in folders]


def _is_file_name(name: str) -> bool:
    """Tell whether a name stays below its folder: "../x" and "/x" do not."""
    return not any(piece in ("", ".", "..") or "\0" in piece for piece in name.split("/"))


def _name_files(found: Sequence[Stored], folder: Path) -> dict[str, Stored]:
    """Name files as they are called, or as near to it as this disk and system take it, each another way there, too.

    Args:
        found: what is at the address.
        folder: where the files will lie; the names are those below it.
    """
    make_safe = _make_safe if os.name == "nt" else str
    if os.name != "nt" and not _ignores_case(folder):
        return {stored.name: stored for stored in found}
    whole = {tuple(stored.name.split("/")[:depth]) for stored in found for depth in range(stored.name.count("/") + 2)}
    shared = Counter((names[:-1], fold_name(make_safe(names[-1]))) for names in whole if names)
    here: dict[tuple[str, ...], str] = {(): ""}
    for names in sorted(whole - {()}, key=len):  # folders before what is in them
        safe = make_safe(names[-1])
        alone = safe == names[-1] and shared[names[:-1], fold_name(safe)] == 1
        here[names] = f"{here[names[:-1]]}/{safe if alone else _tag(safe, '/'.join(names))}"
    return {here[tuple(stored.name.split("/"))][1:]: stored for stored in found}


def _ignores_case(folder: Path) -> bool:
    """Tell whether the disk of a folder takes "a" and "A" for one name, as those of Macs do. Raises as `keeping`."""
    trial = folder / f".trial-{uuid4().hex}"
    with keeping(trial):
        pass
    found = trial.with_name(trial.name.swapcase()).exists()
    trial.unlink(missing_ok=True)
    return found


def _make_safe(piece: str) -> str:
    """Make a name that Windows takes of one between two slashes."""
    piece = re.sub(WINDOWS_REFUSES, "_", piece)
    piece = re.sub(r"[. ]+$", "_", piece)
    return f"_{piece}" if is_device(piece) else piece


def _tag(name: str, whole: str) -> str:
    """Put before the suffix of a name what no other one has."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}{path.suffix}"))


def _remove_others(folder: Path, files: Mapping[Path, Stored]) -> None:
    """Remove what is not at the address any more, so that a folder is a copy of it."""
    for path in [*folder.rglob("*")]:
        with suppress(FileNotFoundError):  # another scan was faster
            fresh = path.name.startswith(".") and time.time() - path.stat().st_mtime < SETTLED
            if not path.is_dir() and path not in files and not fresh:
                path.unlink()
