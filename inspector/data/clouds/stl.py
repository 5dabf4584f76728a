"""STL: points sampled on the triangles of a mesh, binary or ASCII."""

import codecs
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.point_file import (
    PointFile,
    describe_cut_off,
    describe_damage,
    describe_rest,
    parse_table,
    refuse_text,
    unpack_records,
)
from inspector.errors import InputError

STL_POINTS = 30_000
"""Points sampled on a mesh: about as many as a part has in a 224 x 224 cloud."""

STL_SEED = 0
"""Every mesh is sampled with the same random numbers, so that equal files give equal points."""

_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEADER_BYTES = 84
"""Of a binary file: 80 of text, and the number of triangles."""


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
    triangles, notes = _parse_triangles(content, name)
    with np.errstate(invalid="ignore", over="ignore"):  # judged by the areas
        corners = triangles.astype(np.float64)  # (T, 3, 3)
        first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        normals = np.cross(first, second)
        areas = np.linalg.norm(normals, axis=1) / 2
        total = areas.sum()
    if not np.isfinite(total) or total <= 0:
        raise InputError(f"{name} holds no surface; export the mesh again")
    random = np.random.default_rng(STL_SEED)
    chosen = np.sort(random.choice(len(areas), STL_POINTS, p=areas / total))
    u, v = random.random((2, STL_POINTS, 1))
    outside = u + v > 1  # the other half of the parallelogram
    u, v = np.where(outside, 1 - u, u), np.where(outside, 1 - v, v)
    points = corners[chosen, 0] + u * first[chosen] + v * second[chosen]
    return PointFile(points, normals[chosen], notes=notes)


def _parse_triangles(content: bytes, name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the corners (T, 3, 3) and what is to be noted."""
    count = int.from_bytes(content[80:_HEADER_BYTES], "little")
    end = _HEADER_BYTES + _TRIANGLE.itemsize * count
    text = content.removeprefix(codecs.BOM_UTF8).lstrip()
    is_text = text[:5].lower() == b"solid" and b"facet" in text[:1000].lower()  # binary files may begin with "solid"
    if len(content) == end or (len(content) > end and count and not is_text):
        refuse_text(content, _HEADER_BYTES, name)
        rest = len(content) - end
        notes = (describe_rest(rest),) if rest else ()
        return unpack_records(content, _HEADER_BYTES, _TRIANGLE, count, name)["corners"], notes
    if text[:5].lower() == b"solid":
        return _parse_text(text, name)
    raise describe_cut_off(name) if len(content) < end else describe_damage(name, "is no STL file")


def _parse_text(text: bytes, name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    words = text.lower()
    corners = re.findall(rb"\bvertex\s+(\S+\s+\S+\s+\S+)", words)
    facets = len(re.findall(rb"\bendfacet\b", words))
    last = words.rfind(b"endsolid")
    if last < 0 or len(corners) != 3 * facets:
        raise describe_cut_off(name)
    rest = len(re.split(rb"[\r\n\0]", words[last:], maxsplit=1)[-1].strip(b" \t\r\n\0\x1a")) if last >= 0 else 0
    notes = (describe_rest(rest),) if rest and re.search(rb"[\r\n\0]", words[last:]) else ()
    return parse_table(corners, len(corners), 3, name).reshape(-1, 3, 3), notes
