"""Making room in a workspace: tokens that were not used for long, and old runs."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete, or_, select

from inspector.errors import StoreError
from inspector.places import is_folder
from inspector.storage import FETCHED
from inspector.store.artefacts import INCOMING
from inspector.store.audit import append_entry
from inspector.store.audited_rows import write_time
from inspector.store.claims import is_alive
from inspector.store.records import RunRecord
from inspector.store.tables import GroupRow, MarkRow, PoolChangeRow, RunRow, SampleRow, ThresholdChangeRow, VerdictRow
from inspector.store.workspace import Workspace

CACHE_GB = 20.0
"""Gigabytes of tokens that stay where nobody says how many."""

SETTLED = timedelta(days=1)
"""A half-written file of a program that was killed is left over after so long."""

GONE = ".pruned-"
"""Beginning of the name of a run's folder that is being removed; the next pruning finishes that."""


@dataclass(frozen=True)
class PruningPlan:
    """What would go.

    Attributes:
        runs: oldest first.
        reviewed: runs that would go but for what people said in them.
        tokens: files of tokens, the longest unused first, each with its bytes and when it was last used.
        tokens_left: bytes of tokens that stay.
        leftovers: files and folders that a killed program left, and photos fetched from an address for no run.
    """

    runs: tuple[RunRecord, ...]
    reviewed: tuple[RunRecord, ...]
    tokens: tuple["TokenFile", ...] = field(repr=False)
    tokens_left: int
    leftovers: tuple[Path, ...]


@dataclass(frozen=True)
class TokenFile:
    """A file of the token cache: where, bytes, last use in seconds since the epoch."""

    path: Path
    size: int
    used: float


def plan_pruning(
    store: Workspace,
    *,
    cache_gb: float = CACHE_GB,
    keep_runs: int | None = None,
    older_than: float | None = None,
    with_verdicts: bool = False,
) -> PruningPlan:
    """Find what can go. Neither runs that are being scanned nor the newest run do: numbers are never given twice.

    Args:
        store: the workspace.
        cache_gb: gigabytes of tokens that stay; those that were not used for the longest time go first. While
            something is being scanned, what was used since its beginning stays, too.
        keep_runs: so many of the newest runs stay; None = all, unless `older_than` is given.
        older_than: runs go only if they began so many days ago; with both, runs go that both would let go.
        with_verdicts: also runs in which people gave verdicts, marked groups or moved the threshold.
    """
    folders = _list_numbered(store.folder / "runs")  # before the runs: a new run is there before its folder
    runs, reviewed_ids = store.runs.all(), _find_reviewed(store)
    now, old = store.database.read_clock(), list[RunRecord]()
    if keep_runs is not None or older_than is not None:
        limit = now.astimezone(UTC).replace(tzinfo=None) - timedelta(days=older_than or 0)
        rest = runs[max(keep_runs or 1, 1) :]
        old = [run for run in reversed(rest) if run.created <= limit and not is_alive(run, now)]
    held = [run for run in old if run.id in reviewed_ids and not with_verdicts]
    tokens = sorted(_list_tokens(store.folder), key=lambda one: one.used)
    left, going, begun = sum(one.size for one in tokens), [], _begin_of_scans(runs, now)
    for one in tokens:
        if left <= cache_gb * 1e9 or one.used >= begun:
            break
        going.append(one)
        left -= one.size
    known = {run.id for run in runs}
    orphans = [folder for folder in folders if int(folder.name) not in known]
    being_scanned = begun < float("inf")
    return PruningPlan(
        runs=tuple(run for run in old if run not in held),
        reviewed=tuple(held),
        tokens=tuple(going),
        tokens_left=left,
        leftovers=(*orphans, *_find_leftovers(store.folder, being_scanned), *_find_fetched(store.folder, runs)),
    )


def prune(store: Workspace, plan: PruningPlan, operator: str = "") -> None:
    """Remove what a plan names, but what is being used by now.

    Args:
        store: the workspace.
        plan: made of it just now.
        operator: who wants it so; kept in the audit chain where verdicts go.

    Raises:
        NotAllowed: who is signed in may not; nothing is gone then.
        StoreError: the workspace cannot be written; what is gone by then is gone.
    """
    store.users.require("prune")
    for run in plan.runs:
        _remove_run(store, run, operator)
    for one in plan.tokens:
        with suppress(OSError):  # gone already, or being read (Windows)
            if one.path.stat().st_mtime == one.used:
                one.path.unlink()
    for path in plan.leftovers:
        if is_folder(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
    for folder in _list_folders(store.folder / "cache"):
        with suppress(OSError):  # not empty
            folder.rmdir()


def _remove_run(store: Workspace, run: RunRecord, operator: str) -> None:
    """Remove a run from the database, and then its files; killed between, the next pruning goes on."""
    folder = store.artefacts.run_folder(run.id)
    aside = folder.with_name(f"{GONE}{run.id}-{uuid4().hex[:8]}")
    moved = False
    try:
        with store.database.session(durable=True) as session:
            row = session.get(RunRow, run.id)
            if row is None or (row.owner, row.heartbeat) != (run.owner, run.heartbeat):
                return  # another program took it up, or removed it
            said = {"run_id": run.id, "operator": operator, "root": run.root, "key": row.key}
            append_entry(session, "pruned", {**said, "time": write_time(datetime.now(UTC))})
            session.flush()
            session.execute(delete(RunRow).where(RunRow.id == run.id))
            if folder.exists():
                folder.rename(aside)
                moved = True
    except BaseException as error:
        if moved:
            aside.rename(folder)
        if isinstance(error, OSError):
            told = f"cannot remove the files of run {run.id}: {error.strerror or error}; close programs that show them"
            raise StoreError(told) from error
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _find_reviewed(store: Workspace) -> set[int]:
    """Find the runs in which somebody said something; what was carried over counts where its run is gone."""
    counts = or_(VerdictRow.kind != "carried", VerdictRow.carried_from.not_in(select(RunRow.id)))
    with store.database.session() as session:
        of_samples = select(SampleRow.run_id).join(VerdictRow, VerdictRow.sample_id == SampleRow.id)
        said = session.scalars(of_samples.where(counts))
        marked = session.scalars(select(GroupRow.run_id).join(MarkRow, MarkRow.group_id == GroupRow.id))
        moved = (*session.scalars(select(ThresholdChangeRow.run_id)), *session.scalars(select(PoolChangeRow.run_id)))
        return {*said, *marked, *moved}


def _begin_of_scans(runs: Sequence[RunRecord], now: datetime) -> float:
    """When the oldest of the runs that are being scanned began, in seconds since the epoch; infinite without any."""
    begun = [run.created.replace(tzinfo=UTC).timestamp() for run in runs if is_alive(run, now)]
    return min(begun, default=float("inf"))


def _list_tokens(workspace: Path) -> Iterator[TokenFile]:
    for folder in _list_folders(workspace / "cache"):
        for path in folder.glob("*.safetensors"):
            with suppress(OSError):
                if not path.name.startswith("."):
                    found = path.stat()
                    yield TokenFile(path, found.st_size, found.st_mtime)


def _find_leftovers(workspace: Path, being_scanned: bool) -> list[Path]:
    """Find what killed programs left: files beside which nothing was put in place, and half-removed runs.

    In the cache itself are marks by which the machines of a cluster know it, as long as the scan lasts.
    """
    limit, found = datetime.now(UTC) - SETTLED, []
    marked = [] if being_scanned else [workspace / "cache"]
    folders = [*marked, *_list_folders(workspace / "cache"), *(workspace / "runs").glob("*/*/")]
    for folder in folders:
        for path in folder.glob(".*"):
            with suppress(OSError):
                if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < limit:
                    found.append(path)
    for path in (workspace / "runs").glob(f"{INCOMING}*"):
        with suppress(OSError):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < limit:
                found.append(path)
    return [*found, *(workspace / "runs").glob(f"{GONE}*")]


def _find_fetched(workspace: Path, runs: Sequence[RunRecord]) -> list[Path]:
    """Find photos that were fetched from an address, and of which no run is there."""
    limit = datetime.now(UTC) - SETTLED
    used = {name for run in runs for name in re.split(r"[\\/]", run.root)}  # stations may see it below another folder
    return [
        folder
        for folder in _list_folders(workspace / FETCHED)
        if folder.name not in used and datetime.fromtimestamp(folder.stat().st_mtime, UTC) < limit
    ]


def _list_folders(folder: Path) -> list[Path]:
    return [child for child in folder.iterdir() if child.is_dir()] if folder.is_dir() else []


def _list_numbered(folder: Path) -> list[Path]:
    return [child for child in _list_folders(folder) if child.name.isdecimal()]
