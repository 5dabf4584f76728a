"""Small generated parts with photo and cloud: a dome on a table, seen from above, some with a mark at a known pixel."""

import io
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

SIZE = (100, 160)
"""(H, W) of photo and cloud: padded to a square of 200."""

SPACING = 0.001
"""Metres between neighbouring points."""


def organised(seed: int, mark: tuple[int, int] | None = None, size: tuple[int, int] = SIZE) -> np.ndarray:
    """(H, W, 3) float32 metres: a dome 25 mm high on a table half a metre away; a mark is a bump of 8 mm."""
    row, col = np.mgrid[: size[0], : size[1]].astype(np.float64)
    across = ((row - size[0] / 2) / (0.35 * size[0])) ** 2 + ((col - size[1] / 2) / (0.4 * size[1])) ** 2
    height = 0.025 * np.sqrt(np.clip(1 - across, 0, None)) + 0.008 * (across < 1)
    height += np.random.default_rng(seed).normal(0, 0.0001, size)
    if mark is not None:
        height += 0.008 * np.clip(1 - ((row - mark[0]) ** 2 + (col - mark[1]) ** 2) / 7**2, 0, None)
    return np.stack([col * SPACING, row * SPACING, 0.5 - height], axis=2).astype(np.float32)


def photo(seed: int, mark: tuple[int, int] | None = None, size: tuple[int, int] = SIZE) -> np.ndarray:
    """(H, W, 3) uint8: a bright part on grey; a mark is a dark spot."""
    row, col = np.mgrid[: size[0], : size[1]]
    across = ((row - size[0] / 2) / (0.35 * size[0])) ** 2 + ((col - size[1] / 2) / (0.4 * size[1])) ** 2
    pixels = np.where(across < 1, 180, 90)[..., None] + np.random.default_rng(seed).normal(0, 3, (*size, 3))
    if mark is not None:
        pixels[(row - mark[0]) ** 2 + (col - mark[1]) ** 2 < 8**2] = 10
    return pixels.clip(0, 255).astype(np.uint8)


def save_tiff(path: Path, xyz: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, xyz, photometric="rgb")
    path.write_bytes(buffer.getvalue())


def save_photo(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def save_ply(path: Path, points: np.ndarray) -> None:
    """Points (M, 3) as binary PLY."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = "".join(f"property float {name}\n" for name in "xyz")
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(points)}\n{names}end_header\n"
    path.write_bytes(header.encode() + points.astype("<f4").tobytes())


def make_parts(
    folder: Path,
    count: int,
    *,
    photo_mark: tuple[int, int] | None = None,
    cloud_mark: tuple[int, int] | None = None,
    size: tuple[int, int] = SIZE,
) -> None:
    """Write parts in the layout of MVTec 3D-AD, all as kind "good"; part 0 gets the marks."""
    for number in range(count):
        marks = (photo_mark, cloud_mark) if number == 0 else (None, None)
        save_photo(folder / f"test/good/rgb/{number:03}.png", photo(number, marks[0], size))
        save_tiff(folder / f"test/good/xyz/{number:03}.tiff", organised(number, marks[1], size))


def part_points(seed: int) -> np.ndarray:
    """(M, 3) the points of a part without the table, in no order."""
    xyz = organised(seed).reshape(-1, 3)
    points = xyz[xyz[:, 2] < 0.495]
    return np.random.default_rng(seed).permutation(points)
