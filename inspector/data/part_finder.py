"""A part on a plain ground, found in its photo without labels: what differs from the photo's border."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.data.photos import shrink

LOOKED_AT = 192
"""Longer side of the copy that a part is searched in, in pixels: colours of the ground are smooth at this size."""

LEAST_SIDE = 16
"""Pixels of that copy's shorter side, at least: in less there is no ground around a part."""

BORDER = 3
"""Pixels of that copy along each edge that are taken to be ground."""

GROUNDS = 3
"""Colours that the ground may have, such as two sides of a belt."""

LEAST_GROUND = 0.1
"""Share of the border below which a colour of it is no ground: a corner of the part that reaches there."""

LEAST_PIECE = 0.2
"""Pieces smaller than this share of the largest are left out of the part."""


@dataclass(frozen=True, eq=False)
class DetectedPart:
    """What stands out from the ground of a photo.

    Attributes:
        mask: (h, w) bool, the part with its holes filled, in a small copy of the photo.
        lightness: (h, w) float32, L of Lab, of the same copy.
        scale: pixels of the photo per pixel of the copy.
        contrast: 0..1, share of the variance of the distance to the ground that lies between part and ground (Otsu).
        at_border: share of the photo's border that the part covers.
        in_one: share of all that stands out that the part holds.
    """

    mask: NDArray[np.bool_] = field(repr=False)
    lightness: NDArray[np.float32] = field(repr=False)
    scale: float
    contrast: float
    at_border: float
    in_one: float

    @property
    def area(self) -> float:
        """Share of the photo that the part covers."""
        return float(self.mask.mean())

    @property
    def middle(self) -> NDArray[np.float64]:
        """Its centre of gravity in the copy, (2,) x and y, edges of pixels at whole numbers."""
        rows, cols = np.nonzero(self.mask)
        return np.array([cols.mean() + 0.5, rows.mean() + 0.5])


def find_part(photo: NDArray[np.uint8]) -> DetectedPart | None:
    """Find what stands out from the ground, taken to be what the photo's border shows.

    Distances of colours (Lab, slightly blurred) to the nearest colour of the border are split in two by Otsu's
    threshold; the largest piece and those not much smaller, with their holes filled, are the part.

    Args:
        photo: (H, W, 3) uint8.

    Returns:
        The part, or None where nothing stands out.
    """
    small = shrink(photo, LOOKED_AT)
    if min(small.shape[:2]) < LEAST_SIDE:
        return None
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    colours = cv2.GaussianBlur(lab, (0, 0), 1.2).astype(np.float32, copy=False)
    distance = _measure_distance(colours)
    top = float(np.quantile(distance, 0.995))
    if top <= 0:
        return None
    levels = np.clip(distance / top, 0, 1)
    cut, _ = cv2.threshold((levels * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    above = levels * 255 > cut
    if not above.any() or above.all():
        return None
    share = above.mean()
    between = share * (1 - share) * (levels[above].mean() - levels[~above].mean()) ** 2
    found = _keep_pieces(above)
    if found is None:
        return None
    mask, in_one = found
    return DetectedPart(
        mask=mask,
        lightness=np.ascontiguousarray(colours[..., 0], np.float32),
        scale=max(photo.shape[:2]) / max(small.shape[:2]),
        contrast=float(between / max(levels.var(), 1e-12)),
        at_border=float(mask[_border(mask.shape, 2)].mean()),
        in_one=in_one,
    )


def _measure_distance(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance of each pixel's colour to the nearest colour of the ground, (h, w)."""
    border = colours[_border(colours.shape[:2], BORDER)]
    count = min(GROUNDS, len(border))
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 20, 0.1)
    ranks = border[:, 0].argsort(kind="stable").argsort(kind="stable")  # from dark to light: no draw decides
    start = (ranks * count // len(border)).astype(np.int32)[:, None]
    _, members, grounds = cv2.kmeans(border, count, start, stop, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    common = np.bincount(members.ravel(), minlength=count) >= LEAST_GROUND * len(border)
    distances = [np.linalg.norm(colours - ground, axis=2) for ground in grounds[common]]
    return np.asarray(np.min(distances, axis=0), np.float32)


def _keep_pieces(above: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], float] | None:
    """Smooth what stands out, keep its large pieces, fill their holes; and the share of it all that they hold."""
    opened = cv2.morphologyEx(above.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    number, pieces, facts, _ = cv2.connectedComponentsWithStats(closed)
    if number < 2:
        return None
    areas = facts[1:, cv2.CC_STAT_AREA]
    large = 1 + np.flatnonzero(areas >= LEAST_PIECE * areas.max())
    kept = np.isin(pieces, large)
    framed = np.pad((~kept).astype(np.uint8), 1, constant_values=1)
    _, outside = cv2.connectedComponents(framed, connectivity=4)
    return outside[1:-1, 1:-1] != outside[0, 0], float(areas[large - 1].sum() / areas.sum())


def _border(size: tuple[int, ...], width: int) -> NDArray[np.bool_]:
    """Tell which pixels lie within `width` of an edge, (h, w)."""
    edge = np.ones(size, dtype=bool)
    edge[width:-width, width:-width] = False
    return edge
