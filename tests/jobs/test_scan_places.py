"""The heat map's peak lies where the defect is, on photos that are not square."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.export.run import write_exports
from inspector.jobs.scan import scan
from inspector.presets import EMBEDDED
from inspector.store.workspace import Workspace

SPOT = (120, 650)
"""Row and column of the defect on the strip of 200 x 800."""


def make_strips(folder: Path, kind: str) -> None:
    folder.mkdir()
    for number in range(3):
        pixels = np.random.default_rng(number).normal(150, 4, (200, 800)) + 25 * np.sin(np.arange(800) / 40)
        pixels[30:36] -= 60
        if number == 2:
            pixels[SPOT[0] - 14 : SPOT[0] + 15, SPOT[1] - 14 : SPOT[1] + 15] = 20
        strip = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        exif = Image.Exif()
        if kind != "wide":
            strip = strip.transpose(Image.Transpose.ROTATE_90)
        if kind == "rotated by exif":
            exif[0x0112] = 6
        strip.save(folder / f"{number}.png", exif=exif)


@pytest.mark.parametrize("kind", ["wide", "tall", "rotated by exif"])
@pytest.mark.parametrize(
    "changes", [{}, {"tiles": 2, "phases": 1, "more_sizes": ()}, {"tiles": 2, "image_size": 128, "more_sizes": ()}]
)
def test_the_peak_lies_on_the_defect(tmp_path, kind, changes):
    make_strips(tmp_path / "batch", kind)

    with Workspace(tmp_path / "w") as store:
        run_id = scan(read_batch(tmp_path / "batch"), EMBEDDED.changed(**changes), store)
        written = write_exports(store, run_id, tmp_path / "out", ["full-maps"])
    with Image.open(written["full-maps"] / "2.tiff") as image:
        anomaly_map = np.asarray(image)

    row, col = np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)
    if kind == "tall":
        row, col = col, 799 - row
    assert anomaly_map.shape == ((800, 200) if kind == "tall" else (200, 800))
    assert abs(row - SPOT[0]) <= 6 + 14  # half a patch and half the spot
    assert abs(col - SPOT[1]) <= 25 + 14
