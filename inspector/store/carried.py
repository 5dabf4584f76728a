"""Verdicts of an earlier run of the same files, carried over to the run that its accepted parts judge."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.store.audit import append_verdict
from inspector.store.parts import number_parts
from inspector.store.records import SampleRecord, VerdictRecord, to_record
from inspector.store.standing import Standing, list_standing
from inspector.store.tables import RunRow, SampleRow, VerdictRow


@dataclass(frozen=True)
class Carried:
    """What is carried over to a run.

    Attributes:
        source: the run that the verdicts were given in.
        judges: positions, in the new run, of the accepted parts that judge it.
        others: positions of other samples that had a verdict. All of them have the files that they had.
    """

    source: int
    judges: Collection[int]
    others: Collection[int]


def carry_verdicts(session: Session, run_id: int, carried: Carried) -> list[str]:
    """Write the verdicts that stand in one run into another, each with who gave it and when, and in the audit chain.

    A sample of which something was said there already keeps that alone.

    Args:
        session: a durable one.
        run_id: the new run, whose samples have their scores.
        carried: from which run, and to which samples; they are found by their names.

    Returns:
        Notes of the new run.
    """
    if session.get(RunRow, carried.source) is None:
        return [f"no verdict was carried over from run {carried.source}: it was removed meanwhile"]
    given, wanted = _find_given(session, carried.source), {*carried.judges, *carried.others}
    query = select(SampleRow).where(SampleRow.run_id == run_id).order_by(SampleRow.position)
    samples = [row for row in session.scalars(query) if row.position in wanted]
    of_run = select(VerdictRow.sample_id).join(SampleRow).where(SampleRow.run_id == run_id)
    said = set(session.scalars(of_run))
    count = 0
    for sample in samples:
        standing = given.get(sample.name)
        if standing is not None and sample.id not in said:
            row = _make_row(sample.id, standing, carried.source)
            session.add(row)
            session.flush()
            append_verdict(session, row)
            count += 1
    names = [sample.name for sample in samples if sample.position in carried.judges]
    unsaid = {name for name in names if name not in given or given[name].verdict != "accepted"}
    changed = _count_parts(session, carried.source, unsaid)
    notes = [f"verdicts carried over from run {carried.source}, where the files are the same: {count}"] if count else []
    if changed:
        told = f"parts that judge, and were accepted in run {carried.source}, but are not any more: {changed}"
        notes.append(f"{told}; scan again")
    return notes


def _find_given(session: Session, run_id: int) -> dict[str, Standing]:
    """Find the verdicts that stand in a run, accepted or rejected, by the names of the samples."""
    query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == run_id).order_by(VerdictRow.id)
    standing = list_standing(to_record(VerdictRecord, row) for row in session.scalars(query))
    names = session.execute(select(SampleRow.id, SampleRow.name).where(SampleRow.run_id == run_id)).all()
    of_names = {name: standing[number] for number, name in names if number in standing}
    return {name: each for name, each in of_names.items() if each.verdict != "undecided"}


def _count_parts(session: Session, run_id: int, names: Collection[str]) -> int:
    """Count the parts of a run that samples of these names show: views of one part count once."""
    if not names:
        return 0
    query = select(SampleRow).where(SampleRow.run_id == run_id).order_by(SampleRow.position)
    samples = [to_record(SampleRecord, row) for row in session.scalars(query)]
    numbers = zip(samples, number_parts(samples), strict=True)
    return len({number for sample, number in numbers if sample.name in names})


def _make_row(sample_id: int, standing: Standing, source: int) -> VerdictRow:
    return VerdictRow(
        sample_id=sample_id,
        operator=standing.operator,
        time=standing.time,
        old="undecided",
        new=standing.verdict,
        comment=standing.comment,
        defect_class=standing.defect_class,
        kind="carried",
        carried_from=source,
    )
