"""Where a batch's odd scores begin, without labels. No torch."""

import numpy as np
from numpy.typing import NDArray

LEAST_SPREAD = 1e-3
"""The MAD counts as at least this share of the median: below it, differences are rounding, not defects."""


def label_free_threshold(scores: NDArray[np.floating], k: float) -> float:
    """Return median + k x MAD of a batch's scores; MAD = median distance to the median, as it is (not x 1.4826).

    Half of the batch may be defective before the median moves to a defect; on good parts alone few or none lie above.

    Args:
        scores: (N,) finite, N >= 1.
        k: how many MADs above the median "odd" begins.

    Raises:
        ValueError: no score, or one that is not finite.

    Example:
        Scores 1, 2, 3, 4, 100 have median 3 and MAD 1: with k = 5 the threshold is 8.
    """
    if scores.size == 0 or not np.isfinite(scores).all():
        raise ValueError(f"expected finite scores, at least one, but got {scores!r}")
    median = float(np.median(scores))
    spread = float(np.median(np.abs(scores - median)))
    return median + k * max(spread, LEAST_SPREAD * abs(median))


def to_map_scale(threshold: float, rescored: bool, raw_scores: NDArray[np.floating]) -> float:
    """Bring a threshold of re-scored values (min-max scaled over the batch) back to the distances of the maps."""
    if not rescored:
        return threshold
    low, high = float(raw_scores.min()), float(raw_scores.max())
    return low + threshold * (high - low)
