"""What a watched run knows of the files in its folder: those that are no parts, were judged, or wait in copies."""

import time
from collections.abc import Callable, Collection, Iterable

from inspector.data.arrivals import find_kind
from inspector.data.found_files import Arrival, read_stamp
from inspector.data.held_files import HeldFiles
from inspector.data.judged_files import REMEMBERED
from inspector.data.known_files import Stamp
from inspector.errors import StoreError
from inspector.store.workspace import Workspace


def list_ignored(workspace: Workspace, run_id: int) -> dict[str, Stamp]:
    """List the files that are no parts."""
    ignored = workspace.watches.get(run_id).ignored
    return {name: Stamp(size, mtime_ns) for name, (size, mtime_ns) in ignored.items()}


def list_judged(workspace: Workspace, run_id: int, stamps: Collection[Stamp]) -> list[tuple[str, Stamp]]:
    """List the judged files that had one of some stamps."""
    return [(name, Stamp(*stamp)) for name, stamp in workspace.watches.judged(run_id, stamps)]


def note_judged(workspace: Workspace, run_id: int, note: Callable[[str | None, str | None], None]) -> None:
    """Tell the photo and the cloud of each of the latest parts, so that a file that comes late is known as a half."""
    first = max(0, workspace.runs.get(run_id).samples - REMEMBERED)
    for sample, arrived in workspace.watches.arrived(run_id, first):
        if not arrived.given:
            is_photo = sample.image is not None
            note(arrived.file if is_photo else None, arrived.cloud_file if is_photo else arrived.file)


def take_left(held: HeldFiles, workspace: Workspace, run_id: int) -> list[Arrival]:
    """Take up the copies of files that were overwritten and not judged before the program was stopped.

    Raises:
        StoreError: one cannot be looked at; all stay for the next time.
    """
    try:
        left = [(name, path, copy, read_stamp(copy)) for name, path, copy in held.take_left()]
    except OSError as error:
        raise StoreError(f"{error.filename} cannot be read: {error.strerror or error}") from error
    judged = set(list_judged(workspace, run_id, {stamp for *_, stamp in left})) if left else set()
    taken = []
    for name, path, copy, stamp in left:
        kind = find_kind(copy)
        arrival = Arrival(name, path, stamp, time.monotonic(), kind or "photo", copy=copy)
        if kind is None or (name, stamp) in judged or arrival.lies_there():
            held.release(copy)
        else:
            taken.append(arrival)
    return taken


def release_copies(held: HeldFiles, files: Iterable[Arrival]) -> None:
    """Remove the copies of files that are not needed any more."""
    for file in files:
        if file.copy is not None:
            held.release(file.copy)
