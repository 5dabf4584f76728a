"""Runs and their samples in the database: begun, read, finished, listed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from inspector import __version__
from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.settings import ScanSettings
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
)
from inspector.store.tables import RunRow, SampleRow


class Runs:
    """The runs of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    # Writing: the engine

    def create(self, batch: Batch, settings: ScanSettings) -> int:
        """Add a run and its samples, all waiting; return its number."""
        with self._database.session() as session:
            run = RunRow(
                created=datetime.now(UTC),
                status="running",
                root=str(batch.root.resolve()),
                layout=batch.layout,
                notes=list(batch.notes),
                settings=json.loads(settings.model_dump_json()),
                version=__version__,
                backbone=settings.backbone,
                samples=len(batch.samples),
            )
            session.add(run)
            session.flush()
            rows = [_describe_sample(run.id, position, sample) for position, sample in enumerate(batch.samples)]
            session.execute(insert(SampleRow), rows)
            return run.id

    def begin(self, run_id: int, *, device: str, weights_sha256: str, modality: Modality) -> None:
        """Note that a run is being scanned, and what with."""
        values = {"status": "running", "message": "", "device": device, "modality": modality}
        self._update(run_id, {**values, "weights_sha256": weights_sha256})

    def end(self, run_id: int, status: RunStatus, message: str) -> None:
        """Note that a run ended before it was done: "cancelled" or "failed", and why."""
        self._update(run_id, {"status": status, "message": message})

    def count_unreadable(self, run_id: int, count: int) -> None:
        """Note how many samples of a run cannot be used."""
        self._update(run_id, {"unreadable": count})

    def keep_readings(self, run_id: int, readings: Sequence[SampleReading]) -> None:
        """Write what was read of some samples."""
        self._update_samples(run_id, [asdict(reading) for reading in readings])

    def keep_reason(self, run_id: int, position: int, status: SampleStatus, reason: str) -> None:
        """Write anew whether a sample can be used, and what an operator should know of it."""
        self._update_samples(run_id, [{"position": position, "status": status, "reason": reason}])

    def finish(self, run_id: int, results: Sequence[SampleResult], result: RunResult) -> None:
        """Write all scores and close the run as done."""
        flagged = sum(sample.flagged for sample in results)
        self._update_samples(run_id, [asdict(sample) for sample in results])
        self._update(run_id, {"status": "done", "finished": datetime.now(UTC), "flagged": flagged, **asdict(result)})

    def set_threshold(self, run_id: int, threshold: float, map_threshold: float, operator: str = "") -> None:
        """Move the threshold of a run that has scores, and decide all its samples by it."""
        scored = (SampleRow.run_id == run_id, SampleRow.final.is_not(None))
        with self._database.session() as session:
            session.execute(update(SampleRow).where(*scored).values(flagged=SampleRow.final > threshold))
            flagged = session.scalar(select(func.count(SampleRow.id)).where(*scored, SampleRow.flagged.is_(True)))
            values = {"threshold": threshold, "map_threshold": map_threshold, "flagged": flagged}
            session.execute(update(RunRow).where(RunRow.id == run_id).values(values))

    # Reading: everybody

    def all(self) -> list[RunRecord]:
        """Return all runs, newest first."""
        with self._database.session() as session:
            return [_to_run(row) for row in session.scalars(select(RunRow).order_by(RunRow.id.desc()))]

    def get(self, run_id: int) -> RunRecord:
        """Return one run.

        Raises:
            StoreError: there is none of this number.
        """
        with self._database.session() as session:
            found = session.get(RunRow, run_id)
            if found is None:
                folder = self._database.folder
                raise StoreError(f"there is no run {run_id} in {folder}; `inspector runs` lists them")
            return _to_run(found)

    def samples(self, run_id: int) -> list[SampleRecord]:
        """Return the samples of a run in the order of its batch."""
        query = select(SampleRow).where(SampleRow.run_id == run_id).order_by(SampleRow.position)
        with self._database.session() as session:
            return [_to_sample(row) for row in session.scalars(query)]

    def _update(self, run_id: int, values: dict[str, Any]) -> None:
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == run_id).values(values))

    def _update_samples(self, run_id: int, rows: Sequence[dict[str, Any]]) -> None:
        with self._database.session() as session:
            query = select(SampleRow.position, SampleRow.id).where(SampleRow.run_id == run_id)
            ids = {row.position: row.id for row in session.execute(query)}
            if rows:
                session.execute(update(SampleRow), [{"id": ids[row["position"]], **row} for row in rows])


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
    }


def _to_run(row: RunRow) -> RunRecord:
    return RunRecord(**{item.name: getattr(row, item.name) for item in fields(RunRecord)})


def _to_sample(row: SampleRow) -> SampleRecord:
    return SampleRecord(**{item.name: getattr(row, item.name) for item in fields(SampleRecord)})
