import struct

import numpy as np
import open3d as o3d
import pytest

from inspector.data.clouds.formats import PARSERS
from inspector.data.clouds.pcd import parse_pcd
from inspector.data.clouds.ply import parse_ply
from inspector.data.clouds.stl import STL_POINTS, parse_stl
from inspector.errors import InputError

POINTS = np.array([[0.5, 1, 2], [3, 4, 5.25], [-6, 7, 8]])
NORMALS = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])


def written_by_open3d(folder, name, points=POINTS, **kinds) -> bytes:
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
    cloud.normals = o3d.utility.Vector3dVector(np.resize(NORMALS, points.shape))
    path = folder / name
    assert o3d.io.write_point_cloud(str(path), cloud, **kinds)
    return path.read_bytes()


def ply(body: bytes, header: str = "element vertex 1\nproperty float x\nproperty float y\nproperty float z") -> bytes:
    return f"ply\nformat ascii 1.0\ncomment made by hand\n{header}\nend_header\n".encode() + body


def pcd(body: bytes, data: str = "ascii", **changes: str) -> bytes:
    header = {"FIELDS": "x y z", "SIZE": "4 4 4", "TYPE": "F F F", "WIDTH": "2", "HEIGHT": "1", "POINTS": "2"}
    lines = [f"{key} {value}\n" for key, value in (header | changes).items() if value]
    return "".join(["# .PCD v0.7\n", *lines, f"DATA {data}\n"]).encode() + body


@pytest.mark.parametrize("suffix", [".ply", ".pcd"])
@pytest.mark.parametrize(
    "kinds", [{"write_ascii": True}, {"write_ascii": False}, {"compressed": True}], ids=["ascii", "binary", "packed"]
)
def test_files_written_by_open3d(tmp_path, suffix, kinds):
    content = written_by_open3d(tmp_path, f"a{suffix}", **kinds)

    parsed = PARSERS[suffix](content, "a")

    assert np.array_equal(parsed.points, POINTS)
    assert np.array_equal(parsed.normals, NORMALS)
    assert parsed.size is None


@pytest.mark.parametrize("seed", range(3))
def test_compressed_files_with_repetition(tmp_path, seed):
    points = np.random.default_rng(seed).integers(0, 3, (2000, 3)) / 2.0
    content = written_by_open3d(tmp_path, "a.pcd", points, compressed=True)

    assert len(content) < 2000 * 24
    assert np.array_equal(parse_pcd(content, "a").points, points)


def test_ply_properties_in_any_order_and_of_any_type():
    header = "element vertex 2\nproperty uchar red\nproperty double z\nproperty short x\nproperty float y"

    parsed = parse_ply(ply(b"255 3 1 2\n\n0 nan 4 -inf\n", header), "a")

    assert np.array_equal(parsed.points, [[1, 2, 3], [4, -np.inf, np.nan]], equal_nan=True)
    assert parsed.normals is None


@pytest.mark.parametrize(("encoding", "order"), [("binary_little_endian", "<"), ("binary_big_endian", ">")])
def test_ply_with_a_camera_before_and_faces_after_the_vertices(encoding, order):
    header = (
        f"ply\r\nformat {encoding} 1.0\r\nelement camera 1\r\nproperty double f\r\n"
        "element vertex 1\r\nproperty float x\r\nproperty float y\r\nproperty float z\r\n"
        "element face 1\r\nproperty list uchar int vertex_indices\r\nend_header\r\n"
    )
    body = struct.pack(f"{order}d3fB3i", 9, 1, 2, 3, 3, 0, 0, 0)

    assert parse_ply(header.encode() + body, "a").points.tolist() == [[1, 2, 3]]


HOLE = b"1 2 3 0 0 1\n-nan(ind) nan(snan) -1.#IND 0 0 1\n4 5 6 0 0 1\n"


CAPITALS = ("X", "Y", "Z", "NX", "NY", "NZ")
OLD = {"FIELDS": "", "COLUMNS": "X Y Z Normal_X Normal_Y Normal_Z", "SIZE": "4 " * 6, "TYPE": "f " * 6}


@pytest.mark.parametrize(
    "content",
    [
        ply(HOLE, "element vertex 3\n" + "\n".join(f"property float {name}" for name in CAPITALS)),
        pcd(HOLE, **OLD, WIDTH="3", POINTS=""),
    ],
)
def test_names_in_capitals_and_holes_as_windows_writes_them(content):
    parsed = (parse_ply if content.startswith(b"ply") else parse_pcd)(content, "a")

    assert np.array_equal(parsed.points, [[1, 2, 3], [np.nan] * 3, [4, 5, 6]], equal_nan=True)
    assert np.array_equal(parsed.normals, [[0, 0, 1]] * 3)


def test_pcd_with_a_height_stands_on_a_grid():
    body = struct.pack("<12f", *range(12))

    parsed = parse_pcd(pcd(body, "binary", WIDTH="2", HEIGHT="2", POINTS="4"), "a")

    assert parsed.size == (2, 2)
    assert parsed.points[3].tolist() == [9, 10, 11]


@pytest.mark.parametrize(("width", "height"), [("3", "2"), ("3", "1")])
def test_pcd_with_another_number_of_points_than_its_grid_is_told(width, height):
    (note,) = parse_pcd(pcd(bytes(48), "binary", WIDTH=width, HEIGHT=height, POINTS="4"), "a").notes

    told = f"its header says {width} x {height} points, and 4 of them, which were read without a pixel grid"
    assert note == told


@pytest.mark.parametrize(
    ("content", "parse"),
    [
        (ply(b"1.25 2.5 3.75\n" * 9).replace(b"ascii", b"binary_little_endian"), parse_ply),
        (pcd(b"1.25 2.5 3.75\n" * 9, "binary"), parse_pcd),
        (pcd(b"nan nan nan\n" * 9, "binary"), parse_pcd),
    ],
    ids=["PLY", "PCD", "PCD with holes"],
)
def test_lines_of_numbers_are_no_binary_data(content, parse):
    with pytest.raises(InputError, match=r"^a is damaged: its header says binary, but lines of numbers follow"):
        parse(content, "a")


def test_bytes_that_are_digits_and_ends_of_lines_may_be_coordinates():
    """Of small whole numbers, as of voxels."""
    points = np.stack(np.meshgrid(range(9, 14), range(48, 58), range(48, 58)), axis=-1).reshape(-1, 3)
    header = b"ply\nformat binary_little_endian 1.0\nelement vertex 500\n"
    properties = b"".join(b"property uchar %s\n" % axis for axis in (b"x", b"y", b"z"))

    parsed = parse_ply(header + properties + b"end_header\n" + points.astype(np.uint8).tobytes(), "a")

    np.testing.assert_array_equal(parsed.points, points)


def test_signalling_nan_is_a_hole_like_others():
    body = struct.pack("<6I", 0x7F800001, 0, 0, 0x3F800000, 0x3F800000, 0x3F800000)

    points = parse_pcd(pcd(body, "binary"), "a").points

    assert np.isnan(points[0, 0])
    assert points[1].tolist() == [1, 1, 1]


def test_pcd_with_repeated_fields_and_without_a_number_of_points():
    fields = {"FIELDS": "_ x y z _", "SIZE": "1 4 4 4 1", "TYPE": "U F F F U", "COUNT": "2 1 1 1 1", "POINTS": ""}
    record = struct.Struct("<2B3fB")

    parsed = parse_pcd(pcd(record.pack(0, 0, 1, 2, 3, 0) + record.pack(0, 0, 4, 5, 6, 0), "binary", **fields), "a")

    assert parsed.points.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_stl_is_sampled_on_its_surface_and_alike_each_time(tmp_path):
    box = o3d.geometry.TriangleMesh.create_box(2.0, 1.0, 1.0)
    box.compute_triangle_normals()
    o3d.io.write_triangle_mesh(str(tmp_path / "box.stl"), box)
    content = (tmp_path / "box.stl").read_bytes()

    parsed = parse_stl(content, "box")

    assert parsed.points.shape == (STL_POINTS, 3)
    on_side = np.isclose(parsed.points, 0) | np.isclose(parsed.points, [2, 1, 1])
    assert on_side.any(axis=1).all()
    assert np.ptp(parsed.points, axis=0) == pytest.approx([2, 1, 1], abs=0.01)
    assert np.isclose(parsed.points[:, 0], 0).mean() == pytest.approx(0.1, abs=0.01)  # 1 of 10 units of area
    left = parsed.normals[np.isclose(parsed.points[:, 0], 0)]
    assert (left[:, 0] < 0).all()
    assert np.array_equal(parse_stl(content, "box").points, parsed.points)


def test_stl_as_text():
    facet = "facet normal 0 0 1\n outer loop\n vertex 0 0 5\n vertex 1 0 5\n vertex 0 1 5\n endloop\nendfacet\n"

    points = parse_stl(f"solid part\n{facet}endsolid part\n".encode(), "a").points

    assert (points[:, 2] == 5).all()
    assert (points[:, :2].sum(axis=1) <= 1).all()
    assert points[:, :2].min() >= 0
    assert points.mean(axis=0) == pytest.approx([1 / 3, 1 / 3, 5], abs=0.01)


@pytest.mark.parametrize("suffix", [".ply", ".pcd"])
@pytest.mark.parametrize("kinds", [{"write_ascii": True}, {"write_ascii": False}, {"compressed": True}])
@pytest.mark.parametrize("left", [0.5, 0.9])
def test_cut_off_files_name_themselves_and_write_nothing(tmp_path, capfd, suffix, kinds, left):
    points = np.random.default_rng(0).random((100, 3))
    content = written_by_open3d(tmp_path, f"a{suffix}", points, **kinds)

    with pytest.raises(InputError, match=r"^part 7 (is cut off|has a line that is not numbers|has \d numbers)"):
        PARSERS[suffix](content[: int(left * len(content))], "part 7")

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("suffix", "content", "message"),
    [
        (".ply", b"hello", "has no PLY header"),
        (".ply", b"ply\nformat ascii 1.0\nelement vertex 2\n", "has no PLY header"),
        (".ply", ply(b"1 2 3", "element face 1\nproperty float x"), "cannot be understood"),
        (".ply", ply(b"1 2 3", "element vertex -1\nproperty float x"), "cannot be understood"),
        (".ply", ply(b"1 2 3", "element vertex 1\nproperty strange x"), "cannot be understood"),
        (".ply", ply(b"1 2 3", "element vertex 1\nproperty float x\nproperty float x"), "cannot be understood"),
        (
            ".ply",
            ply(b"1 2", "element vertex 1\nproperty float u\nproperty float v"),
            "no coordinates x, y, z, only u v",
        ),
        (".ply", ply(b"1 2 x\n"), "not numbers"),
        (".ply", ply(b"1 2\n"), "has 2 numbers in a line instead of 3"),
        (".ply", ply(b""), "is cut off"),
        (".pcd", b"hello", "has no PCD header"),
        (".pcd", pcd(b"1 2 3\n4 5 6", WIDTH="two"), "cannot be understood"),
        (".pcd", pcd(b"1 2 3\n4 5 6", TYPE="F F"), "cannot be understood"),
        (".pcd", pcd(b"1 2 3\n4 5 6", SIZE="4 4 3"), "cannot be understood"),
        (".pcd", pcd(b"1 2 3\n4 5 6", TYPE="F F M"), "cannot be understood"),
        (".pcd", pcd(b"1 2 3\n4 5 6", FIELDS="u v w"), "no coordinates"),
        (".pcd", pcd(struct.pack("<II", 4, 24) + b"\xff\xff\xff\xff", "binary_compressed"), "is cut off"),
        (".pcd", pcd(struct.pack("<II", 2, 24) + b"\x00a", "binary_compressed"), "is cut off"),
        (".pcd", pcd(struct.pack("<II", 3, 24) + b"\x20\x05\x00", "binary_compressed"), "is cut off"),
        (".pcd", pcd(b"1 2 3\n4 5 6", COUNT="1 1 999999999999"), "cannot be understood"),
        (".stl", b"\x00" * 100, "is no STL file"),
        (".stl", b"\x00" * 80 + b"\x02\x00\x00\x00" + b"\x00" * 50, "is cut off"),
        (".stl", b"solid a\nvertex 0 0 0\nvertex 1 0 0\n", "is cut off"),
        (".stl", b"solid a\nendsolid", "holds no surface"),
        (".stl", b"\x00" * 84, "holds no surface"),
    ],
)
def test_damaged_files_name_themselves(suffix, content, message):
    with pytest.raises(InputError, match=rf"^part 7 .*({message}).*; .*again|export the scan as points"):
        PARSERS[suffix](content, "part 7")


def test_files_without_points_are_empty():
    assert (
        parse_ply(ply(b"", "element vertex 0\nproperty float x\nproperty float y\nproperty float z"), "a").points.size
        == 0
    )
