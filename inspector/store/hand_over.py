"""What a station did without its server, handed over to it: runs, what was said of them, and files; each once."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from inspector.errors import StoreError
from inspector.store.artefacts import INCOMING, write_file
from inspector.store.audit import (
    Kind,
    append_entry,
    append_mark,
    append_pool_change,
    append_threshold_change,
    append_verdict,
    list_states,
)
from inspector.store.audited_rows import Fields
from inspector.store.claims import WATCHED, is_alive
from inspector.store.records import RunRecord
from inspector.store.run_facts import renumber_runs
from inspector.store.tables import (
    ArrivalRow,
    AuditRow,
    Base,
    GroupRow,
    MarkRow,
    MemberRow,
    PoolChangeRow,
    RunRow,
    SampleRow,
    ThresholdChangeRow,
    VerdictRow,
    WatchRow,
)
from inspector.store.users import require
from inspector.store.workspace import Workspace

LOCAL = ("pool", "maps-under-way", "held")
"""Of the files of a run, what only the station that scans it needs."""

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class HandedRun:
    """What was new of one run.

    Attributes:
        source, number: numbers of the run at the station, and in the workspace it was handed over to.
        parts: that the other workspace did not have.
        verdicts: that it did not have.
        clashes: a sentence for each part that both had decided, differently.
    """

    source: int
    number: int
    parts: int
    verdicts: int
    clashes: tuple[str, ...]


@dataclass(frozen=True)
class _Run:
    """A run with all that belongs to it; rows by their tables, oldest first, entries of the chain without rows, and the
    keys of all runs by their numbers, which are others there."""

    run: RunRow
    rows: dict[type[Base], list[Any]] = field(repr=False)
    states: list[tuple[Kind, Fields]] = field(repr=False)
    keys: dict[int, str] = field(repr=False)


def hand_over(
    source: Workspace, target: Workspace, tell: Callable[[HandedRun], None] = lambda _: None
) -> list[tuple[RunRecord, str]]:
    """Copy to another workspace what it lacks: finished runs, watched ones as far as they have come, and verdicts.

    A run is written in one transaction. Interrupted and repeated, all is there once; repeated without need, nothing
    changes. Of a run that is there already new parts and verdicts are handed over, in their order, with their
    operators and times; thresholds, marks and pools are from then on those of the other workspace. Where somebody
    decided a part there, too, that verdict stands: what the station said comes into its history as comments.

    Args:
        source: of the station; only read.
        target: the shared one.
        tell: receives what was new of each run, once it is kept.

    Returns:
        The runs that are not handed over, and why: they are not done, or were removed in the other workspace.

    Raises:
        NotAllowed: who is signed in at `target` may not.
        StoreError: one of them cannot be used, or both are the same; what was told is kept.
    """
    target.users.require("hand-over")
    if source.folder.resolve() == target.folder.resolve():
        raise StoreError(f"{source.location} cannot be handed over to itself; name another `workspace`")
    left = []
    with target.database.session() as session:
        removed = _list_removed(session)
    runs, now = source.runs.all(), source.database.read_clock()
    for run in reversed(runs):
        if is_alive(run, now) or (run.status != "done" and run.layout != WATCHED):
            left.append((run, "is not done"))
            continue
        read = _read(source, run.id)
        if read.run.key in removed:
            left.append((run, "was removed there"))
            continue
        handed = _hand_over_run(source, target, read)
        if handed is None:
            left.append((run, "was removed there"))
        elif handed.parts or handed.verdicts:
            tell(handed)
    return left


def _list_removed(session: Session) -> set[str]:
    """Return the keys of runs that were there, and that somebody removed."""
    entries = session.scalars(select(AuditRow.fields).where(AuditRow.kind == "pruned")).all()
    return {json.loads(fields).get("key", "") for fields in entries} - set(session.scalars(select(RunRow.key)))


def _read(store: Workspace, run_id: int) -> _Run:
    """Read a run and all that belongs to it as of one moment."""
    samples = select(SampleRow.id).where(SampleRow.run_id == run_id)
    groups = select(GroupRow.id).where(GroupRow.run_id == run_id)
    of_run = (SampleRow, ArrivalRow, ThresholdChangeRow, GroupRow, PoolChangeRow)
    wanted: dict[type[Any], Any] = {
        **{table: table.run_id == run_id for table in of_run},
        VerdictRow: VerdictRow.sample_id.in_(samples),
        MemberRow: MemberRow.group_id.in_(groups),
        MarkRow: MarkRow.group_id.in_(groups),
    }
    with store.database.session() as session:
        store.database.freeze(session)
        run = session.get_one(RunRow, run_id)
        rows = {
            table: list(session.scalars(select(table).where(which).order_by(table.id)))
            for table, which in wanted.items()
        }
        rows[WatchRow] = list(session.scalars(select(WatchRow).where(WatchRow.run_id == run_id)))
        states = list_states(session, run_id)
        keys = dict(session.execute(select(RunRow.id, RunRow.key)).all())
    return _Run(run, rows, states, keys)


def _hand_over_run(source: Workspace, target: Workspace, run: _Run) -> HandedRun | None:
    """Hand over what is new of a run; None = somebody removed it there while its files were copied."""
    of_key = select(RunRow.id).where(RunRow.key == run.run.key)
    with target.database.session() as session:
        known = session.scalar(of_key)
    staged = target.folder / "runs" / f"{INCOMING}{run.run.key}"
    place = staged if known is None else target.artefacts.run_folder(known)
    _copy_files(source.artefacts.run_folder(run.run.id), place)
    with target.database.session(durable=True) as session:
        require(session, target.database, "hand-over")
        number = session.scalar(of_key)
        is_new = number is None
        if is_new and run.run.key in _list_removed(session):
            shutil.rmtree(place, ignore_errors=True)  # its number goes to the next run that is begun
            return None
        if number is None:
            notes = renumber_runs(run.run.notes, _find_numbers(session, run))
            copy = _copy(run.run, owner="", heartbeat=None, status="done", notes=notes)
            session.add(copy)
            session.flush()
            number = copy.id
        ids, parts = _add_samples(session, run, number)
        _add_states(session, run, number, parts, is_new=is_new)
        if is_new:
            _add_rest(session, run, number, ids)
        verdicts, clashes = _add_verdicts(session, run, number, ids)
    if is_new and staged.exists():  # only now: the number of a run that is not kept goes to another one
        folder = target.artefacts.run_folder(number)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            staged.rename(folder)
        except OSError as error:
            told = f"run {number} was handed over, but its files cannot be put in place: {error.strerror or error}"
            raise StoreError(f"{told}; hand over again, that brings them") from error
    shutil.rmtree(staged, ignore_errors=True)  # of a hand-over that was killed after its run was kept
    return HandedRun(run.run.id, number, len(parts), verdicts, tuple(f"run {number}, {clash}" for clash in clashes))


def _copy_files(source: Path, target: Path) -> None:
    """Copy the files that are not there yet."""
    for path in sorted(source.rglob("*")):
        inner = path.relative_to(source)
        local = path.name.startswith(".") or inner.parts[0] in LOCAL
        if path.is_file() and not local and not (target / inner).exists():
            with write_file(target / inner) as beside:
                shutil.copyfile(path, beside)


def _add_samples(session: Session, run: _Run, number: int) -> tuple[dict[int, int], dict[int, int]]:
    """Add the parts that are not there; return the number there of each sample of the station, and of the new ones."""
    at_place = select(SampleRow.position, SampleRow.id).where(SampleRow.run_id == number)
    known = {position for position, _ in session.execute(at_place)}
    samples, arrivals = run.rows[SampleRow], run.rows[ArrivalRow]
    new = [sample for sample in samples if sample.position not in known]
    kept = session.get_one(RunRow, number)
    session.add_all(_copy(sample, run_id=number, flagged=_decide(sample, run.run, kept)) for sample in new)
    session.add_all(_copy(arrived, run_id=number) for arrived in arrivals if arrived.position not in known)
    if new:
        kept.samples, kept.unreadable, kept.finished = run.run.samples, run.run.unreadable, run.run.finished
        session.flush()
        flagged = select(func.count(SampleRow.id)).where(SampleRow.run_id == number, SampleRow.flagged.is_(True))
        kept.flagged = session.scalar(flagged) or 0
    there = {row.position: row.id for row in session.execute(at_place)}
    return {one.id: there[one.position] for one in samples}, {one.id: there[one.position] for one in new}


def _decide(sample: SampleRow, ours: RunRow, theirs: RunRow) -> bool | None:
    """Tell whether a part is flagged there: by the threshold there, where somebody moved one of both."""
    if sample.final is None or theirs.threshold is None or theirs.threshold == ours.threshold:
        return sample.flagged
    return sample.final > theirs.threshold


def _add_states(session: Session, run: _Run, number: int, new: dict[int, int], *, is_new: bool) -> None:
    """Add what was said of the folder of a new run, and of which parts new samples show, to the audit chain."""
    for kind, said in run.states:
        if kind == "folder" and is_new:
            append_entry(session, kind, {**said, "id": number, "run_id": number})
        elif kind == "part" and said["id"] in new:
            append_entry(session, kind, {**said, "id": new[said["id"]], "run_id": number})


def _add_rest(session: Session, run: _Run, number: int, ids: dict[int, int]) -> None:
    """Add what belongs to a new run besides its samples and verdicts, with entries in the audit chain."""
    groups: dict[int, int] = {}
    session.add_all(_copy(watch, run_id=number) for watch in run.rows[WatchRow])
    for group in run.rows[GroupRow]:
        copy = _copy(group, run_id=number)
        session.add(copy)
        session.flush()
        groups[group.id] = copy.id
    for member in run.rows[MemberRow]:
        session.add(_copy(member, group_id=groups[member.group_id], sample_id=ids[member.sample_id]))
    said: list[tuple[Callable[[Session, Any], None], Any]] = [
        *((append_threshold_change, _copy(move, run_id=number)) for move in run.rows[ThresholdChangeRow]),
        *((append_mark, _copy(mark, group_id=groups[mark.group_id])) for mark in run.rows[MarkRow]),
        *((append_pool_change, _copy(change, run_id=number)) for change in run.rows[PoolChangeRow]),
    ]
    for append, row in sorted(said, key=lambda each: each[1].time):
        session.add(row)
        session.flush()
        append(session, row)


def _add_verdicts(session: Session, run: _Run, number: int, ids: dict[int, int]) -> tuple[int, list[str]]:
    """Add the verdicts that are not there; return how many, and a sentence for each part that was decided twice."""
    ours, theirs = defaultdict[int, list[VerdictRow]](list), defaultdict[int, list[VerdictRow]](list)
    for said in run.rows[VerdictRow]:
        ours[ids[said.sample_id]].append(said)
    query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == number).order_by(VerdictRow.id)
    for said in session.scalars(query) if ours else ():
        theirs[said.sample_id].append(said)
    names = {ids[sample.id]: sample.name for sample in run.rows[SampleRow]}
    numbers = _find_numbers(session, run)
    count, clashes = 0, []
    for said in run.rows[VerdictRow]:
        sample_id = ids[said.sample_id]
        if _tell_apart(said) in {_tell_apart(each) for each in theirs[sample_id]}:
            continue
        decided = {_tell_apart(each) for each in theirs[sample_id] if each.kind != "comment"}
        others = decided - {_tell_apart(each) for each in ours[sample_id]}
        row = _as_comment(said, theirs[sample_id][-1]) if others else _copy(said)
        row.sample_id = sample_id
        if row.kind == "carried":
            row.carried_from = numbers.get(said.carried_from, 0)
        session.add(row)
        session.flush()
        append_verdict(session, row)
        theirs[sample_id].append(row)
        count += 1
        if others and said is ours[sample_id][-1] and said.new != row.new:
            clashes.append(_describe_clash(names[sample_id], said, _find_decided(theirs[sample_id])))
    return count, clashes


def _find_numbers(session: Session, run: _Run) -> dict[int | None, int]:
    """Return the numbers there of the runs of the station that are there, by their numbers at the station."""
    there = dict(session.execute(select(RunRow.key, RunRow.id)).all())
    return {number: there[key] for number, key in run.keys.items() if key in there}


def _tell_apart(said: VerdictRow) -> tuple[str, object]:
    """Nobody says two things of a part in one microsecond."""
    return said.operator, said.time


def _as_comment(said: VerdictRow, standing: VerdictRow) -> VerdictRow:
    """Keep what the station said as a comment on the verdict that stands."""
    words = f"{said.new} ({said.defect_class})" if said.defect_class else said.new
    text = said.comment if said.kind == "comment" else " ".join(filter(None, [f"[{words}, handed over]", said.comment]))
    changed = {"old": standing.new, "new": standing.new, "defect_class": standing.defect_class, "kind": "comment"}
    return _copy(said, comment=text, carried_from=None, **changed)


def _find_decided(said: Sequence[VerdictRow]) -> VerdictRow:
    return next(each for each in reversed(said) if each.kind != "comment")


def _describe_clash(name: str, said: VerdictRow, standing: VerdictRow) -> str:
    return f"{name}: {said.operator} said {said.new} at the station; {standing.operator}'s {standing.new} stands"


def _copy(row: Row, **changed: Any) -> Row:
    """Copy a row but for its number."""
    columns = (attribute.key for attribute in inspect(type(row)).column_attrs if attribute.key != "id")
    return type(row)(**{**{name: getattr(row, name) for name in columns}, **changed})
