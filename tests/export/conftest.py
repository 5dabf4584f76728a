"""Runs that were reviewed, without a network: small photos, given maps and verdicts."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace


@pytest.fixture
def make_judged(store: Workspace, tmp_path: Path) -> Callable[..., int]:
    """Make a run of photos in two folders, the fifth one a JPEG; scores rise, the threshold is 0.5."""

    def make(
        planes: Sequence[NDArray[np.float32]],
        said: Sequence[str],
        kinds: Mapping[int, str],
        identities: Mapping[int, dict[str, str]],
        **settings: Any,
    ) -> int:
        samples, results, readings = [], [], []
        for place, plane in enumerate(planes):
            name = f"kind {place % 2}/p.{place}.{'jpg' if place == 4 else 'png'}"
            path = tmp_path / "photos" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((*plane.shape, 3), 7 * place, np.uint8)).save(path)
            samples.append(Sample(name, image=path, identity=identities.get(place, {})))
            score = place / len(planes)
            results.append(SampleResult(place, score, None, score, score >= 0.5))
            readings.append(SampleReading(place, "ok", width=plane.shape[1], height=plane.shape[0]))
        run_id = store.runs.create(Batch(tmp_path / "photos", tuple(samples)), ScanSettings(windows=(), **settings))
        store.runs.keep_readings(run_id, readings)
        for place, plane in enumerate(planes):
            store.artefacts.save_map(run_id, place, plane)
        store.runs.finish(run_id, results, RunResult(Calibration(0.5, False, 0.0, 1.0, 0.0, 1.0)))
        for sample, verdict in zip(store.runs.samples(run_id), said, strict=True):
            store.verdicts.add(sample.id, "Ada", verdict, defect_class=kinds.get(sample.position, ""))
        return run_id

    return make
