"""Scored points -> a picture, by own projection: works without a display."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from inspector.export.rendering import Pixels, lay_over

TILT = math.radians(35)
"""How far the viewer steps from above the picture towards its lower edge: enough to see dents, none hidden."""

TURN = math.radians(-12)
"""How far the viewer steps to the side."""

BACKDROP = (38, 42, 47)
GREY = 205
LIGHT = np.array([-0.45, -0.62, -0.64])
"""Direction to the light in the view's axes (right, down, away): from the upper left, before the part."""

MARGIN = 0.06
"""Share of the picture that stays free around the cloud."""

SPACING_POINTS = 2000
"""Points whose neighbours say how large points are drawn."""

LARGEST_DOT = 12
"""Points are not drawn larger than this, in pixels."""


def render_cloud(
    points: NDArray[np.float32],
    scores: NDArray[np.float32],
    pixels: NDArray[np.int64],
    width: int,
    value_range: tuple[float, float],
    *,
    size: tuple[int, int] = (420, 420),
    colormap: str = "inferno",
) -> Pixels:
    """Draw scored points obliquely from above, shaded grey where cold, coloured as in overlays where hot.

    The view has the orientation of the sample's picture: what is right in it is right here. Nearer points hide others.

    Args:
        points: (M, 3) in any unit, M > 0.
        scores: (M,) on the scale of the maps.
        pixels: (M,) row x `width` + col in the sample's picture; -1 = not shown there.
        width: of the sample's picture in pixels.
        value_range: values of the coldest and the hottest colour.
        size: (h, w) of the new picture in pixels; the cloud fills it as far as its shape allows.
        colormap: a name in `COLORMAPS`.

    Returns:
        (h, w, 3) uint8 RGB.
    """
    seen = _find_view(points.astype(np.float64), pixels, width)
    low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
    room = np.array(size[::-1], dtype=np.float64) * (1 - MARGIN)
    scale = float((room / np.maximum(high - low, 1e-12)).min())
    places = (seen[:, :2] - (low + high) / 2) * scale + (np.array(size[::-1]) - 1) / 2
    dot = min(LARGEST_DOT, max(1, math.ceil(_measure_spacing(seen) * scale)))
    index = _draw_nearest(places, seen[:, 2], size, dot)
    covered = index >= 0
    depth = np.where(covered, seen[index, 2] * scale, np.nan)
    grey = np.where(covered, GREY * _shade(depth, 1.0 + dot / 2), 0)
    picture = lay_over(
        np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2),
        np.where(covered, scores[index], value_range[0]).astype(np.float32),
        value_range,
        colormap=colormap,
    )
    picture[~covered] = BACKDROP
    return picture


def _find_view(points: NDArray[np.float64], pixels: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """Coordinates (M, 3) along the view's axes: right, down, away from the viewer."""
    shown = pixels >= 0
    rows, cols = np.divmod(pixels[shown], width)
    steps = np.stack([cols, rows, np.ones(len(rows))], axis=1)
    right, down, _ = np.linalg.lstsq(steps, points[shown], rcond=None)[0]
    right = _scale_to_unit(right, (1, 0, 0))
    down = _scale_to_unit(down - (down @ right) * right, (0, 1, 0) if abs(right[1]) < 0.9 else (0, 0, 1))
    away = np.cross(right, down)
    right, away = _turn(right, away, TURN)
    down, away = _turn(down, away, TILT)
    coordinates: NDArray[np.float64] = (points - points.mean(axis=0)) @ np.stack([right, down, away]).T
    return coordinates


def _turn(
    first: NDArray[np.float64], second: NDArray[np.float64], angle: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn two axes in their plane, the first towards the second."""
    return math.cos(angle) * first + math.sin(angle) * second, math.cos(angle) * second - math.sin(angle) * first


def _scale_to_unit(vector: NDArray[np.float64], otherwise: tuple[int, int, int]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else np.array(otherwise, dtype=np.float64)


def _measure_spacing(points: NDArray[np.float64]) -> float:
    """Distance within which nine points of ten have four neighbours: points drawn so large leave no gaps."""
    if len(points) < 5:
        return 0.0
    some = points[:: max(1, len(points) // SPACING_POINTS)]
    return float(np.quantile(KDTree(points).query(some, [5])[0], 0.9))


def _draw_nearest(
    places: NDArray[np.float64], depth: NDArray[np.float64], shape: tuple[int, int], size: int
) -> NDArray[np.int64]:
    """Draw each point as a square of `size` pixels; return the index of the nearest at each pixel, -1 = none."""
    order = np.argsort(-depth, kind="stable")  # the nearest are written last
    cols, rows = (np.rint(places[order] - (size - 1) / 2)).astype(np.int64).T
    offsets = np.mgrid[:size, :size].reshape(2, -1)
    rows = np.clip(rows[:, None] + offsets[0], 0, shape[0] - 1)
    cols = np.clip(cols[:, None] + offsets[1], 0, shape[1] - 1)
    index = np.full(shape, -1, dtype=np.int64)
    index[rows.ravel(), cols.ravel()] = np.repeat(order, size * size)
    return index


def _shade(depth: NDArray[np.float64], blur: float) -> NDArray[np.float64]:
    """Light on the smoothed surface of a depth image, (H, W) in pixels, NaN = nothing there: 0..1."""
    covered = np.isfinite(depth)
    weights = cv2.GaussianBlur(covered.astype(np.float64), (0, 0), blur)
    sums = cv2.GaussianBlur(np.nan_to_num(depth), (0, 0), blur)
    smooth = sums / np.maximum(weights, 1e-6)
    down, right = np.gradient(smooth)
    facing = (right * LIGHT[0] + down * LIGHT[1] - LIGHT[2]) / np.sqrt(1 + right**2 + down**2)
    brightness: NDArray[np.float64] = 0.3 + 0.7 * np.clip(facing, 0, 1)
    return brightness
