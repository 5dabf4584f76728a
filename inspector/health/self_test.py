"""A small batch that is drawn and scanned as any other: its scores are known."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.errors import Cancelled, InspectorError
from inspector.health.findings import Finding
from inspector.settings import ScanSettings

COUNT, SIDE = 6, 96
"""Photos, and pixels of their sides."""

SETTINGS = ScanSettings(image_size=96, windows=(1, 2), part_box="off")

EXPECTED = (0.5348, 0.1175, 0.1137, 0.1165, 0.1061, 0.1086)
"""Raw scores of the photos on a CPU."""

TOLERANCE = 0.02
"""Of a score: processors and GPUs differ in the last bits; a wrong network or library does so by far more."""

PATIENCE = 60.0
"""Seconds after which this machine is called slow; it takes two on two cores."""


def draw_photos() -> list[NDArray[np.uint8]]:
    """Draw grey photos of a bright disc with some grain, the first with a dark spot: (96, 96, 3) uint8 each.

    Whole numbers alone, so that they are the same everywhere.
    """
    rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.int64)
    disc = (rows - SIDE // 2) ** 2 + (cols - SIDE // 2) ** 2 < (SIDE // 3) ** 2
    photos = []
    for index in range(COUNT):
        mixed = (rows * 7919 + cols * 104_729 + index * 1_299_709) * 2_654_435_761 % 2**32
        grain = (mixed >> 16) % 17 - 8
        grey = np.where(disc, 180, 90) + grain
        if index == 0:
            grey[40:54, 44:58] = 20
        photos.append(np.repeat(grey[..., None], 3, axis=2).astype(np.uint8))
    return photos


def check_scores(_workspace: Path) -> list[Finding]:
    """Scan the drawn photos in a workspace of their own and compare their scores with what they must be."""
    begin = time.perf_counter()
    try:
        scores, flagged, device = _scan()
    except (InspectorError, Cancelled) as error:
        return [Finding("self-test", "wrong", f"the scan of drawn photos failed: {error}", "see the other findings")]
    seconds = time.perf_counter() - begin
    worst = max(abs(score / expected - 1) for score, expected in zip(scores, EXPECTED, strict=True))
    told = f"{COUNT} drawn photos scanned on {device} in {seconds:.1f} s"
    if worst > TOLERANCE or flagged != [0]:
        named = ", ".join(f"{score:.4f}" for score in scores)
        message = f"{told}: their scores are {named}, up to {worst:.1%} from what they must be"
        remedy = "install the program again with the versions it was tested with (constraints.txt); try --device cpu"
        return [Finding("self-test", "wrong", message, remedy)]
    if seconds > PATIENCE:
        return [Finding("self-test", "warning", told, "close other programs: this machine is slower than it should be")]
    return [Finding("self-test", "good", f"{told}: scores within {worst:.2%} of what they must be")]


def _scan() -> tuple[list[float], list[int], str]:
    """Return raw scores, positions of the flagged photos, and the device."""
    from inspector.data.layouts import read_batch
    from inspector.jobs.scan import scan
    from inspector.store.workspace import Workspace

    with TemporaryDirectory(prefix="inspector-") as folder, Workspace(Path(folder) / "workspace") as store:
        (Path(folder) / "batch").mkdir()
        for index, photo in enumerate(draw_photos()):
            Image.fromarray(photo).save(Path(folder) / "batch" / f"{index}.png")
        run_id = scan(read_batch(Path(folder) / "batch"), SETTINGS, store)
        samples = store.runs.samples(run_id)
        device = store.runs.get(run_id).device
    return [s.raw_score or 0.0 for s in samples], [s.position for s in samples if s.flagged], device
