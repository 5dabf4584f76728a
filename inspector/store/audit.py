"""The audit chain: what people decided, entry by entry, each bound to the one before by a hash.

An entry repeats all that a verdict, a move of the threshold, a mark of a group, a change of a pool or of a user, a part
that somebody typed, a folder that was moved, or a pruning says, as JSON, and its hash is the SHA-256 of the hash
before, the kind and that text. Who changes, removes or inserts a row or an entry without this program breaks the chain
there. Who recomputes the whole chain does not: against that, an export is kept elsewhere (`export_chain`).
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.errors import InputError
from inspector.files import require_regular
from inspector.store.artefacts import write_file
from inspector.store.database import Database
from inspector.store.records import AuditEntry, PartChangeRecord, to_record
from inspector.store.server import retries_when_lost
from inspector.store.tables import (
    AuditRow,
    GroupRow,
    MarkRow,
    PoolChangeRow,
    RunRow,
    SampleRow,
    ThresholdChangeRow,
    VerdictRow,
)

Kind = Literal["verdict", "threshold", "mark", "pool", "pruned", "user", "part", "folder"]

Fields = dict[str, Any]

Key = tuple[str, int]
"""Kind and number of a row."""

NAMES = {
    "verdict": "verdict",
    "threshold": "threshold change",
    "mark": "mark of a group",
    "pool": "pool change",
    "part": "part of sample",
    "folder": "folder of run",
}
"""What rows of each kind are called."""

STATES: dict[str, str] = {"part": "identity", "folder": "root"}
"""Kinds whose last entry says what still stands in a column: of the sample, or of the run, with the number `id`."""


def compute_hash(previous: str, kind: str, fields: str) -> str:
    """Return the hash of an entry: SHA-256 of the hash before ("" for the first), the kind and the fields as text."""
    return hashlib.sha256(f"{previous}\n{kind}\n{fields}".encode()).hexdigest()


def write_fields(fields: Mapping[str, Any]) -> str:
    """Write fields as the one text they have: JSON, sorted by name, without spaces.

    Example:
        write_fields({"b": 0.5, "a": "x"}) gives '{"a":"x","b":0.5}'.
    """
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def write_time(time: datetime) -> str:
    """Write a time as UTC, whether it says so or not: the database does not keep the zone."""
    return time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_time(text: str) -> datetime:
    """Read what `write_time` wrote, as records have it: UTC without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def append_entry(session: Session, kind: Kind, fields: Mapping[str, Any]) -> None:
    """Add an entry to the end of the chain.

    Args:
        session: a durable one, in which what the entry says is written too: nobody else can add one meanwhile.
        kind: what it is.
        fields: what it says.
    """
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    number, previous = (last.id, last.hash) if last else (0, "")
    text, chained = write_fields(fields), {"id": number + 1, "previous": previous}  # a server's numbers have gaps
    session.add(AuditRow(kind=kind, fields=text, **chained, hash=compute_hash(previous, kind, text)))
    session.flush()


def append_verdict(session: Session, row: VerdictRow) -> None:
    """Add a verdict that was written in this session."""
    append_entry(session, "verdict", _describe_verdict(row, session.get_one(SampleRow, row.sample_id)))


def append_threshold_change(session: Session, row: ThresholdChangeRow) -> None:
    """Add a move of a threshold that was written in this session."""
    append_entry(session, "threshold", _describe_change(row))


def append_mark(session: Session, row: MarkRow) -> None:
    """Add a mark of a group that was written in this session."""
    append_entry(session, "mark", _describe_mark(row, session.get_one(GroupRow, row.group_id)))


def append_pool_change(session: Session, row: PoolChangeRow) -> None:
    """Add a change of a pool that was written in this session."""
    append_entry(session, "pool", _describe_pool_change(row))


def append_part(session: Session, row: SampleRow, identity: Mapping[str, str], operator: str) -> None:
    """Add an entry that somebody typed which part a sample shows.

    Args:
        session: the one in which the sample is changed afterwards.
        row: the sample, as it is before.
        identity: what it is to become.
        operator: who typed it.
    """
    of = {name: getattr(row, name) for name in ("id", "run_id", "position", "name", "sha256")}
    _append_state(session, "part", of, operator, row.identity, dict(identity))


def append_folder(session: Session, row: RunRow, root: str, operator: str) -> None:
    """Add an entry that somebody said where the folder of a run is now.

    Args:
        session: the one in which the run is changed afterwards.
        row: the run, as it is before.
        root: the folder.
        operator: who said it.
    """
    _append_state(session, "folder", {"id": row.id, "run_id": row.id}, operator, row.root, root)


def _append_state(session: Session, kind: Kind, of: Fields, operator: str, old: object, new: object) -> None:
    said = {"operator": operator, "old": old, "new": new, "time": write_time(datetime.now(UTC))}
    append_entry(session, kind, {**of, **said})


def list_states(session: Session, run_id: int) -> list[tuple[Kind, Fields]]:
    """Return kind and fields of the entries of a run that are of `STATES`, oldest first; of changed ones none."""
    query = select(AuditRow).where(AuditRow.kind.in_(STATES), AuditRow.fields.contains(f'"run_id":{run_id},'))
    rows = session.scalars(query.order_by(AuditRow.id))
    whole = [row for row in rows if row.hash == compute_hash(row.previous, row.kind, row.fields)]
    said = [(cast(Kind, row.kind), json.loads(row.fields)) for row in whole]
    return [(kind, fields) for kind, fields in said if fields["run_id"] == run_id]


@retries_when_lost
class Audit:
    """The audit chain of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def entries(self) -> list[AuditEntry]:
        """Return all entries, oldest first."""
        with self._database.session() as session:
            return _list_entries(session)

    def parts(self, run_id: int) -> list[PartChangeRecord]:
        """Return what was typed of the parts that a run's samples show, oldest first."""
        names = [field.name for field in dataclasses.fields(PartChangeRecord) if field.name != "time"]
        with self._database.session() as session:
            typed = [fields for kind, fields in list_states(session, run_id) if kind == "part"]
        return [PartChangeRecord(**{n: said[n] for n in names}, time=_read_time(said["time"])) for said in typed]

    def find_problems(self) -> list[str]:
        """Return what does not agree with the chain, one sentence each, which names the row or entry."""
        with self._database.session() as session:
            self._database.freeze(session)  # both are read as of one moment
            entries, rows, states = _list_entries(session), dict(_list_rows(session)), dict(_list_states(session))
        return [*check_links(entries), *_compare_rows(entries, rows, states)]


def check_links(entries: Sequence[AuditEntry]) -> list[str]:
    """Return where a chain is broken, one sentence for each place."""
    problems, previous, number = [], "", 0
    for entry in entries:
        if entry.id != number + 1:
            first, last = number + 1, entry.id - 1
            missing = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            problems.append(f"audit {missing} missing")
        elif entry.previous != previous:
            problems.append(f"audit entry {entry.id} does not follow the one before: one of them was changed")
        if entry.hash != compute_hash(entry.previous, entry.kind, entry.fields):
            problems.append(f"audit entry {entry.id} was changed: its hash is not that of what it says")
        previous, number = entry.hash, entry.id
    return problems


def export_chain(entries: Sequence[AuditEntry], file: str | Path) -> None:
    """Write a chain as text, one entry a line, as JSON: anybody can check it with a SHA-256.

    Raises:
        StoreError: it cannot be written.
    """
    with write_file(file) as beside, beside.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(write_fields(vars(entry)) + "\n" for entry in entries)


def read_chain(file: str | Path) -> list[AuditEntry]:
    """Read what `export_chain` wrote; whether it is unbroken `check_links` says.

    Raises:
        InputError: it is something else.
    """
    try:
        lines = require_regular(file).read_text(encoding="utf-8").splitlines()
        entries = [AuditEntry(**json.loads(line)) for line in lines]
        if any(
            type(entry.id) is not int or {type(v) for k, v in vars(entry).items() if k != "id"} != {str}
            for entry in entries
        ):
            raise ValueError("a value of another type")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise InputError(
            f"{file} is no export of an audit chain; name what `inspector audit --export` wrote"
        ) from error
    return entries


def compare_chains(exported: Sequence[AuditEntry], entries: Sequence[AuditEntry]) -> str:
    """Say where a workspace departs from an earlier export of its chain; "" where it only went on from there."""
    for then, now in zip(exported, entries, strict=False):
        if then != now:
            return f"the workspace departs from the export at audit entry {then.id}"
    if len(entries) < len(exported):
        return f"the workspace lacks audit entries {len(entries) + 1} to {len(exported)} of the export"
    return ""


def _list_entries(session: Session) -> list[AuditEntry]:
    return [to_record(AuditEntry, row) for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]


def _list_rows(session: Session) -> Iterator[tuple[Key, Fields]]:
    """Yield what the rows say now, by kind and number."""
    verdicts = select(VerdictRow, SampleRow).join(SampleRow, SampleRow.id == VerdictRow.sample_id, isouter=True)
    for verdict, sample in session.execute(verdicts):
        yield ("verdict", verdict.id), _describe_verdict(verdict, sample)
    for change in session.scalars(select(ThresholdChangeRow)):
        yield ("threshold", change.id), _describe_change(change)
    marks = select(MarkRow, GroupRow).join(GroupRow, GroupRow.id == MarkRow.group_id, isouter=True)
    for mark, group in session.execute(marks):
        yield ("mark", mark.id), _describe_mark(mark, group)
    for moved in session.scalars(select(PoolChangeRow)):
        yield ("pool", moved.id), _describe_pool_change(moved)


def _list_states(session: Session) -> Iterator[tuple[Key, object]]:
    """Yield what stands now of all that `STATES` are about, and of thresholds, by kind and number."""
    for number, identity in session.execute(select(SampleRow.id, SampleRow.identity)):
        yield ("part", number), identity
    for number, root, threshold in session.execute(select(RunRow.id, RunRow.root, RunRow.threshold)):
        yield from ((("folder", number), root), (("threshold", number), threshold))


def _compare_rows(entries: Sequence[AuditEntry], rows: Mapping[Key, Fields], states: Mapping[Key, object]) -> list[str]:
    expected: dict[Key, Fields] = {}
    for entry in entries:
        try:
            fields = json.loads(entry.fields)
            if entry.kind == "pruned":
                expected = {key: said for key, said in expected.items() if said["run_id"] != fields["run_id"]}
            elif entry.kind != "user":  # users are no record of what was said
                expected[entry.kind, fields["id"]] = _add_kind(entry.kind, fields)
        except (ValueError, KeyError, TypeError):
            continue  # its hash tells that it was changed
    problems = [
        _compare_state(key, said, states.get(key)) if key[0] in STATES else _compare_row(key, said, rows.get(key))
        for key, said in expected.items()
    ]
    moved = {said.get("run_id", 0): said.get("new") for (kind, _), said in expected.items() if kind == "threshold"}
    problems += [
        f"the threshold of run {run_id} was changed: it is {stands!r}, but was {new!r}"
        for run_id, new in moved.items()
        if (stands := states.get(("threshold", run_id), new)) != new
    ]
    added = [
        f"{_name(key, said)} was inserted: the audit chain knows nothing of it"
        for key, said in rows.items()
        if key not in expected
    ]
    return [*filter(None, problems), *added]


def _add_kind(kind: str, fields: Fields) -> Fields:
    """Say what kind of event a verdict was whose entry is of before kinds were kept."""
    if kind != "verdict" or "kind" in fields:
        return fields
    if fields["comment"] in ("undo", "redo"):
        return {**fields, "kind": fields["comment"]}
    return {**fields, "kind": "comment" if fields["comment"] and fields["old"] == fields["new"] else "verdict"}


def _compare_row(key: Key, said: Fields, found: Fields | None) -> str:
    if found is None:
        return f"{_name(key, said)} is missing"
    changed = [
        f"{name} is {found.get(name)!r}, but was {said.get(name)!r}"
        for name in dict.fromkeys((*found, *said))
        if found.get(name) != said.get(name)
    ]
    return f"{_name(key, said)} was changed: {'; '.join(changed)}" if changed else ""


def _compare_state(key: Key, said: Fields, found: object) -> str:
    if found is None:
        return f"{_name(key, said)} is missing"
    told = f"{STATES[key[0]]} is {found!r}, but was {said['new']!r}"
    return f"{_name(key, said)} was changed: {told}" if found != said["new"] else ""


def _name(key: Key, fields: Fields) -> str:
    kind, number = key
    of = f"run {fields.get('run_id')}, {fields['name']}" if fields.get("name") else f"run {fields.get('run_id')}"
    return f"{NAMES.get(kind, kind)} {number} ({of}, by {fields.get('operator')!r})"


def _describe_verdict(verdict: VerdictRow, sample: SampleRow | None) -> Fields:
    part = {name: getattr(sample, name, None) for name in ("run_id", "position", "name", "sha256")}
    own = {name: getattr(verdict, name) for name in ("id", "sample_id", "operator", "old", "new", "comment", "kind")}
    classed = {"defect_class": verdict.defect_class} if verdict.defect_class else {}  # entries of before have none
    return {**part, **own, **classed, "time": write_time(verdict.time)}


def _describe_change(change: ThresholdChangeRow) -> Fields:
    names = ("id", "run_id", "operator", "old", "new", "old_map", "new_map")
    return {**{name: getattr(change, name) for name in names}, "time": write_time(change.time)}


def _describe_mark(mark: MarkRow, group: GroupRow | None) -> Fields:
    names = ("id", "group_id", "operator", "old", "new", "comment")
    of_group = {name: getattr(group, name, None) for name in ("run_id", "number")}
    return {**of_group, **{name: getattr(mark, name) for name in names}, "time": write_time(mark.time)}


def _describe_pool_change(change: PoolChangeRow) -> Fields:
    names = ("id", "run_id", "position", "operator", "new")
    return {**{name: getattr(change, name) for name in names}, "time": write_time(change.time)}
