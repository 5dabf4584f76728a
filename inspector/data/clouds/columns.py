"""Which columns of a text with a point in each line hold its coordinates: by their names, or by their numbers."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.dialects import Dialect, MisfitError, Reading
from inspector.data.clouds.point_file import PointFile

NUMBER = re.compile(
    r"""["']?[-+\u2212]?(\d+([.'\u2019]\d+)*\.?|\.\d+|nan|inf|1\.\#\w+)([eEdD][-+]?\d+)?["']?""", re.IGNORECASE
)
"""A number, or a part of one, between blanks, commas and semicolons; 2024-01-05 and 10:30 are none."""

_AXIS = re.compile(
    r"(?:(?:point|pos|position|coord|coordinate)s?[ _.:-]*|p)?([xyz])0?"
    r"(?:[ _./-]*(?:mm|cm|m|um|\u00b5m|in|inch|coord|coordinate|pos|axis|achse|wert))?"
)
"""Names of columns: x, X [mm], pos_x, px, x0, x-coordinate, X-Achse."""

_AXIS_UNIT = re.compile(
    r"(?<![a-z])([xyz])0?[ _./-]*[\[({]?\s*(nm|um|\u00b5m|\u03bcm|mm|cm|m|in|inch|ft)(?![a-z0-9])", re.IGNORECASE
)
"""An axis and its unit in the name of a column."""

_UNIT = re.compile(r"[\[({]?(nm|um|\u00b5m|\u03bcm|mm|cm|m|in|inch|ft)[\])}]?")

FEWEST_ALIKE, MANY_COLUMNS, MOST_LOOKED_AT = 5, 9, 1000
"""Columns from which on they tell, where each is like the next, that each holds a height; from which on it is enough
that all have about the same values, as fewer may hold the brightness and the colours of points; lines looked at."""

_UNITS = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")

COUNTED = 10
"""Lines from which on they tell what a column of them is; fewer may look so by chance."""

COLOURED = 6
"""Columns from which on three of them may be colours."""

ANGLES = frozenset(
    {*("rho", "theta", "phi", "azimuth", "elevation", "range", "radius", "r", "angle"), "lat", "lon", "latitude"}
)
"""Names of columns that are no x, y, z; one of them alone may be a word of a sentence."""

ALONG_GRID = 0.9
"""Correlation of x and y with the numbers of column and row above which these are no coordinates."""


class NamedColumns(NamedTuple):
    """A line that names columns."""

    place: int
    columns: tuple[int, int, int]
    """Places of x, y and z."""
    cells: int


def name_columns(header: Sequence[str]) -> NamedColumns | None:
    """Return the last line before the numbers that names x, y and z, also as a comment."""
    for index in range(len(header) - 1, -1, -1):
        if (columns := find_axes(header[index])) is not None:
            return NamedColumns(index, columns, len(_split_names(header[index])))
    return None


def find_axes(text: str) -> tuple[int, int, int] | None:
    """Find the places of x, y and z in a line that names each once, as that alone or in other words; else None."""
    cells = _split_names(text)
    for found in (cells, [match and match[1] for match in map(_AXIS.fullmatch, cells)]):
        if all(found.count(axis) == 1 for axis in "xyz"):
            return found.index("x"), found.index("y"), found.index("z")
    return None


def _split_names(text: str) -> list[str]:
    """Cut a line of words into cells, in small letters and without units; ParaView's Points:0 is x."""
    plain = _UNITS.sub("", re.sub(r"^\s*(#|//|%)+", "", text)).replace('"', "").strip().lower()
    plain = re.sub(r"\bpoints[:_]([012])\b", lambda match: "xyz"[int(match[1])], plain)
    mark = next((mark for mark in (";", "\t", ",") if mark in plain), None)
    return [cell.strip() for cell in plain.split(mark)]


def pass_over_counts(dialect: Dialect, reading: Reading, lines: Sequence[str]) -> tuple[int, PointFile]:
    """Read points behind the numbers of their rows and columns, or their own; return how many columns those are, too.

    Whole numbers that never repeat are those of the points where they go up by one, or where what stands behind them
    is written in another way.

    Raises:
        MisfitError: a line has no three numbers behind that of the point, though the first one has.
    """
    plain = 0, PointFile(reading.values, notes=describe_doubts(reading))
    if len(lines) < COUNTED:
        return plain
    if reading.cells > 4:
        try:
            later = dialect.read(lines, (2, 3, 4)).values
        except MisfitError:  # other things stand there
            pass
        else:
            if _count_a_grid(reading.values[:, :2], later[:, :2]):
                told = "its first two columns count rows and columns and were passed over"
                return 2, PointFile(later, notes=(told,))
    numbers = reading.values[:, 0]
    is_counted = bool((np.diff(numbers) == 1).all())
    if not is_counted and not _are_distinct(numbers):
        return plain
    try:
        later = dialect.read(lines, (1, 2, 3)).values
    except MisfitError as misfit:
        if misfit.index == 0:  # words stand behind three numbers
            return plain
        raise
    if np.isnan(later).all(axis=0).any() or np.ptp(later[:, 0]) == 0:  # nothing behind z; a profile along x
        return plain
    if not is_counted and (_is_whole(later) or _are_distinct(later[:, 0])):  # the first may be x
        return plain
    if is_counted:
        return 1, PointFile(later, notes=("its first column counts the points and was passed over",))
    return 1, PointFile(later, notes=("its first column numbers the points and was passed over",))


def _is_whole(numbers: NDArray[np.float64]) -> bool:
    """Tell whether all numbers but holes are whole."""
    return bool((numbers == np.round(numbers))[~np.isnan(numbers)].all())


def _are_distinct(numbers: NDArray[np.float64]) -> bool:
    """Tell whether numbers (M,) are whole, none of them negative, a hole or there twice."""
    return _is_whole(numbers) and bool((numbers >= 0).all()) and len(np.unique(numbers)) == len(numbers)


def describe_columns(
    header: Sequence[str], dialect: Dialect, reading: Reading, lines: Sequence[str], passed: int
) -> tuple[str, ...]:
    """Say where the first of more than three columns, or those behind what was passed over, may be no coordinates."""
    words = next((words for line in reversed(header) if len(words := _split_names(line)) > 1), [])
    if len(words) == len(set(words)) == reading.cells and not any(map(NUMBER.fullmatch, words)):
        read = ", ".join(words[passed : passed + 3])[:80]
        return (
            f"of its columns, {read} were read; where these are no x, y, z, name the columns so in the line before "
            "the numbers",
        )
    numbers = reading.values[:, 0]
    if passed or len(numbers) < COUNTED:
        return ()
    if reading.cells >= FEWEST_ALIKE and _are_alike(dialect, reading.cells, lines):
        return (
            "its further columns are like the first three, and were passed over: where it is a table of heights, or "
            "holds several points in a line, export one point in each line",
        )
    if numbers[0] == np.round(numbers[0]) and (numbers == numbers[0]).all():
        return (
            f"its first column is {numbers[0]:.0f} in every line, and was read as x; where it is none, name the "
            "columns in a line before the numbers",
        )
    if reading.cells >= COLOURED and _may_be_colours(reading.values) and not _have_colours_behind(dialect, lines):
        return (
            "its first three columns may be colours, and were read as x, y, z; where they are, name the columns in a "
            "line before the numbers",
        )
    if _are_distinct(numbers) or (np.diff(numbers) > 0).all():
        return (
            "its first column may be times or numbers of points, and was read as x; where it is, name the columns in a "
            "line before the numbers",
        )
    return ()


def describe_units(header: Sequence[str], names: NamedColumns) -> tuple[str, ...]:
    """Say where x, y and z are in different units, by their names or by a line of units below them."""
    named = [(axis.lower(), unit.lower()) for axis, unit in _AXIS_UNIT.findall(header[names.place])]
    units = [unit for _, unit in sorted(named)] if sorted(axis for axis, _ in named) == ["x", "y", "z"] else []
    for line in header[names.place + 1 :]:
        cells = re.split(r"[;,\s]+", line.strip().lower())
        if len(cells) == names.cells and all(map(_UNIT.fullmatch, (cells[column] for column in names.columns))):
            units = [cells[column].strip("[](){}") for column in names.columns]
    if len(set(units)) < 2:
        return ()
    told = ", ".join(units)
    return (f"its columns x, y, z are in {told} by its header, and were read as if in one unit: export them in one",)


def _are_alike(dialect: Dialect, cells: int, lines: Sequence[str]) -> bool:
    """Tell whether all columns hold the same quantity, as a table of heights does, or every third one does."""
    try:
        table = dialect.read(lines[:: -(-len(lines) // MOST_LOOKED_AT)], range(cells)).values
    except MisfitError:  # other things stand behind the points
        return False
    table = table[np.isfinite(table).all(axis=1)]
    if len(table) < COUNTED or _may_be_colours(table[:, 3:6]) or _are_unit_vectors(table[:, 3:6]):
        return False
    low, middle, high = np.quantile(table, (0.1, 0.5, 0.9), axis=0)
    spread = high - low
    if spread.min() > 0 and spread.max() < 3 * spread.min():
        steps = np.diagonal(np.atleast_2d(np.corrcoef(table.T)), 1)
        of_one_size = cells >= MANY_COLUMNS and np.ptp(middle) < np.median(spread)
        if of_one_size or steps.min() > ALONG_GRID:
            return True
    moved = np.abs(middle[3:] - middle[:-3]) <= 0.2 * spread[:-3]
    return cells % 3 == 0 and bool((moved & (np.abs(spread[3:] - spread[:-3]) <= 0.2 * spread[:-3])).all())


def _are_unit_vectors(numbers: NDArray[np.float64]) -> bool:
    return numbers.shape[1] == 3 and bool((np.abs(np.linalg.norm(numbers, axis=1) - 1) < 0.01).mean() > 0.5)


def _may_be_colours(numbers: NDArray[np.float64]) -> bool:
    return _is_whole(numbers) and bool(((numbers >= 0) & (numbers <= 255)).all())


def _have_colours_behind(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Tell whether the three columns behind the first three may be colours, too: then the first are x, y, z."""
    try:
        return _may_be_colours(dialect.read(lines, (3, 4, 5)).values)
    except MisfitError:  # other things stand there
        return False


def describe_angles(header: Sequence[str]) -> tuple[str, ...]:
    """Say where the three columns of a text are called angles, distances or degrees of the globe."""
    words = next((words for line in reversed(header) if len(words := _split_names(line)) == 3), [])
    if len(ANGLES & set(words)) < 2:
        return ()
    return (f"its columns are called {', '.join(words)}, and were read as x, y, z: export the points with x, y, z",)


def describe_doubts(reading: Reading) -> tuple[str, ...]:
    """Say where lines may hold two points, of which one was read."""
    if reading.longer == 1:
        return ("one of its lines holds more numbers than the first, which were passed over",)
    told = f"{reading.longer} of its lines hold more numbers than the first, which were passed over"
    return (told,) if reading.longer else ()


def _count_a_grid(numbers: NDArray[np.float64], places: NDArray[np.float64]) -> bool:
    """Tell whether two columns (M, 2) number the rows and columns of a grid, along which places (M, 2) grow."""
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any() or (numbers < 0).any():
        return False
    slow, fast = (
        np.diff(numbers, axis=0).T if (np.diff(numbers[:, 0]) >= 0).all() else np.diff(numbers[:, ::-1], axis=0).T
    )
    if (slow < 0).any() or (fast[slow == 0] <= 0).any() or not (slow > 0).any() or not (slow == 0).any():
        return False
    known = np.isfinite(places).all(axis=1) & places.any(axis=1)
    if known.sum() < 3 or (np.ptp(numbers[known], axis=0) == 0).any() or (np.ptp(places[known], axis=0) == 0).any():
        return False
    across = np.abs(np.corrcoef(numbers[known].T, places[known].T)[:2, 2:])
    return bool(max(across.diagonal().min(), across[::-1].diagonal().min()) > ALONG_GRID)
