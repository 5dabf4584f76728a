"""How well scores find what is labelled: AUROC, F1-max and AP for images and pixels, AUPRO for pixels.

All of them come from one walk down the distinct scores of the anomalous items. Between two of these only
normal items are passed, which lifts no curve, so no other threshold matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

_Counts = NDArray[np.int64]
_Scores = NDArray[np.float32]
_Weights = NDArray[np.float64]
_Pixels = tuple[_Scores, _Scores, _Weights]  # normal, anomalous, weights of the anomalous

EXACT_PIXELS = 50_000_000  # 190 maps of 512 x 512; they are sorted in memory
FALSE_POSITIVE_LIMIT = 0.3  # as published for MVTec AD (Bergmann et al., IJCV 2021)
EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)  # pixels that touch at a corner belong to one defect

BIN_SHIFT = 10  # float32 has 23 mantissa bits; bins keep 13 of them
BINS = 1 << (32 - BIN_SHIFT)  # three tables of 8 bytes a bin: 100 MB
FOLD_PIXELS = 1 << 22  # counted at once; the result does not depend on it


@dataclass(frozen=True)
class ImageMetrics:
    """Metrics of the image scores, each in [0, 1]; None where undefined."""

    auroc: float | None
    f1_max: float | None
    ap: float | None


@dataclass(frozen=True)
class PixelMetrics:
    """Metrics of the anomaly maps, each in [0, 1]; None where undefined."""

    auroc: float | None
    f1_max: float | None
    ap: float | None
    aupro: float | None


def image_metrics(labels: ArrayLike, scores: ArrayLike) -> ImageMetrics:
    """Return how well image scores separate anomalous from normal images.

    For labels 0 1 0 1 and scores 1 2 3 4: AUROC 3/4 (one of the four pairs is in the wrong order), AP 1/2 * 1
    + 1/2 * 2/3 = 5/6, F1-max 4/5 (threshold 2: recall 1, precision 2/3).

    Args:
        labels: (N,) bool or int, 0 = normal, 1 = anomalous.
        scores: (N,) finite floats, higher = more anomalous. Equal scores count as tied.

    Returns:
        AUROC by ranks, AP as the stepwise sum of precision over recall, F1-max over all thresholds; all None
        when there are no normal or no anomalous images.

    Raises:
        ValueError: If shapes differ or are not (N,), a label is neither 0 nor 1, or a score is not finite.
    """
    label_array, score_array = np.asarray(labels), np.asarray(scores, dtype=np.float64)
    if label_array.ndim != 1 or label_array.shape != score_array.shape:
        raise ValueError(
            f"expected labels and scores of one shape (N,), got {label_array.shape} and {score_array.shape}"
        )
    anomalous = label_array == 1
    if not np.all(anomalous | (label_array == 0)):
        raise ValueError(f"expected labels 0 and 1, got {np.unique(label_array).tolist()}")
    _require_finite(score_array)
    found = score_array[anomalous]
    steps = _exact_steps(score_array[~anomalous], found, np.ones_like(found))
    if steps is None:
        return ImageMetrics(None, None, None)
    return ImageMetrics(*_auroc_f1_ap(steps))


def pixel_metrics(
    masks: Iterable[ArrayLike], maps: Iterable[ArrayLike], *, exact_pixels: int = EXACT_PIXELS
) -> PixelMetrics:
    """Return how well anomaly maps separate anomalous from normal pixels, over all samples together.

    AUPRO is the area under the mean overlap with the 8-connected regions of the masks, for false-positive
    rates from 0 to 0.3, divided by 0.3 (Bergmann et al., IJCV 2021): every region counts the same, however
    small. There is no grid of thresholds: ties are straight lines, and the last segment is cut at 0.3.

    Both arguments may be generators; maps are taken one by one. Up to `exact_pixels` pixels the result is
    exact. Beyond, memory stays bounded, and pixels whose scores agree in sign, exponent and 13 mantissa bits
    (and so differ by less than 2**-13 of themselves) share a bin and count as tied. With n, p, w = the shares
    of all normal pixels, anomalous pixels and region weight in a bin, the results are then off by at most
    - AUROC: the sum over bins of n p / 2; AUPRO: the sum over bins of n w / 0.6;
    - F1-max: the most normal pixels in a bin that also has anomalous ones, divided by all anomalous pixels;
    - AP: the mean over the anomalous pixels of (pixels in their bin) / (pixels in it and in all bins above).

    Args:
        masks: per sample (H, W) bool or int, anything but 0 = anomalous; sizes may differ between samples.
        maps: per sample (H, W) finite floats, higher = more anomalous; compared as float32.
        exact_pixels: number of pixels up to which all scores are kept.

    Returns:
        The metrics; all None when there are no normal or no anomalous pixels.

    Raises:
        ValueError: If there are not as many masks as maps, a pair is not 2D and of one size, or a score is
            not finite.
    """
    pool = _PixelPool(exact_pixels)
    for mask, anomaly_map in zip(masks, maps, strict=True):
        with np.errstate(over="ignore"):  # becomes infinite, which is refused
            pool.add(np.asarray(mask) != 0, np.asarray(anomaly_map, dtype=np.float32))
    steps = pool.steps()
    if steps is None:
        return PixelMetrics(None, None, None, None)
    return PixelMetrics(*_auroc_f1_ap(steps), aupro=_area(steps.overlap, steps, FALSE_POSITIVE_LIMIT))


@dataclass(frozen=True)
class _Steps:
    """The K distinct scores of the anomalous items, from the highest down."""

    anomalous: _Counts  # (K,) anomalous items with this score
    overlap: _Weights  # (K,) their weights: each region sums to 1 over all scores
    above: _Counts  # (K,) normal items with a higher score
    through: _Counts  # (K,) normal items with this score or a higher one
    normal: int  # all normal items


def _area(gain: _Counts | _Weights, steps: _Steps, limit: float) -> float:
    """Area under a curve with the rises `gain` (K,), up to false-positive rate `limit`, over its greatest value.

    A rise is spread evenly over the rates x of its tie and adds itself times their mean of max(0, limit - x).
    """
    start, end = steps.above / steps.normal, steps.through / steps.normal
    first, last = np.minimum(start, limit), np.minimum(end, limit)
    inside = np.divide(last - first, end - start, out=np.ones_like(start), where=end > start)
    kept = inside * (1 - (first + last) / (2 * limit))
    return float(np.sum(gain * kept) / np.sum(gain))  # never above 1, as `kept` is not


def _auroc_f1_ap(steps: _Steps) -> tuple[float, float, float]:
    hits = np.cumsum(steps.anomalous)
    called = hits + steps.through
    auroc = _area(steps.anomalous, steps, 1.0)
    f1_max = float(np.max(2 * hits / (called + hits[-1])))
    return auroc, f1_max, float(np.sum(steps.anomalous * (hits / called)) / hits[-1])


def _exact_steps(normal: NDArray[Any], anomalous: NDArray[Any], weights: _Weights) -> _Steps | None:
    """Steps from the scores of all normal and anomalous items; None if either are missing."""
    if not normal.size or not anomalous.size:
        return None
    levels, level = np.unique(anomalous, return_inverse=True)
    ordered = np.sort(normal)
    return _Steps(
        anomalous=np.bincount(level)[::-1],
        overlap=np.bincount(level, weights)[::-1].astype(np.float64),
        above=(normal.size - np.searchsorted(ordered, levels, side="right"))[::-1],
        through=(normal.size - np.searchsorted(ordered, levels, side="left"))[::-1],
        normal=normal.size,
    )


class _Histogram:
    """Counts of normal and anomalous pixels and sums of weights, by score."""

    def __init__(self) -> None:
        self._normal = np.zeros(BINS, dtype=np.int64)
        self._anomalous = np.zeros(BINS, dtype=np.int64)
        self._weights = np.zeros(BINS, dtype=np.float64)

    def add(self, normal: _Scores, anomalous: _Scores, weights: _Weights) -> None:
        for first in range(0, normal.size, FOLD_PIXELS):
            self._normal += np.bincount(_bins(normal[first : first + FOLD_PIXELS]), minlength=BINS)
        for first in range(0, anomalous.size, FOLD_PIXELS):
            chunk = slice(first, first + FOLD_PIXELS)
            bins = _bins(anomalous[chunk])
            self._anomalous += np.bincount(bins, minlength=BINS)
            self._weights += np.bincount(bins, weights[chunk], minlength=BINS)

    def steps(self) -> _Steps | None:
        through = np.cumsum(self._normal[::-1])
        normal = int(through[-1])
        found = np.flatnonzero(self._anomalous[::-1])
        if not normal or not found.size:
            return None
        return _Steps(
            anomalous=self._anomalous[::-1][found],
            overlap=self._weights[::-1][found],
            above=(through - self._normal[::-1])[found],
            through=through[found],
            normal=normal,
        )


class _PixelPool:
    """Pixels as they come: kept whole until there are too many, then folded into a histogram."""

    def __init__(self, exact_pixels: int) -> None:
        self._exact_pixels = exact_pixels
        self._pixels = 0
        self._kept: list[_Pixels] = []
        self._histogram: _Histogram | None = None

    def add(self, mask: NDArray[np.bool_], anomaly_map: _Scores) -> None:
        if mask.ndim != 2 or mask.shape != anomaly_map.shape:
            raise ValueError(f"expected mask and map of one shape (H, W), got {mask.shape} and {anomaly_map.shape}")
        _require_finite(anomaly_map)
        self._kept.append((anomaly_map[~mask], anomaly_map[mask], _region_weights(mask)))
        self._pixels += mask.size
        if self._pixels > self._exact_pixels:
            self._histogram = self._histogram or _Histogram()
            self._histogram.add(*self._take())

    def steps(self) -> _Steps | None:
        if self._histogram is None:
            return _exact_steps(*self._take()) if self._kept else None
        if self._kept:
            self._histogram.add(*self._take())
        return self._histogram.steps()

    def _take(self) -> _Pixels:
        normal, anomalous, weights = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
        self._kept, self._pixels = [], 0
        return normal, anomalous, weights


def _region_weights(mask: NDArray[np.bool_]) -> _Weights:
    """1 / (pixels of its region) for each anomalous pixel, in row-major order."""
    regions = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)[0][mask]
    weights: _Weights = 1 / np.bincount(regions)[regions] if regions.size else np.empty(0)
    return weights


def _bins(scores: _Scores) -> _Counts:
    """Bin of each score: the leading bits of the number, flipped if negative, so that the order is kept."""
    bits = (scores + np.float32(0)).view(np.int32)  # the sum turns -0 into +0
    ordered = np.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    return (ordered >> BIN_SHIFT).astype(np.int64) + BINS // 2


def _require_finite(scores: NDArray[Any]) -> None:
    wrong = int(scores.size - np.count_nonzero(np.isfinite(scores)))
    if wrong:
        raise ValueError(f"expected finite scores, got {wrong} of {scores.size} that are not")
