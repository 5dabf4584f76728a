"""Pareto charts: what occurs most often, first; and the places on the part, on a coarse grid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_BARS = 10
"""Bars of a chart; what is rarer is one bar at its end."""

GRID = 8
"""Rows and columns that a part is divided into."""


@dataclass(frozen=True)
class Bar:
    """A bar: its name, how often it occurs, and the share of all that it and those before it make up, 0 to 1."""

    name: str
    count: int
    cumulative: float


def rank(counts: Mapping[str, int], others: str, *, most: int = MOST_BARS) -> list[Bar]:
    """Return the bars of a Pareto chart: the most frequent first, equal ones by name, the rest as one bar at the end.

    After Montgomery, Introduction to Statistical Quality Control, section 5.4 ("Pareto chart").

    Args:
        counts: how often each occurs; what never does has no bar.
        others: name of the bar of the rest.
        most: number of bars, that of the rest included.

    Example:
        rank({"dent": 1, "scratch": 3}, "others") gives scratch 3 (0.75), dent 1 (1.0).
    """
    ordered = sorted(((name, count) for name, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0]))
    if len(ordered) > most:
        ordered = [*ordered[: most - 1], (others, sum(count for _, count in ordered[most - 1 :]))]
    total, sofar, bars = sum(count for _, count in ordered), 0, []
    for name, count in ordered:
        sofar += count
        bars.append(Bar(name, count, sofar / total))
    return bars


def count_places(centres: Iterable[tuple[float, float]]) -> NDArray[np.int64]:
    """Count points in the cells of a grid over the picture of a part.

    Args:
        centres: (x, y) as shares of the picture's width and height, 0 to 1.

    Returns:
        (GRID, GRID) counts by row and column, the upper left cell first.
    """
    grid = np.zeros((GRID, GRID), np.int64)
    for x, y in centres:
        grid[min(GRID - 1, max(0, int(y * GRID))), min(GRID - 1, max(0, int(x * GRID)))] += 1
    return grid


def name_cell(row: int, column: int) -> str:
    """Name a cell as on a chessboard seen from above: columns A, B, ... from the left, rows 1, 2, ... from the top."""
    return f"{chr(ord('A') + column)}{row + 1}"


def name_cells(grid: NDArray[np.int64]) -> dict[str, int]:
    """Return the counts of a grid (rows, columns) by the names of its cells, without those that are 0."""
    return {name_cell(int(row), int(column)): int(grid[row, column]) for row, column in np.argwhere(grid > 0)}
