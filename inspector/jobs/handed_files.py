"""Photos and tokens for workers that do not see the folders where the scan was started: handed on by that machine."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from inspector.data.fetched import Fetched, Origin
from inspector.data.samples import Batch
from inspector.errors import InspectorError, StoreError
from inspector.jobs.engine import Shared
from inspector.jobs.folder_files import FolderFiles
from inspector.storage import SCRATCH, Storage, Stored, is_there, keeping
from inspector.store.artefacts import write_file

LOOKED_AT = 8
"""Files of a batch, spread over it, by which a machine is asked whether it sees them."""

Ask = Callable[..., Any]
"""Calls a method of `FolderFiles` by its name, on the machine where the scan was started."""


class Seen(NamedTuple):
    """What a machine sees of the folders of the process that was started, and its name."""

    host: str
    workspace: bool
    photos: bool


class Machines(Protocol):
    """The machines of a cluster."""

    def ask_all(self, function: Callable[..., Any], *given: Any) -> list[Any]:
        """Call a function on each machine that has workers; None where there is no answer."""
        ...

    def ask_own(self, function: Callable[..., Any], *given: Any) -> Any:
        """Call a function in a process of the cluster on this machine; None = there is no answer."""
        ...

    def serve(self, files: type) -> AbstractContextManager[Ask]:
        """Have an object on this machine; give what calls its methods, from anywhere."""
        ...


class HandedFiles(Storage):
    """A folder of the process that was started, as a storage: who does not see it asks that process's machine.

    What comes from there lies below a folder of this scan on the machine that asked, which ends with it.
    """

    def __init__(self, folder: Path, mark: Path, ask: Ask | None, some: Sequence[tuple[Path, Stored]] = ()) -> None:
        """Name the folder.

        Args:
            folder: holds the files.
            mark: a file of this scan alone, by which a machine knows the workspace.
            ask: hands files on; None = every machine was found to see them.
            some: files of the folder, by which a machine that is handed nothing knows it.
        """
        self.address = str(folder)
        self.mark, self._ask, self._some = mark, ask, some

    def bring(self, stored: Stored, path: Path) -> Path:
        """Have a photo or cloud here, as it is there now; return where. What cannot be read there is at no place."""
        if is_there(path, stored) or (self._ask is None and any(is_there(*one) for one in self._some)):
            return path  # one that changed or went away in a folder that is seen is read as it is now
        here = self._find_own(path)
        if not is_there(here, stored):
            content = self._call("read", path)
            here.unlink(missing_ok=True)
            if content is not None:
                _write(here, content)
                os.utime(here, (stored.modified, stored.modified))
        return here

    def let_go(self, path: Path) -> None:
        """Remove what was brought to a path and was read: there need not be room for the whole share of a batch."""
        if path.is_relative_to(_find_handed(self.mark)):
            path.unlink(missing_ok=True)

    def place(self, path: Path) -> Path:
        """Return where a file of tokens lies on this machine."""
        return path if _exists(self.mark) else self._find_own(path)

    def put(self, path: str | Path, name: str) -> None:
        """Have a file of tokens in the folder, too. Raises StoreError where it cannot be written there."""
        if not _exists(self.mark) and (problem := self._call("write", self._join(name), Path(path).read_bytes())):
            raise StoreError(
                f"tokens cannot be written to {self.address} where the scan was started: {problem}; make room there, "
                "or choose another workspace"
            )

    def get(self, name: str, path: str | Path) -> bool:
        """Bring a file of tokens; False = there is none of this name."""
        if _exists(self.mark) or (content := self._call("read", self._join(name))) is None:
            return False
        _write(Path(path), content)
        return True

    def holds(self, name: str) -> bool:
        """Tell whether the folder has a file of tokens of this name."""
        return _exists(Path(self._join(name))) if _exists(self.mark) else bool(self._call("holds", self._join(name)))

    def _join(self, name: str) -> str:
        return str(Path(self.address, name))

    def _find_own(self, path: Path) -> Path:
        return _find_handed(self.mark) / path.relative_to(path.anchor)

    def _call(self, what: str, path: str | Path, *more: bytes) -> Any:
        if self._ask is None:
            raise StoreError(
                f"{socket.gethostname()} does not see {path}, as the other machines do; it joined the cluster after "
                "the scan began, or lost the folder: `resume` finishes the run"
            )
        return self._ask(what, str(path), *more)


@contextmanager
def hand_folders(machines: Machines, batch: Batch, cache: Path, storage: Storage | None) -> Iterator[Shared]:
    """Let all machines have the files of a batch, and its tokens, for one scan, whether they see the folders or not.

    Args:
        machines: of the cluster.
        batch: one that was fetched from an address is fetched from there by all.
        cache: folder for tokens.
        storage: an address for tokens; None = they are handed on.

    Raises:
        InspectorError: Ray on this machine does not see what this process sees, so that nothing can be handed on.
        StoreError: the cache cannot be written.
    """
    mark = cache / f".seen-{uuid4().hex}"
    with write_file(mark) as beside:
        beside.touch()
    files = _list_files(batch) if batch.origin is None else {}
    some = [(path, files[path].stored) for path in [*files][:: max(1, len(files) // LOOKED_AT)]]
    with ExitStack() as opened:
        opened.callback(mark.unlink, missing_ok=True)
        ask = None
        needed = (cache if storage is None else None, batch.root)
        found, some = _ask(machines.ask_all, mark, some)
        if any(seen is None or _find_unseen(seen, *needed) for seen in found):
            own, some = _ask(machines.ask_own, mark, some)
            _require_own(own, *needed)
            opened.callback(machines.ask_all, _remove_handed, mark)
            ask = opened.enter_context(machines.serve(FolderFiles))
        if batch.origin is None:
            batch = replace(batch, origin=Origin(HandedFiles(batch.root, mark, ask, some), batch.root, files))
        yield Shared(batch, storage or HandedFiles(cache, mark, ask))


def _ask(ask: Callable[..., Any], mark: Path, some: list[tuple[Path, Stored]]) -> tuple[Any, list[tuple[Path, Stored]]]:
    """Ask what is seen of a workspace and of some photos; return the answer, and those that it is about.

    One that was changed or removed meanwhile is seen by nobody as it was listed: the rest is asked for.
    """
    while True:
        seen = ask(_look, mark, some)
        unchanged = [one for one in some if is_there(*one)]
        if len(unchanged) == len(some):
            return seen, some
        some = unchanged


def _find_unseen(seen: Seen, cache: Path | None, root: Path) -> Path | None:
    """Return the folder that a machine should see and does not."""
    if cache is not None and not seen.workspace:
        return cache
    return None if seen.photos else root


def _require_own(seen: Seen | None, cache: Path | None, root: Path) -> None:
    if seen is not None and (folder := _find_unseen(seen, cache, root)):
        raise InspectorError(
            f"Ray on {seen.host} does not see {folder}, which this process sees, so that no other machine can have its "
            "files; start Ray with the same folders, or use photos at an address and name another one for tokens "
            "(`storage`)"
        )


def _list_files(batch: Batch) -> dict[Path, Fetched]:
    """List the files of a batch that are there, with their sizes and times of change."""
    found = {}
    for path in (path for sample in batch.samples for path in (sample.image, sample.cloud) if path is not None):
        with suppress(OSError):
            told = path.stat()
            found[path] = Fetched(Stored(str(path), told.st_size, told.st_mtime))
    return found


def _look(mark: Path, files: list[tuple[Path, Stored]]) -> Seen:
    """Tell what this machine sees of a workspace and of some of the photos."""
    return Seen(socket.gethostname(), _exists(mark), all(is_there(path, stored) for path, stored in files))


def _exists(path: Path) -> bool:
    """Tell whether a file is seen; one in a folder that another user keeps to himself is not."""
    with suppress(OSError):
        return path.exists()
    return False


def _find_handed(mark: Path) -> Path:
    """Return the folder of one scan for files that were handed to this machine."""
    return Path(os.environ.get(SCRATCH) or tempfile.gettempdir(), f"inspector{mark.name}")


def _remove_handed(mark: Path) -> None:
    """Remove what was handed to this machine for a scan."""
    shutil.rmtree(_find_handed(mark), ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with keeping(path) as beside:
        beside.write_bytes(content)
