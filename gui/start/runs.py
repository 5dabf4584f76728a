"""Earlier runs as the start screen lists them: what can be opened, what can be resumed. No Qt."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from gui.scanning.time_left import Pace
from inspector.errors import StoreError
from inspector.places import is_folder
from inspector.store.claims import WATCHED, find_unfinished, is_alive, is_here
from inspector.store.records import RunRecord, RunStatus
from inspector.store.run_rows import RunMissing
from inspector.store.workspace import Workspace


class ListedRuns(NamedTuple):
    """Runs as they stand at a moment.

    Attributes:
        runs: newest first.
        resumable: numbers of those that can be taken up.
        now: the moment, by the clock that all stations agree on.
    """

    runs: Sequence[RunRecord]
    resumable: set[int]
    now: datetime


def read_runs(store: Workspace) -> ListedRuns:
    """Read what the start screen lists; a server, or a share that was scanned, may take its time. Raises StoreError."""
    runs, now = store.runs.all(), store.database.read_clock()
    return ListedRuns(runs, resumable(runs, now), now)


def resumable(runs: Sequence[RunRecord], now: datetime | None = None) -> set[int]:
    """Return the numbers of the runs that can be taken up; `runs` are all, newest first.

    These are the scans that `scan --resume` would finish, and of each folder that was watched the newest run. `now` is
    as for `is_alive`.
    """
    scans = find_unfinished(runs, now)
    watched: dict[str, RunRecord] = {}
    for run in runs:
        if run.layout == WATCHED:
            watched.setdefault(run.root, run)
    free = (run for run in (*scans.values(), *watched.values()) if not is_alive(run, now))
    return {run.id for run in free if is_folder(run.root)}


def find_owner(store: Workspace, run_id: int) -> str:
    """Return what the engine of a run calls itself in the workspace; empty where that cannot be read."""
    try:
        return store.runs.get(run_id).owner
    except StoreError:
        return ""


def mark_stopped(store: Workspace, run_id: int, status: RunStatus, message: str, owner: str) -> bool:
    """Give a run whose engine ended without a word its true state.

    A run that the engine closed itself stays as it is, and so does one that another program has taken up.

    Args:
        owner: what that engine called itself, as from `find_owner`; empty = unknown.

    Returns:
        Whether another program has it, or had it and ended it; where `owner` is unknown, one of another computer: of
        this one it may be an engine that has not quite ended.
    """
    run = store.runs.get(run_id)
    if run.status != "running":
        return bool(owner) and run.owner != owner and was_ended_elsewhere(run)
    if run.owner != owner and is_alive(run, store.database.read_clock()):  # that of this station may be wrong
        return bool(owner) or not is_here(run)
    store.runs.end(run_id, status, message)
    return False


def was_ended_elsewhere(run: RunRecord, computer: str = "") -> bool:
    """Tell whether a run has ended, and a program of another computer had it last than this one.

    Args:
        run: as read just now.
        computer: what this one was called before, "" where it has no other name by now.
    """
    ours = is_here(run) or (bool(computer) and run.owner.endswith(f" on {computer}"))
    return run.status != "running" and bool(run.owner) and not ours


def find_run(store: Workspace, text: str) -> int | None:
    """Read a run number; None where the text is none or no such run is there. Raises StoreError."""
    if not text.isdecimal():
        return None
    try:
        return store.runs.get(int(text)).id
    except RunMissing:
        return None


def find_pace(store: Workspace) -> Pace | None:
    """Return what the newest run that is done took; None where there is none."""
    done = (run for run in store.runs.all() if run.status == "done" and run.samples and run.timings)
    run = next(done, None)
    return None if run is None else Pace(run.timings, run.samples)
