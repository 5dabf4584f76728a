"""What the eye needs to see a cloud as a surface: how far points are apart, and how they catch the light."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

NEIGHBOURS = 9
"""Points that make a surface: itself and the eight around it on a grid."""

LIGHT = np.array([0.35, 0.45, 0.82])
"""Where the light comes from, to the sensor's axes (x right, y down, z away): from above, half left of the viewer."""

DARKEST = 0.35
"""Share of the colour that is left where a surface catches no light."""


def find_spacing(points: Floats, most: int = 2000) -> float:
    """Return how far neighbours are apart, on all four sides: the median over `most` of (M, 3) points; 0 for few."""
    from scipy.spatial import cKDTree  # takes a while, which only clouds are worth

    if len(points) < NEIGHBOURS:
        return 0.0
    some = points[:: max(1, len(points) // most)]
    distances, _ = cKDTree(points).query(some, k=5)  # itself, and those left, right, above and below
    return float(np.median(distances[:, 4]))


def shade_points(points: Floats) -> NDArray[np.float32]:
    """Return how bright each of (M, 3) points is, `DARKEST`..1: by the angle of its surface to the light.

    The surface of a point is the plane through it and its neighbours; which side is outside does not matter.
    """
    from scipy.spatial import cKDTree

    if len(points) < NEIGHBOURS:
        return np.ones(len(points), dtype=np.float32)
    _, nearest = cKDTree(points).query(points, k=NEIGHBOURS, workers=1)
    around = points[nearest] - points[nearest].mean(axis=1, keepdims=True)
    _, axes = np.linalg.eigh(np.einsum("mki,mkj->mij", around, around).astype(np.float64))
    light = LIGHT / np.linalg.norm(LIGHT)
    caught = np.abs(axes[:, :, 0] @ light)  # the axis of the least spread is the normal
    return np.asarray(DARKEST + (1 - DARKEST) * caught, dtype=np.float32)


def find_heights(points: Floats) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return the height of each point towards the sensor (M,), and the range that holds 98 of 100 of them."""
    heights = -points[:, 2].astype(np.float64)
    low, high = np.percentile(heights, (1, 99))
    return heights, (float(low), float(high if high > low else low + 1))
