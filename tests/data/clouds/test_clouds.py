import io
import struct

import numpy as np
import open3d as o3d
import pytest
import tifffile
from PIL import Image

from inspector.data.clouds.cloud import CLOUD_SUFFIXES, GRID_SUFFIXES, Cloud, find_usual_extent, is_odd_unit, read_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.errors import InputError

CAMERA = PinholeCamera((10.0, 10.0), (1.0, 0.5), unit=0.001)
NAMES = ["part.{}", "Prüfstück 7.{}", "部品 é.{}"]


def organised() -> np.ndarray:
    xyz = np.arange(2 * 3 * 3, dtype=np.float32).reshape(2, 3, 3) + 1
    xyz[0, 1] = 0
    xyz[0, 2, 1] = np.nan
    xyz[1, 0, 2] = np.inf
    return xyz


def tiff(values: np.ndarray, **options) -> bytes:
    buffer = io.BytesIO()
    photometric = "rgb" if values.shape[2:] == (3,) else "minisblack"
    tifffile.imwrite(buffer, values, photometric=photometric, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_organised_tiff_without_its_holes(tmp_path, name, dtype):
    path = tmp_path / name.format("tiff")
    path.write_bytes(tiff(organised().astype(dtype)))

    cloud = read_cloud(path)

    assert cloud.points.tolist() == [[1, 2, 3], [13, 14, 15], [16, 17, 18]]
    assert cloud.points.dtype == np.float32
    assert cloud.pixels.tolist() == [0, 4, 5]
    assert cloud.size == (2, 3)
    assert cloud.normals is None
    assert cloud.name == path.name


@pytest.mark.parametrize(("kind", "mark"), [("points", -7.0), ("points", -3.4e38), ("depth", 4000), ("depth", 65535)])
def test_value_that_a_tiff_says_to_be_none_is_a_hole(tmp_path, kind, mark):
    rows, cols = np.mgrid[:20, :30]
    values = np.dstack([cols, rows, 5 + cols % 3]).astype(np.float32)
    if kind == "depth":
        values = (1000 + cols).astype(np.uint16)
    values[:5] = mark
    options = {"photometric": "rgb" if kind == "points" else "minisblack"}
    tifffile.imwrite(tmp_path / "a.tif", values, extratags=[(42113, "s", 0, repr(mark), True)], **options)

    cloud = read_cloud(tmp_path / "a.tif", camera=PinholeCamera((100.0, 100.0), (15.0, 10.0)))

    assert cloud.pixels.tolist() == list(range(5 * 30, 20 * 30))
    assert cloud.notes == ()


def test_point_with_a_zero_coordinate_is_no_hole(tmp_path):
    xyz = np.zeros((1, 2, 3), np.float32)
    xyz[0, 1] = [0, 0, 0.5]
    (tmp_path / "a.tif").write_bytes(tiff(xyz))

    assert read_cloud(tmp_path / "a.tif").pixels.tolist() == [1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["png", "pgm", "pfm", "tiff", "TIF"])
def test_depth_images_become_points_with_a_camera(tmp_path, name, suffix):
    depth = np.array([[0, 1000, 2000], [500, 0, 0]], dtype=np.uint16)
    path = tmp_path / name.format(suffix)
    if suffix in ("png", "pgm", "pfm"):
        Image.fromarray(depth.astype(np.float32) if suffix == "pfm" else depth).save(path)
    else:
        path.write_bytes(tiff(depth if suffix == "TIF" else np.where(depth, depth, np.nan).astype(np.float32)))

    cloud = read_cloud(path, camera=CAMERA)

    assert cloud.pixels.tolist() == [1, 2, 3]
    assert np.allclose(cloud.points, [[0, -0.05, 1], [0.2, -0.1, 2], [-0.05, 0.025, 0.5]])


def test_coloured_maps_are_no_depth_images(tmp_path):
    Image.fromarray(np.ones((2, 3, 3), np.uint8)).save(tmp_path / "a.pgm", format="PPM")
    deep = (tmp_path / "a.pgm").read_bytes().replace(b"255", b"999") + bytes(18)
    (tmp_path / "a.pgm").write_bytes(deep)

    with pytest.raises(InputError, match="it must be grey with 16 bits, but it is coloured"):
        read_cloud(tmp_path / "a.pgm", camera=CAMERA)


def test_eyecandies_needs_no_camera(tmp_path):
    Image.fromarray(np.full((2, 2), 65535, np.uint16)).save(tmp_path / "00_depth.png")
    (tmp_path / "00_info_depth.yaml").write_text("normalization: {min: 1, max: 2}")
    (tmp_path / "00_pose.txt").write_text("1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n")

    cloud = read_cloud(tmp_path / "00_depth.png")

    assert cloud.size == (2, 2)
    assert cloud.points[:, 2].tolist() == [2, 2, 2, 2]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["ply", "pcd", "xyz", "PLY"])
def test_point_files_of_any_name(tmp_path, name, suffix):
    points = np.array([[1.0, 2, 3], [0, 0, 0], [np.nan, 1, 1], [4, 5, 6]])
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
    assert o3d.io.write_point_cloud(str(tmp_path / f"a.{suffix.lower()}"), cloud)
    path = (tmp_path / f"a.{suffix.lower()}").rename(tmp_path / name.format(suffix))

    read = read_cloud(path)

    assert read.points.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert read.pixels is None
    assert read.size is None


def test_mesh_is_sampled_with_normals(tmp_path):
    facet = "facet normal 0 0 1 outer loop vertex 0 0 5 vertex 1 0 5 vertex 0 1 5 endloop endfacet"
    (tmp_path / "a.stl").write_text(f"solid a {facet} endsolid")

    cloud = read_cloud(tmp_path / "a.stl")

    assert len(cloud.points) == 30_000
    assert (cloud.normals == [0, 0, 1]).all()


def test_normals_get_length_1_or_0(tmp_path):
    (tmp_path / "a.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 3\n"
        + "".join(f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz"))
        + "end_header\n1 1 1 0 0 5\n2 2 2 nan 3 0\n3 3 3 0 0 0\n"
    )

    assert read_cloud(tmp_path / "a.ply").normals.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_organised_pcd_keeps_its_grid(tmp_path):
    header = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 2\nPOINTS 4\nDATA binary\n"
    values = [np.nan] * 3 + [1, 2, 3] + [np.nan] * 3 + [4, 5, 6]
    (tmp_path / "a.pcd").write_bytes(header.encode() + struct.pack("<12f", *values))

    cloud = read_cloud(tmp_path / "a.pcd")

    assert cloud.size == (2, 2)
    assert cloud.pixels.tolist() == [1, 3]


@pytest.mark.parametrize("suffix", sorted(CLOUD_SUFFIXES | GRID_SUFFIXES))
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 40, None], ids=["empty", "noise", "missing"])
def test_unusable_files_name_themselves(tmp_path, capfd, caplog, suffix, content):
    path = tmp_path / f"part 7{suffix}"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InputError, match=r"^part 7\.\w+ (is|has|cannot|holds) .*"):
        read_cloud(path, camera=CAMERA)

    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"tile": (16, 16)}], ids=["plain", "zlib", "tiles"])
@pytest.mark.parametrize("left", [0.1, 0.5, 0.99])
def test_cut_off_tiff(tmp_path, capfd, caplog, options, left):
    values = np.random.default_rng(0).random((64, 48, 3)).astype(np.float32)
    content = tiff(values, **options)
    (tmp_path / "a.tiff").write_bytes(content[: int(left * len(content))])

    with pytest.raises(InputError, match=r"^a\.tiff is damaged or (no TIFF file|cut off) .*; copy it again"):
        read_cloud(tmp_path / "a.tiff")

    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((4, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.uint16),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 2), np.float32),
        np.zeros((2, 4, 4, 3), np.float32),
    ],
    ids=lambda values: f"{values.dtype}{values.shape}",
)
def test_tiff_of_another_kind(tmp_path, values):
    (tmp_path / "a.tiff").write_bytes(tiff(values))

    with pytest.raises(InputError, match=rf"^a\.tiff holds {values.dtype} values of shape .* three channels of floats"):
        read_cloud(tmp_path / "a.tiff", camera=CAMERA)


def test_tiff_that_unpacks_to_far_more_than_its_size(tmp_path):
    small = tiff(np.zeros((5000, 5000, 3), np.float32), compression="zlib")
    (tmp_path / "a.tiff").write_bytes(small)

    with pytest.raises(InputError, match=r"^a\.tiff is damaged: its header tells of 0\.3 GB in a file of 0\.\d MB"):
        read_cloud(tmp_path / "a.tiff")


def test_png_that_unpacks_to_far_more_than_its_size(tmp_path):
    Image.fromarray(np.ones((5000, 5000), np.uint16)).save(tmp_path / "a.png")

    with pytest.raises(InputError, match=r"^a\.png is damaged: its header tells of 0\.1 GB"):
        read_cloud(tmp_path / "a.png", camera=CAMERA)


def test_content_tells_the_kind_of_a_grid(tmp_path):
    depth = np.array([[0, 1000, 2000], [500, 0, 0]], dtype=np.uint16)
    Image.fromarray(depth).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.tif")
    (tmp_path / "b.png").write_bytes(tiff(depth))

    for name in ("a.tif", "b.png"):
        assert read_cloud(tmp_path / name, camera=CAMERA).pixels.tolist() == [1, 2, 3]


@pytest.mark.parametrize("hole", [0.0, np.nan, np.inf, 1e300])
def test_nothing_but_holes(tmp_path, hole):
    (tmp_path / "a.tiff").write_bytes(tiff(np.full((4, 4, 3), hole)))

    with pytest.raises(InputError, match=r"^a\.tiff holds no point, only holes; check the scan"):
        read_cloud(tmp_path / "a.tiff")


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_depth_without_a_camera(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "png":
        Image.fromarray(np.ones((2, 2), np.uint16)).save(path)
    else:
        path.write_bytes(tiff(np.ones((2, 2), np.float32)))

    with pytest.raises(InputError, match=rf"^a\.{suffix} is a depth image; .* focal length and centre must be set"):
        read_cloud(path)


def test_unknown_kind(tmp_path):
    (tmp_path / "a.obj").write_text("v 0 0 1")

    with pytest.raises(
        InputError,
        match=r"^a\.obj is no kind of cloud .*: \.asc .*\.pcd \.pfm \.pgm \.ply \.png \.pts \.stl \.tif \.tiff \.xyz",
    ):
        read_cloud(tmp_path / "a.obj")


def test_extent_is_the_diagonal():
    assert Cloud(np.array([[0, 0, 0], [1, 2, 2]], np.float32)).extent == 3


@pytest.mark.parametrize(
    ("extents", "odd"),
    [
        ({}, ()),
        ({"a": 0.2}, ()),
        ({"a": 0.2, "b": 0.21, "c": 200.0}, ("c",)),
        ({"a": 200.0, "b": 0.2, "c": 210.0, "d": 190.0}, ("b",)),
        ({"a": 200.0, "b": 0.2}, ("a",)),
        ({"a": 1.0, "b": 25.4, "c": 1.0}, ()),
        ({"a": 1.0, "b": 0.0, "c": 1.0}, ("b",)),
    ],
)
def test_odd_units_are_named(extents, odd):
    usual = find_usual_extent(list(extents.values()))

    assert tuple(name for name, extent in extents.items() if is_odd_unit(extent, usual)) == odd


@pytest.mark.parametrize(
    "parts",
    [
        {"points": np.zeros((0, 3), np.float32)},
        {"points": np.zeros((2, 3))},
        {"points": np.zeros((2, 2), np.float32)},
        {"points": np.full((2, 3), np.nan, np.float32)},
        {"normals": np.zeros((3, 3), np.float32)},
        {"pixels": np.arange(2)},
        {"size": (2, 2)},
        {"pixels": np.array([1, 0]), "size": (2, 2)},
        {"pixels": np.array([1, 1]), "size": (2, 2)},
        {"pixels": np.array([-1, 1]), "size": (2, 2)},
        {"pixels": np.array([0, 4]), "size": (2, 2)},
        {"pixels": np.array([0, 1, 2]), "size": (2, 2)},
    ],
)
def test_parts_that_do_not_fit_are_rejected(parts):
    with pytest.raises(ValueError, match="expected"):
        Cloud(**{"points": np.ones((2, 3), np.float32), **parts})
