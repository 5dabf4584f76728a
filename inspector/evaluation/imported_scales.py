"""Maps and scores of another program: whether they are on one scale, and how maps are brought to that of the scores."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

NEAR = 0.15
"""A score and the highest value of its map are alike where they differ by no more than this share of the smaller of
both ranges: some programs weigh the highest value a little, others scale both apart from each other."""

Values = TypeVar("Values", float, NDArray[np.float32])


@dataclass(frozen=True)
class LinearScale:
    """Values of maps on the scale of the scores: `factor` times the value, and `offset`; the factor is above 0."""

    factor: float
    offset: float

    def apply(self, values: Values) -> Values:
        """Bring values to the scale of the scores."""
        return values * self.factor + self.offset

    def tell(self) -> str:
        """Say what was done."""
        told = f"value x {self.factor:.4g} {'+' if self.offset >= 0 else '-'} {abs(self.offset):.4g}"
        return f"the maps are on another scale than the scores, and were brought to it: {told}"


def match_scales(scores: NDArray[np.float64], maxima: NDArray[np.float64], threshold: float) -> LinearScale | None:
    """Find how maps are brought to the scale of the scores; None where they are on it, as far as can be told.

    They are where most scores lie `NEAR` the highest value of their map. Else the threshold of the maps lies among
    their highest values where that of the scores lies among the scores: as many parts show a region as are flagged. A
    line goes through both thresholds and both medians.

    Args:
        scores: (N,) finite.
        maxima: (N,) finite: the highest values of the maps of the same parts.
        threshold: of the scores.

    Example:
        Maxima that are 100 times the scores give a line of factor 0.01 and offset 0.
    """
    if len(scores) < 2:
        return None
    spans = float(np.ptp(scores)), float(np.ptp(maxima))
    if np.median(np.abs(scores - maxima)) <= NEAR * min(spans):
        return None
    middle, map_middle = float(np.median(scores)), float(np.median(maxima))
    usual = spans[0] / spans[1] if min(spans) > 0 else 1.0
    ordered, map_ordered = np.sort(scores), np.sort(maxima)
    nearest = float(np.clip(threshold, ordered[0], ordered[-1]))  # it may lie beyond all scores
    map_threshold = float(np.interp(nearest, ordered, map_ordered)) + (threshold - nearest) / usual
    up, map_up = threshold - middle, map_threshold - map_middle
    factor = up / map_up if up * map_up > 0 else usual
    return LinearScale(factor, middle - factor * map_middle)
