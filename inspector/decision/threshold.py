"""Where a batch's odd scores begin, without labels, and whether the scores tell. No torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LEAST_SPREAD = 1e-3
"""The MAD counts as at least this share of the median: below it, differences are rounding, not defects."""

LEAST_GROUPED = 20
"""Scores below which two groups are not believed: so few normal ones often look like two."""

NORMAL_SHARE = 2 / np.pi
"""Share of the variance that lies between the halves of normally distributed scores: one group, not two."""

CLEAR = 0.6
"""How far above `NORMAL_SHARE` the share must lie for two groups, times the root of N: about what one normal group of N
scores exceeds in one batch of ten."""

APART = 0.2
"""How much higher the upper group must be on average, as a share of the lower one: good parts differ by as much."""

AGREED = 0.8
"""How much of what lies in the upper group before or after re-scoring must do so both times, for that to be sure."""

LONE = 0.2
"""By how much a lone odd score must lie above the median, as a share of it."""

LONE_RESCORED = 0.3
"""The same of re-scored ones: usual parts draw together there, and one that no part is near stays where it is."""

FAR = 8.0
"""So many MADs above the median a score is odd, however small a share of the median that is."""

TWO_GROUPS = "The scores fall into two groups; it lies between them."

UNSURE = (
    "The scores do not tell good from bad here, for they show no two groups: good parts alone look like this, and "
    "so do batches with faint or very many defects. Judge the parts that the app asks for (eight are mostly enough) "
    "and set the threshold by these verdicts, or by hand."
)

UNSURE_GROUPS = (
    "The scores fall into two groups, but into others before re-scoring. Judge the parts that the app asks for (eight "
    "are mostly enough) and set the threshold by these verdicts, or by hand."
)

UNSURE_OF_FEW = (
    f"Fewer than {LEAST_GROUPED} scores do not tell good from bad: judge the parts that the app asks for (eight are "
    "mostly enough) and set the threshold by these verdicts, or by hand."
)

UNSURE_AT_FIRST = "The scores of the first parts do not tell good from bad, for they are few or show no two groups"

ASKED_LATER = (
    "when the line is paused or has ended, judge the parts that the app asks for (eight are mostly enough) and set the "
    "threshold by these verdicts, or set it by hand at any time"
)
"""What to do about a line that is unsure: while parts come, the app asks for none."""


@dataclass(frozen=True)
class Threshold:
    """Where odd begins.

    Attributes:
        value: final scores above it are flagged.
        sure: whether it tells good from bad: the scores show the same two groups before and after re-scoring, all are
            alike, or all parts were known to be good. The rule "mad" is always sure.
        why: how it was found, or what to do, in one sentence.
    """

    value: float
    sure: bool
    why: str


def choose_threshold(
    raw: NDArray[np.floating],
    final: NDArray[np.floating],
    *,
    rescored: bool,
    rule: Literal["auto", "mad"],
    k: float,
    all_good: bool = False,
) -> Threshold:
    """Find the threshold of a batch by a rule of the settings.

    "mad" is `label_free_threshold`, always sure. "auto" first asks whether the scores, before and after re-scoring,
    fall into two groups (`divide`); the threshold then lies between them, however many parts are in the upper one, and
    is sure where that holds mostly the same parts both times. Else it is the same median + k x MAD, or `LONE`
    (`LONE_RESCORED`) above the median where that is higher, but at most `FAR` MADs, and never sure: good parts alone
    look so, and so do batches with faint or with very many defects. All is measured on distances: re-scoring stretches
    every batch to 0..1, and hides how close together its scores were.

    Args:
        raw, final: (N,) finite, >= 0, N >= 1; the scores before and after re-scoring.
        rescored: whether `final` was scaled to 0..1 by the lowest and highest of `raw`.
        rule: "auto" or "mad".
        k: how many MADs above the median odd begins where there are no two groups.
        all_good: whether all parts are known to be good; two groups of scores are two kinds of good parts then.

    Raises:
        ValueError: no score, or one that is not finite.

    Example:
        20 parts that score 1.0 to 1.1 and 20 that score 2.0 to 2.1: the threshold is 1.55, sure. The first 20 alone:
        nothing is flagged, unsure.
    """
    median_rule = f"It lies {k:g} x MAD above the median of the scores."
    usual = label_free_threshold(final, k)
    if rule == "mad":
        return Threshold(usual, True, median_rule)
    low, high = float(raw.min()), float(raw.max())
    if low == high:  # all parts are alike
        return Threshold(usual, True, median_rule)
    span = high - low if rescored else 1.0
    distances = low + np.asarray(final, np.float64) * span if rescored else np.asarray(final, np.float64)
    between, share, ratio = divide(distances)
    between_raw, share_raw, _ = divide(np.asarray(raw, np.float64))
    share = min(share, share_raw)
    grouped = len(raw) >= LEAST_GROUPED and ratio >= APART and share >= NORMAL_SHARE + CLEAR / np.sqrt(len(raw))
    if grouped and not all_good:
        value = (between - low) / span if rescored else between
        upper, upper_raw = distances > between, raw > between_raw
        agreed = (upper & upper_raw).sum() >= AGREED * (upper | upper_raw).sum()
        return Threshold(value, bool(agreed), TWO_GROUPS if agreed else UNSURE_GROUPS)
    median, distance = float(np.median(distances)), label_free_threshold(distances, k)
    lone = LONE_RESCORED if rescored else LONE
    floor = (1 + lone) * median
    if distance < (least := min(floor, label_free_threshold(distances, FAR))):
        shown = f"{lone:.0%}" if least == floor else f"{FAR:g} x MAD"
        distance, median_rule = least, f"It lies {shown} above the median of the scores."
    value = (distance - low) / span if rescored else distance
    unsure = UNSURE if len(raw) >= LEAST_GROUPED else UNSURE_OF_FEW
    return Threshold(value, all_good, median_rule if all_good else unsure)


def describe_few(count: int) -> str:
    """Say that a batch of `count` scored parts is too small to tell what is usual; "" where it is not."""
    if count >= LEAST_GROUPED:
        return ""
    return f"Only {count} parts were compared: what is usual is not sure."


def divide(scores: NDArray[np.float64]) -> tuple[float, float, float]:
    """Divide scores into a lower and an upper group so that the variance between them is largest (Otsu, 1979).

    Args:
        scores: (N,) finite, >= 0.

    Returns:
        The middle of the gap between them; the variance between them as a share of the whole, 0..1, 0 for equal scores;
        and by how much the upper mean is higher than the lower one, as a share of the lower one.

    Example:
        Scores 1, 1, 3, 3 give 2, 1, 2: all their variance lies between 1 and 3.
    """
    ordered = np.sort(scores)
    if ordered[0] == ordered[-1]:
        return float(ordered[0]), 0.0, 0.0
    lower = np.arange(1, len(ordered))
    upper = len(ordered) - lower
    sums = np.cumsum(ordered)
    below, above = sums[:-1] / lower, (sums[-1] - sums[:-1]) / upper
    between = lower * upper * (above - below) ** 2 / len(ordered) ** 2
    place = int(between.argmax())
    ratio = (above[place] - below[place]) / below[place] if below[place] > 0 else np.inf
    return float(ordered[place : place + 2].mean()), float(between[place] / ordered.var()), float(ratio)


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
