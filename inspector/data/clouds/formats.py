"""Point files: bytes of PLY, PCD, XYZ and STL -> coordinates.

Read here and not by Open3D, which fills up a truncated file with points that never were, stops at "nan", and writes
to the terminal.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.errors import InputError

STL_POINTS = 30_000
"""Points sampled on a mesh: about as many as a part has in a 224 x 224 cloud."""

STL_SEED = 0
"""Every mesh is sampled with the same random numbers, so that equal files give equal points."""

Fields = list[tuple[str, str]]
"""Names and NumPy types of the values of a point."""

_PLY_TYPES = {
    **{"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4"},
    **{"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4"},
    **{"float": "f4", "double": "f8", "float32": "f4", "float64": "f8"},
}
_PLY_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}


class PointFile(NamedTuple):
    """What a point file holds, holes included."""

    points: NDArray[np.float64]
    """(M, 3), in the file's unit."""
    normals: NDArray[np.float64] | None = None
    """(M, 3), of any length."""
    size: tuple[int, int] | None = None
    """(H, W) where the points stand on a pixel grid, row by row."""


def parse_ply(content: bytes, name: str) -> PointFile:
    """Read the vertices of a PLY file, ASCII or binary of either byte order; faces are passed over.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no PLY file, cut off, or without coordinates.
    """
    end = re.search(rb"^end_header[ \t]*\r?\n", content, re.MULTILINE)
    if not content.startswith(b"ply") or end is None:
        raise _describe_damage(name, "has no PLY header")
    try:
        lines = [line.split() for line in content[: end.start()].decode("ascii", "replace").splitlines()]
        order = _PLY_ORDERS[next(words[1] for words in lines if words[:1] == ["format"])]
        elements = _parse_ply_elements(lines, order)
        vertex = [element for element, _, _ in elements].index("vertex")
        sizes = [count * np.dtype(fields).itemsize for _, count, fields in elements[:vertex]]
        fields = np.dtype(elements[vertex][2])
    except (LookupError, ValueError, TypeError, StopIteration) as error:
        raise _describe_damage(name, "has a PLY header that cannot be understood") from error
    count = elements[vertex][1]
    if order == "=":
        rows = _split_lines(content[end.end() :])[sum(element[1] for element in elements[:vertex]) :]
        return _make_point_file(_parse_columns(rows, count, fields.names or (), name), name)
    return _make_point_file(_unpack_records(content, end.end() + sum(sizes), fields, count, name), name)


def _parse_ply_elements(lines: Sequence[list[str]], order: str) -> list[tuple[str, int, Fields]]:
    """Name, number and fields of each element; elements with lists, which have no fixed size, end the search."""
    elements: list[tuple[str, int, Fields]] = []
    for words in lines:
        if words[:1] == ["element"]:
            elements.append((words[1], _parse_count(words[2]), []))
        elif words[:2] == ["property", "list"]:
            return elements[:-1]
        elif words[:1] == ["property"]:
            elements[-1][2].append((words[2], order + _PLY_TYPES[words[1]]))
    return elements


def parse_pcd(content: bytes, name: str) -> PointFile:
    """Read a PCD file: ASCII, binary, or compressed; with a height above 1 the points stand on a pixel grid.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no PCD file, cut off, or without coordinates.
    """
    end = re.search(rb"^DATA[ \t]+(ascii|binary|binary_compressed)[ \t]*\r?\n", content, re.MULTILINE)
    if end is None:
        raise _describe_damage(name, "has no PCD header")
    try:
        lines = content[: end.start()].decode("ascii", "replace").splitlines()
        header = {words[0]: words[1:] for words in map(str.split, lines) if words}
        fields = _parse_pcd_fields(header)
        width, height = _parse_count(header["WIDTH"][0]), _parse_count(header["HEIGHT"][0])
        count = _parse_count(header.get("POINTS", [str(width * height)])[0])
        kinds = np.dtype(fields)
    except (LookupError, ValueError, TypeError) as error:
        raise _describe_damage(name, "has a PCD header that cannot be understood") from error
    size = (height, width) if height > 1 and height * width == count else None
    if end[1] == b"ascii":
        return _make_point_file(
            _parse_columns(_split_lines(content[end.end() :]), count, kinds.names or (), name), name, size
        )
    if end[1] == b"binary":
        return _make_point_file(_unpack_records(content, end.end(), kinds, count, name), name, size)
    unpacked = _decompress(content[end.end() :], count * kinds.itemsize, name)
    starts = np.cumsum([0, *(count * np.dtype(kind).itemsize for _, kind in fields)])
    columns = {
        field: np.frombuffer(unpacked, kind, count, start)
        for (field, kind), start in zip(fields, starts[:-1].tolist(), strict=True)
    }
    return _make_point_file(columns, name, size)


def _parse_pcd_fields(header: Mapping[str, list[str]]) -> Fields:
    """Fields of a point; values that a field repeats, and fields of one name, are numbered."""
    names = header["FIELDS"]
    repeats = header.get("COUNT", ["1"] * len(names))
    fields: Fields = []
    for field, kind, size, repeat in zip(names, header["TYPE"], header["SIZE"], repeats, strict=True):
        if kind not in ("F", "I", "U"):
            raise ValueError(f"expected the types F, I, U, but got {kind}")
        for _ in range(int(repeat)):
            taken = any(field == other for other, _ in fields)
            fields.append((f"{field}:{len(fields)}" if taken else field, f"<{kind.lower()}{int(size)}"))
    return fields


def _decompress(content: bytes, size: int, name: str) -> bytes:
    """Unpack the LZF compression of PCD: literal runs, and copies of what came before."""
    packed = int.from_bytes(content[:4], "little")
    source = content[8 : 8 + packed]
    result = bytearray()
    try:
        at = 0
        while at < packed:
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
            copied = result[-distance:][: length + 2]  # shorter where the copy runs into itself
            result += (copied * ((length + 2) // len(copied) + 1))[: length + 2]
    except (IndexError, ZeroDivisionError) as error:
        raise _describe_cut_off(name) from error
    if len(result) != size:
        raise _describe_cut_off(name)
    return bytes(result)


def parse_xyz(content: bytes, name: str) -> PointFile:
    """Read a text file with x, y, z at the start of each line, separated by blanks, commas or semicolons.

    A first line of other text (column names, the number of points) is passed over, and so are comments after # or //.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: a line that does not start with three numbers, or none at all.
    """
    lines = _split_lines(re.sub(rb"(#|//).*", b"", re.sub(rb"[,;]", b" ", content)))
    if lines and not re.match(rb"[-+.\dnNiI]\S*\s+[-+.\dnNiI]\S*\s+[-+.\dnNiI]", lines[0]):
        lines = lines[1:]
    return PointFile(_parse_table([b" ".join(line.split(None, 3)[:3]) for line in lines], len(lines), 3, name))


def parse_stl(content: bytes, name: str) -> PointFile:
    """Sample points evenly on the triangles of an STL mesh, binary or ASCII, with the triangles' normals.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Returns:
        `STL_POINTS` points, the same for the same file.

    Raises:
        InputError: no STL file, cut off, or without area.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # judged by the areas
        corners = _parse_stl_triangles(content, name).astype(np.float64)  # (T, 3, 3)
        first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        normals = np.cross(first, second)
        areas = np.linalg.norm(normals, axis=1) / 2
    if not np.isfinite(areas).all() or areas.sum() <= 0:
        raise InputError(f"{name} holds no surface; export the mesh again")
    random = np.random.default_rng(STL_SEED)
    chosen = np.sort(random.choice(len(areas), STL_POINTS, p=areas / areas.sum()))
    u, v = random.random((2, STL_POINTS, 1))
    outside = u + v > 1  # the other half of the parallelogram
    u, v = np.where(outside, 1 - u, u), np.where(outside, 1 - v, v)
    return PointFile(corners[chosen, 0] + u * first[chosen] + v * second[chosen], normals[chosen])


def _parse_stl_triangles(content: bytes, name: str) -> NDArray[Any]:
    count = int.from_bytes(content[80:84], "little")
    if len(content) == 84 + 50 * count:
        kind = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
        return _unpack_records(content, 84, kind, count, name)["corners"]
    if not content.lstrip().startswith(b"solid"):
        raise _describe_cut_off(name)
    corners = re.findall(rb"vertex\s+(\S+\s+\S+\s+\S+)", content)
    if b"endsolid" not in content or len(corners) % 3:
        raise _describe_cut_off(name)
    return _parse_table(corners, len(corners), 3, name).reshape(-1, 3, 3)


PARSERS: dict[str, Callable[[bytes, str], PointFile]] = {
    ".ply": parse_ply,
    ".pcd": parse_pcd,
    ".xyz": parse_xyz,
    ".stl": parse_stl,
}


def _parse_count(word: str) -> int:
    if (count := int(word)) < 0:
        raise ValueError(f"expected a number of points, but got {word}")
    return count


def _split_lines(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if line.strip()]


def _parse_columns(rows: Sequence[bytes], count: int, names: Sequence[str], name: str) -> dict[str, NDArray[Any]]:
    return dict(zip(names, _parse_table(rows[:count], count, len(names), name).T, strict=True))


def _parse_table(rows: Sequence[bytes], count: int, columns: int, name: str) -> NDArray[np.float64]:
    """Parse lines of numbers: (count, columns)."""
    if len(rows) < count:
        raise _describe_cut_off(name)
    if not rows:
        return np.empty((0, columns))
    try:
        table = np.loadtxt(rows, dtype=np.float64, ndmin=2, comments=None)
    except (ValueError, UnicodeDecodeError) as error:
        raise _describe_damage(name, f"has a line that is not numbers ({error})") from error
    if table.shape != (count, columns):
        raise _describe_damage(name, f"has {table.shape[1]} numbers in a line instead of {columns}")
    return table


def _unpack_records(content: bytes, start: int, fields: np.dtype[Any], count: int, name: str) -> NDArray[Any]:
    if start + count * fields.itemsize > len(content):
        raise _describe_cut_off(name)
    return np.frombuffer(content, fields, count, start)


def _make_point_file(
    columns: Mapping[str, NDArray[Any]] | NDArray[Any], name: str, size: tuple[int, int] | None = None
) -> PointFile:
    fields = columns if isinstance(columns, Mapping) else (columns.dtype.names or ())
    if not {"x", "y", "z"} <= set(fields):
        raise InputError(f"{name} has no coordinates x, y, z, only {' '.join(fields)}; export the scan as points")
    points = _stack_axes(columns, "xyz")
    for axes in (("nx", "ny", "nz"), ("normal_x", "normal_y", "normal_z")):
        if set(axes) <= set(fields):
            return PointFile(points, _stack_axes(columns, axes), size)
    return PointFile(points, None, size)


def _stack_axes(columns: Mapping[str, NDArray[Any]] | NDArray[Any], axes: Sequence[str]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # some scanners mark holes with signalling NaN
        return np.stack([columns[axis].astype(np.float64) for axis in axes], axis=1)


def _describe_damage(name: str, what: str) -> InputError:
    return InputError(f"{name} {what}; export it again")


def _describe_cut_off(name: str) -> InputError:
    return InputError(f"{name} is cut off or damaged: it holds less than its header says; copy it again")
