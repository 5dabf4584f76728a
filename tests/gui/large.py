"""A workspace with a finished run of many small photos, made without the engine."""

from pathlib import Path

import numpy as np

from inspector.data.photos import shrink
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.rendering import encode
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace


def make_large_workspace(folder: Path, count: int, *, side: int = 32, photos: int | None = None) -> None:
    """Write photos of `side` pixels to `folder/photos`, and run 1 over `count` samples to `folder/workspace`.

    There are as many photo files as samples, or `photos`, which the samples then share.
    """
    rng = np.random.default_rng(5)
    scores = rng.normal(0.5, 0.1, count).clip(0, 1)
    files = [folder / "photos" / f"{i:05}.png" for i in range(photos or count)]
    files[0].parent.mkdir()
    samples = [Sample(f"{i:05}.png", image=files[i % len(files)]) for i in range(count)]
    with Workspace(folder / "workspace") as store:
        run_id = store.runs.create(Batch(files[0].parent, tuple(samples)), ScanSettings(windows=()))
        picture = rng.integers(60, 90, (side, side, 3), dtype=np.uint8)
        for file in files:
            file.write_bytes(encode(picture))
        jpeg = encode(shrink(picture, 256), ".jpg")
        plane = np.full((8, 8), 0.2, np.float32)
        for position in range(count):
            store.artefacts.save_thumbnail(run_id, position, jpeg)
            plane[3, 4] = scores[position]
            store.artefacts.save_map(run_id, position, plane)
        store.runs.keep_readings(run_id, [SampleReading(i, "ok", width=side, height=side) for i in range(count)])
        threshold = 0.8
        results = [SampleResult(i, float(s), None, float(s), bool(s > threshold)) for i, s in enumerate(scores)]
        store.runs.finish(run_id, results, RunResult(Calibration(threshold, False, 0.0, 1.0, 0.2, 1.0)))
