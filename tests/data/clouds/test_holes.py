"""Values that mark holes, told apart from measurements."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector.data.clouds.cloud import read_cloud
from inspector.data.clouds.depth import PinholeCamera
from inspector.data.clouds.holes import find_marks

CAMERA = PinholeCamera((300.0, 300.0), (30.0, 20.0))
SIZE = (40, 60)
HOLES = np.zeros(SIZE, bool)
HOLES[5:12, 3:30] = True
"""189 pixels without a measurement."""


def depths(level: float = 500.0) -> np.ndarray:
    return level + np.random.default_rng(0).normal(0, 3, SIZE)


def points(level: float = 50.0) -> np.ndarray:
    rows, cols = np.mgrid[: SIZE[0], : SIZE[1]]
    return np.stack([cols, rows, depths(level)], axis=2)


def save(path, xyz: np.ndarray):
    """Save (H, W, 3) points as the kind of file that the suffix names."""
    rows = xyz.reshape(-1, 3)
    if path.suffix == ".tiff":
        tifffile.imwrite(path, xyz.astype(np.float32), photometric="rgb")
    elif path.suffix == ".xyz":
        path.write_text("".join(f"{x} {y} {z}\n" for x, y, z in rows.tolist()))
    elif path.suffix == ".ply":
        header = f"element vertex {len(rows)}\nproperty double x\nproperty double y\nproperty double z\n"
        text = f"ply\nformat binary_little_endian 1.0\n{header}end_header\n"
        path.write_bytes(text.encode() + rows.astype("<f8").tobytes())
    else:
        header = f"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH {SIZE[1]}\nHEIGHT {SIZE[0]}\nDATA binary\n"
        path.write_bytes(header.encode() + rows.astype("<f4").tobytes())
    return path


@pytest.mark.parametrize("suffix", [".tiff", ".xyz", ".ply", ".pcd"])
@pytest.mark.parametrize("mark", [-9999.0, -999.0, -32768.0, 65535.0, 1e10, -1e30, 3.4028234663852886e38, 2147483647.0])
@pytest.mark.parametrize("whole", [False, True], ids=["height", "point"])
def test_marks_of_holes_are_left_out_and_noted(tmp_path, suffix, mark, whole):
    xyz = points()
    xyz[HOLES, slice(None) if whole else 2] = mark

    cloud = read_cloud(save(tmp_path / f"a{suffix}", xyz))

    assert np.array_equal(cloud.points, xyz[~HOLES].astype(np.float32))
    shown = np.float32(mark) if suffix in (".tiff", ".pcd") else mark
    assert cloud.notes == (f"189 points with the height {shown:.9g} were taken for holes",)
    if cloud.size:
        assert np.array_equal(cloud.pixels, np.flatnonzero(~HOLES))


@pytest.mark.parametrize("suffix", [".tiff", ".pcd"])
def test_height_0_on_a_grid_is_a_hole_where_all_others_are_far(tmp_path, suffix):
    xyz = points()
    xyz[HOLES, 2] = 0

    cloud = read_cloud(save(tmp_path / f"a{suffix}", xyz))

    assert len(cloud.points) == 60 * 40 - 189
    assert cloud.notes == ("189 points with the height 0 were taken for holes",)


def test_height_0_without_a_grid_may_be_a_table_and_is_told(tmp_path):
    xyz = points()
    xyz[HOLES, 2] = 0

    cloud = read_cloud(save(tmp_path / "a.xyz", xyz))

    assert len(cloud.points) == 60 * 40
    assert cloud.notes == (
        "189 points have exactly the height 0, away from all others; where these are holes, add 0 to "
        "the setting `holes`",
    )


@pytest.mark.parametrize("suffix", [".tiff", ".ply"])
@pytest.mark.parametrize(("mark", "is_told"), [(-60.0, True), (-65.536, True), (-5.0, False)])
def test_a_height_of_many_points_away_from_all_others_is_told(tmp_path, suffix, mark, is_told):
    """As -32768 steps of a profiler are, which are no round number; what is closer may be the ground."""
    xyz = points()
    xyz[HOLES, 2] = mark

    notes = read_cloud(save(tmp_path / f"a{suffix}", xyz)).notes

    told = f"189 points have exactly the height {mark:g}, away from all others; where these are holes, add {mark:g} to"
    assert notes == ((f"{told} the setting `holes`",) if is_told else ())


@pytest.mark.parametrize("mark", [65535, 32767])
@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_marks_in_depth_images(tmp_path, mark, kind):
    depth = depths().astype(np.uint16)
    depth[HOLES] = mark
    path = tmp_path / f"a.{kind}"
    Image.fromarray(depth).save(path) if kind == "png" else tifffile.imwrite(path, depth)

    cloud = read_cloud(path, camera=CAMERA)

    assert np.array_equal(cloud.pixels, np.flatnonzero(~HOLES))
    assert cloud.notes == (f"189 points with the height {mark} were taken for holes",)


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.uint32, np.float32, np.float64])
def test_depth_images_of_any_number(tmp_path, kind):
    depth = depths().astype(kind)
    depth[HOLES] = np.iinfo(np.int16).min if np.issubdtype(kind, np.signedinteger) else 0
    tifffile.imwrite(tmp_path / "a.tif", depth)

    cloud = read_cloud(tmp_path / "a.tif", camera=CAMERA)

    assert np.array_equal(cloud.pixels, np.flatnonzero(~HOLES))
    assert np.array_equal(cloud.points[:, 2], depth[~HOLES].astype(np.float32))
    assert cloud.notes == ()  # no depth is negative


def test_marks_are_counted_in_steps_of_the_depth_image(tmp_path):
    depth = depths().astype(np.uint16)
    depth[HOLES] = 65535
    Image.fromarray(depth).save(tmp_path / "a.png")
    camera = PinholeCamera(CAMERA.focal, CAMERA.center, unit=0.001)

    cloud = read_cloud(tmp_path / "a.png", camera=camera)

    assert cloud.notes == ("189 points with the height 65535 were taken for holes",)
    assert read_cloud(tmp_path / "a.png", camera=camera, holes=(65535,)).pixels.tolist() == cloud.pixels.tolist()


@pytest.mark.parametrize(
    "change",
    [
        lambda z: z,
        lambda z: z - z.min(),  # a lowest height of 0
        lambda z: np.where(HOLES, 40, z),  # a step that is exactly flat
        lambda z: np.where(HOLES, 0, 10 + 0 * z),  # two flat steps
        lambda z: np.where(HOLES, 0, z - 50),  # a flat table at 0 among heights around it
        lambda z: 0 * z + 5,  # all flat
        lambda z: np.round(z),
        lambda z: np.where(HOLES, 120, z),  # a flat bottom of a hole, deeper than the part is wide
    ],
)
def test_measurements_stay(tmp_path, change):
    xyz = points()
    xyz[..., 2] = change(xyz[..., 2])
    xyz[..., :2] += 1

    cloud = read_cloud(save(tmp_path / "a.tiff", xyz))

    assert np.array_equal(cloud.points, xyz.reshape(-1, 3).astype(np.float32))
    assert cloud.notes == ()


def test_two_marks_at_once_and_rare_ones():
    xyz = points().reshape(-1, 3)
    xyz[:3, 2], xyz[3:40, 2], xyz[40:60, 2] = -32768, 1e10, 777_777  # twenty times one value is no accident

    assert set(find_marks(xyz, organised=False)) == {-32768.0, 1e10, 777_777.0}


def test_rare_wild_points_are_no_marks_but_told(tmp_path):
    xyz = points()
    xyz[0, :4, 2] = [1e7 + 1, -5e6 - 3, 1234567, 1e8 + 50]

    cloud = read_cloud(save(tmp_path / "a.xyz", xyz))

    assert len(cloud.points) == 60 * 40
    assert cloud.notes == ("4 of its points lie far away from all others, which its score may be due to",)
    xyz = points()
    xyz[0, 0, 2] = 1e7 + 1
    one = "one of its points lies far away from all others, which its score may be due to"
    assert read_cloud(save(tmp_path / "b.xyz", xyz)).notes[0] == one


@pytest.mark.parametrize("suffix", [".tiff", ".xyz", ".ply", ".pcd"])
def test_holes_that_are_set(tmp_path, suffix):
    xyz = points()
    xyz[HOLES, 2] = 51.7
    xyz[0, :5, 2] = -9999

    cloud = read_cloud(save(tmp_path / f"a{suffix}", xyz), holes=(51.7,))

    kept = ~HOLES
    assert np.array_equal(cloud.points, xyz[kept].astype(np.float32))
    assert cloud.notes == ("189 points with the height 51.7 were taken for holes",)


def test_nothing_is_recognised_where_no_hole_is_set(tmp_path):
    xyz = points()
    xyz[HOLES, 2] = -9999

    cloud = read_cloud(save(tmp_path / "a.xyz", xyz), holes=())

    assert len(cloud.points) == 60 * 40
    assert cloud.notes == ()


def test_further_pictures_in_a_tiff_are_told(tmp_path):
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as file:
        file.write(points().astype(np.float32), photometric="rgb")
        file.write(np.zeros((8, 8), np.uint8))
    (tmp_path / "a.tiff").write_bytes(buffer.getvalue())

    cloud = read_cloud(tmp_path / "a.tiff")

    assert len(cloud.points) == 60 * 40
    assert cloud.notes == ("1 further picture in the file passed over",)


def test_planar_tiff_is_read_as_what_it_is(tmp_path):
    xyz = points().astype(np.float32)
    tifffile.imwrite(tmp_path / "a.tiff", np.moveaxis(xyz, 2, 0), photometric="rgb", planarconfig="separate")

    assert np.array_equal(read_cloud(tmp_path / "a.tiff").points, xyz.reshape(-1, 3))


@pytest.mark.parametrize("suffix", [".xyz", ".ply"])
def test_map_coordinates_keep_the_shape(tmp_path, suffix):
    origin = np.array([512_345.0, 5_401_234.0, 310.0])
    save(tmp_path / f"near{suffix}", points().round(3))
    far = points().round(3) + origin
    path = tmp_path / f"far{suffix}"
    if suffix == ".xyz":
        path.write_text("".join(f"{x:.3f} {y:.3f} {z:.3f}\n" for x, y, z in far.reshape(-1, 3)))
    else:
        save(path, far)

    near, cloud = read_cloud(tmp_path / f"near{suffix}"), read_cloud(path)

    step = cloud.points.astype(np.float64) - near.points
    assert np.abs(step - step[0]).max() < 1e-5
    assert cloud.extent == pytest.approx(near.extent, rel=1e-6)
    assert cloud.notes == ("its coordinates are counted from (512345, 5401234, 348) on",)
