"""Rows of runs and their samples, found and written within a transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from inspector import __version__
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.audit import append_threshold_change
from inspector.store.claims import name_owner, require_claim
from inspector.store.database import Database
from inspector.store.records import SampleResult
from inspector.store.tables import RunRow, SampleRow, ThresholdChangeRow

LARGEST_NUMBER = 2**31 - 1
"""Of a row: a server keeps such numbers in 32 bits."""

Place = Mapping[str, str | int | None]
"""`position` of a sample, and where its image, cloud and mask lie."""


class RunMissing(StoreError):  # noqa: N818 - nothing is broken
    """A workspace has no run of a number."""


def find_run(session: Session, run_id: int, folder: Path) -> RunRow:
    """Return the row of a run; raises RunMissing, which names the folder of the workspace."""
    found = session.get(RunRow, run_id) if run_id <= LARGEST_NUMBER else None
    if found is None:
        raise RunMissing(f"there is no run {run_id} in {folder}; `inspector runs` lists them")
    return found


def find_held_run(session: Session, run_id: int, database: Database) -> RunRow:
    """Return the row of a run; raises StoreError where another program has taken it up from this one."""
    found = find_run(session, run_id, database.folder)
    require_claim(database, found)
    return found


def record_move(
    session: Session,
    run: RunRow,
    scores: tuple[float | None, float],
    maps: tuple[float | None, float],
    operator: str,
) -> None:
    """Write that the threshold of a run was moved, with an entry in the audit chain.

    Args:
        session: the transaction.
        run: whose threshold it is.
        scores: from where (None = nowhere) to where, on the scale of the scores.
        maps: the same on the scale of the maps.
        operator: who moved it.
    """
    (old, new), (old_map, new_map) = scores, maps
    values = {"old": old, "new": new, "old_map": old_map, "new_map": new_map}
    change = ThresholdChangeRow(run_id=run.id, operator=operator, time=datetime.now(UTC), **values)
    session.add(change)
    session.flush()
    append_threshold_change(session, change)


def keep_results(session: Session, run_id: int, results: Sequence[SampleResult], learnt: Calibration) -> None:
    """Write the scores of samples and the scales of their run."""
    update_samples(session, run_id, [asdict(sample) for sample in results])
    columns = {"flagged": sum(sample.flagged for sample in results), **list_scales(learnt)}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(columns))


def list_scales(learnt: Calibration) -> dict[str, Any]:
    """Return the columns of a run that hold its scales, by name."""
    names = ("threshold", "map_threshold", "map_low", "map_high")
    return {**{name: getattr(learnt, name) for name in names}, "calibration": learnt.to_json()}


def update_samples(session: Session, run_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Change columns of samples; each row of values names its sample by `position`, and is found by the index."""
    for names, some in groupby(sorted(rows, key=_name_columns), _name_columns):
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "position"}
        place = (SampleRow.run_id == run_id, SampleRow.position == bindparam("new_position"))
        changes = [{f"new_{name}": value for name, value in row.items()} for row in some]
        session.connection().execute(update(SampleRow).where(*place).values(values), changes)


def _name_columns(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row)


def add_run(session: Session, batch: Batch, settings: ScanSettings, recipe: Recipe | None = None) -> int:
    """Add a run of this program and its samples, none of which is read yet; return its number.

    Args:
        session: the transaction that it becomes part of.
        batch: the samples.
        settings: how they are scored.
        recipe: what the settings come from, if anything.
    """
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
