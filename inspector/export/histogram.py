"""The histogram of a report: bars and axis in percent, for whatever draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HISTOGRAM_BINS = 40


@dataclass(frozen=True)
class HistogramBar:
    """One bar of the histogram, in percent of the drawing's width and height."""

    x: float
    width: float
    height: float
    flagged: bool


def count_scores(scores: Sequence[float], threshold: float) -> list[HistogramBar]:
    """Count scores in equal bins over the axis of `find_axis`; heights in percent of the fullest bin.

    A bar counts as flagged where its middle lies above the threshold.
    """
    axis = find_axis(scores, threshold)
    counts, edges = np.histogram(scores, bins=HISTOGRAM_BINS, range=(axis["low"], axis["high"]))
    top = max(int(counts.max()), 1)
    width = 100 / HISTOGRAM_BINS
    middles = (edges[:-1] + edges[1:]) / 2
    return [
        HistogramBar(100 * index / HISTOGRAM_BINS, width, 100 * int(count) / top, bool(middle > threshold))
        for index, (count, middle) in enumerate(zip(counts, middles, strict=True))
    ]


def leave_room(low: float, high: float) -> tuple[float, float]:
    """Return the ends of an axis for values from `low` to `high`: a little room, but none below 0 where none is needed.

    Example:
        leave_room(0.02, 1.02) gives (0.0, 1.06), and leave_room(-1.0, 1.0) gives (-1.08, 1.08).
    """
    margin = 0.04 * (high - low) or 0.5
    least = low - margin
    return (least if low < 0 else max(0.0, least)), high + margin


def find_axis(scores: Sequence[float], threshold: float) -> dict[str, float]:
    """Return the ends of the score axis, "low" and "high", and the place of the "threshold" on it in percent."""
    low, high = leave_room(min((*scores, threshold)), max((*scores, threshold)))
    return {"low": low, "high": high, "threshold": 100 * (threshold - low) / (high - low)}
