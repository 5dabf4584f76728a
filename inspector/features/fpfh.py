"""Fast Point Feature Histograms of a surface (Rusu, Blodow, Beetz, ICRA 2009), on the CPU with NumPy."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import KDTree

BINS = 11
"""Of each of the three angles (Rusu et al. 2009)."""

ROWS = 1 << 11
"""Points that are described together, so that their pairs stay in the processor's cache; no effect on the result."""


class _Neighbours(NamedTuple):
    """Neighbours of R rows of points from `first` on: their `number` (R,), row by row their `places` (E,) and the
    `squares` (E,) of their distances."""

    first: int
    number: NDArray[np.int64]
    places: NDArray[np.int64]
    squares: NDArray[np.float64]


def fpfh_histograms(
    points: NDArray[np.float64], normals: NDArray[np.float64], radius: float, most: int
) -> NDArray[np.float64]:
    """Compute each point's FPFH: the histograms of its pairs, and those of its neighbours weighted by 1 / distance^2.

    A pair's three angles are those of the Darboux frame at the point whose normal lies nearer to the line between both;
    each histogram counts 100. Distances are squared in the weights as in PCL and Open3D.

    Args:
        points: (M, 3), finite, no two alike.
        normals: (M, 3) of length 1, or 0 where unknown.
        radius: neighbours are nearer than this, in the unit of the points.
        most: neighbours of a point at most, itself among them; the nearest.

    Returns:
        (M, 33): 11 bins each of the angles theta, alpha and phi; 0 where a point has no neighbour.

    Example:
        Points of a plane, all normals alike: alpha, phi and theta are 0, each in the middle of the 11 bins, which hold
        100 of the point's own pairs and 100 of its neighbours'.
    """
    tree = KDTree(points)
    found = list(_find_neighbours(tree, points, radius, most))
    simple = np.concatenate([_count_angles(points, normals, some) for some in found])  # (M, 33)
    weighted = np.concatenate([_weigh(simple, some) for some in found]).reshape(-1, 3, BINS)
    total = weighted.sum(axis=2, keepdims=True)
    scaled = 100 * weighted / np.where(total > 0, total, 1)
    histograms: NDArray[np.float64] = scaled.reshape(-1, 3 * BINS) + simple
    return histograms


def _find_neighbours(tree: KDTree, points: NDArray[np.float64], radius: float, most: int) -> Iterator[_Neighbours]:
    for first in range(0, len(points), ROWS):
        some = points[first : first + ROWS]
        distances, near = tree.query(some, np.arange(2, max(most, 2) + 1), distance_upper_bound=radius)
        inside = near < len(points)
        yield _Neighbours(first, inside.sum(axis=1), near[inside], np.square(distances[inside]))


def _count_angles(
    points: NDArray[np.float64], normals: NDArray[np.float64], neighbours: _Neighbours
) -> NDArray[np.float64]:
    """Histograms of the angles between each row's point and its neighbours, (R, 33)."""
    rows, count = len(neighbours.number), neighbours.number
    own = np.repeat(np.arange(rows), count)
    line = [points[neighbours.places, axis] - points[own + neighbours.first, axis] for axis in range(3)]
    length = np.sqrt(neighbours.squares)
    line = [values / length for values in line]
    here = [normals[own + neighbours.first, axis] for axis in range(3)]
    there = [normals[neighbours.places, axis] for axis in range(3)]
    phi, other = _dot(here, line), _dot(there, line)
    turned = np.abs(phi) < np.abs(other)
    here, there = (
        [np.where(turned, b, a) for a, b in zip(here, there, strict=True)],
        [np.where(turned, a, b) for a, b in zip(here, there, strict=True)],
    )
    sign = np.where(turned, -1.0, 1.0)
    phi = np.where(turned, -other, phi)
    across = _cross([sign * values for values in line], here)
    size = np.sqrt(_dot(across, across))
    across = [values / np.where(size > 0, size, 1) for values in across]
    alpha = _dot(across, there)
    theta = np.arctan2(_dot(_cross(here, across), there), _dot(here, there))
    straight = size == 0  # the normal along the line: no frame
    histograms = np.zeros(rows * 3 * BINS)
    for place, angle in enumerate((theta / np.pi, alpha, phi)):
        bins = (BINS * (np.where(straight, 0, angle) + 1) / 2).astype(np.int64).clip(0, BINS - 1)
        histograms += np.bincount((3 * own + place) * BINS + bins, minlength=len(histograms))
    scaled: NDArray[np.float64] = 100 * histograms.reshape(rows, -1) / count.clip(min=1)[:, None]
    return scaled


def _weigh(simple: NDArray[np.float64], neighbours: _Neighbours) -> NDArray[np.float64]:
    """Sum of the neighbours' histograms over the squares of their distances, (R, 33)."""
    ends = np.concatenate([[0], neighbours.number.cumsum()])
    shape = (len(neighbours.number), len(simple))
    weighted: NDArray[np.float64] = csr_matrix((1 / neighbours.squares, neighbours.places, ends), shape) @ simple
    return weighted


def _dot(a: list[NDArray[np.float64]], b: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return total


def _cross(a: list[NDArray[np.float64]], b: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
