"""Photos whose pixels were misread in silence: each batch must come out as its 8-bit original does."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from tests.cases.batches import BAD, Scanned, save_png, scan_folder, store_chips


def save_tiff(path: Path, pixels: NDArray[Any], **options: Any) -> None:
    tifffile.imwrite(path.with_name(f"{path.name}.tif"), pixels, **options)


def add_noise(grey: NDArray[np.uint8], bits: int) -> NDArray[np.uint16]:
    """The grey values as a camera of so many bits delivers them, the bits below the eighth at random."""
    below = np.random.default_rng(int(grey.sum())).integers(0, 1 << bits - 8, grey.shape, dtype=np.uint16)
    return grey.astype(np.uint16) * (1 << bits - 8) + below


def test_the_originals_are_told_apart(colour: Scanned, grey: Scanned) -> None:
    """What the other cases are compared with is worth comparing with."""
    assert (colour.flagged, grey.flagged) == (set(BAD), set(BAD))
    assert (colour.separates(), grey.separates()) == (True, True)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_twelve_bits_in_sixteen(tmp_path, shelf, grey, bits):
    folder = store_chips(tmp_path / "b", lambda path, pixels: save_tiff(path, add_noise(pixels, bits)), grey=True)

    found = scan_folder(folder, shelf)

    assert found.flagged == grey.flagged
    assert found.separates()
    assert max(abs(found.scores[name] - score) for name, score in grey.scores.items()) < 0.1


def save_padded_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    save_png(path, np.dstack([pixels, np.zeros(pixels.shape[:2], np.uint8)]))


def save_padded_bmp(path: Path, pixels: NDArray[np.uint8]) -> None:
    """BGRA with the header of version 4, as GDI+ writes it: the fourth channel is said to be alpha, and is 0."""
    height, width = pixels.shape[:2]
    rows = np.dstack([pixels[::-1, :, ::-1], np.zeros((height, width), np.uint8)]).tobytes()
    header = struct.pack("<IiiHHIIiiII", 108, width, height, 1, 32, 3, len(rows), 2835, 2835, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    start = b"BM" + struct.pack("<IHHI", 122 + len(rows), 0, 0, 122)
    path.with_name(f"{path.name}.bmp").write_bytes(start + header.ljust(108, b"\0") + rows)


@pytest.mark.parametrize("save", [save_padded_png, save_padded_bmp])
def test_fourth_channel_that_is_padding(tmp_path, shelf, colour, save):
    found = scan_folder(store_chips(tmp_path / "b", save), shelf)

    assert found.scores == colour.scores
    assert found.flagged == colour.flagged


def test_transparent_cut_outs_stay_white(tmp_path, shelf):
    """A cut-out: transparent around the part, whatever colours lie beneath."""

    def cut_out(path: Path, pixels: NDArray[np.uint8]) -> None:
        rows, cols = np.indices(pixels.shape[:2])
        part = (rows - 80) ** 2 + (cols - 90) ** 2 < 78**2
        noise = np.random.default_rng(len(path.name)).integers(0, 256, pixels.shape, dtype=np.uint8)
        save_png(path, np.dstack([np.where(part[..., None], pixels, noise), part.astype(np.uint8) * 255]))

    def lay_on_white(path: Path, pixels: NDArray[np.uint8]) -> None:
        rows, cols = np.indices(pixels.shape[:2])
        part = (rows - 80) ** 2 + (cols - 90) ** 2 < 78**2
        save_png(path, np.where(part[..., None], pixels, np.uint8(255)))

    found = scan_folder(store_chips(tmp_path / "cut", cut_out), shelf)

    assert found.scores == scan_folder(store_chips(tmp_path / "white", lay_on_white), shelf).scores


def test_four_bands_of_eight_bits(tmp_path, shelf, colour):
    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        bands = np.dstack([pixels, np.asarray(Image.fromarray(pixels).convert("L"))])
        save_tiff(path, bands, photometric="minisblack", planarconfig="contig")

    found = scan_folder(store_chips(tmp_path / "b", write), shelf)

    assert found.scores == colour.scores
    assert found.flagged == set(BAD)


def test_sixteen_bit_colour_plane_by_plane(tmp_path, shelf):
    def tint(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
        return (pixels.astype(np.float32) * (1.0, 0.55, 0.25) * 257).astype(np.uint16)  # copper

    def write_planar(path: Path, pixels: NDArray[np.uint8]) -> None:
        save_tiff(path, np.moveaxis(tint(pixels), 2, 0), photometric="rgb", planarconfig="separate")

    def write_contiguous(path: Path, pixels: NDArray[np.uint8]) -> None:
        save_tiff(path, tint(pixels), photometric="rgb", planarconfig="contig")

    planar = scan_folder(store_chips(tmp_path / "planar", write_planar), shelf)
    contiguous = scan_folder(store_chips(tmp_path / "contiguous", write_contiguous), shelf)

    assert planar.scores == contiguous.scores
    assert planar.separates()
    assert planar.flagged == contiguous.flagged != set()


@pytest.mark.parametrize("kind", ["white8", "white16", "mixed"])
def test_zero_is_white(tmp_path, shelf, grey, kind):
    def write(path: Path, pixels: NDArray[np.uint8]) -> None:
        deep = pixels.astype(np.uint16) * 257
        if kind == "white8":
            save_tiff(path, 255 - pixels, photometric="miniswhite")
        elif kind == "white16" or path.name in ("good_003", "good_006"):
            save_tiff(path, 65535 - deep, photometric="miniswhite")
        else:
            save_tiff(path, deep, photometric="minisblack")

    found = scan_folder(store_chips(tmp_path / "b", write, grey=True), shelf)

    assert found.scores == grey.scores
    assert found.flagged == set(BAD)


def encode_jpeg(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def test_jpeg_without_end_marker(tmp_path, shelf):
    def write_whole(path: Path, pixels: NDArray[np.uint8]) -> None:
        path.with_name(f"{path.name}.jpg").write_bytes(encode_jpeg(pixels))

    def write_half_of_them_without(path: Path, pixels: NDArray[np.uint8]) -> None:
        content = encode_jpeg(pixels)
        path.with_name(f"{path.name}.jpg").write_bytes(content if path.name.endswith("1") else content[:-2])

    whole = scan_folder(store_chips(tmp_path / "whole", write_whole), shelf)
    found = scan_folder(store_chips(tmp_path / "without", write_half_of_them_without), shelf)

    assert found.run.unreadable == 0
    assert found.scores == whole.scores
    assert set(found.reasons) == {name for name in found.scores if not name.endswith("1")}
