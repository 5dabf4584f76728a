"""Which program scans a run: a claim in the database, kept alive by a heartbeat."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread

import psutil
from sqlalchemy import ColumnElement, and_, func, or_, true, update

from inspector.errors import StoreError
from inspector.store.database import Database
from inspector.store.records import RunRecord
from inspector.store.tables import RunRow

BEAT = 5.0
"""Seconds between two heartbeats."""

LAST_BEAT = 1.0
"""Seconds that a heartbeat under way is waited for at the end."""

SILENCE = timedelta(seconds=60)
"""A run that was not heard of for so long is taken to be abandoned: its program crashed or lost the workspace."""

WATCHED = "watch"
"""The layout of runs whose parts come one by one."""

IMPORTED = "imported"
"""The layout of runs whose scores were made elsewhere."""

_held: dict[tuple[Path, int], str] = {}
"""As whom this program holds runs, by the folder of their workspace and their number."""

_held_lock = Lock()


def name_owner() -> str:
    """Name this program: number and start of its process, and the computer."""
    process = psutil.Process()
    return f"program {process.pid} ({process.create_time():.2f}) on {socket.gethostname()}"


def is_alive(run: RunRecord, now: datetime | None = None) -> bool:
    """Tell whether a run is being scanned at this moment, by whatever program.

    Args:
        run: as read just now.
        now: with time zone, as `Database.read_clock` tells it; None = by the clock of this computer.
    """
    if run.status != "running" or not run.owner or run.heartbeat is None:
        return False
    now = now or datetime.now(UTC)
    return now - run.heartbeat.replace(tzinfo=UTC) < SILENCE and not _has_died(run)


def is_here(run: RunRecord) -> bool:
    """Tell whether the owner of a run is, or was, a program of this computer."""
    words = run.owner.split()
    return len(words) == len(name_owner().split()) and words[-1] == socket.gethostname()


def find_unfinished(runs: Sequence[RunRecord], now: datetime | None = None) -> dict[str, RunRecord]:
    """Find the scan of each folder that can be taken up again: the newest that is not done and that nobody scans.

    Runs whose parts come one by one are none of them.

    Args:
        runs: newest first, those that come into question.
        now: as for `is_alive`.

    Returns:
        Runs by their folder.
    """
    found: dict[str, RunRecord] = {}
    for run in runs:
        if run.status != "done" and run.layout not in (WATCHED, IMPORTED) and not is_alive(run, now):
            found.setdefault(run.root, run)
    return found


@contextmanager
def hold_claim(database: Database, run: RunRecord) -> Iterator[None]:
    """Hold a run for this program while the block runs; others see that it is being scanned.

    Args:
        database: where the run is.
        run: as read just now.

    Raises:
        StoreError: another program scans it, or this one does already.
    """
    owner, key, now = name_owner(), (database.folder, run.id), database.read_clock()
    with _held_lock:
        if key in _held or (is_alive(run, now) and run.owner != owner):
            raise _refuse(run)
        _held[key] = owner
    stop = Event()
    thread = Thread(target=_beat, args=(database, run.id, owner, stop), name="heartbeat", daemon=True)
    try:
        _take(database, run, owner)
        thread.start()
        yield
    finally:
        stop.set()
        if thread.is_alive():
            thread.join(LAST_BEAT)  # a server that stands still answers no beat
        del _held[key]


def require_claim(database: Database, run: RunRecord | RunRow) -> None:
    """Refuse where another program has taken up a run that this one holds, and that was silent for long.

    Args:
        database: where the run is.
        run: as read just now.

    Raises:
        StoreError: it is another's, or was and has been ended there.
    """
    if _held.get((database.folder, run.id), run.owner) != run.owner:
        now = "it goes on there" if run.status == "running" else "it has been ended there"
        raise StoreError(
            f"run {run.id} was taken up by {run.owner}, for nothing was heard of this program for a while; {now}"
        )


def is_not_lost(database: Database, run_id: int) -> ColumnElement[bool]:
    """No other program has taken up a run that this one holds; true also where this one holds it not."""
    owner = _held.get((database.folder, run_id))
    return true() if owner is None else RunRow.owner == owner


def _take(database: Database, run: RunRecord, owner: str) -> None:
    """Write the claim, if nobody was faster since the run was read."""
    unchanged = and_(RunRow.owner == run.owner, RunRow.heartbeat.is_not_distinct_from(run.heartbeat))
    if database.on_server and run.owner != owner and not _has_died(run):
        unchanged = and_(unchanged, _is_silent(database))  # by the server's clock: those of stations may differ
    values = {"status": "running", "message": "", "owner": owner, "heartbeat": database.now()}
    with database.session() as session:
        free = or_(RunRow.status != "running", unchanged)
        taken = session.connection().execute(update(RunRow).where(RunRow.id == run.id, free).values(values))
        if taken.rowcount != 1:
            raise _refuse(run)


def _is_silent(database: Database) -> ColumnElement[bool]:
    """A run has not been heard of, though the server was there to hear of it."""
    longest = database.now() - SILENCE
    return and_(func.pg_postmaster_start_time() < longest, or_(RunRow.heartbeat.is_(None), RunRow.heartbeat < longest))


def _beat(database: Database, run_id: int, owner: str, stop: Event) -> None:
    while not stop.wait(BEAT):
        with suppress(StoreError), database.session() as session:  # a busy database: the next beat counts as well
            mine = (RunRow.id == run_id, RunRow.owner == owner)
            session.execute(update(RunRow).where(*mine).values(heartbeat=database.now()))


def _has_died(run: RunRecord) -> bool:
    """Tell whether the owner of a run ran on this computer and is not running any more.

    A process that is older than the last heartbeat wrote it, whatever start the claim names: on Linux the start of a
    process is told by the boot time, which moves when the clock is set.
    """
    if not is_here(run):
        return False
    try:
        number, start = run.owner.split()[1:3]
        process = psutil.Process(int(number))
        begun = process.create_time()
        is_same = f"({begun:.2f})" == start
        if run.heartbeat is not None:
            is_same = is_same or begun < run.heartbeat.replace(tzinfo=UTC).timestamp()
        return not is_same or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _refuse(run: RunRecord) -> StoreError:
    return StoreError(
        f"run {run.id} is being scanned by {run.owner or 'another program'}; wait for its end, or stop it"
    )
