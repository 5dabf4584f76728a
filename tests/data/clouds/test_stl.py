"""Meshes as programs write them: capitals, byte order marks, trailing bytes, headers that mislead."""

import codecs
import struct

import numpy as np
import pytest

from inspector.data.clouds.stl import parse_stl
from inspector.errors import InputError

TRIANGLES = np.array([[[0, 0, 5], [1, 0, 5], [0, 1, 5]], [[1, 1, 5], [0, 1, 5], [1, 0, 5]]], np.float32)


def text(indent: str = "", form: str = "%g") -> str:
    lines = ["solid part"]
    for corners in TRIANGLES:
        lines += ["facet normal 0 0 1", "outer loop"]
        lines += ["vertex " + " ".join(form % value for value in corner) for corner in corners]
        lines += ["endloop", "endfacet"]
    return "\n".join(indent + line for line in [*lines, "endsolid part", ""])


def binary(header: bytes = b"made by hand", count: int | None = None) -> bytes:
    count = len(TRIANGLES) if count is None else count
    packed = b"".join(struct.pack("<12fH", 0, 0, 1, *corners.flatten(), 0) for corners in TRIANGLES)
    return header.ljust(80) + struct.pack("<I", count) + packed


PLAIN = parse_stl(binary(), "a").points


@pytest.mark.parametrize(
    "content",
    [
        text().encode(),
        text().upper().encode(),
        text().title().encode(),
        codecs.BOM_UTF8 + text().encode(),
        codecs.BOM_UTF8 + text().upper().encode(),
        b"\r\n" + text("\t", "%.3e").replace("\n", "\r\n").encode(),
        text("    ", "%+.5E").replace("\n", "\r").encode(),
        text().replace("solid part", "solid").encode(),
        text().replace("solid part", "solid \xe4\xf6").encode("latin-1"),
        text().encode() + b"\0\0\x1a",
        binary(b"solid part"),
        binary(b"solid part facet vertex endsolid"),
        binary(codecs.BOM_UTF8 + b"solid"),
    ],
)
def test_one_mesh_in_many_files(content):
    parsed = parse_stl(content, "a")

    assert np.array_equal(parsed.points, PLAIN)
    assert parsed.notes == ()


@pytest.mark.parametrize("content", [binary() + b"\r\n", binary(b"solid part") + b"\0\0", text().encode() + b"by"])
def test_bytes_after_the_end_are_noted(content):
    parsed = parse_stl(content, "a")

    assert np.array_equal(parsed.points, PLAIN)
    assert parsed.notes == ("2 bytes after the end of its data were passed over",)


@pytest.mark.parametrize(
    "content",
    [
        binary(count=2**32 - 1),
        binary(count=3),
        binary()[:-1],
        text()[:-20].encode(),
        text().replace("endfacet", "", 1).encode(),
        text().replace("vertex", "corner", 1).encode(),
        text().upper()[:150].encode(),
    ],
)
def test_cut_off_meshes_name_themselves(content):
    with pytest.raises(InputError, match=r"^part 7 is cut off or damaged: .*; copy it again"):
        parse_stl(content, "part 7")


def test_decimal_commas_are_refused():
    with pytest.raises(InputError, match=r"^part 7 has a line that is not numbers .*0,5.*; export it again"):
        parse_stl(text().replace(" 1 ", " 0,5 ").encode(), "part 7")


@pytest.mark.parametrize("value", ["1e400", "nan", "1e300"])
def test_mesh_without_a_finite_area(value):
    with pytest.raises(InputError, match=r"^part 7 holds no surface; export the mesh again"):
        parse_stl(text().replace("vertex 1", f"vertex {value}").encode(), "part 7")
