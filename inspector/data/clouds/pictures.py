"""Clouds without a photo as pictures: projected to pixels, shaded by slope."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from inspector.data.clouds.cloud import Cloud

ORGANISED_SIDE = 224
"""Longer side of the grid that unorganised clouds are projected on: the size that organised ones are scored at."""


SPARSE = 1.5
"""Pixels from one point to the next, on average, from which few pixels have a point."""


def organise_cloud(cloud: Cloud, side: int = ORGANISED_SIDE) -> tuple[Cloud, NDArray[np.int64]]:
    """Show an unorganised cloud on a pixel grid: seen along its thinnest direction, one point per pixel.

    Where several points fall on a pixel, the one nearest to the viewer is shown.

    Args:
        cloud: any points; an existing grid is not used.
        side: longer side of the new grid, in pixels.

    Returns:
        The points that are shown as an organised cloud, and their indices (K,) in the given one.
    """
    points = cloud.points.astype(np.float64)
    thin = int(np.ptp(points, axis=0).argmin())
    across, up = (axis for axis in (0, 1, 2) if axis != thin)
    towards = -points[:, thin] if thin == 1 else points[:, thin]  # x to the right and z up are seen against y
    flat = points[:, [across, up]]
    scale = (side - 1) / max(float(np.ptp(flat, axis=0).max()), 1e-12)
    cols, rows = np.rint((flat - flat.min(axis=0)) * scale).astype(np.int64).T
    rows = rows.max() - rows  # the second axis points up, rows go down
    size = (int(rows.max()) + 1, int(cols.max()) + 1)
    pixels = rows * size[1] + cols
    order = np.lexsort((-towards, pixels))
    shown = order[np.unique(pixels[order], return_index=True)[1]]
    return Cloud(cloud.points[shown], pixels[shown], size, None, cloud.name), shown


def close_gaps(cloud: Cloud) -> Cloud:
    """Fill the pixels between the points of an organised cloud that lie further apart than pixels do.

    A pixel without a point gets the mean of those around it, where it lies among them and not at their edge; how far
    around is told by how far apart points lie on average. Larger holes stay. Where few pixels have a point, these get
    that mean, too: they would stand out as grains.

    Args:
        cloud: organised.

    Returns:
        The cloud with further points, for pictures alone.
    """
    assert cloud.pixels is not None
    assert cloud.size is not None
    if len(cloud.pixels) < 2:
        return cloud
    at = np.stack(np.divmod(cloud.pixels, cloud.size[1]), axis=1)
    apart = float(cKDTree(at).query(at, k=2)[0][:, 1].mean())
    grid, known = np.zeros((*cloud.size, 3)), np.zeros(cloud.size)
    first = cloud.points[0].astype(np.float64)
    grid.reshape(-1, 3)[cloud.pixels] = cloud.points - first
    known.reshape(-1)[cloud.pixels] = 1
    sums, weights = (cv2.GaussianBlur(each, (0, 0), 1.5 * apart) for each in (grid, known))
    shown = (known > 0) | (weights >= 0.5 * np.median(weights[known > 0]))
    smoothed = shown if apart >= SPARSE else shown & (known == 0)
    grid[smoothed] = sums[smoothed] / weights[smoothed][:, None]
    pixels = np.flatnonzero(shown)
    points = grid.reshape(-1, 3)[pixels] + first
    return Cloud(points.astype(cloud.points.dtype), pixels, cloud.size, None, cloud.name)


def shade_cloud(cloud: Cloud) -> NDArray[np.uint8]:
    """Shade an organised cloud by the slope between neighbouring pixels, light from the upper left.

    Args:
        cloud: organised.

    Returns:
        (H, W, 3) uint8 grey, black where there is no point.
    """
    assert cloud.pixels is not None
    assert cloud.size is not None
    grid = np.full((*cloud.size, 3), np.nan)
    grid.reshape(-1, 3)[cloud.pixels] = cloud.points
    normals = np.cross(_subtract_neighbours(grid, 1), _subtract_neighbours(grid, 0))
    lengths = np.linalg.norm(normals, axis=2, keepdims=True)
    normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    facing = normals * np.sign(np.nanmedian(normals[..., 2]) or 1.0)
    light = np.array([-0.5, -0.5, 0.7071])
    brightness = np.clip(facing @ light, 0, 1) * 0.75 + 0.2
    filled = np.isfinite(grid).all(axis=2)
    grey = np.where(filled, np.nan_to_num(brightness, nan=0.5), 0)
    return np.repeat((grey * 255).astype(np.uint8)[..., None], 3, axis=2)


def _subtract_neighbours(grid: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Differences to the next pixel along an axis, 0 where one of both is a hole."""
    steps = np.diff(grid, axis=axis, append=np.take(grid, [-1], axis=axis))
    return np.nan_to_num(steps)
