"""CSV as spreadsheets open it by a double click: with a mark of its encoding, names never taken for formulas."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from inspector.files import replacing

Decimal = Literal["point", "comma"]
"""What stands before the decimals. Where it is a comma, semicolons divide the cells."""

DIVIDERS: dict[str, str] = {"point": ",", "comma": ";"}

Cell = str | int | float | None
"""Text, a number, or nothing."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take text that begins so for a formula; with an apostrophe before it, it is text."""


def write_csv(
    path: str | Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    decimal: Decimal = "point",
    line_end: str = "\r\n",
) -> None:
    """Write a table as UTF-8 with a byte order mark; numbers in full precision, nothing as an empty cell.

    Args:
        path: the file.
        header: names of the columns.
        rows: as many cells each.
        decimal: what stands before decimals, and with it what divides cells.
        line_end: what ends a line.

    Raises:
        OSError: the file cannot be written.
    """
    with (
        replacing(path) as beside,
        beside.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.writer(file, delimiter=DIVIDERS[decimal], lineterminator=line_end)
        writer.writerow([_write_cell(name, decimal) for name in header])
        writer.writerows([_write_cell(cell, decimal) for cell in row] for row in rows)


def guard_text(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; numbers stay numbers.

    Example:
        "=1+1.png" gives "'=1+1.png"; "-0.5" stays.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) and not _is_number(text) else text


def free_text(text: str) -> str:
    """Take the apostrophe of `guard_text` off again."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def find_decimal(header: str) -> Decimal:
    """Tell by its first line how a table is written."""
    return "comma" if header.count(";") > header.count(",") else "point"


def _write_cell(cell: Cell, decimal: Decimal) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guard_text(cell)
    text = repr(cell)
    return text.replace(".", ",") if decimal == "comma" else text


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return not text[0].isspace()
