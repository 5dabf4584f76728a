"""What a point file holds, and what the readers of all kinds share: records, tables of numbers, words for damage."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.copying import SENT_AS_TEXT, was_sent_as_text
from inspector.errors import InputError, say_why

_WINDOWS_HOLE = re.compile(rb"(?<!\S)[-+]?(?:nan\(\w*\)|1\.#(?:ind|qnan|snan)\w*)(?!\S)", re.IGNORECASE)

_NUMBER = rb"[-+]?(?:nan|[\d.]+(?:e[-+]?\d+)?)"
_LINES = re.compile(rb"(?:[ \t]*%s(?:[ \t,;]+%s){2,}[ \t]*[\r\n]+){3}" % (_NUMBER, _NUMBER), re.IGNORECASE)
"""Three lines of three numbers or more: bytes of binary data may be digits and ends of lines, but hardly in turn."""


class PointFile(NamedTuple):
    """What a point file holds, holes included."""

    points: NDArray[np.float64]
    """(M, 3), in the file's unit."""
    normals: NDArray[np.float64] | None = None
    """(M, 3), of any length."""
    size: tuple[int, int] | None = None
    """(H, W) where the points stand on a pixel grid, row by row."""
    notes: tuple[str, ...] = ()
    """What an operator should know of the file though it was read, a few words each."""


def parse_count(word: str) -> int:
    """Return a number of points, 0 or more.

    Raises:
        ValueError: the word is no such number.
    """
    if (count := int(word)) < 0:
        raise ValueError(f"expected a number of points, but got {word}")
    return count


def split_lines(content: bytes) -> list[bytes]:
    """Return the lines that hold anything; they end as on Windows, Unix or old Macs."""
    return [line for line in content.splitlines() if line.strip()]


def parse_table(rows: Sequence[bytes], count: int, columns: int, name: str) -> NDArray[np.float64]:
    """Parse lines of numbers.

    Args:
        rows: lines of text, as bytes.
        count: how many lines there must be.
        columns: numbers in each line.
        name: of the file, for messages.

    Returns:
        (count, columns) float64.

    Raises:
        InputError: there are fewer lines, or one that is not so many numbers.
    """
    if len(rows) < count:
        raise describe_cut_off(name)
    if not rows:
        return np.empty((0, columns))
    try:
        table = np.loadtxt([_plain_holes(row) for row in rows], dtype=np.float64, ndmin=2, comments=None)
    except (ValueError, UnicodeDecodeError) as error:
        raise describe_damage(name, f"has a line that is not numbers ({error})") from error
    if table.shape != (count, columns):
        raise describe_count(name, table.shape[1], columns)
    return table


def describe_count(name: str, found: int, expected: int) -> InputError:
    """Return the error for a line that does not hold as many numbers as it should."""
    numbers = "1 number" if found == 1 else f"{found} numbers"
    return describe_damage(name, f"has {numbers} in a line instead of {expected}")


def unpack_records(content: bytes, start: int, fields: np.dtype[Any], count: int, name: str) -> NDArray[Any]:
    """Read records of equal size that follow one another.

    Args:
        content: bytes of the file.
        start: of the first record, in bytes.
        fields: type of a record.
        count: of records.
        name: of the file, for messages.

    Returns:
        (count,) of type `fields`.

    Raises:
        InputError: the content ends before.
    """
    if start + count * fields.itemsize > len(content):
        raise describe_cut_off(name)
    if fields.itemsize == 0:
        return np.empty(0, fields)
    return np.frombuffer(content, fields, count, start)


def make_point_file(
    columns: Mapping[str, NDArray[Any]] | NDArray[Any],
    name: str,
    size: tuple[int, int] | None = None,
    notes: tuple[str, ...] = (),
) -> PointFile:
    """Take coordinates and normals from columns by their names.

    Args:
        columns: (M,) numbers each, by name: x, y, z; nx, ny, nz or normal_x, normal_y, normal_z where there are any;
            in small letters or capitals.
        name: of the file, for messages.
        size: (H, W) of the pixel grid, M = H x W; None = there is none.
        notes: what an operator should know of the file.

    Raises:
        InputError: x, y or z is missing.
    """
    fields = columns if isinstance(columns, Mapping) else (columns.dtype.names or ())
    names = {field.lower(): field for field in fields} | {field: field for field in fields}
    if not {"x", "y", "z"} <= set(names):
        raise InputError(
            f"{name} has no coordinates x, y, z, only {say_why(_list_names(fields))}; export the scan as points"
        )
    points = _stack_axes(columns, [names[axis] for axis in "xyz"])
    for axes in (("nx", "ny", "nz"), ("normal_x", "normal_y", "normal_z")):
        if set(axes) <= set(names):
            return PointFile(points, _stack_axes(columns, [names[axis] for axis in axes]), size, notes)
    return PointFile(points, None, size, notes)


def describe_damage(name: str, what: str) -> InputError:
    """Return the error for a file that cannot be understood."""
    return InputError(f"{name} {what}; export it again")


def describe_cut_off(name: str) -> InputError:
    """Return the error for a file that ends too early."""
    return InputError(f"{name} is cut off or damaged: it holds less than its header says; copy it again")


def refuse_text(content: bytes, start: int, name: str) -> None:
    """Check that binary data, from `start` on, were not sent as text, and are not lines of numbers.

    Raises:
        InputError: they were, or are.
    """
    if _LINES.match(content, start):
        raise InputError(f"{name} is damaged: its header says binary, but lines of numbers follow; export it again")
    if was_sent_as_text(content, start):
        raise InputError(f"{name} is damaged ({SENT_AS_TEXT}); copy it again from the scanner")


def describe_rest(count: int) -> str:
    """Return the note on bytes after a file's end."""
    if count == 1:
        return "1 byte after the end of its data was passed over"
    return f"{count} bytes after the end of its data were passed over"


def _plain_holes(row: bytes) -> bytes:
    """Return a line with nan where Windows writes -nan(ind), nan(snan) or -1.#IND for a hole."""
    return _WINDOWS_HOLE.sub(b"nan", row) if b"(" in row or b"#" in row else row


def _list_names(fields: Sequence[str] | Mapping[str, Any]) -> str:
    shown = say_why(" ".join(fields)) if fields else ""
    return (shown[:80] + " ..." if len(shown) > 80 else shown) or "nothing"


def _stack_axes(columns: Mapping[str, NDArray[Any]] | NDArray[Any], axes: Sequence[str]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # some scanners mark holes with signalling NaN
        return np.stack([columns[axis].astype(np.float64) for axis in axes]).T
