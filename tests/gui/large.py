"""A workspace with a finished run of many small photos, made without the engine."""

from pathlib import Path

import numpy as np

from inspector.data.samples import Batch, Sample
from inspector.results.render import encode
from inspector.results.store import SampleResult, Store
from inspector.settings import ScanSettings


def make_large_workspace(folder: Path, count: int, *, side: int = 32) -> None:
    """Write `count` photos of `side` pixels to `folder/photos`, and run 1 over them to `folder/workspace`."""
    rng = np.random.default_rng(5)
    scores = rng.normal(0.5, 0.1, count).clip(0, 1)
    photos = folder / "photos"
    photos.mkdir()
    samples = [Sample(f"{i:05}.png", image=photos / f"{i:05}.png") for i in range(count)]
    with Store(folder / "workspace") as store:
        run_id = store.create_run(Batch(photos, tuple(samples)), ScanSettings(windows=()))
        picture = rng.integers(60, 90, (side, side, 3), dtype=np.uint8)
        png, jpeg = encode(picture), encode(picture, ".jpg")
        plane = np.full((8, 8), 0.2, np.float32)
        for position, sample in enumerate(samples):
            assert sample.image is not None
            sample.image.write_bytes(png)
            store.save_thumbnail(run_id, position, jpeg)
            plane[3, 4] = scores[position]
            store.save_map(run_id, position, plane)
        rows = [{"position": i, "status": "ok", "width": side, "height": side} for i in range(count)]
        store.update_samples(run_id, rows)
        threshold = 0.8
        results = [SampleResult(i, float(s), None, float(s), bool(s > threshold)) for i, s in enumerate(scores)]
        values = {"threshold": threshold, "map_threshold": threshold, "map_low": 0.2, "map_high": 1.0}
        store.finish_run(run_id, results, **values)
