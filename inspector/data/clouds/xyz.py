"""Text with the coordinates of a point in each line (XYZ, ASC, PTS): one way of writing for a whole file."""

import codecs
import re
from collections.abc import Sequence

import numpy as np

from inspector.data.clouds.columns import (
    COUNTED,
    NUMBER,
    NamedColumns,
    describe_angles,
    describe_columns,
    describe_doubts,
    describe_units,
    find_axes,
    name_columns,
    pass_over_counts,
)
from inspector.data.clouds.dialects import Dialect, MisfitError, Reading, list_dialects, unquote
from inspector.data.clouds.point_file import PointFile
from inspector.errors import InputError

_COMMENT = re.compile(r"(?:^|(?<=[\s;,]))#.*|//.*|^\s*%.*")
"""A # within a word is none: 1.#QNAN is how some programs write a hole."""

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

MOST_COLUMNS = 24
"""Numbers of a line without names; more are a row of a table of heights."""

_GRID_WORDS = re.compile(r"\s*(ncols|nrows|dsaa|dsbb|dsrb)\b", re.IGNORECASE)
"""First words of tables of heights: of ESRI, of Surfer."""

_MESH_WORD = re.compile(r"(?:ST)?C?N?4?n?OFF(?: BINARY)?")
"""First line of a mesh of Geomview."""

_PTX_LINES = 8
"""Of a PTX scan between its size and its points: place and axes of the scanner, and a matrix."""

_DECIMALS = re.compile(r"\d[.,](\d+)$")
"""Decimals of the last number of a line."""

FEWEST_ENDS, MOST_ENDS = 100, 1000
"""Lines whose decimals tell whether the last number is whole: few may have equally many by chance."""

TWICE, FEWEST_TWICE = "all its points are there twice, as if it were written behind itself", 100
"""What is noted of so many points or more."""

LONGEST = 10_000
"""Letters of a line that tell whether it begins with numbers."""


def parse_xyz(content: bytes, name: str) -> PointFile:
    """Read a text file with x, y, z in each line, separated by blanks, tabs, commas or semicolons.

    Numbers have a decimal point or a decimal comma, and may have marks between thousands: one way of writing counts
    for the whole file. Lines of other text before the first numbers are passed over; where one of them names the
    columns, x, y and z are taken from where it says. Comments after # or //, and lines that begin with %, are passed
    over, too. So are numbers of the points, or of rows and columns, before them; see `pass_over_counts`.

    Args:
        content: the bytes of the file, UTF-8, UTF-16 or of one byte a letter.
        name: what to call it in an error.

    Raises:
        InputError: a line that does not hold three numbers, or lines that can be read in two ways.
    """
    text = _decode(content, name)
    every = re.split(r"\r\n|\n|\r", text)
    plain = [_COMMENT.sub("", line) for line in every] if re.search("[#%]|//", text) else every
    start = _find_start(plain)
    kept = [index for index in range(start, len(plain)) if plain[index].strip()]
    if not kept:
        if any(line.strip() for line in plain):
            first = next(index for index, line in enumerate(plain) if line.strip())
            if any(len(re.findall(r"\d+", line)) > 2 for line in plain):  # (1, 2, 3), 1|2|3, v 1 2 3
                told = "and those after it hold no three numbers with only blanks, commas or semicolons between them"
                raise _refuse(name, first, told, "export the scan as points, x y z in each line")
            raise _refuse(name, first, "and those after it hold no numbers", "export the scan as points")
        return PointFile(np.empty((0, 3)))
    _require_whole_end(text, [every[index] for index in kept], name)
    _refuse_tables(plain[:start], len(kept), name)
    count = _find_count(plain[:start])
    if count > len(kept):
        one = f"its first line announces {count} points, but 1 follows"
        told = one if len(kept) == 1 else f"its first line announces {count} points, but {len(kept)} follow"
        raise InputError(f"{name} is cut off or damaged: {told}; copy it again")
    parsed = _read_lines(every[:start], [plain[index] for index in kept], kept, name)
    if 0 < count < len(kept):
        points = "1 point" if count == 1 else f"{count} points"
        told = f"its first line announces {points}, but {len(kept)} follow, which were all read"
        parsed = parsed._replace(notes=(*parsed.notes, told))
    once, again = np.array_split(parsed.points, 2)
    if len(once) >= FEWEST_TWICE and np.array_equal(once, again):
        parsed = parsed._replace(notes=(*parsed.notes, TWICE))
    return parsed


def _refuse_tables(header: Sequence[str], lines: int, name: str) -> None:
    """Refuse heights without places, and scans (PTX) that begin with the scanner's place."""
    if any(map(_GRID_WORDS.match, header)):
        raise InputError(
            f"{name} is a table of heights, not a list of points; export the scan as points, x y z in each line"
        )
    words = [line.strip() for line in header if line.strip()]
    if words and _MESH_WORD.fullmatch(words[0]):
        raise InputError(
            f"{name} is a mesh (OFF), which is not read; export it as STL, or as points, x y z in each line"
        )
    sizes = [int(word) for word in words if re.fullmatch(r"\d{1,9}", word)]
    if len(words) == len(sizes) == 2 and sizes[0] * sizes[1] == lines - _PTX_LINES:
        raise InputError(f"{name} is a PTX scan, which is not read; export it as E57, or as points, x y z in each line")


def _decode(content: bytes, name: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    content = content.rstrip(b"\x1a")  # the end of a text of DOS
    if b"\0" in content:
        index = content[: content.index(b"\0")].count(b"\n")
        raise _refuse(name, index, "holds a byte that no text has", "export the scan as points")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _find_start(lines: Sequence[str]) -> int:
    """Find the first line of numbers: it begins with one, or comes after the names of columns."""
    named = False
    for i, line in enumerate(lines):
        cells = [cell for cell in re.split(r"[;,\s]+", line[:LONGEST]) if cell]
        numbers = [NUMBER.fullmatch(cell) is not None for cell in cells]
        spaced = re.search(r"[;,\t].*[;,\t]", line) is not None  # cells may be empty
        if (sum(numbers) >= 3 and (numbers[0] or named)) or (spaced and numbers and all(numbers)):
            return i
        named = named or find_axes(line) is not None
    return len(lines)


def _find_count(header: Sequence[str]) -> int:
    """Return the number of points that the only line before them announces; 0 where there is none."""
    words = [line.strip() for line in header if line.strip()]
    return int(words[0]) if len(words) == 1 and re.fullmatch(r"\d{1,18}", words[0]) else 0


def _read_lines(header: Sequence[str], lines: list[str], places: list[int], name: str) -> PointFile:
    """Read lines in the one way that fits all of them."""
    names = name_columns(header)
    columns = names.columns if names else (0, 1, 2)
    lines = unquote("\n".join(lines)).split("\n")
    _require_decimals(lines, places, columns, name)
    dialect, reading = _read_columns(names, lines, places, columns, name)
    if names is None and reading.cells == 3:
        return PointFile(reading.values, notes=describe_doubts(reading) + describe_angles(header))
    if names is not None or reading.cells < 3:
        units = describe_units(header, names) if names is not None else ()
        return PointFile(reading.values, notes=describe_doubts(reading) + units)
    if reading.cells > MOST_COLUMNS:
        told = f"and those after it hold {reading.cells} numbers: a table of heights, not a list of points"
        raise _refuse(name, places[0], told, "export the scan as points, x y z in each line")
    try:
        passed, parsed = pass_over_counts(dialect, reading, lines)
    except MisfitError as misfit:
        raise _refuse(name, places[misfit.index], misfit.what, "export it again, one point in each line") from misfit
    return parsed._replace(notes=parsed.notes + describe_columns(header, dialect, reading, lines, passed))


def _require_whole_end(text: str, lines: Sequence[str], name: str) -> None:
    """Refuse a text that breaks off within its last number: one without the decimals that those above it have."""
    if text.endswith(("\n", "\r")) or text[-1:].isalpha() or len(lines) < FEWEST_ENDS:  # nan is whole
        return
    found = [_DECIMALS.search(line) for line in lines[-MOST_ENDS:]]
    counts = [len(decimals[1]) if decimals else 0 for decimals in found]
    if len(set(counts[:-1])) == 1 and counts[-1] < counts[0]:
        raise InputError(f"{name} is cut off: its last line ends within a number; copy it again")


def _require_decimals(lines: Sequence[str], places: Sequence[int], columns: Sequence[int], name: str) -> None:
    """Refuse whole numbers with points between thousands, 10.015 beside 983: they look as if they were decimals."""
    rows = [re.split(r"[;\s]+", line.strip()) for line in lines[:MOST_ENDS]]
    for column in columns:
        words = {row[column] for row in rows if len(row) > column}
        whole = [abs(int(word)) for word in words if re.fullmatch(r"-?(0|[1-9]\d{0,2})", word)]
        marked = [abs(float(word)) for word in words if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", word)]
        if min(len(whole), len(marked)) < COUNTED or len(whole) + len(marked) < len(words):
            continue
        if max(whole) > 1.5 * max(marked):  # else places on a grid, 1.333 2.667 4
            what = "and others can be read in two ways, for their points may be decimal marks or not"
            raise _refuse(name, places[0], what, "export it again without marks between thousands")


def _read_columns(
    names: NamedColumns | None, lines: Sequence[str], places: Sequence[int], columns: Sequence[int], name: str
) -> tuple[Dialect, Reading]:
    found: list[tuple[Dialect, Reading]] = []
    misfits: list[MisfitError] = []
    for dialect in list_dialects(lines):
        try:
            found.append((dialect, dialect.read(lines, columns)))
        except MisfitError as misfit:
            misfits.append(misfit)
    if names:
        found = [each for each in found if each[1].cells == names.cells] or found
    if not found:
        if names and names.columns != (0, 1, 2) and not any(misfit.index for misfit in misfits):
            told = f"names {names.cells} columns, which line {places[0] + 1} does not have"
            raise _refuse(name, names.place, told, "export it again")
        last = max(misfits, key=lambda misfit: misfit.index)  # of what fits most lines
        raise _refuse(name, places[last.index], last.what, "export it again, one point in each line")
    _require_one([reading for _, reading in found], places, name)
    if names and names.columns != (0, 1, 2) and found[0][1].cells != names.cells:
        told = f"names {names.cells} columns, but line {places[0] + 1} has {found[0][1].cells}"
        raise _refuse(name, names.place, told, "export it again")
    return found[0]


def _require_one(readings: Sequence[Reading], places: Sequence[int], name: str) -> None:
    """Refuse lines that say one thing read in one way, and another thing in another."""
    first = readings[0].values
    for other in readings[1:]:
        differs = ((first != other.values) & ~(np.isnan(first) & np.isnan(other.values))).any(axis=1)
        if differs.any():
            what = "can be read in two ways, for its commas may be decimal marks or not"
            remedy = "export it again with decimal points and blanks between the numbers"
            raise _refuse(name, places[int(differs.argmax())], what, remedy)


def _refuse(name: str, index: int, what: str, remedy: str) -> InputError:
    return InputError(f"{name} cannot be read: line {index + 1} {what}; {remedy}")
