"""PCD: the points of a file, ASCII, binary or compressed, on their pixel grid where they have one."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.point_file import (
    PointFile,
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

MOST_VALUES = 4096
"""Of a point; the largest histograms that the Point Cloud Library writes have 1344."""

MOST_UNPACKED = 88
"""Bytes that one byte of LZF makes, at most: a copy of three bytes names up to 264."""

Fields = list[tuple[str, str]]
"""Names and NumPy types of the values of a point."""

_TYPES = {f"{kind}{size}": f"<{kind.lower()}{size}" for kind in "IU" for size in (1, 2, 4, 8)} | {
    f"F{size}": f"<f{size}" for size in (2, 4, 8)
}


def parse_pcd(content: bytes, name: str) -> PointFile:
    """Read a PCD file: ASCII, binary, or compressed; with a height above 1 the points stand on a pixel grid.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no PCD file, cut off, or without coordinates.
    """
    end = re.search(rb"^DATA[ \t]+(ascii|binary|binary_compressed)[ \t]*\r?\n", content, re.MULTILINE | re.IGNORECASE)
    if end is None:
        raise describe_damage(name, "has no PCD header")
    try:
        lines = content[: end.start()].decode("ascii", "replace").splitlines()
        header = {words[0].upper(): words[1:] for words in map(str.split, lines) if words}
        fields = _parse_fields(header)
        width, height = parse_count(header["WIDTH"][0]), parse_count(header["HEIGHT"][0])
        count = parse_count(header.get("POINTS", [str(width * height)])[0])
        kinds = np.dtype(fields)
    except (LookupError, ValueError, TypeError) as error:
        raise describe_damage(name, "has a PCD header that cannot be understood") from error
    size = (height, width) if height > 1 and height * width == count else None
    if end[1].lower() != b"ascii":
        refuse_text(content, end.end(), name)
    columns, rest = _read_columns(content[end.end() :], end[1].lower(), kinds, count, name)
    notes: tuple[str, ...] = (describe_rest(rest),) if rest else ()
    if height * width != count:
        notes += (
            f"its header says {width} x {height} points, and {count} of them, which were read without a pixel grid",
        )
    return make_point_file(columns, name, size, notes)


def _parse_fields(header: Mapping[str, list[str]]) -> Fields:
    """Fields of a point; values that a field repeats, and fields of one name, are numbered."""
    names = header["FIELDS"] if "FIELDS" in header else header["COLUMNS"]  # as files before 2010 call them
    repeats = [parse_count(word) for word in header.get("COUNT", ["1"] * len(names))]
    if sum(repeats) > MOST_VALUES:
        raise ValueError(f"expected at most {MOST_VALUES} values of a point, but got {sum(repeats)}")
    fields: Fields = []
    taken = set()
    for field, kind, size, repeat in zip(names, header["TYPE"], header["SIZE"], repeats, strict=True):
        for _ in range(repeat):
            fields.append((f"{field}:{len(fields)}" if field in taken else field, _TYPES[f"{kind.upper()}{int(size)}"]))
            taken.add(field)
    return fields


def _read_columns(
    data: bytes, how: bytes, kinds: np.dtype[Any], count: int, name: str
) -> tuple[Mapping[str, NDArray[Any]] | NDArray[Any], int]:
    """Read the values of all points, and how many bytes are left over."""
    if how == b"ascii":
        rows, names = split_lines(data), kinds.names or ()
        table = parse_table(rows[:count], count, len(names), name)
        return dict(zip(names, table.T, strict=True)), sum(map(len, rows[count:]))
    size = count * kinds.itemsize
    if how == b"binary":
        return unpack_records(data, 0, kinds, count, name), len(data) - size
    packed = int.from_bytes(data[:4], "little")
    unpacked = _decompress(data[8 : 8 + packed], packed, size, name)
    columns, start = {}, 0
    for field in kinds.names or ():
        columns[field] = np.frombuffer(unpacked, kinds[field], count, start)
        start += columns[field].nbytes
    return columns, len(data) - 8 - packed


def _decompress(source: bytes, packed: int, size: int, name: str) -> bytes:
    """Unpack the LZF compression of PCD: literal runs, and copies of what came before."""
    if len(source) < packed or size > packed * MOST_UNPACKED:
        raise describe_cut_off(name)
    result = bytearray()
    try:
        at = 0
        while at < packed and len(result) <= size:
            control = source[at]
            at += 1
            if control < 32:
                result += source[at : at + control + 1]
                at += control + 1
                continue
            length = control >> 5
            if length == 7:
                length += source[at]
                at += 1
            distance = ((control & 31) << 8) + source[at] + 1
            at += 1
            if distance > len(result):
                raise describe_cut_off(name)
            copied = result[-distance:][: length + 2]  # shorter where the copy runs into itself
            result += (copied * ((length + 2) // len(copied) + 1))[: length + 2]
    except IndexError as error:
        raise describe_cut_off(name) from error
    if len(result) != size:
        raise describe_cut_off(name)
    return bytes(result)
