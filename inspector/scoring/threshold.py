"""Where a batch's odd scores begin, without labels; and the defect regions of a map. No torch."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_SPREAD = 1e-3
"""The MAD counts as at least this share of the median: below it, differences are rounding, not defects."""


@dataclass(frozen=True)
class Region:
    """One connected part of a map above the threshold; lengths and positions in pixels of the map.

    Attributes:
        x, y, width, height: bounding box, (x, y) its upper left pixel.
        area: number of pixels.
        peak: largest value. peak_x, peak_y: where it lies.
    """

    x: int
    y: int
    width: int
    height: int
    area: int
    peak: float
    peak_x: int
    peak_y: int


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


def defect_regions(anomaly_map: NDArray[np.float32], threshold: float) -> list[Region]:
    """List the connected regions (8 neighbours) above a threshold, highest peak first.

    Args:
        anomaly_map: (H, W) float32.
        threshold: values above it belong to a region.
    """
    above = (anomaly_map > threshold).astype(np.uint8)
    count, marks, stats, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    labels, boxes = np.asarray(marks, np.int32), np.asarray(stats, np.int32)
    regions = [_region(anomaly_map, labels, index, boxes[index]) for index in range(1, count)]
    return sorted(regions, key=lambda region: -region.peak)


def _region(anomaly_map: NDArray[np.float32], labels: NDArray[np.int32], index: int, box: NDArray[np.int32]) -> Region:
    x, y, width, height, area = (int(value) for value in box)
    window = (slice(y, y + height), slice(x, x + width))
    values = np.where(labels[window] == index, anomaly_map[window], -np.inf)
    row, col = divmod(int(values.argmax()), width)
    return Region(x, y, width, height, area, float(values[row, col]), x + col, y + row)
