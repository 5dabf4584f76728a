"""What rows say of what people decided, and saw decided, and whether it is what the audit chain says.

The scores of samples are no entries of the chain: each verdict's entry says what its sample scored then. Beside the
chain, decisions are found again from what they follow from: final scores and thresholds.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from inspector.store.records import AuditEntry
from inspector.store.tables import (
    GroupRow,
    MarkRow,
    PoolChangeRow,
    RunRow,
    SampleRow,
    ThresholdChangeRow,
    VerdictRow,
)

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


def write_time(time: datetime) -> str:
    """Write a time as UTC, whether it says so or not: the database does not keep the zone."""
    return time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def list_rows(session: Session) -> Iterator[tuple[Key, Fields]]:
    """Yield what the rows say now, by kind and number."""
    verdicts = select(VerdictRow, SampleRow).join(SampleRow, SampleRow.id == VerdictRow.sample_id, isouter=True)
    for verdict, sample in session.execute(verdicts):
        yield ("verdict", verdict.id), describe_verdict(verdict, sample)
    for change in session.scalars(select(ThresholdChangeRow)):
        yield ("threshold", change.id), describe_change(change)
    marks = select(MarkRow, GroupRow).join(GroupRow, GroupRow.id == MarkRow.group_id, isouter=True)
    for mark, group in session.execute(marks):
        yield ("mark", mark.id), describe_mark(mark, group)
    for moved in session.scalars(select(PoolChangeRow)):
        yield ("pool", moved.id), describe_pool_change(moved)


def list_stated(session: Session, said: Mapping[Key, Fields]) -> Iterator[tuple[Key, object]]:
    """Yield what stands now of all that `STATES` are about, and of thresholds, by kind and number.

    Args:
        session: the one to read in.
        said: what `list_said` returns; parts are looked at in runs that it tells of: there may be millions.
    """
    typed = {fields.get("run_id") for (kind, _), fields in said.items() if kind == "part"}
    for run_id in typed:
        for number, identity in session.execute(select(SampleRow.id, SampleRow.identity).filter_by(run_id=run_id)):
            yield ("part", number), identity
    for number, root, threshold in session.execute(select(RunRow.id, RunRow.root, RunRow.threshold)):
        yield from ((("folder", number), root), (("threshold", number), threshold))


def find_odd_decisions(session: Session) -> list[str]:
    """Return where samples were not decided by their scores and the threshold of their run, one sentence for each run.

    All writers of scores and thresholds decide in the same transaction.
    """
    decided, flagged, above = SampleRow.final.is_not(None), SampleRow.flagged, SampleRow.final > RunRow.threshold
    scored = func.coalesce(SampleRow.rescored, SampleRow.raw_score)
    by_threshold = and_(decided, RunRow.threshold.is_not(None), or_(flagged.is_(None), flagged != above))
    odd: list[tuple[str, ColumnElement[bool]]] = [
        ("flag", by_threshold),
        ("score", and_(decided, or_(scored.is_(None), scored != SampleRow.final))),
    ]
    told = {
        "flag": "whether {name}{more} of run {run} is flagged does not follow from its score and the threshold",
        "score": "the final score of {name}{more} of run {run} is not the one that was found",
    }
    problems = []
    for what, where in odd:
        query = select(SampleRow.run_id, func.count(), func.min(SampleRow.position)).join(RunRow).where(where)
        for run_id, count, first in session.execute(query.group_by(SampleRow.run_id).order_by(SampleRow.run_id)).all():
            named = select(SampleRow.name).where(SampleRow.run_id == run_id, SampleRow.position == first)
            more = f" (and of {count - 1} more)" if count > 1 else ""
            problems.append(told[what].format(name=session.scalar(named), more=more, run=run_id))
    return problems


def list_said(entries: Sequence[AuditEntry]) -> dict[Key, Fields]:
    """Return what a chain says of rows that should be there, by kind and number: nothing of runs that were pruned."""
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
    return expected


def compare_rows(expected: Mapping[Key, Fields], rows: Mapping[Key, Fields], states: Mapping[Key, object]) -> list[str]:
    """Return where rows are not as the chain says, one sentence each.

    Args:
        expected: what `list_said` returns.
        rows: what `list_rows` yields.
        states: what `list_stated` yields.
    """
    problems = [*_find_missing_runs(expected, states)]
    for key, said in expected.items():
        if ("threshold", said.get("run_id", 0)) not in states and key not in rows:
            continue  # it is gone with its run
        if key[0] in STATES:
            problems.append(_compare_state(key, said, states.get(key)))
        else:
            problems.append(_compare_row(key, said, rows.get(key)))
    problems += _compare_scores(expected, rows)
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


def _find_missing_runs(expected: Mapping[Key, Fields], states: Mapping[Key, object]) -> Iterator[str]:
    counts = Counter(said.get("run_id", 0) for said in expected.values())
    for run_id, count in counts.items():
        if ("threshold", run_id) not in states:
            yield (
                f"run {run_id} is missing, and it was not pruned; entries of the audit chain that speak of it: {count}"
            )


def _compare_scores(expected: Mapping[Key, Fields], rows: Mapping[Key, Fields]) -> Iterator[str]:
    """Yield where a sample scores something else than when its last verdict was given. Marks of groups change scores:
    runs that have one are left out."""
    marked = {said.get("run_id") for (kind, _), said in expected.items() if kind == "mark"}
    said_last = {said.get("sample_id"): (key, said) for key, said in expected.items() if "score" in said}
    for key, said in said_last.values():
        found = rows.get(key)
        if found is not None and said.get("run_id") not in marked and found.get("score") != said["score"]:
            yield (
                f"the score of {said.get('name')} of run {said.get('run_id')} was changed: it is "
                f"{found.get('score')!r}, but was {said['score']!r} when {said.get('operator')!r} decided"
            )


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
    open_yet = {"score"} if said.get("sha256") else {"score", "sha256"}  # it was said of a file that nobody had read
    changed = [
        f"{name} is {found.get(name)!r}, but was {said.get(name)!r}"
        for name in dict.fromkeys((*found, *said))
        if name not in open_yet and found.get(name) != said.get(name)
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


def describe_verdict(verdict: VerdictRow, sample: SampleRow | None) -> Fields:
    """Return what a verdict says, of which sample, and what that scored."""
    part = {name: getattr(sample, name, None) for name in ("run_id", "position", "name", "sha256")}
    own = {name: getattr(verdict, name) for name in ("id", "sample_id", "operator", "old", "new", "comment", "kind")}
    classed = {"defect_class": verdict.defect_class} if verdict.defect_class else {}  # entries of before have none
    carried = {} if verdict.carried_from is None else {"carried_from": verdict.carried_from}
    scored = {"score": sample.final} if sample is not None and sample.final is not None else {}
    return {**part, **own, **classed, **carried, **scored, "time": write_time(verdict.time)}


def describe_change(change: ThresholdChangeRow) -> Fields:
    """Return what a move of a threshold says."""
    names = ("id", "run_id", "operator", "old", "new", "old_map", "new_map")
    return {**{name: getattr(change, name) for name in names}, "time": write_time(change.time)}


def describe_mark(mark: MarkRow, group: GroupRow | None) -> Fields:
    """Return what a mark says, of which group."""
    names = ("id", "group_id", "operator", "old", "new", "comment")
    of_group = {name: getattr(group, name, None) for name in ("run_id", "number")}
    return {**of_group, **{name: getattr(mark, name) for name in names}, "time": write_time(mark.time)}


def describe_pool_change(change: PoolChangeRow) -> Fields:
    """Return what a change of a pool says."""
    names = ("id", "run_id", "position", "operator", "new")
    return {**{name: getattr(change, name) for name in names}, "time": write_time(change.time)}
