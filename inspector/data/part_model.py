"""What parts of a batch have in common, learnt from some of them: how large they are, and how they lie.

With it every part gets a placement by itself, one of a later day too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.data.part_finder import DetectedPart, find_part
from inspector.data.poses import ANGLES, Spectrum, Turns, find_angle, turn_alike, turn_spectrum
from inspector.geometry.placement import Placement

MARGIN = 1.15
"""The box is so much larger than the part, on average: what sticks out of it is seen."""

RADIUS = 1.05
"""Of the circle that poses are compared in, against the part's farthest point."""

# Where the part is not found beyond doubt in almost all photos, photos are seen as they are. Limits lie in the gap
# between photos of parts on a plain ground and photos that are all part, or whose ground is full of things
# (docs/decisions/0020-part-box.md).

CONTRAST, AT_BORDER, IN_ONE = 0.7, 0.02, 0.85
"""Least contrast, most of the border covered, least share in one piece, of a part that is clearly seen."""

AREAS = (0.005, 0.7)
"""Share of the photo that a part covers, least and most."""

CLEAR = 0.9
"""Share of the photos in which it must be clearly seen."""

ALIKE = 1.8
"""Farthest points from the middle: the 90th percentile over the 10th, at most."""

WORTH = 0.8
"""The longer side of the box against the photo's shorter one: above that, seeing it alone gains nothing."""

SQUEEZE = 2.0
"""Most that the longer side of the box is squeezed against the shorter one when it becomes the network's square."""

TURNED, GAIN = 0.7, 0.1
"""Median correlation of parts turned alike with their mean, at least; and by how much turning must raise it."""


@dataclass(frozen=True, eq=False)
class PartModel:
    """How parts of a batch are placed. Lengths are shares of a photo's longer side.

    Attributes:
        width, height: of the box around a part.
        usual: middle of the parts, median, x and y: where one is taken to lie that is not seen.
        radius: of the circle that poses are compared in.
        mean: what parts are turned to; None = they are not turned.
    """

    width: float
    height: float
    usual: tuple[float, float]
    radius: float
    mean: Spectrum | None = field(default=None, repr=False)

    def place(self, photo: NDArray[np.uint8]) -> tuple[Placement, bool]:
        """Place the box in a photo (H, W, 3) uint8; False = the part is not clearly seen, and taken to lie as usual."""
        longer = max(photo.shape[:2])
        box = (self.width * longer, self.height * longer)
        seen = find_part(photo)
        if seen is None or not is_clear(seen):
            return Placement(self.usual[0] * longer, self.usual[1] * longer, *box), False
        x, y = (seen.middle * seen.scale).tolist()
        angle = 0.0
        if self.mean is not None:
            angle = find_angle(seen, self.radius * longer / seen.scale, self.mean)
        return Placement(x, y, *box, angle), True


def is_clear(part: DetectedPart) -> bool:
    """Tell whether a part stands out beyond doubt: in one piece, from a plain ground, not cut off by the border."""
    return (
        part.contrast >= CONTRAST
        and part.at_border <= AT_BORDER
        and part.in_one >= IN_ONE
        and AREAS[0] <= part.area <= AREAS[1]
    )


def learn_parts(photos: Sequence[DetectedPart | None], *, turn: bool = True) -> PartModel | str:
    """Learn how parts are placed, or say why photos are better seen as they are.

    Args:
        photos: what was found in some photos, spread over the batch; None = nothing.
        turn: whether parts may be turned alike.
    """
    seen = [part for part in photos if part is not None and is_clear(part)]
    if len(seen) < 2 or len(seen) < CLEAR * len(photos):
        return f"a part on a plain ground is seen in {len(seen)} of {len(photos)} photos"
    longer = [max(part.mask.shape) for part in seen]
    hulls = [_find_hull(part) / length for part, length in zip(seen, longer, strict=True)]
    far = np.array([np.hypot(*hull.T).max() for hull in hulls])
    if np.quantile(far, 0.9) > ALIKE * np.quantile(far, 0.1):
        return "parts are of different sizes"
    radius = float(np.median(far)) * RADIUS
    turns = _turn(seen, radius) if turn else None
    mean = None if turns is None else turns.mean
    angles = np.zeros(len(seen))
    if mean is not None:
        angles = np.array([find_angle(part, radius * length, mean) for part, length in zip(seen, longer, strict=True)])
        step = min(range(ANGLES // 4), key=lambda step: float(np.prod(_reach(hulls, angles + step * 360 / ANGLES))))
        angles, mean = angles + step * 360 / ANGLES, turn_spectrum(mean, step)  # so that they fill their box best
    width, height = (2 * MARGIN * _reach(hulls, angles)).tolist()
    width, height = max(width, height / SQUEEZE), max(height, width / SQUEEZE)
    shorter = np.median([min(part.mask.shape) / max(part.mask.shape) for part in seen])
    if mean is None and max(width, height) > WORTH * shorter:
        return "parts fill their photos"
    middles = np.array([part.middle / length for part, length in zip(seen, longer, strict=True)])
    x, y = np.median(middles, axis=0).tolist()
    return PartModel(width, height, (x, y), radius, mean)


def _turn(seen: Sequence[DetectedPart], radius: float) -> Turns | None:
    """Turn parts alike; None where they lie alike already, or cannot be told to."""
    turns = turn_alike(seen, radius * float(np.median([max(part.mask.shape) for part in seen])))
    likeness, before = np.median(turns.likeness), np.median(turns.before)
    return turns if likeness >= TURNED and likeness >= before + GAIN else None


def _find_hull(part: DetectedPart) -> NDArray[np.float64]:
    """Corners of the part's convex hull, from its middle, in pixels of the copy: (K, 2) x and y."""
    rows, cols = np.nonzero(part.mask)
    hull = cv2.convexHull(np.stack([cols, rows], axis=1).astype(np.int32))[:, 0]
    return np.asarray(hull + 0.5 - part.middle)


def _reach(hulls: Sequence[NDArray[np.float64]], angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the sides of a box around the middle that holds nine parts of ten, each turned back by its angle: (2,)."""
    boxes = [Placement(0.0, 0.0, 1.0, 1.0, angle) for angle in angles.tolist()]
    far = [np.abs(box.to_box(hull) - 0.5).max(axis=0) for box, hull in zip(boxes, hulls, strict=True)]
    return np.asarray(np.quantile(far, 0.9, axis=0))
