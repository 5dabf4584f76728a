"""Values that mark holes of a scan, told apart from measurements."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MANY = 10
"""Points with exactly one height that are no accident."""

FAR = 3.0
"""A height this many times the size of all others away from them is no measurement."""

DOUBTFUL = 0.1
"""Many points with exactly the height 0, this many times the range of all others away from them, are noted."""

BELOW = 0.25
"""So are those with exactly the lowest or the highest height, `FAR` times that range and this many times the size of
all others away from them: -32768 steps of a profiler are about as far away as its field of view is wide."""

MOST_MARKS = 4
"""Values that are looked for in one cloud; programs write one or two."""

WILD = 50.0
"""Points this many times the size of a cloud's core away from it are noted."""

FEWEST_STEPS, COUNTED, ROUNDING = 200, 1000, 1e-2
"""Steps across a cloud below which they are coarse; points from which on it is no accident that all are multiples of
one; and the share of a step by which rounding may move them."""

CORE = 0.01
"""Share of the points beyond a cloud's core at either end of each axis."""

_LIMITS = {2.0**bits - low for bits in (15, 16, 31, 32) for low in (0, 1)}


def find_marks(points: NDArray[np.float64], *, organised: bool) -> tuple[float, ...]:
    """Find the heights that mark holes: exactly one value in many points, far away from all others.

    A value that programs usually write for a hole (-9999, -32768, 65535, 1e10; on a pixel grid 0, too) needs to be
    less far away or rare.

    Args:
        points: (M, 3), finite, any unit.
        organised: whether they stand on a pixel grid.

    Returns:
        Values of z.

    Example:
        Heights of 500, 501, ... 520 and a hundred times -9999 give (-9999,).
    """
    marks: list[float] = []
    left = points
    while len(marks) < MOST_MARKS and len(left) > MANY:
        heights = left[:, 2]
        counts = {end: int((heights == end).sum()) for end in (float(heights.min()), float(heights.max()))}
        ends = [end for end, count in counts.items() if count >= MANY or is_usual_mark(end, organised)]
        if not ends:
            break
        core = left[~np.isin(heights, ends)]
        found = [end for end in ends if len(core) >= MANY and _is_mark(end, counts[end], core, organised)]
        if not found:
            break
        marks += found
        left = left[~np.isin(heights, found)]
    return tuple(marks)


def match_marks(heights: NDArray[np.float64], marks: Sequence[float]) -> NDArray[np.bool_]:
    """Tell which heights (M,) are marks, also where a file holds them as 32-bit floats."""
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = np.array(marks, dtype=np.float64).astype(np.float32).astype(np.float64)
    return np.isin(heights, marks) | np.isin(heights, rounded)


def describe_marks(heights: NDArray[np.float64], marks: Sequence[float]) -> tuple[str, ...]:
    """Say how many points were taken for holes, for each mark."""
    counts = {mark: int(match_marks(heights, [mark]).sum()) for mark in marks}
    return tuple(
        f"{count} {'point' if count == 1 else 'points'} with the height {mark:.9g} {'was' if count == 1 else 'were'} "
        "taken for holes"
        for mark, count in counts.items()
        if count
    )


def describe_doubts(points: NDArray[np.float64], wild: NDArray[np.bool_]) -> tuple[str, ...]:
    """Say what of the points that are kept may be no measurement.

    Args:
        points: (M, 3), finite, without holes.
        wild: (M,), as `find_wild` tells them.
    """
    notes, heights = [], points[:, 2]
    doubtful = dict.fromkeys((0.0, float(heights.min()), float(heights.max())))
    if repeated := _find_repeated(points):
        count, point = repeated
        x, y, z = map(_name_height, point)
        notes.append(
            f"{count} points are exactly ({x}, {y}, {z}); where these are holes, add {z} to the setting `holes`"
        )
        doubtful.pop(point[2], None)
    for height in doubtful:
        at_height = heights == height
        count = int(np.count_nonzero(at_height))
        if min(count, len(points) - count) >= MANY and _is_doubtful(height, count, points[~at_height]):
            told = _name_height(height)
            notes.append(
                f"{count} points have exactly the height {told}, away from all others; where these are holes, "
                f"add {told} to the setting `holes`"
            )
    if count := int(np.count_nonzero(wild)):
        one = "one of its points lies far away from all others, which its score may be due to"
        several = f"{count} of its points lie far away from all others, which its score may be due to"
        notes.append(one if count == 1 else several)
    return tuple(notes)


def describe_steps(points: NDArray[np.float64]) -> tuple[str, ...]:
    """Say where all coordinates are multiples of a power of ten of which few fit into the cloud.

    Args:
        points: (M, 3), finite, of no pixel grid: on these x and y are such multiples.
    """
    step = _find_coarse_step(points)
    told = f"its coordinates are all multiples of {step:g}, a coarse step for its size: export them with more decimals"
    return (told,) if step else ()


def _find_coarse_step(points: NDArray[np.float64]) -> float:
    extent = float(np.linalg.norm(np.ptp(points, axis=0))) if len(points) >= COUNTED else 0.0
    if not extent > 0:
        return 0.0
    step = 10.0 ** math.ceil(math.log10(extent / FEWEST_STEPS))
    for some in (points[:COUNTED], points):  # few tell it of nearly every cloud
        multiples = some / step
        is_coarse = np.abs(multiples - np.round(multiples)).max() < ROUNDING
        if not is_coarse or np.abs(multiples).max() >= ROUNDING / np.finfo(np.float32).eps:
            return 0.0
    return step


def _find_repeated(points: NDArray[np.float64]) -> tuple[int, list[float]] | None:
    """Find a point that is there many times, some of them one after the other, and how often."""
    again = np.flatnonzero((points[1:] == points[:-1]).all(axis=1))
    if len(again) < MANY:
        return None
    point = points[again[len(again) // 2]]
    count = int((points == point).all(axis=1).sum())
    return (count, point.tolist()) if count > MANY else None


def find_wild(points: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which of finite points (M, 3) lie so far away from all others that they cannot belong to the part."""
    exact = points.astype(np.float64, order="F")
    if _fill_longest_axis(exact):
        return np.zeros(len(points), dtype=bool)
    low, high = np.quantile(exact, (CORE, 1 - CORE), axis=0)
    reach = WILD * float(np.linalg.norm(high - low))
    wild: NDArray[np.bool_] = ((exact < low - reach) | (exact > high + reach)).any(axis=1)
    return wild if reach > 0 else np.zeros(len(points), dtype=bool)


def _fill_longest_axis(points: NDArray[np.float64]) -> bool:
    """Tell whether the core of points is a third as long as all of them at least, so that none can be wild."""
    low, high = points.min(axis=0), points.max(axis=0)
    axis = int((high - low).argmax())
    third = (high - low)[axis] / 3
    ends = (points[:, axis] < low[axis] + third, points[:, axis] > high[axis] - third)
    return min(int(np.count_nonzero(end)) for end in ends) > 1 + CORE * len(points)


def _is_mark(value: float, count: int, core: NDArray[np.float64], organised: bool) -> bool:
    heights = core[:, 2]
    gap = max(float(heights.min()) - value, value - float(heights.max()))
    if gap > FAR * float(np.linalg.norm(np.ptp(core, axis=0))):
        return True
    return count >= MANY and is_usual_mark(value, organised) and _lies_apart(value, core)


def _lies_apart(value: float, core: NDArray[np.float64], times: float = 1.0) -> bool:
    """Tell whether a height is further away from all others than so many times their range."""
    heights = core[:, 2]
    low, high = float(heights.min()), float(heights.max())
    return low < high and max(low - value, value - high) > times * (high - low)


def _is_doubtful(height: float, count: int, core: NDArray[np.float64]) -> bool:
    """Tell whether a height of so many points may stand for none; what most points have may be an ideal ground."""
    if height == 0:
        return _lies_apart(height, core, DOUBTFUL)
    gap = float(np.abs(core[:, 2] - height).min())
    is_far = gap > BELOW * float(np.linalg.norm(np.ptp(core, axis=0))) and _lies_apart(height, core, FAR)
    return is_far and count < len(core)


def _name_height(height: float) -> str:
    """Write a height to be typed as briefly as its file holds it: -65.536 where 32 bits make -65.5360031 of it."""
    with np.errstate(over="ignore"):
        single = np.float32(height)
    return f"{float(str(single)):.9g}" if float(single) == height else f"{height:.15g}"


def is_usual_mark(value: float, organised: bool = False) -> bool:
    """Tell whether programs write a value for a hole; 0 only where points stand on a pixel grid."""
    size = abs(value)
    if size == 0:
        return organised
    nines = size == round(size) and size < 1e15 and set(f"{size:.0f}") == {"9"} and size > 99
    power = 1e6 <= size < 1e30 and abs(size / float(f"1e{math.log10(size):.0f}") - 1) < 1e-7  # as a 32-bit float
    return nines or power or size >= 1e30 or size in _LIMITS
