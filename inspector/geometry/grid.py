"""Patches, pixels and maps: from each to the others. No torch."""

from math import prod
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Alignment = Literal["centres", "corners"]
"""How n values lie along a side. "centres": value i is that of the middle of [i/n, (i+1)/n], as pixels and patches lie,
and as image tools resize. "corners": value i stands at i/(n-1), the outermost on the ends (as published for MuSc)."""

Pixels = TypeVar("Pixels")
"""Whole numbers in an array or a tensor: arithmetic is the same for both."""


def patches_of(pixels: Pixels, grid: tuple[int, int], image_size: int | tuple[int, int]) -> Pixels:
    """Find the patch each pixel falls in.

    Args:
        pixels: int64 array or tensor of any shape, row x W + col.
        grid: (rows, cols) of the patches.
        image_size: (H, W) in pixels, or the side of a square.

    Returns:
        int64 of the same shape, row x cols + col of the patch.

    Raises:
        ValueError: a pixel outside the image.

    Example:
        Pixel 5 of a 4 x 4 image, (1, 1), lies in patch 0 of a 2 x 2 grid; pixel 10, (2, 2), in patch 3.
    """
    height, width = (image_size, image_size) if isinstance(image_size, int) else image_size
    numbers: Any = pixels
    if prod(numbers.shape) and not 0 <= int(numbers.min()) <= int(numbers.max()) < height * width:
        raise ValueError(f"expected pixels of a {height} x {width} image, but some lie outside")
    rows, cols = grid
    found: Pixels = numbers // width * rows // height * cols + numbers % width * cols // width
    return found


def stretch_map(
    anomaly_map: NDArray[np.float32], size: tuple[int, int], alignment: Alignment = "centres"
) -> NDArray[np.float32]:
    """Stretch a stored map to the pixels of its photo, bilinear as `grid_maps` does it.

    Args:
        anomaly_map: (h, w) float32.
        size: (H, W) in pixels.
        alignment: how the map lies on the photo.

    Returns:
        (H, W) float32.
    """
    rows, cols = (
        _interpolation(source, target, alignment) for source, target in zip(anomaly_map.shape, size, strict=True)
    )
    return np.asarray(rows @ anomaly_map @ cols.T, dtype=np.float32)


def limit_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Choose a size (h, w) of the same proportions whose longer side is at most `longest` pixels.

    Example:
        (3072, 1536) with at most 1536 gives (1536, 768); (100, 200) stays.
    """
    height, width = size
    scale = min(1.0, longest / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def map_scale(size: tuple[int, int], map_size: tuple[int, int]) -> tuple[float, float]:
    """Return the pixels of a photo (H, W) per pixel of a smaller picture of it (h, w), in x and y, edge to edge."""
    (height, width), (rows, cols) = size, map_size
    return width / cols, height / rows


def _interpolation(source: int, target: int, alignment: Alignment) -> NDArray[np.float32]:
    """Weights (target, source) of linear interpolation in one direction; beyond the last value it stays."""
    if alignment == "corners":
        places = np.linspace(0, source - 1, target) if target > 1 else np.zeros(1)
    else:
        places = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    left = np.clip(places.astype(int), 0, max(source - 2, 0))
    weights = np.zeros((target, source), np.float32)
    rows = np.arange(target)
    weights[rows, left] = 1 - (places - left)
    weights[rows, np.minimum(left + 1, source - 1)] += places - left
    return weights
