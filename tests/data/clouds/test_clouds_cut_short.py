"""Clouds whose header says less or more than their file holds, and texts that break off or run together."""

import io
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
import tifffile

from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.data.clouds.xyz import parse_xyz
from inspector.errors import InputError

ROWS, COLS = np.mgrid[:16, :20]
GRID = np.stack([COLS * 0.5, ROWS * 0.5, 50 + np.sin(COLS) + np.cos(ROWS)], axis=2).astype(np.float32)
DEPTH = np.uint16(GRID[..., 2] * 100)
CAMERA = PinholeCamera((500, 500), (10, 8))
LINES = ["{:.4f} {:.4f} {:.4f}\n".format(*point) for point in GRID.reshape(-1, 3)]
MORE_ROWS = "its file holds more rows than its header says"


def write_tiff(values, height, **options):
    """Write a TIFF that says it has so many rows."""
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, photometric="rgb" if values.ndim == 3 else "minisblack", **options)
    content = stream.getvalue()
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        place = file.pages.first.tags[257].valueoffset
    return content[:place] + struct.pack("<H", height) + content[place + 2 :]


def write_png(values, height):
    """Write a PNG that says it has so many rows."""
    content = imagecodecs.png_encode(values)
    header = content[12:20] + struct.pack(">I", height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


GRIDS = {
    "points.tiff": lambda height: write_tiff(GRID, height),
    "points lzw.tiff": lambda height: write_tiff(GRID, height, compression="lzw"),
    "points in strips.tiff": lambda height: write_tiff(GRID, height, rowsperstrip=4),
    "points in tiles.tiff": lambda height: write_tiff(GRID, height, tile=(16, 16)),
    "depth.tiff": lambda height: write_tiff(DEPTH, height, compression="lzw"),
    "depth.png": lambda height: write_png(DEPTH, height),
}


@pytest.mark.parametrize("name", [name for name in GRIDS if "tiles" not in name])
def test_grids_whose_header_says_half_of_their_rows_are_noted(tmp_path, name):
    (tmp_path / name).write_bytes(GRIDS[name](16))
    whole = read_cloud(tmp_path / name, camera=CAMERA)
    (tmp_path / name).write_bytes(GRIDS[name](8))
    half = read_cloud(tmp_path / name, camera=CAMERA)

    assert (whole.size, whole.notes) == ((16, 20), ())
    assert (half.size, half.notes) == ((8, 20), (MORE_ROWS,))


@pytest.mark.parametrize("name", GRIDS)
def test_grids_whose_header_says_twice_their_rows_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(GRIDS[name](32))

    with pytest.raises(InputError, match=r"strips or tiles|ends before its last pixel|is damaged"):
        read_cloud(tmp_path / name, camera=CAMERA)


def test_depth_image_with_bytes_behind_its_end_is_noted(tmp_path):
    (tmp_path / "depth.png").write_bytes(write_png(DEPTH, 16) + b"more")

    assert read_cloud(tmp_path / "depth.png", camera=CAMERA).notes == ("the file goes on behind its end (4 bytes)",)


@pytest.mark.parametrize("lost", [3, 8])
def test_text_that_breaks_off_within_a_number_is_refused(lost):
    with pytest.raises(InputError, match=r"a\.xyz is cut off: its last line ends within a number"):
        parse_xyz("".join(LINES)[:-lost].encode(), "a.xyz")


@pytest.mark.parametrize("end", ["", "\x1a", "\n", "\r\n\x1a"])
def test_text_whose_last_number_is_whole_is_read(end):
    parsed = parse_xyz(("".join(LINES).rstrip("\n") + end).encode(), "a.xyz")

    np.testing.assert_allclose(parsed.points, GRID.reshape(-1, 3), atol=1e-4)


def test_text_whose_numbers_have_as_many_digits_as_they_need_may_end_anyhow():
    lines = [" ".join(f"{value:.6g}" for value in point) for point in GRID.reshape(-1, 3)]

    assert len(parse_xyz("\n".join([*lines, "1 2 50"]).encode(), "a.xyz").points) == len(lines) + 1


def test_text_that_ends_with_a_hole_is_whole():
    parsed = parse_xyz(("".join(LINES) + "9.5 7.5 nan").encode(), "a.xyz")

    np.testing.assert_allclose(parsed.points[: len(LINES)], GRID.reshape(-1, 3), atol=1e-4)


def test_lines_that_run_together_are_noted():
    joined = [*LINES[:50], LINES[50].replace("\n", " "), *LINES[51:]]

    parsed = parse_xyz("".join(joined).encode(), "a.xyz")

    assert parsed.notes == ("one of its lines holds more numbers than the first, which were passed over",)
