"""What a part lies on: the plane seen at a cloud's border, and clusters beside the part; dropped, and blacked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from inspector.data.clouds.cloud import Cloud
from inspector.data.clouds.holes import find_wild
from inspector.data.clouds.transforms import select_points
from inspector.errors import InputError

BORDER = 10
"""Width of the border that shows only background, in pixels (MVTec 3D-AD, as its clouds are usually prepared)."""

BORDER_POINTS = 4096
"""Border points that vote for the plane, evenly taken; more do not move it by a tenth of the tolerance."""

PLANE_POINTS = 50
"""Points a candidate plane is fitted to."""

PLANE_TRIES = 1000
"""Candidate planes."""

PLANE_SEED = 0
"""The same candidates for the same cloud, so that equal files give equal results."""

MOST_METRES = 100_000.0
"""A cloud that is wider cannot be cut into the cells that clustering works with."""

MOST_PAIRS = 1e8
"""Pairs of places within the clustering distance (2 GB). A surface has about 200 for each place, so that a part of a
quarter of a square metre has fewer; where noise fills the space with points, larger places are taken."""

PAIRS_SAMPLE = 500
"""Places that the number of pairs is estimated from."""

DETAIL = 8.0
"""For clustering, points within 1/8 of the clustering distance count as one place that holds them all: a dense cloud
has thousands of neighbours within that distance, and the memory of all pairs is not there."""


@dataclass(frozen=True)
class BackgroundRecipe:
    """How a part is cut out of its background; lengths in metres.

    Attributes:
        fit: a border point this near to a candidate plane speaks for it.
        plane: points this near to the plane are background.
        behind: everything on the far side of the plane is background, too.
        reach: points this near to each other belong together (DBSCAN's eps).
        crowd: points within reach that make a place dense (DBSCAN's min_points).
        keep: the part is the cluster with most points, or the one with the photo's brightest pixel.
    """

    fit: float
    plane: float
    behind: bool
    reach: float
    crowd: int
    keep: Literal["largest", "brightest"]


BACKGROUND_RECIPES: Mapping[str, BackgroundRecipe] = MappingProxyType(
    {
        "mvtec-3d": BackgroundRecipe(0.004, 0.005, False, 0.006, 30, "largest"),
        "eyecandies": BackgroundRecipe(0.02, 0.02, True, 0.03, 30, "brightest"),
    }
)
"""The published preparations of the two datasets (MuSc-V2, experimental setup). For Eyecandies, "far background" is
read as the surface seen at the border and all behind it."""


def remove_background(
    cloud: Cloud, recipe: BackgroundRecipe, *, metre: float = 1.0, photo: NDArray[np.uint8] | None = None
) -> Cloud:
    """Keep the part and drop what it lies on: the plane seen at the border, then all but one cluster.

    Args:
        cloud: an organised cloud with background at its border.
        recipe: lengths and choices, usually from `BACKGROUND_RECIPES`.
        metre: length of a metre in the cloud's unit: 1000 for millimetres.
        photo: (H, W, 3) or (H, W) uint8 of the cloud's size; needed where the brightest cluster is kept.

    Returns:
        The remaining points, with their pixels.

    Raises:
        InputError: the cloud is not organised, has no points at its border, or nothing would be left.
        ValueError: a metre that is not positive, or a photo that is missing or of another size.
    """
    if metre <= 0:
        raise ValueError(f"expected a positive length of a metre, but got {metre}")
    if cloud.pixels is None or cloud.size is None:
        raise InputError(f"{cloud.name} has no pixel grid, so no border to find the background at; switch it off")
    if recipe.keep == "brightest" and (photo is None or photo.shape[:2] != cloud.size):
        raise ValueError(f"expected a photo of {cloud.size}, but got {None if photo is None else photo.shape}")
    wild = find_wild(cloud.points)
    if wild.any():
        cloud = select_points(cloud, np.flatnonzero(~wild))
    assert cloud.pixels is not None
    assert cloud.size is not None
    points = cloud.points.astype(np.float64) / metre
    if float(np.ptp(points, axis=0).max()) > MOST_METRES:
        raise InputError(f"{cloud.name} is {np.ptp(points, axis=0).max():.1g} m wide, which no part is; check its unit")
    heights = _measure_above_background(points, cloud.pixels, cloud.size, recipe.fit, cloud.name)
    above = heights > recipe.plane if recipe.behind else np.abs(heights) >= recipe.plane
    kept = np.flatnonzero(above)
    clusters = _number_clusters(points[kept], recipe.reach, recipe.crowd)
    if not (clusters >= 0).any():
        raise InputError(f"{cloud.name} is all background by the recipe; switch background removal off")
    sizes = np.bincount(clusters[clusters >= 0])
    chosen = int(sizes.argmax())
    if recipe.keep == "brightest" and photo is not None:
        shown = photo.reshape(len(photo), photo.shape[1], -1).sum(axis=2, dtype=np.int64).flatten()
        chosen = int(clusters[np.where(clusters >= 0, shown[cloud.pixels[kept]], -1).argmax()])
    return select_points(cloud, kept[clusters == chosen])


def blacken(photo: NDArray[np.uint8], before: Cloud, after: Cloud) -> NDArray[np.uint8]:
    """Black out the pixels of a photo whose points were dropped; holes of the scan stay as they are.

    Args:
        photo: (H, W, 3) uint8 of the clouds' size.
        before: the cloud as it was.
        after: some of its points.

    Returns:
        (H, W, 3) uint8, a copy.

    Raises:
        ValueError: the sizes differ, or a cloud is not organised.
    """
    if before.pixels is None or after.pixels is None or not photo.shape[:2] == before.size == after.size:
        raise ValueError(f"expected organised clouds of {photo.shape[:2]}, but got {before.size}, {after.size}")
    dropped = np.setdiff1d(before.pixels, after.pixels, assume_unique=True)
    blackened = photo.copy()
    blackened.reshape(-1, *photo.shape[2:])[dropped] = 0
    return blackened


def _measure_above_background(
    points: NDArray[np.float64], pixels: NDArray[np.int64], size: tuple[int, int], tolerance: float, name: str
) -> NDArray[np.float64]:
    """Fit a plane to the border by RANSAC; signed distances to it, positive on the camera's side: (M,)."""
    rows, cols = np.divmod(pixels, size[1])
    edge = np.minimum(np.minimum(rows, size[0] - 1 - rows), np.minimum(cols, size[1] - 1 - cols))
    border = np.flatnonzero(edge < BORDER)
    if len(border) < PLANE_POINTS:
        told = "1 point" if len(border) == 1 else f"{len(border)} points"
        raise InputError(
            f"{name} has only {told} at its border, too few to find the background; switch background removal off"
        )
    border = border[:: -(-len(border) // BORDER_POINTS)]
    candidates = points[border]
    random = np.random.default_rng(PLANE_SEED)
    best, most = np.ones(len(border), dtype=bool), 0
    for _ in range(PLANE_TRIES):
        sample = candidates[random.integers(len(border), size=PLANE_POINTS)]
        near = np.abs(_measure_heights(candidates, sample)) < tolerance
        if (count := int(near.sum())) > most:
            best, most = near, count
    steps = np.stack([cols[border], rows[border], np.ones(len(border))], axis=1)
    right, down, _ = np.linalg.lstsq(steps, candidates, rcond=None)[0]
    return _measure_heights(points, candidates[best], away=np.cross(right, down))


def _measure_heights(
    points: NDArray[np.float64], sample: NDArray[np.float64], away: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Signed distances (M,) of points to the plane that fits a sample best; negative in the direction `away`."""
    center = sample.mean(axis=0)
    normal = np.linalg.eigh((sample - center).T @ (sample - center))[1][:, 0]
    if away is not None and normal @ away > 0:
        normal = -normal
    heights: NDArray[np.float64] = (points - center) @ normal
    return heights


def _number_clusters(points: NDArray[np.float64], reach: float, crowd: int) -> NDArray[np.int64]:
    """Number the clusters of points by DBSCAN, -1 = none: (M,)."""
    from sklearn.cluster import DBSCAN  # half a second of every start, for what few batches need

    if len(points) == 0:
        return np.empty(0, dtype=np.int64)
    detail = DETAIL
    centers, place, counts = _gather_places(points, reach / detail)
    while detail > 1 and _estimate_pairs(centers, reach) > MOST_PAIRS:
        detail /= 2
        centers, place, counts = _gather_places(points, reach / detail)
    found = DBSCAN(eps=reach, min_samples=crowd).fit(centers, sample_weight=counts)
    clusters: NDArray[np.int64] = found.labels_[place]
    return clusters


def _gather_places(
    points: NDArray[np.float64], side: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Gather points in cells: the mean of each cell (K, 3), the cell of each point (M,), the points in each (K,)."""
    cells = np.floor((points - points.min(axis=0)) / side).astype(np.int64)
    _, place, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    centers = np.stack([np.bincount(place, points[:, axis]) for axis in range(3)], axis=1) / counts[:, None]
    return centers, place, counts


def _estimate_pairs(centers: NDArray[np.float64], reach: float) -> float:
    """Estimate how many pairs of places (K, 3) are within reach of each other."""
    if len(centers) ** 2 <= MOST_PAIRS:
        return float(len(centers) ** 2)
    sample = centers[:: -(-len(centers) // PAIRS_SAMPLE)]
    return float(KDTree(centers).query_ball_point(sample, reach, return_length=True).mean() * len(centers))
