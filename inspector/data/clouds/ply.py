"""PLY: the vertices of a file, ASCII or binary, whatever elements and lists stand before, at, or after them.

Read here and not by Open3D, which fills up a truncated file with points that never were, stops at "nan", and writes
to the terminal.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.point_file import (
    PointFile,
    describe_count,
    describe_cut_off,
    describe_damage,
    describe_rest,
    make_point_file,
    parse_count,
    parse_table,
    refuse_text,
    split_lines,
    unpack_records,
)

_TYPES = {
    **{"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4"},
    **{"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4"},
    **{"int64": "i8", "uint64": "u8", "float16": "f2", "half": "f2"},
    **{"float": "f4", "double": "f8", "float32": "f4", "float64": "f8"},
}
_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}

DENSE = 30_000
"""Corners of a mesh that stand as close as points do: as many are sampled on one that comes as STL."""

_HEADER = re.compile(
    rb"ply[ \t]*(?:\r?\n(?P<lines>.*?)(?<=\n)end_header[ \t]*\r?\n|\r(?P<old>.*?)(?<=\r)end_header[ \t]*\r)", re.DOTALL
)
"""Lines of an old Mac end by \\r alone, all of them: a first byte of data that looks like the end of a line is none."""


class Property(NamedTuple):
    """A value of each record, or a list of values."""

    name: str
    kind: str
    """NumPy type, with the byte order."""
    length: str = ""
    """NumPy type of the number of values before a list; "" = one value."""


class Element(NamedTuple):
    """Records of one kind: vertices, faces, cameras."""

    name: str
    number: int
    properties: list[Property]


def parse_ply(content: bytes, name: str) -> PointFile:
    """Read the vertices of a PLY file, ASCII or binary of either byte order; other elements and lists are passed over.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no PLY file, cut off, or without coordinates.
    """
    header = _HEADER.match(content)
    if header is None:
        raise describe_damage(name, "has no PLY header")
    try:
        text = (header["lines"] or header["old"] or b"").decode("ascii", "replace")
        lines = [line.split() for line in text.splitlines()]
        order = _ORDERS[next(words[1] for words in lines if words[:1] == ["format"])]
        elements = _parse_elements(lines, order)
        if (names := [element.name for element in elements]).count("vertex") > 1:
            raise ValueError(f"expected vertices once, but got {names}")
        vertex = names.index("vertex")
    except (LookupError, ValueError, StopIteration) as error:
        raise describe_damage(name, "has a PLY header that cannot be understood") from error
    notes = _note_mesh(elements, elements[vertex].number)
    if order == "=":
        rows = split_lines(content[header.end() :])[sum(element.number for element in elements[:vertex]) :]
        parsed = _read_lines(rows, elements[vertex], name)
        rest = sum(map(len, rows[elements[vertex].number :])) if vertex == len(elements) - 1 else 0
        return parsed._replace(notes=(*notes, describe_rest(rest)) if rest else notes)
    start = header.end()
    refuse_text(content, start, name)
    for element in elements[:vertex]:
        _, start = _read_records(content, start, element, name)
    values, end = _read_records(content, start, elements[vertex], name)
    rest = len(content) - end if vertex == len(elements) - 1 else 0
    return make_point_file(values, name, notes=(*notes, describe_rest(rest)) if rest else notes)


def _note_mesh(elements: Sequence[Element], corners: int) -> tuple[str, ...]:
    """Note a mesh so coarse that its flat sides may be without a point."""
    faces = sum(element.number for element in elements if element.name == "face")
    if corners >= DENSE or faces < corners:  # of triangles, closed surfaces have twice as many
        return ()
    return (f"it is a mesh, of which only the {corners} corners were taken; export it as STL, or as points",)


def _parse_elements(lines: Sequence[list[str]], order: str) -> list[Element]:
    elements: list[Element] = []
    for words in lines:
        if words[:1] == ["element"]:
            elements.append(Element(words[1], parse_count(words[2]), []))
        elif words[:2] == ["property", "list"]:
            if _TYPES[words[2]].startswith("f"):
                raise ValueError(f"expected a whole number before a list, but got {words[2]}")
            elements[-1].properties.append(Property(words[4], order + _TYPES[words[3]], order + _TYPES[words[2]]))
        elif words[:1] == ["property"]:
            elements[-1].properties.append(Property(words[2], order + _TYPES[words[1]]))
    for element in elements:
        names = [single.name for single in element.properties]
        if len(set(names)) < len(names):
            raise ValueError(f"expected properties of different names, but got {names}")
    return elements


def _read_lines(rows: list[bytes], vertex: Element, name: str) -> PointFile:
    """Read the vertices of an ASCII file, one of each line."""
    if len(rows) < vertex.number:
        raise describe_cut_off(name)
    rows = rows[: vertex.number]
    names = [single.name for single in vertex.properties if not single.length]
    if len(names) < len(vertex.properties):
        rows = [_drop_lists(row.split(), vertex.properties, name) for row in rows]
    return make_point_file(dict(zip(names, parse_table(rows, vertex.number, len(names), name).T, strict=True)), name)


def _drop_lists(words: list[bytes], properties: Sequence[Property], name: str) -> bytes:
    """Return a line without the lists among its values."""
    kept, at = [], 0
    try:
        for single in properties:
            if single.length:
                at += 1 + parse_count(words[at].decode("ascii", "replace"))
            else:
                kept.append(words[at])
                at += 1
    except (IndexError, ValueError) as error:
        raise describe_damage(name, "has a line whose list is not as long as it says") from error
    if at != len(words):
        raise describe_count(name, len(words), at)
    return b" ".join(kept)


def _read_records(content: bytes, start: int, element: Element, name: str) -> tuple[NDArray[Any], int]:
    """Read the values that are no lists of each record, and where the records end."""
    lengths = {single.name: 0 for single in element.properties if single.length}
    fixed = _make_record(element.properties, lengths)
    if start + element.number * fixed.itemsize > len(content):
        raise describe_cut_off(name)
    if element.number == 0 or fixed.itemsize == 0:
        return np.empty(0, fixed), start
    if not lengths:
        return unpack_records(content, start, fixed, element.number, name), start + element.number * fixed.itemsize
    lengths = _measure_lists(content, start, element.properties, name)
    alike = _make_record(element.properties, lengths)
    end = start + element.number * alike.itemsize
    if end <= len(content):
        values = np.frombuffer(content, alike, element.number, start)
        if all((values[_name_length(single)] == length).all() for single, length in lengths.items()):
            return values, end
    return _walk_records(content, start, element, name)


def _make_record(properties: Sequence[Property], lengths: dict[str, int]) -> np.dtype[Any]:
    """Make the type of a record whose lists have the given lengths."""
    fields: list[Any] = []
    for single in properties:
        if single.length:
            fields.append((_name_length(single.name), single.length))
            fields.append((f"{single.name} [list]", single.kind, (lengths[single.name],)))
        else:
            fields.append((single.name, single.kind))
    return np.dtype(fields)


def _name_length(name: str) -> str:
    """Return the name of a list's length among the fields of a record; no property's name holds a blank."""
    return f"{name} [length]"


def _walk_records(content: bytes, start: int, element: Element, name: str) -> tuple[NDArray[Any], int]:
    """Read records whose lists differ in length, one after the other."""
    singles = np.dtype([(single.name, single.kind) for single in element.properties if not single.length])
    kinds = [(np.dtype(kind), np.dtype(length) if length else None) for _, kind, length in element.properties]
    packed = bytearray()
    at = start
    for _ in range(element.number):
        for kind, length in kinds:
            if length is not None:
                at, values = _read_length(content, at, length, name)
                at += values * kind.itemsize
            else:
                packed += content[at : at + kind.itemsize]
                at += kind.itemsize
        if at > len(content):
            raise describe_cut_off(name)
    return np.frombuffer(bytes(packed), singles) if singles.itemsize else np.empty(0, singles), at


def _measure_lists(content: bytes, start: int, properties: Sequence[Property], name: str) -> dict[str, int]:
    """Find the lengths of the lists of one record."""
    at, lengths = start, {}
    for single in properties:
        values = 1
        if single.length:
            at, values = _read_length(content, at, np.dtype(single.length), name)
            lengths[single.name] = values
        at += values * np.dtype(single.kind).itemsize
    return lengths


def _read_length(content: bytes, at: int, kind: np.dtype[Any], name: str) -> tuple[int, int]:
    """Read how many values a list has; where they begin, and how many."""
    end = at + kind.itemsize
    if end > len(content):
        raise describe_cut_off(name)
    length = int.from_bytes(content[at:end], "big" if kind.str[0] == ">" else "little", signed=kind.kind == "i")
    if not 0 <= length <= len(content):
        raise describe_cut_off(name)
    return end, length
