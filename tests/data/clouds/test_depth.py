import io

import numpy as np
import pytest
from PIL import Image

from inspector.data.clouds.cloud import decode_cloud, read_cloud
from inspector.data.clouds.depth import PinholeCamera, back_project, decode_depth, decode_eyecandies, is_eyecandies
from inspector.data.pixels.raw_photo import turn_upright
from inspector.errors import InputError


def png(values: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


def write_eyecandies(folder, raw: np.ndarray, low=1.0, high=3.0, pose=None):
    (folder / "007_depth.png").write_bytes(png(raw))
    (folder / "007_info_depth.yaml").write_text(f"normalization:\n  max: {high}\n  min: {low}\n")
    np.savetxt(folder / "007_pose.txt", np.eye(4) if pose is None else pose)
    return folder / "007_depth.png"


def test_pixel_beside_the_axis_by_hand():
    depth = np.array([[2.0, 2.0]])

    points = back_project(depth, PinholeCamera((1.0, 1.0), (0.0, 0.0)))

    assert points.tolist() == [[[0, 0, 2], [2, 0, 2]]]


def test_unit_scales_all_axes():
    points = back_project(np.array([[0, 500]], dtype=np.uint16), PinholeCamera((2.0, 4.0), (0.0, 1.0), unit=0.001))

    assert np.isnan(points[0, 0]).all()
    assert points[0, 1] == pytest.approx([0.25, -0.125, 0.5])


@pytest.mark.parametrize("hole", [0, -1, np.nan, np.inf, -np.inf])
def test_holes_have_no_point(hole):
    points = back_project(np.array([[1.0, hole]]), PinholeCamera((1.0, 1.0), (0.0, 0.0)))

    assert np.isfinite(points[0, 0]).all()
    assert np.isnan(points[0, 1]).all()


def test_pose_undoes_what_the_camera_saw():
    angle = 0.3
    pose = np.array(
        [[np.cos(angle), -np.sin(angle), 0, 0.1], [np.sin(angle), np.cos(angle), 0, -0.2], [0, 0, 1, 0.5], [0, 0, 0, 1]]
    )
    world = np.array([0.4, 0.3, 1.5])
    seen = pose[:3, :3] @ world + pose[:3, 3]
    camera = PinholeCamera((100.0, 100.0), tuple(-100 * seen[:2] / seen[2]))  # so that the point is at pixel (0, 0)

    points = back_project(np.array([[seen[2]]]), camera, pose)

    assert points[0, 0] == pytest.approx(world)


def test_eyecandies_depth_range_focal_length_and_centre(tmp_path):
    raw = np.array([[0, 65535, 0, 0], [0, 0, 32768, 0]], dtype=np.uint16)

    path = write_eyecandies(tmp_path, raw)

    points, _ = decode_eyecandies(path.read_bytes(), path)

    assert points.shape == (2, 4, 3)
    assert points[0, 1] == pytest.approx([-1 * 3 / 711.11, -1 * 3 / 711.11, 3])
    assert points[1, 2, 2] == pytest.approx(1 + 2 * 32768 / 65535)
    assert points[1, 2, :2] == pytest.approx([0, 0])


def test_eyecandies_pose_is_applied(tmp_path):
    pose = np.eye(4)
    pose[2, 3] = 5
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16), pose=pose)

    points, _ = decode_eyecandies(path.read_bytes(), path)

    assert points[1, 1].tolist() == [0, 0, -4]


@pytest.mark.parametrize(
    ("center", "is_told"), [((40, 30), True), ((10, 7.5), True), ((20, 15), False), ((25, 12), False), ((0, 0), False)]
)
def test_a_center_of_images_of_another_size_is_told(center, is_told):
    content = png(np.arange(500, 1700, dtype=np.uint16).reshape(30, 40))

    notes = decode_cloud(content, "a.png", camera=PinholeCamera((50, 50), center)).notes

    assert (f"the centre {center[0]:g}, {center[1]:g} of the setting `camera`" in " ".join(notes)) == is_told


def test_eyecandies_notes_of_its_image_are_kept(tmp_path):
    path = write_eyecandies(tmp_path, np.ones((2, 2), np.uint16))
    path.write_bytes(path.read_bytes() + b"more")

    assert read_cloud(path).notes == ("the file goes on behind its end (4 bytes)",)


def test_eyecandies_is_known_by_its_neighbour(tmp_path):
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16))
    (tmp_path / "008_depth.png").write_bytes(b"")

    assert is_eyecandies(path)
    assert not is_eyecandies(tmp_path / "008_depth.png")
    assert not is_eyecandies(tmp_path / "depth.png")


@pytest.mark.parametrize("file", ["007_info_depth.yaml", "007_pose.txt"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"normalization: 5", b"a: [", b"1 2 3\n4 5 6", b"0 0 0 0\n" * 4, b"1 0\n0 1", b"1 2\n3", None],
)
def test_eyecandies_damaged_neighbours_are_named(tmp_path, file, content):
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16))
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content)

    with pytest.raises(InputError, match=file):
        decode_eyecandies(path.read_bytes(), path)


@pytest.mark.parametrize(
    "content",
    [
        b"normalization: " + b"[" * 5000,
        b"normalization: " + b"{a: " * 5000,
        b"a: &a [1, 1]\nb: &b {<<: *a}\nnormalization: *b",
        b"normalization: {min: [1], max: {}}",
        b"normalization: {min: 2001-99-99, max: 3}",
        b"normalization: {min: 1, max: 1e400}",
        b"# " + b"x" * 100_000 + b"\nnormalization: {min: 1, max: 2}",
    ],
    ids=range(7),
)
def test_eyecandies_hostile_settings(tmp_path, content):
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16))
    (tmp_path / "007_info_depth.yaml").write_bytes(content)

    with pytest.raises(InputError, match=r"^007_info_depth\.yaml .*copy it again$"):
        decode_eyecandies(path.read_bytes(), path)


@pytest.mark.parametrize("number", ["nan", "inf", "1e400"])
def test_eyecandies_pose_that_is_not_finite(tmp_path, number):
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16))
    (tmp_path / "007_pose.txt").write_text(f"1 0 0 {number}\n0 1 0 0\n0 0 1 0\n0 0 0 1\n")

    with pytest.raises(InputError, match=r"^007_pose\.txt holds no pose"):
        decode_eyecandies(path.read_bytes(), path)


@pytest.mark.parametrize(("low", "high"), [(3, 1), (1, 1), (-1, 2), ("nan", 2), (1, ".inf")])
def test_eyecandies_absurd_depth_range(tmp_path, low, high):
    path = write_eyecandies(tmp_path, np.zeros((2, 2), np.uint16), low, high)

    with pytest.raises(InputError, match=r"depth range|must hold"):
        decode_eyecandies(path.read_bytes(), path)


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_depths_are_turned_upright_as_a_photo_is(orientation):
    raw = np.arange(600, 612, dtype=np.uint16).reshape(3, 4)
    exif, content = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    Image.fromarray(raw).save(content, "PNG", exif=exif)

    assert decode_depth(content.getvalue(), "a")[0].tolist() == turn_upright(raw, orientation).tolist()


def test_sixteen_bits_are_kept():
    raw = np.array([[0, 1, 256, 65535]], dtype=np.uint16)

    assert decode_depth(png(raw), "a")[0].tolist() == raw.tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "^a is damaged or no image"),
        (png(np.zeros((4, 4), np.uint16))[:40], "^a is damaged or no image"),
        (png(np.zeros((4, 4), np.uint8)), "^a is no depth image: .* but it is grey with 8 bits"),
        (png(np.zeros((4, 4, 3), np.uint8)), "^a is no depth image: .* but it is coloured"),
    ],
)
def test_other_images_are_refused(content, message):
    with pytest.raises(InputError, match=message):
        decode_depth(content, "a")


@pytest.mark.parametrize(
    ("focal", "center", "unit"), [((0, 1), (0, 0), 1), ((1, 1), (0, 0), 0), ((1, 1), (np.nan, 0), 1)]
)
def test_camera_out_of_range_is_rejected(focal, center, unit):
    with pytest.raises(ValueError, match="positive, finite"):
        PinholeCamera(focal, center, unit)


def test_wrong_shapes_are_rejected():
    with pytest.raises(ValueError, match=r"got \(2,\)"):
        back_project(np.zeros(2), PinholeCamera((1, 1), (0, 0)))
    with pytest.raises(ValueError, match="pose"):
        back_project(np.zeros((2, 2)), PinholeCamera((1, 1), (0, 0)), np.eye(3))
