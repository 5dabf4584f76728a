"""Elements and lists that stand before, at and after the vertices."""

import struct

import numpy as np
import pytest

from inspector.data.clouds.ply import parse_ply
from inspector.errors import InputError

POINTS = np.array([[0.5, 1, 2], [3, 4, 5.25], [-6, 7, 8]])
XYZ = "property float x\nproperty float y\nproperty float z\n"
FACES = "element face 2\nproperty list uchar int vertex_indices\n"
ORDERS = [("binary_little_endian", "<"), ("binary_big_endian", ">")]


def head(header: str, encoding: str = "ascii", end: str = "\n") -> bytes:
    text = f"ply\nformat {encoding} 1.0\ncomment element vertex 9\nobj_info num_cols 3\n{header}end_header\n"
    return text.replace("\n", end).encode()


def vertices(order: str, lengths=(0, 0, 0)) -> bytes:
    return b"".join(
        struct.pack(f"{order}3fB{length}h", *point, length, *range(length))
        for point, length in zip(POINTS, lengths, strict=True)
    )


def faces(order: str, lengths=(3, 3)) -> bytes:
    return b"".join(struct.pack(f"{order}B{length}i", length, *range(length)) for length in lengths)


@pytest.mark.parametrize(("encoding", "order"), ORDERS)
@pytest.mark.parametrize("lengths", [(2, 2, 2), (0, 3, 1), (0, 0, 0)])
def test_vertices_with_lists(encoding, order, lengths):
    header = head(f"element vertex 3\n{XYZ}property list uchar short descriptor\n{FACES}", encoding)

    parsed = parse_ply(header + vertices(order, lengths) + faces(order), "a")

    assert np.array_equal(parsed.points, POINTS)
    assert parsed.notes == ()


@pytest.mark.parametrize(("encoding", "order"), ORDERS)
@pytest.mark.parametrize("lengths", [(3, 3), (3, 4), (0, 5)])
def test_faces_before_vertices(encoding, order, lengths):
    header = head(f"{FACES}element vertex 3\n{XYZ}", encoding)

    parsed = parse_ply(header + faces(order, lengths) + POINTS.astype(f"{order}f4").tobytes(), "a")

    assert np.array_equal(parsed.points, POINTS)


@pytest.mark.parametrize(("encoding", "order"), [("ascii", ""), *ORDERS])
def test_coarse_meshes_are_told(encoding, order):
    header = head("element vertex 3\n" + XYZ + FACES.replace("2", "3", 1), encoding)
    text = "\n".join(" ".join(map(str, point)) for point in POINTS.tolist()) + 3 * "\n3 0 1 2"
    body = POINTS.astype(f"{order}f4").tobytes() + faces(order, (3, 3, 3)) if order else text.encode()

    parsed = parse_ply(header + body, "a.ply")

    np.testing.assert_array_equal(parsed.points, POINTS)
    assert parsed.notes == ("it is a mesh, of which only the 3 corners were taken; export it as STL, or as points",)


def test_values_of_eight_and_of_two_bytes():
    header = "element vertex 3\nproperty uint64 t\nproperty int64 u\n" + XYZ.replace("float", "float16")
    body = b"".join(struct.pack("<Qq3e", 2**63, -1, *point) for point in POINTS)

    assert np.array_equal(parse_ply(head(header, "binary_little_endian") + body, "a").points, POINTS)


@pytest.mark.parametrize("lengths", [(2, 2, 2), (0, 3, 1)])
def test_list_between_the_coordinates(lengths):
    header = "element vertex 3\nproperty float x\nproperty list uint double d\nproperty float y\nproperty float z\n"
    rows = [
        (x, length, *np.arange(length) / 2, y, z) for (x, y, z), length in zip(POINTS.tolist(), lengths, strict=True)
    ]
    lines = "\n".join(" ".join(map(str, row)) for row in rows)
    packed = b"".join(struct.pack(f">fI{row[1]}d2f", *row) for row in rows)

    text = parse_ply(head(header) + lines.encode(), "a")
    binary = parse_ply(head(header, "binary_big_endian") + packed, "a")

    assert np.array_equal(text.points, POINTS)
    assert np.array_equal(binary.points, POINTS)


def test_ascii_with_faces_before_and_lists_at_the_vertices():
    body = b"3 0 1 2\n4 0 1 2 3\n0.5 1 2 0\n3 4 5.25 2 8 9\n-6 7 8 1 5\n"
    header = head(f"{FACES}element vertex 3\n{XYZ}property list uchar short descriptor\n")

    assert np.array_equal(parse_ply(header + body, "a").points, POINTS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_the_lines_of_a_header(end):
    body = struct.pack("<3f", *np.frombuffer(b"\n\n\n\n\r\r\r\r\n\r\n\r", "<f4"))  # looks like ends of lines

    points = parse_ply(head(f"element vertex 1\n{XYZ}", "binary_little_endian", end) + body, "a").points

    assert points.astype("<f4").tobytes() == body


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (b"\r\n", "2 bytes after the end of its data were passed over"),
        (b"\n", "1 byte after the end of its data was passed over"),
    ],
)
def test_bytes_after_the_end_are_noted(rest, told):
    header = head(f"element vertex 3\n{XYZ}", "binary_little_endian")

    parsed = parse_ply(header + POINTS.astype("<f4").tobytes() + rest, "a")

    assert np.array_equal(parsed.points, POINTS)
    assert parsed.notes == (told,)


@pytest.mark.parametrize(("encoding", "order"), ORDERS)
@pytest.mark.parametrize("lengths", [(2, 2, 2), (0, 3, 1)])
def test_cut_off_among_lists(encoding, order, lengths):
    content = head(f"element vertex 3\n{XYZ}property list uchar short d\n", encoding) + vertices(order, lengths)

    for end in range(len(content) - len(vertices(order, lengths)), len(content)):
        with pytest.raises(InputError, match=r"^part 7 is cut off or damaged"):
            parse_ply(content[:end], "part 7")


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        (f"element vertex 4000000000\n{XYZ}", b"\0" * 100, "is cut off"),
        (
            f"element vertex 1\n{XYZ}property list uint double d\n",
            struct.pack("<3fI", 1, 2, 3, 2**32 - 1),
            "is cut off",
        ),
        (f"element vertex 1\n{XYZ}property list char double d\n", struct.pack("<3fb", 1, 2, 3, -1), "is cut off"),
        (
            f"element vertex 1\n{XYZ}property list float int d\n",
            b"\0" * 16,
            "has a PLY header that cannot",
        ),
        (f"element nothing 99999999999999999999\nelement vertex 1\n{XYZ}", b"", "is cut off"),
        (f"element vertex 1\n{XYZ}property list uchar\n", b"", "has a PLY header that cannot"),
        (f"element vertex 1\n{XYZ}" * 2, b"\0" * 24, "has a PLY header that cannot"),
        ("element vertex 99999999999999999999\n", b"\0" * 9, "has no coordinates x, y, z, only nothing"),
        ("element vertex 3\nproperty list uchar uchar x\n", b"\0\0\0", "has no coordinates"),
    ],
)
def test_absurd_headers(header, body, message):
    with pytest.raises(InputError, match=rf"^part 7 {message}"):
        parse_ply(head(header, "binary_little_endian") + body, "part 7")


@pytest.mark.parametrize("body", [b"1 2 3 2 5\n", b"1 2 3 x\n", b"1 2 3\n", b"1 2 3 1 5 6\n", b"1 2 3 -1\n"])
def test_ascii_lists_of_another_length(body):
    with pytest.raises(InputError, match=r"^part 7 has .*; export it again"):
        parse_ply(head(f"element vertex 1\n{XYZ}property list uchar short d\n") + body, "part 7")
