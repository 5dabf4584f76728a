"""Where odd begins by an operator's verdicts on a few parts, and which part tells most next. No torch."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inspector.decision.threshold import Threshold

ENOUGH = 8
"""Verdicts from which on the threshold may be sure (docs/decisions/0048-verdicts-set-the-threshold.md)."""

EACH = 4
"""Verdicts that each one against the threshold takes from the second on: parts are not well ranked there."""

NEAR = 0.05
"""Share of the batch that may lie, without a verdict, between the parts judged next to the threshold."""


def fit_threshold(scores: NDArray[np.floating], judged: ArrayLike, defective: ArrayLike) -> Threshold | None:
    """Find the threshold at which the F1 that verdicts lead to expect is highest.

    How likely a part is defective rises with its score: an isotonic regression of the verdicts, straight lines between
    the parts that have one. The expected F1 of flagging the highest k parts is 2 E[hits] / (k + E[defective parts]);
    where no verdict speaks of a defect, none is flagged.

    Args:
        scores: (N,) final scores, finite, N >= 1.
        judged: (K,) places of the parts with a verdict, each once.
        defective: (K,) bool, whether they were rejected.

    Returns:
        None without a verdict. Sure where all parts have one; else from `ENOUGH` verdicts on, `EACH` more for each from
        the second on that is against it, where at most `NEAR` of the parts, or one, lie between those next to it.

    Example:
        Scores 0, 1, 2, ... 9 of which 2 was accepted and 8 rejected: 4 has a chance of a third, 6 of two thirds. Parts
        above 4.5 are flagged.
    """
    places = np.asarray(judged, np.intp)
    if not len(places):
        return None
    order = np.argsort(scores, kind="stable")
    ranks, bad = _rank(order, places, defective)
    cut = _choose_cut(scores[order], ranks, bad)
    low, high = _neighbours(ranks, cut, len(order))
    against = int((bad != (ranks >= cut)).sum())
    enough = len(ranks) >= max(ENOUGH, EACH * (against + 1)) and high - low - 1 <= max(1, NEAR * len(order))
    of_all = len(ranks) == len(order)
    ordered = scores[order]
    value = ordered[-1] if cut == len(ordered) else (ordered[cut - 1] + ordered[cut]) / 2
    return Threshold(float(value), bool(enough or of_all), _explain(len(ranks), bool(enough), of_all))


def choose_next(scores: NDArray[np.floating], judged: ArrayLike, defective: ArrayLike) -> int | None:
    """Name the part without a verdict that tells most about the threshold.

    As long as nothing was rejected: from the highest score down, in steps that double; as long as all were: half way
    down. Then the middle between the threshold's neighbours with a verdict, and at last the nearest to it.

    Args: as in `fit_threshold`.

    Returns:
        Its place; None where all have a verdict.
    """
    order = np.argsort(scores, kind="stable")
    count = len(order)
    ranks, bad = _rank(order, np.asarray(judged, np.intp), defective)
    if len(ranks) == count:
        return None
    if not bad.any():
        steps = count - 2 ** np.arange(1, count.bit_length() + 1) + 1
        free = [int(rank) for rank in steps if rank >= 0 and rank not in ranks]
        wanted = free[0] if free else count - 1
    elif bad.all():
        wanted = int(ranks[0]) // 2
    else:
        low, high = _neighbours(ranks, _choose_cut(scores[order], ranks, bad), count)
        wanted = (low + high) // 2
    others = np.setdiff1d(np.arange(count), ranks)
    return int(order[others[np.abs(others - wanted).argmin()]])


def _rank(
    order: NDArray[np.intp], places: NDArray[np.intp], defective: ArrayLike
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Ranks (K,) of judged parts among all, 0 = lowest score, ascending, and whether these are defective (K,)."""
    ranks = np.argsort(order)[places]
    ascending = np.argsort(ranks)
    return ranks[ascending], np.asarray(defective, bool)[ascending]


def _choose_cut(ordered: NDArray[np.floating], ranks: NDArray[np.intp], bad: NDArray[np.bool_]) -> int:
    """The rank from which on parts are flagged, 1..N: never all of them, and never one of two with the same score."""
    count = len(ordered)
    if not bad.any():
        return count
    chances = np.interp(np.arange(count), ranks, _rise(bad))
    hits = np.append(np.cumsum(chances[::-1])[::-1], 0.0)
    expected = 2 * hits / (count - np.arange(count + 1) + chances.sum())
    allowed = np.flatnonzero(np.append(ordered[1:] > ordered[:-1], True)) + 1
    return int(allowed[expected[allowed].argmax()])


def _rise(bad: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Isotonic regression (K,) of verdicts (pool adjacent violators): SciPy's stops the app for a quarter second."""
    means: list[float] = []
    sizes: list[int] = []
    for value in bad:
        means.append(float(value))
        sizes.append(1)
        while len(means) > 1 and means[-2] >= means[-1]:
            mean, size = means.pop(), sizes.pop()
            means[-1] = (means[-1] * sizes[-1] + mean * size) / (sizes[-1] + size)
            sizes[-1] += size
    return np.repeat(means, sizes)


def _neighbours(ranks: NDArray[np.intp], cut: int, count: int) -> tuple[int, int]:
    """The judged ranks next to a cut, below it (-1: none) and from it on (`count`: none)."""
    place = int(np.searchsorted(ranks, cut))
    return int(ranks[place - 1]) if place else -1, int(ranks[place]) if place < len(ranks) else count


def is_by_verdicts(why: str) -> bool:
    """Tell by `Threshold.why` whether verdicts set a threshold."""
    return why.startswith(_explain(0, False, False).partition(" 0 ")[0])


def _explain(count: int, enough: bool, of_all: bool) -> str:
    if of_all:
        return f"It is set by verdicts on all {count} parts."
    if enough:
        return f"It is set by verdicts on {count} parts, which say where it lies."
    if count == 1:
        return "It is set by verdicts on 1 part, which does not yet say where it lies: judge the part that tells most."
    return (
        f"It is set by verdicts on {count} parts, which do not yet say where it lies: judge the part that tells most."
    )
