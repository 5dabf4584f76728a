"""Runs as statistics need them: decisions, verdicts and maps, without an engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.rendering import encode
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

MakeRun = Callable[..., int]


@pytest.fixture
def store(location: str | Path) -> Iterator[Workspace]:
    """A workspace, on each kind of database."""
    with Workspace(location) as opened:
        yield opened


@pytest.fixture
def make_run(store: Workspace, tmp_path: Path) -> MakeRun:
    """A finished run without files: which samples are flagged, verdicts by position, how many are unreadable."""

    def make(
        flagged: Sequence[bool],
        verdicts: dict[int, str] | None = None,
        *,
        unreadable: int = 0,
        time: datetime = NOON,
        folder: str = "lot",
        operator: str = "Mia",
        product: str = "",
        identities: Sequence[dict[str, str]] = (),
        classes: Mapping[int, str] | None = None,
    ) -> int:
        count = len(flagged)
        names = [f"{i:03}.png" for i in range(count + unreadable)]
        known = dict(zip(names, identities, strict=False))
        samples = tuple(Sample(name, image=tmp_path / name, identity=known.get(name, {})) for name in names)
        recipe = Recipe(name=product) if product else None
        run_id = store.runs.create(Batch(tmp_path / folder, samples), ScanSettings(), recipe)
        readings = [SampleReading(i, "ok", width=8, height=8) for i in range(count)]
        broken = [SampleReading(count + i, "unreadable", "it is empty") for i in range(unreadable)]
        store.runs.keep_readings(run_id, [*readings, *broken])
        results = [SampleResult(i, float(odd), None, float(odd) + i / 1000, odd) for i, odd in enumerate(flagged)]
        store.runs.finish(run_id, results, RunResult(Calibration(0.5, True, 0.0, 1.0, 0.0, 1.0)))
        with store.database.session() as session:
            kept = {"created": time.replace(tzinfo=None), "map_threshold": 0.5}
            session.execute(update(RunRow).where(RunRow.id == run_id).values(kept))
        records = store.runs.samples(run_id)
        for position, verdict in (verdicts or {}).items():
            defect = (classes or {}).get(position, "")
            store.verdicts.add(records[position].id, operator, verdict, defect_class=defect)
        return run_id

    return make


def save_spots(store: Workspace, run_id: int, position: int, *spots: tuple[int, int]) -> None:
    """Keep a map of 16 x 16 pixels that is above the threshold at some (x, y), and a grey thumbnail."""
    plane = np.zeros((16, 16), np.float32)
    for x, y in spots:
        plane[y, x] = 1.0
    store.artefacts.save_map(run_id, position, plane)
    store.artefacts.save_thumbnail(run_id, position, encode(np.full((32, 48, 3), 90, np.uint8), ".jpg"))
