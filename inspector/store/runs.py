"""Runs and their samples in the database: begun, read, finished, listed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from inspector import __version__
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import BY_HAND, Calibration
from inspector.errors import StoreError
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.audit import append_folder, append_part, append_threshold_change, list_states
from inspector.store.claims import hold_claim, name_owner
from inspector.store.database import Database
from inspector.store.records import (
    Modality,
    RunRecord,
    RunResult,
    RunStatus,
    SampleReading,
    SampleRecord,
    SampleResult,
    SampleStatus,
    ThresholdChangeRecord,
    to_record,
)
from inspector.store.server import retries_when_lost
from inspector.store.tables import GroupRow, PlacesRow, RunRow, SampleRow, ThresholdChangeRow
from inspector.store.users import require

Place = Mapping[str, str | int | None]
"""`position` of a sample, and where its image, cloud and mask lie."""


@retries_when_lost
class Runs:
    """The runs of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    # Writing: the engine

    def create(self, batch: Batch, settings: ScanSettings, recipe: Recipe | None = None) -> int:
        """Add a run of this program and its samples, all waiting; return its number. Next, `hold` it."""
        with self._database.session() as session:
            require(session, self._database, "scan")
            return add_run(session, batch, settings, recipe)

    @contextmanager
    def hold(self, run_id: int) -> Iterator[None]:
        """Hold a run while it is being scanned: no other program can take it up, and all see that it is alive.

        Raises:
            StoreError: there is no such run, or it is being scanned already.
        """
        with hold_claim(self._database, self.get(run_id)):
            yield

    def begin(self, run_id: int, *, device: str, weights_sha256: str, modality: Modality) -> None:
        """Note what a run is being scanned with."""
        self._update(run_id, {"device": device, "modality": modality, "weights_sha256": weights_sha256})

    def keep_value_range(self, run_id: int, ranges: Ranges) -> None:
        """Write the scales that the photos of a run are read on."""
        pairs = {scale: [list(limits) for limits in channels] for scale, channels in ranges.items()}
        self._update(run_id, {"value_range": pairs})

    def add_notes(self, run_id: int, notes: Sequence[str]) -> None:
        """Add what an operator should know of a whole run; what it says already is not said twice."""
        with self._database.session() as session:
            run = _find(session, run_id, self._database.folder)
            run.notes = list(dict.fromkeys([*run.notes, *notes]))

    def end(self, run_id: int, status: RunStatus, message: str) -> None:
        """Note that a run ended before it was done: "cancelled" or "failed", and why."""
        self._update(run_id, {"status": status, "message": message})

    def count_unreadable(self, run_id: int, count: int) -> None:
        """Note how many samples of a run cannot be used."""
        self._update(run_id, {"unreadable": count})

    def keep_readings(self, run_id: int, readings: Sequence[SampleReading]) -> None:
        """Write what was read of some samples."""
        with self._database.session() as session:
            _update_samples(session, run_id, [asdict(reading) for reading in readings])

    def keep_reasons(self, run_id: int, status: SampleStatus, reasons: Mapping[int, str]) -> None:
        """Write anew whether some samples, by position, can be used, and what an operator should know of each."""
        rows = [{"position": position, "status": status, "reason": reason} for position, reason in reasons.items()]
        with self._database.session() as session:
            _update_samples(session, run_id, rows)

    def move_files(self, run_id: int, root: str, paths: Sequence[Place], operator: str = "") -> None:
        """Write durably where folder and files of a run lie, and in the audit chain who says so."""
        with self._database.session(durable=True) as session:
            require(session, self._database, "locate")
            run = _find(session, run_id, self._database.folder)
            append_folder(session, run, root, operator or self._database.signed_in)
            run.root = root
            _update_samples(session, run_id, [dict(each) for each in paths])

    def keep_identity(self, run_id: int, position: int, identity: Mapping[str, str], operator: str = "") -> None:
        """Write anew, durably, which part a sample shows, and in the audit chain who typed it."""
        kept = {group: text.strip() for group, text in identity.items() if text.strip()}
        with self._database.session(durable=True) as session:
            require(session, self._database, "part")
            place = (SampleRow.run_id == run_id, SampleRow.position == position)
            sample = session.scalar(select(SampleRow).where(*place))
            if sample is not None and sample.identity != kept:
                append_part(session, sample, kept, operator or self._database.signed_in)
                sample.identity = kept

    def keep_codes(self, run_id: int, identities: Mapping[int, Mapping[str, str]]) -> None:
        """Write which parts samples show by the codes in their photos, by position; what somebody typed stands."""
        with self._database.session() as session:
            typed = {fields["position"] for kind, fields in list_states(session, run_id) if kind == "part"}
            read = [{"position": p, "identity": dict(found)} for p, found in identities.items() if p not in typed]
            _update_samples(session, run_id, read)

    def finish(self, run_id: int, results: Sequence[SampleResult], result: RunResult) -> None:
        """Write all scores and close the run as done."""
        columns = {
            "status": "done",
            "finished": datetime.now(UTC),
            "rescoring": result.rescoring,
            "timings": result.timings,
        }
        with self._database.session() as session:
            _keep_results(session, run_id, results, result.calibration)
            session.execute(update(RunRow).where(RunRow.id == run_id).values(columns))

    def judge_again(
        self,
        run_id: int,
        results: Sequence[SampleResult],
        calibration: Calibration,
        followed: Mapping[int, bool],
        operator: str,
        *,
        expected: float | None,
    ) -> bool:
        """Write the scores of a run anew, as people have marked its groups; the threshold's move is on record.

        Args:
            run_id: a run that is done.
            results: of all samples that have scores.
            calibration: the scales that they are on.
            followed: by the number of a group in the workspace, whether the scores follow it.
            operator: whose mark it was.
            expected: the threshold that stood when the scores were found.

        Returns:
            Whether they were written; False where the threshold has moved meanwhile: nothing has changed then.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "mark")
            before = _find(session, run_id, self._database.folder)
            if before.threshold != expected:
                return False
            if before.threshold != calibration.threshold or before.map_threshold != calibration.map_threshold:
                maps = (before.map_threshold, calibration.map_threshold)
                _record_move(session, before, (before.threshold, calibration.threshold), maps, operator)
            _keep_results(session, run_id, results, calibration)
            for group_id, follows in followed.items():
                session.execute(update(GroupRow).where(GroupRow.id == group_id).values(corrected=follows))
            of_run = select(SampleRow.id).where(SampleRow.run_id == run_id)
            session.execute(delete(PlacesRow).where(PlacesRow.sample_id.in_(of_run)))  # found on the maps of before
        return True

    def set_threshold(
        self,
        run_id: int,
        threshold: float,
        map_threshold: float,
        operator: str = "",
        *,
        sure: bool = True,
        why: str = BY_HAND,
        expected: float | None = None,
    ) -> None:
        """Move the threshold of a run that has scores, decide all its samples by it, and keep who did so, and why.

        Args:
            run_id: which run.
            threshold: on the scale of final scores; where it stands there already, no move is kept.
            map_threshold: on the scale of the maps.
            operator: who moves it.
            sure: whether it tells good from bad.
            why: how it came about, in one sentence.
            expected: where it stood when the operator moved it; None = wherever it stands.

        Raises:
            StoreError: there is no such run, somebody else has moved its threshold meanwhile, or the workspace cannot
                be written; nothing has changed then.
        """
        scored = (SampleRow.run_id == run_id, SampleRow.final.is_not(None))
        with self._database.session(durable=True) as session:
            require(session, self._database, "threshold")
            before = _find(session, run_id, self._database.folder)
            if expected is not None and before.threshold != expected:
                raise StoreError(
                    f"the threshold of run {run_id} was moved meanwhile: it is {before.threshold} now; look at it again"
                )
            if before.threshold != threshold:
                moves = ((before.threshold, threshold), (before.map_threshold, map_threshold))
                _record_move(session, before, *moves, operator)
            session.execute(update(SampleRow).where(*scored).values(flagged=SampleRow.final > threshold))
            flagged = session.scalar(select(func.count(SampleRow.id)).where(*scored, SampleRow.flagged.is_(True)))
            values: dict[str, Any] = {"threshold": threshold, "map_threshold": map_threshold, "flagged": flagged}
            if before.calibration is not None:
                values["calibration"] = {**before.calibration, "threshold": threshold, "sure": sure, "why": why}
            session.execute(update(RunRow).where(RunRow.id == run_id).values(values))

    def threshold_changes(self, run_id: int) -> list[ThresholdChangeRecord]:
        """Return all moves of a run's threshold, oldest first."""
        rows = select(ThresholdChangeRow).where(ThresholdChangeRow.run_id == run_id).order_by(ThresholdChangeRow.id)
        with self._database.session() as session:
            return [to_record(ThresholdChangeRecord, row) for row in session.scalars(rows)]

    # Reading: everybody

    def all(self) -> list[RunRecord]:
        """Return all runs, newest first."""
        with self._database.session() as session:
            return [to_record(RunRecord, row) for row in session.scalars(select(RunRow).order_by(RunRow.id.desc()))]

    def get(self, run_id: int) -> RunRecord:
        """Return one run.

        Raises:
            StoreError: there is none of this number.
        """
        with self._database.session() as session:
            return to_record(RunRecord, _find(session, run_id, self._database.folder))

    def samples(self, run_id: int, first: int = 0, count: int | None = None) -> list[SampleRecord]:
        """Return the samples of a run in the order of its batch, from a position on; at most `count`, None = all."""
        wanted = (SampleRow.run_id == run_id, SampleRow.position >= first)
        query = select(SampleRow).where(*wanted).order_by(SampleRow.position).limit(count)
        with self._database.session() as session:
            return [to_record(SampleRecord, row) for row in session.scalars(query)]

    def _update(self, run_id: int, values: dict[str, Any]) -> None:
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == run_id).values(values))


def _find(session: Session, run_id: int, folder: Path) -> RunRow:
    found = session.get(RunRow, run_id)
    if found is None:
        raise StoreError(f"there is no run {run_id} in {folder}; `inspector runs` lists them")
    return found


def _record_move(
    session: Session,
    run: RunRow,
    scores: tuple[float | None, float],
    maps: tuple[float | None, float],
    operator: str,
) -> None:
    """Keep that the threshold of a run moved, from and to, on the scale of the scores and on that of the maps."""
    (old, new), (old_map, new_map) = scores, maps
    values = {"old": old, "new": new, "old_map": old_map, "new_map": new_map}
    change = ThresholdChangeRow(run_id=run.id, operator=operator, time=datetime.now(UTC), **values)
    session.add(change)
    session.flush()
    append_threshold_change(session, change)


def _keep_results(session: Session, run_id: int, results: Sequence[SampleResult], learnt: Calibration) -> None:
    """Write the scores of samples and the scales of their run."""
    _update_samples(session, run_id, [asdict(sample) for sample in results])
    columns = {
        "flagged": sum(sample.flagged for sample in results),
        "threshold": learnt.threshold,
        "map_threshold": learnt.map_threshold,
        "map_low": learnt.map_low,
        "map_high": learnt.map_high,
        "calibration": learnt.to_json(),
    }
    session.execute(update(RunRow).where(RunRow.id == run_id).values(columns))


def _update_samples(session: Session, run_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Change columns of samples, each named by its `position`: the rows are found by the index, however many."""
    for names, some in groupby(sorted(rows, key=_name_columns), _name_columns):
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "position"}
        place = (SampleRow.run_id == run_id, SampleRow.position == bindparam("new_position"))
        changes = [{f"new_{name}": value for name, value in row.items()} for row in some]
        session.connection().execute(update(SampleRow).where(*place).values(values), changes)


def _name_columns(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row)


def add_run(session: Session, batch: Batch, settings: ScanSettings, recipe: Recipe | None = None) -> int:
    """Add a run of this program and its samples, all waiting, as part of a transaction; return its number."""
    run = RunRow(
        created=datetime.now(UTC),
        status="running",
        owner=name_owner(),
        heartbeat=datetime.now(UTC),
        root=str(batch.root.resolve()),
        layout=batch.layout,
        notes=list(batch.notes),
        left_out=[list(left) for left in batch.left_out],
        settings=json.loads(settings.model_dump_json()),
        version=__version__,
        backbone=settings.backbone,
        samples=len(batch.samples),
        recipe=None if recipe is None else recipe.to_json(),
    )
    session.add(run)
    session.flush()
    rows = [_describe_sample(run.id, position, sample) for position, sample in enumerate(batch.samples)]
    if rows:
        session.execute(insert(SampleRow), rows)
    return run.id


def _describe_sample(run_id: int, position: int, sample: Sample) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "position": position,
        "name": sample.name,
        "image": str(sample.image) if sample.image else None,
        "cloud": str(sample.cloud) if sample.cloud else None,
        "mask": str(sample.mask) if sample.mask else None,
        "label": sample.label,
        "kind": sample.kind,
        "identity": dict(sample.identity),
    }
