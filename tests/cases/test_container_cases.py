"""The same pictures in every container: the same levels, the same scores."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from inspector import read_batch
from inspector.data.photos import decode_photo
from inspector.events import silent
from inspector.jobs.values import choose_value_ranges
from tests.cases.batches import load_chips, scan_folder, store_chips, to_grey
from tests.cases.containers import COLOUR, GREY, Container

SCANNED = (
    *("PNG 12 of 16 bits", "PNG 16 bits", "TIFF 16 bits tiled planar", "TIFF infrared, dark", "JPEG XL lossless"),
    *("TIFF float32", "TIFF 16 bits MinIsWhite", "TIFF 12 bits packed", "TIFF 16 bits signed", "PGM 1023"),
)
"""What is scanned, too; the others are read as a scan reads them, and pixels that are equal score equally."""


def store(folder: Path, container: Container, *, grey: bool) -> Path:
    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        path.with_name(f"{path.name}{container.suffix}").write_bytes(container.encode(pixels))

    return store_chips(folder, write, grey=grey)


def decode_batch(folder: Path, value_range: str = "auto") -> dict[str, NDArray[np.uint8]]:
    """Decode the photos of a folder on the scale that a scan of it chooses."""
    batch = read_batch(folder)
    ranges = choose_value_ranges(batch, value_range, silent)
    files = {Path(sample.name).stem: sample.image for sample in batch.samples if sample.image}
    return {stem: decode_photo(file.read_bytes(), file.name, ranges).pixels for stem, file in files.items()}


@pytest.mark.parametrize("name", GREY)
def test_grey_levels_come_back(tmp_path, name):
    decoded = decode_batch(store(tmp_path / "b", GREY[name], grey=True))

    assert set(decoded) == set(load_chips())
    for stem, pixels in load_chips().items():
        assert np.array_equal(decoded[stem], np.repeat(to_grey(pixels)[..., None], 3, axis=2)), stem


@pytest.mark.parametrize("name", COLOUR)
def test_colours_come_back(tmp_path, name):
    decoded = decode_batch(store(tmp_path / "b", COLOUR[name], grey=False))

    assert set(decoded) == set(load_chips())
    for stem, pixels in load_chips().items():
        assert np.array_equal(decoded[stem], pixels), stem


@pytest.mark.parametrize("name", [name for name in SCANNED if name in GREY])
def test_grey_containers_score_alike(tmp_path, shelf, grey, name):
    found = scan_folder(store(tmp_path / "b", GREY[name], grey=True), shelf)

    assert (found.scores, found.flagged) == (grey.scores, grey.flagged)


@pytest.mark.parametrize("name", [name for name in SCANNED if name in COLOUR])
def test_colour_containers_score_alike(tmp_path, shelf, colour, name):
    found = scan_folder(store(tmp_path / "b", COLOUR[name], grey=False), shelf)

    assert (found.scores, found.flagged) == (colour.scores, colour.flagged)


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("GIF", ".gif"), ("BMP", ".bmp"), ("TIFF", ".tif")])
def test_palettes_are_read_as_displayed(tmp_path, kind, suffix):
    shown = {}

    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        palette = Image.fromarray(pixels).quantize(200)
        palette.save(f"{path}{suffix}", kind)
        shown[path.name] = np.asarray(palette.convert("RGB"))

    decoded = decode_batch(store_chips(tmp_path / "b", write))

    for stem, pixels in shown.items():
        assert np.array_equal(decoded[stem], pixels), stem


MEASURED = {
    "degrees Celsius": lambda levels: (levels * 0.35 - 20).astype(np.float32),
    "hundredths of a Kelvin": lambda levels: 27315 + levels.astype(np.uint16) * 12,
    "millimetres": lambda levels: (400 + levels * 0.5).round().astype(np.uint16),
    "signed counts": lambda levels: (levels.astype(np.int32) * 40 - 5000).astype(np.int16),
    "metres": lambda levels: (0.4 + levels * 0.0005).astype(np.float64),
}
"""Values that no display shows, made of the levels 0 to 255."""


@pytest.mark.parametrize("name", MEASURED)
def test_measured_values_are_on_one_scale_for_the_batch(tmp_path, name):
    """Whatever the scale is: a value is the same grey in each photo, and greys are many."""

    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        dimmed = pixels if path.name != "good_000" else pixels // 2
        tifffile.imwrite(f"{path}.tif", MEASURED[name](dimmed))

    decoded = decode_batch(store_chips(tmp_path / "b", write, grey=True))

    values, greys = [], []
    for stem, pixels in load_chips().items():
        levels = to_grey(pixels) if stem != "good_000" else to_grey(pixels) // 2
        values.append(MEASURED[name](levels).ravel())
        greys.append(decoded[stem][..., 0].ravel())
    pairs = np.unique(np.stack([np.concatenate(values), np.concatenate(greys)]), axis=1)  # by value, then by grey
    assert (np.diff(pairs[0]) > 0).all()
    assert (np.diff(pairs[1]) >= 0).all()
    assert len(np.unique(pairs[1])) > 60


@pytest.mark.parametrize("top", [1.0, 4095.0])
def test_hot_pixels_do_not_darken_the_others(tmp_path, top):
    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        values: NDArray[Any] = (pixels * (top / 255)).astype(np.float32)
        values[5, 7], values[9, 3] = top * 40, np.inf
        values[11, 2] = np.nan
        tifffile.imwrite(f"{path}.tif", values)

    decoded = decode_batch(store_chips(tmp_path / "b", write, grey=True))

    for stem, pixels in load_chips().items():
        expected = to_grey(pixels).astype(int)
        found = decoded[stem][..., 0].astype(int)
        difference = np.abs(found - expected)
        difference[[5, 9, 11], [7, 3, 2]] = 0
        assert difference.max() == 0, stem


def test_the_range_can_be_set(tmp_path):
    """Twelve bits that a batch of dark photos uses to a quarter: told, they are on the camera's scale."""
    folder = store_chips(
        tmp_path / "b", lambda path, pixels: tifffile.imwrite(f"{path}.tif", pixels.astype(np.uint16) * 4), grey=True
    )

    set_by_hand = decode_batch(folder, "0, 4095")
    full = decode_batch(folder, "full")

    for stem, pixels in load_chips().items():
        values = to_grey(pixels).astype(np.float64) * 4
        assert np.array_equal(set_by_hand[stem][..., 0], np.floor(values * 255 / 4095 + 0.5)), stem
        assert np.array_equal(full[stem][..., 0], np.floor(values * 255 / 65535 + 0.5)), stem
