"""Text with the coordinates of a point in each line (XYZ, ASC, PTS): one way of writing for a whole file."""

import codecs
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.dialects import Dialect, MisfitError, Reading, list_dialects, unquote
from inspector.data.clouds.point_file import PointFile
from inspector.errors import InputError

_COMMENT = re.compile(r"(?:^|(?<=[\s;,]))#.*|//.*|^\s*%.*")
"""A # within a word is none: 1.#QNAN is how some programs write a hole."""

_NUMBER = re.compile(
    r"""["']?[-+\u2212]?(\d+([.'\u2019]\d+)*\.?|\.\d+|nan|inf|1\.\#\w+)([eEdD][-+]?\d+)?["']?""", re.IGNORECASE
)
"""A number, or a part of one, between blanks, commas and semicolons; 2024-01-05 and 10:30 are none."""

_AXIS = re.compile(
    r"(?:(?:point|pos|position|coord|coordinate)s?[ _.:-]*|p)?([xyz])0?"
    r"(?:[ _./-]*(?:mm|cm|m|um|\u00b5m|in|inch|coord|coordinate|pos|axis|achse|wert))?"
)
"""Names of columns: x, X [mm], pos_x, px, x0, x-coordinate, X-Achse."""

_UNITS = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

MOST_COLUMNS = 24
"""Numbers of a line without names; more are a row of a table of heights."""

_GRID_WORDS = re.compile(r"\s*(ncols|nrows|dsaa|dsbb|dsrb)\b", re.IGNORECASE)
"""First words of tables of heights: of ESRI, of Surfer."""

COUNTED = 10
"""Lines from which on a first column that goes up by 1 in every line is taken for the number of the point."""

_PTX_LINES = 8
"""Of a PTX scan between its size and its points: place and axes of the scanner, and a matrix."""

ALONG_GRID = 0.9
"""Correlation of x and y with the numbers of column and row above which these are no coordinates."""

_DECIMALS = re.compile(r"\d[.,](\d+)$")
"""Decimals of the last number of a line."""

FEWEST_ENDS, MOST_ENDS = 100, 1000
"""Lines whose decimals tell whether the last number is whole: few may have equally many by chance."""

LONGEST = 10_000
"""Letters of a line that tell whether it begins with numbers."""


def parse_xyz(content: bytes, name: str) -> PointFile:
    """Read a text file with x, y, z in each line, separated by blanks, tabs, commas or semicolons.

    Numbers have a decimal point or a decimal comma, and may have marks between thousands: one way of writing counts
    for the whole file. Lines of other text before the first numbers are passed over; where one of them names the
    columns, x, y and z are taken from where it says. Comments after # or // are passed over, too.

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
            raise _refuse(name, first, "and those after it hold no numbers", "export the scan as points")
        return PointFile(np.empty((0, 3)))
    _require_whole_end(text, [every[index] for index in kept], name)
    _refuse_tables(plain[:start], len(kept), name)
    count = _find_count(plain[:start])
    if count > len(kept):
        told = f"its first line announces {count} points, but {len(kept)} follow"
        raise InputError(f"{name} is cut off or damaged: {told}; copy it again")
    parsed = _read_lines(every[:start], [plain[index] for index in kept], kept, name)
    if 0 < count < len(kept):
        told = f"its first line announces {count} points, but {len(kept)} follow, which were all read"
        parsed = parsed._replace(notes=(*parsed.notes, told))
    return parsed


def _refuse_tables(header: Sequence[str], lines: int, name: str) -> None:
    """Refuse heights without places, and scans (PTX) that begin with the scanner's place."""
    if any(map(_GRID_WORDS.match, header)):
        raise InputError(
            f"{name} is a table of heights, not a list of points; export the scan as points, x y z in each line"
        )
    words = [line.strip() for line in header if line.strip()]
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
        numbers = [_NUMBER.fullmatch(cell) is not None for cell in cells]
        spaced = re.search(r"[;,\t].*[;,\t]", line) is not None  # cells may be empty
        if (sum(numbers) >= 3 and (numbers[0] or named)) or (spaced and numbers and all(numbers)):
            return i
        named = named or _name_cells(line) is not None
    return len(lines)


def _find_count(header: Sequence[str]) -> int:
    """Return the number of points that the only line before them announces; 0 where there is none."""
    words = [line.strip() for line in header if line.strip()]
    return int(words[0]) if len(words) == 1 and re.fullmatch(r"\d{1,18}", words[0]) else 0


class _Names(NamedTuple):
    """A line that names columns."""

    place: int
    columns: tuple[int, int, int]
    """Places of x, y and z."""
    cells: int


def _name_columns(header: Sequence[str]) -> _Names | None:
    """Return the last line before the numbers that names x, y and z, also as a comment."""
    for index in range(len(header) - 1, -1, -1):
        if (cells := _name_cells(header[index])) is not None:
            found = [match and match[1] for match in map(_AXIS.fullmatch, cells)]
            return _Names(index, (found.index("x"), found.index("y"), found.index("z")), len(cells))
    return None


def _name_cells(text: str) -> list[str] | None:
    """Cut a line that names x, y and z, each once, into cells; None where it does not."""
    cells = _split_names(text)
    found = [match[1] for match in map(_AXIS.fullmatch, cells) if match]
    return cells if sorted(found) == ["x", "y", "z"] else None


def _split_names(text: str) -> list[str]:
    """Cut a line of words into cells, in small letters and without units; ParaView's Points:0 is x."""
    plain = _UNITS.sub("", re.sub(r"^\s*(#|//|%)+", "", text)).replace('"', "").strip().lower()
    plain = re.sub(r"\bpoints[:_]([012])\b", lambda match: "xyz"[int(match[1])], plain)
    mark = next((mark for mark in (";", "\t", ",") if mark in plain), None)
    return [cell.strip() for cell in plain.split(mark)]


def _read_lines(header: Sequence[str], lines: list[str], places: list[int], name: str) -> PointFile:
    """Read lines in the one way that fits all of them."""
    names = _name_columns(header)
    _require_decimals(lines, places, name)
    lines = unquote("\n".join(lines)).split("\n")
    dialect, reading = _read_columns(names, lines, places, names.columns if names else (0, 1, 2), name)
    if names is not None or reading.cells < 4:
        return PointFile(reading.values, notes=_describe_doubts(reading))
    if reading.cells > MOST_COLUMNS:
        told = f"and those after it hold {reading.cells} numbers: a table of heights, not a list of points"
        raise _refuse(name, places[0], told, "export the scan as points, x y z in each line")
    try:
        passed, parsed = _pass_over_counts(dialect, reading, lines)
    except MisfitError as misfit:
        raise _refuse(name, places[misfit.index], misfit.what, "export it again, one point in each line") from misfit
    return parsed._replace(notes=parsed.notes + _describe_columns(header, reading, passed))


def _pass_over_counts(dialect: Dialect, reading: Reading, lines: Sequence[str]) -> tuple[int, PointFile]:
    """Read points behind the numbers of their rows and columns, or their own; return how many columns those are, too.

    Raises:
        MisfitError: a line has no three numbers behind that of the point.
    """
    plain = 0, PointFile(reading.values, notes=_describe_doubts(reading))
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
    if (np.diff(numbers) == 1).all():
        later = dialect.read(lines, (1, 2, 3)).values
        return 1, PointFile(later, notes=("its first column counts the points and was passed over",))
    if _is_whole(numbers) and (numbers >= 0).all() and len(np.unique(numbers)) == len(numbers):
        later = dialect.read(lines, (1, 2, 3)).values
        if not _is_whole(later):  # else x may be whole, too
            return 1, PointFile(later, notes=("its first column numbers the points and was passed over",))
    return plain


def _is_whole(numbers: NDArray[np.float64]) -> bool:
    """Tell whether all numbers but holes are whole."""
    return bool((numbers == np.round(numbers))[~np.isnan(numbers)].all())


def _describe_columns(header: Sequence[str], reading: Reading, passed: int) -> tuple[str, ...]:
    """Say where the first of more than three columns, or those behind what was passed over, may be no coordinates."""
    for line in reversed(header):
        words = _split_names(line)
        if len(words) == len(set(words)) == reading.cells and not any(map(_NUMBER.fullmatch, words)):
            read = ", ".join(words[passed : passed + 3])[:80]
            return (
                f"of its columns, {read} were read; where these are no x, y, z, name the columns so in the line before "
                "the numbers",
            )
    first = reading.values[0, 0]
    if (
        not passed
        and len(reading.values) >= COUNTED
        and first == np.round(first)
        and (reading.values[:, 0] == first).all()
    ):
        return (
            f"its first column is {first:.0f} in every line, and was read as x; where it is none, name the columns in "
            "a line before the numbers",
        )
    return ()


def _describe_doubts(reading: Reading) -> tuple[str, ...]:
    """Say where lines may hold two points, of which one was read."""
    if reading.longer == 1:
        return ("one of its lines holds more numbers than the first, which were passed over",)
    told = f"{reading.longer} of its lines hold more numbers than the first, which were passed over"
    return (told,) if reading.longer else ()


def _require_whole_end(text: str, lines: Sequence[str], name: str) -> None:
    """Refuse a text that breaks off within its last number: one without the decimals that those above it have."""
    if text.endswith(("\n", "\r")) or text[-1:].isalpha() or len(lines) < FEWEST_ENDS:  # nan is whole
        return
    found = [_DECIMALS.search(line) for line in lines[-MOST_ENDS:]]
    counts = [len(decimals[1]) if decimals else 0 for decimals in found]
    if len(set(counts[:-1])) == 1 and counts[-1] < counts[0]:
        raise InputError(f"{name} is cut off: its last line ends within a number; copy it again")


def _require_decimals(lines: Sequence[str], places: Sequence[int], name: str) -> None:
    """Refuse whole numbers with points between thousands, 10.015 beside 983: they look as if they were decimals."""
    rows = [re.split(r"[;\s]+", line.strip()) for line in lines[:MOST_ENDS]]
    for column in range(3):
        words = {row[column] for row in rows if len(row) > column}
        whole = sum(re.fullmatch(r"-?[1-9]\d{0,2}", word) is not None for word in words)
        marked = sum(re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", word) is not None for word in words)
        if min(whole, marked) >= COUNTED and whole + marked == len(words):
            what = "and others can be read in two ways, for their points may be decimal marks or not"
            raise _refuse(name, places[0], what, "export it again without marks between thousands")


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


def _read_columns(
    names: _Names | None, lines: Sequence[str], places: Sequence[int], columns: Sequence[int], name: str
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
