"""How numbers are written in a text: what separates them, the decimal mark, and marks between thousands."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Split = Callable[[str], list[str]]

_HOLE = re.compile(
    r"|[-+]?nan(\(.*\))?|[-+]?inf(inity)?|[-+]?1[.,]#(ind|inf|qnan|snan)\w*|nil|null|none|n/?a|missing|invalid|[-?*]+",
    re.IGNORECASE,
)
"""What scanners and spreadsheets write where there is no value; an empty cell is one, too."""

_MARKS = "' \u00a0\u202f\u2009"
"""Marks between thousands that stand in no other place of a number."""

_LETTERS = str.maketrans({"\u2019": "'", "\u2212": "-"})
"""Typographic apostrophe and minus."""


_SHORT, _ANY = r"\d{1,3}", r"\d+"
"""Whole parts without marks between thousands: where others have them, and where none has."""


class Reading(NamedTuple):
    """What lines say when they are read in one way."""

    values: NDArray[np.float64]
    """(M, 3)"""
    cells: int
    """In the first line."""
    longer: int = 0
    """Lines that hold more numbers than the first one."""


class MisfitError(Exception):
    """A line does not say three numbers when it is read in one way."""

    def __init__(self, index: int, what: str) -> None:
        super().__init__(what)
        self.index, self.what = index, what


class Dialect:
    """One way to write numbers.

    Args:
        split: cuts a line into cells.
        mark: that stands between cells; None = blanks.
        decimal: "." or ",".
        thousands: "," or "." where one stands between thousands, and between all of them; else "". Blanks and
            apostrophes may always.
        same: all lines must have the same number of cells; else no line fewer than the first.
        must: a mark that a cell must hold somewhere, or this is no dialect of the file.
    """

    def __init__(
        self,
        split: Split,
        mark: str | None,
        decimal: str,
        thousands: str = "",
        *,
        same: bool = False,
        must: str = "",
    ) -> None:
        self._split, self._mark, self._decimal, self._thousands = split, mark, decimal, thousands
        self._same, self._must = same, must
        grouped = rf"[1-9]\d{{0,2}}(?P<mark>[{_MARKS}{re.escape(thousands)}])\d{{3}}(?:(?P=mark)\d{{3}})*"
        whole = rf"(?:{grouped}|{_SHORT if thousands else _ANY})"
        fraction = r"\.\d*" if decimal == "." else r",\d+"
        self._number = re.compile(rf"[-+]?(?:{whole}(?:{fraction})?|{re.escape(decimal)}\d+)(?:[eEdD][-+]?\d+)?")

    def read(self, lines: Sequence[str], columns: Sequence[int]) -> Reading:
        """Read the numbers in three columns of all lines.

        Raises:
            MisfitError: a line that cannot be read in this way.
        """
        cells = len(self._split(lines[0]))
        if cells <= max(columns):
            raise MisfitError(0, "does not hold three numbers")
        values = self._read_fast(lines, columns)
        if values is not None:
            return Reading(values, cells)
        rows, found, longer = [], not self._must, 0
        for index, line in enumerate(lines):
            words = self._split(line)
            if len(words) < cells or (self._same and len(words) != cells):
                told = "1 cell" if len(words) == 1 else f"{len(words)} cells"
                raise MisfitError(index, f"has {told}, but the first line of numbers has {cells}")
            chosen = [words[column] for column in columns]
            found = found or any(self._must in word for word in chosen)
            rows.append([self._parse(word, index) for word in chosen])
            longer += any(self._number.fullmatch(word) is not None for word in words[cells:])
        if not found:
            raise MisfitError(0, "does not hold three numbers")
        return Reading(np.array(rows, dtype=np.float64), cells, longer)

    def _read_fast(self, lines: Sequence[str], columns: Sequence[int]) -> NDArray[np.float64] | None:
        """Read ordinary lines, which hold as many numbers each and nothing else; None where they are not ordinary."""
        if self._thousands or self._split in (_split_pairs, _split_spaced_commas):
            return None
        text = "\n".join(lines)
        if "_" in text or (self._decimal == "," and (re.search(r",(?!\d)", text) or "." in text)):
            return None
        if self._decimal == ",":
            text = text.replace(",", ".")
        if self._mark is None:
            text = text.replace(";", " ")
        try:
            return np.loadtxt(text.split("\n"), np.float64, comments=None, delimiter=self._mark, ndmin=2)[:, columns]
        except ValueError:
            return None

    def _parse(self, word: str, index: int) -> float:
        if self._number.fullmatch(word):
            plain = re.sub(rf"[{_MARKS}{re.escape(self._thousands)}]", "", word).replace(self._decimal, ".")
            return float(plain.replace("d", "e").replace("D", "e"))
        if _HOLE.fullmatch(word):
            return float("nan")
        raise MisfitError(index, f"holds {word[:30]!r}, which is no number" if word.isprintable() else "is not text")


def list_dialects(lines: Sequence[str]) -> list[Dialect]:
    """List the ways in which lines may be written, by the marks they hold."""
    text = "\n".join(lines)
    semicolons = all(line.count(";") >= 2 for line in lines)
    split, mark = (_split_semicolons, ";") if semicolons else (_split_blanks, None)
    if "," not in text:
        dots = any(len(word) > 1 for word in re.findall(r"\.\d+(?=\.)", text))
        return [Dialect(split, mark, ",", ".") if dots else Dialect(split, mark, ".", same="\t\t" in text)]
    points = "." if "." in text else ""
    dialects = [Dialect(split, mark, ",", points, must=","), Dialect(split, mark, ".", ",", must=",")]
    if not semicolons:
        dialects += [
            Dialect(_split_commas, ",", ".", same=True),
            Dialect(_split_spaced_commas, ", ", ",", points, must=","),
            Dialect(_split_pairs, ",", ",", must=","),
            Dialect(_split_pairs, ",", ".", ",", must=","),
        ]
    return dialects


def unquote(text: str) -> str:
    """Return a text without quotes around its cells; commas between quoted cells that hold commas become semicolons."""
    text = text.translate(_LETTERS) if not text.isascii() else text
    if '"' not in text:
        return text
    cells = re.findall(r'"([^"\n]*)"', text)
    if any("," in cell for cell in cells):
        outside = re.split(r'"[^"\n]*"', text)
        between = [part.replace(",", ";") for part in outside]
        text = between[0] + "".join(cell + after for cell, after in zip(cells, between[1:], strict=True))
    return text.replace('"', "")


def _split_semicolons(text: str) -> list[str]:
    return [cell.strip() for cell in text.split(";")]


def _split_blanks(text: str) -> list[str]:
    return re.split(r"[ \t]*;[ \t]*|[ \t]+", text.strip(" \t"))


def _split_commas(text: str) -> list[str]:
    """Cells between commas; what stands after the third number behind a blank is another matter."""
    cells = [cell.strip() for cell in text.split(",")]
    cells[2:] = [re.split(r"[ \t;]", cell, maxsplit=1)[0] for cell in cells[2:]]
    return cells


def _split_spaced_commas(text: str) -> list[str]:
    return re.split(r"[ \t]*,[ \t]+", text.strip(" \t"))


def _split_pairs(text: str) -> list[str]:
    """Join cells between commas two by two: 0,5,1,5,2,5 as three numbers."""
    cells = text.split(",")
    if len(cells) % 2 or not all(re.fullmatch(r"\d+(\.\d*)?", cell) for cell in cells[1::2]):
        return []
    return [",".join(pair) for pair in zip(cells[::2], cells[1::2], strict=True)]
