"""Points in space to places on a screen and back, with numpy alone."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


LARGEST_DOT = 12
"""Pixels of a painted point's side, however close one looks."""


@dataclass(frozen=True)
class ScoredCloud:
    """The points of one sample, as the store keeps them.

    Attributes:
        points: (M, 3) x, y, z.
        scores: (M,) on the scale of the maps.
        pixels: (M,) row * W + col of each point in the sample's picture; -1 = not shown there.
        shade: (M,) 0..1, how bright each point is.
        spacing: how far neighbours are apart.
    """

    points: NDArray[np.float32] = field(repr=False)
    scores: NDArray[np.float32] = field(repr=False)
    pixels: NDArray[np.int64] = field(repr=False)
    shade: NDArray[np.float32] | None = field(default=None, repr=False)
    spacing: float = 0.0


@dataclass(frozen=True)
class Viewpoint:
    """Looks at a cloud from outside, without perspective.

    Attributes:
        turn: degrees about the vertical axis of the screen; 0 = as the sensor saw it.
        tilt: degrees about the horizontal axis of the screen.
        zoom: 1 = the whole cloud fits.
        shift_x, shift_y: pan in shares of the screen's shorter side.
    """

    turn: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0


def centre_and_radius(points: Floats) -> tuple[NDArray[np.float64], float]:
    """Return the middle of a cloud's box, and half of the box's diagonal; 1 where there is no extent."""
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    return (low + high) / 2, float(np.linalg.norm(high - low)) / 2 or 1.0


def project_points(
    points: Floats, viewpoint: Viewpoint, size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bring points to the screen.

    The sensor's axes are kept: x to the right, y down, z away from the viewer.

    Args:
        points: (M, 3).
        viewpoint: where it is looked at from.
        size: (H, W) of the screen in pixels.

    Returns:
        Places (M, 2) as (x, y) in pixels, and depths (M,), smaller = nearer.
    """
    centre, radius = centre_and_radius(points)
    turn, tilt = np.radians(viewpoint.turn), np.radians(viewpoint.tilt)
    about_y = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    turned = (points - centre) @ (about_x @ about_y).T
    side = min(size)
    places = turned[:, :2] * (0.48 * side * viewpoint.zoom / radius)
    places += (size[1] / 2 + viewpoint.shift_x * side, size[0] / 2 + viewpoint.shift_y * side)
    return places, turned[:, 2]


def dot_side(points: Floats, spacing: float, viewpoint: Viewpoint, size: tuple[int, int]) -> int:
    """Return the side of a painted point in pixels, so that neighbours touch at any zoom: 2 to `LARGEST_DOT`."""
    _, radius = centre_and_radius(points)
    return int(np.clip(np.ceil(spacing * 0.48 * min(size) * viewpoint.zoom / radius), 2, LARGEST_DOT))


def paint_points(
    places: Floats,
    depths: Floats,
    colours: NDArray[np.uint8],
    size: tuple[int, int],
    background: tuple[int, int, int],
    side: int = 2,
) -> NDArray[np.uint8]:
    """Paint points as squares of `side` pixels, the nearer over the farther: (H, W, 3) uint8."""
    height, width = size
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = background
    seen = np.flatnonzero(
        (np.abs(places - (width / 2, height / 2)) <= (width / 2 + side, height / 2 + side)).all(axis=1)
    )
    order = seen[np.argsort(-depths[seen], kind="stable")]
    cols, rows = np.floor(places[order]).astype(np.int64).T - (side - 1) // 2
    for down, right in np.ndindex(side, side):
        row, col = rows + down, cols + right
        inside = (row >= 0) & (row < height) & (col >= 0) & (col < width)
        picture[row[inside], col[inside]] = colours[order][inside]
    return picture


def point_at(places: Floats, depths: Floats, x: float, y: float, reach: float = 6.0) -> int | None:
    """Return the point of the foremost surface that is nearest to a place on the screen.

    Points within `reach` pixels count, and of these the ones no deeper than a fiftieth of the cloud behind the first.
    None where there is none.
    """
    distances = ((places - (x, y)) ** 2).sum(axis=1)
    near = np.flatnonzero((distances <= reach**2) & np.isfinite(depths))
    if not near.size:
        return None
    seen = depths[np.isfinite(depths)]
    front = near[depths[near] <= depths[near].min() + (seen.max() - seen.min()) / 50]
    return int(front[np.argmin(distances[front])])


def point_of_pixel(pixels: NDArray[np.int64], width: int, x: float, y: float) -> int | None:
    """Return the point whose photo pixel is nearest to a place in the photo; None where no point has a pixel."""
    known = np.flatnonzero(pixels >= 0)
    if not known.size:
        return None
    rows, cols = np.divmod(pixels[known], width)
    return int(known[np.argmin((cols + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2)])
