"""A workspace with a finished run of many small photos, made without the engine."""

from pathlib import Path

import numpy as np

from inspector.data.photos import shrink
from inspector.data.samples import Batch, Sample
from inspector.export.rendering import encode
from inspector.settings import ScanSettings
from inspector.store.workspace import SampleResult, Store


def make_large_workspace(folder: Path, count: int, *, side: int = 32, photos: int | None = None) -> None:
    """Write photos of `side` pixels to `folder/photos`, and run 1 over `count` samples to `folder/workspace`.

    There are as many photo files as samples, or `photos`, which the samples then share.
    """
    rng = np.random.default_rng(5)
    scores = rng.normal(0.5, 0.1, count).clip(0, 1)
    files = [folder / "photos" / f"{i:05}.png" for i in range(photos or count)]
    files[0].parent.mkdir()
    samples = [Sample(f"{i:05}.png", image=files[i % len(files)]) for i in range(count)]
    with Store(folder / "workspace") as store:
        run_id = store.create_run(Batch(files[0].parent, tuple(samples)), ScanSettings(windows=()))
        picture = rng.integers(60, 90, (side, side, 3), dtype=np.uint8)
        for file in files:
            file.write_bytes(encode(picture))
        jpeg = encode(shrink(picture, 256), ".jpg")
        plane = np.full((8, 8), 0.2, np.float32)
        for position in range(count):
            store.save_thumbnail(run_id, position, jpeg)
            plane[3, 4] = scores[position]
            store.save_map(run_id, position, plane)
        rows = [{"position": i, "status": "ok", "width": side, "height": side} for i in range(count)]
        store.update_samples(run_id, rows)
        threshold = 0.8
        results = [SampleResult(i, float(s), None, float(s), bool(s > threshold)) for i, s in enumerate(scores)]
        values = {"threshold": threshold, "map_threshold": threshold, "map_low": 0.2, "map_high": 1.0}
        store.finish_run(run_id, results, **values)
