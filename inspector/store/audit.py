"""The audit chain: what people decided, entry by entry, each bound to the one before by a hash.

An entry repeats all that a verdict, a move of the threshold, a mark of a group, a change of a pool or of a user, a part
that somebody typed, a folder that was moved, or a pruning says, as JSON, and its hash is the SHA-256 of the hash
before, the kind and that text. Who changes, removes or inserts a row or an entry without this program breaks the chain
there. Who recomputes the whole chain does not: against that, an export is kept elsewhere (`export_chain`).
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.errors import InputError
from inspector.files import require_regular
from inspector.store.artefacts import write_file
from inspector.store.audited_rows import (
    STATES,
    Fields,
    compare_rows,
    describe_change,
    describe_mark,
    describe_pool_change,
    describe_verdict,
    find_odd_decisions,
    list_rows,
    list_said,
    list_stated,
    write_time,
)
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


def compute_hash(previous: str, kind: str, fields: str) -> str:
    """Return the hash of an entry: SHA-256 of the hash before ("" for the first), the kind and the fields as text."""
    return hashlib.sha256(f"{previous}\n{kind}\n{fields}".encode()).hexdigest()


def write_fields(fields: Mapping[str, Any]) -> str:
    """Write fields as the one text they have: JSON, sorted by name, without spaces.

    Example:
        write_fields({"b": 0.5, "a": "x"}) gives '{"a":"x","b":0.5}'.
    """
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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
    append_entry(session, "verdict", describe_verdict(row, session.get_one(SampleRow, row.sample_id)))


def append_threshold_change(session: Session, row: ThresholdChangeRow) -> None:
    """Add a move of a threshold that was written in this session."""
    append_entry(session, "threshold", describe_change(row))


def append_mark(session: Session, row: MarkRow) -> None:
    """Add a mark of a group that was written in this session."""
    append_entry(session, "mark", describe_mark(row, session.get_one(GroupRow, row.group_id)))


def append_pool_change(session: Session, row: PoolChangeRow) -> None:
    """Add a change of a pool that was written in this session."""
    append_entry(session, "pool", describe_pool_change(row))


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
        """Return what does not agree with the chain, or with itself, one sentence each, which names row or entry."""
        with self._database.session() as session:
            self._database.freeze(session)  # both are read as of one moment
            entries, rows = _list_entries(session), dict(list_rows(session))
            said = list_said(entries)
            states, odd = dict(list_stated(session, said)), find_odd_decisions(session)
        return [*check_links(entries), *compare_rows(said, rows, states), *odd]


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
