import numpy as np
import pytest

from inspector.data.clouds.cloud import Cloud
from inspector.data.clouds.pictures import close_gaps, organise_cloud, shade_cloud
from inspector.data.parts import PartReader
from inspector.data.samples import Sample
from tests.clouds import save_ply


def test_projection_by_hand():
    # 3 wide (x), 2 high (y), thin in z: x runs along columns, y upwards.
    points = np.array([[0, 0, 0], [2, 0, 0.1], [0, 1, 0], [2, 1, 0.2]], np.float32)

    shown, places = organise_cloud(Cloud(points), side=3)

    assert shown.size == (2, 3)
    assert shown.pixels.tolist() == [0, 2, 3, 5]
    assert places.tolist() == [2, 3, 0, 1]
    assert np.array_equal(shown.points, points[places])


@pytest.mark.parametrize("thin", [0, 1, 2])
def test_seen_along_the_thinnest_direction(thin):
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32) * 10
    points[:, thin] *= 0.01

    shown, _ = organise_cloud(Cloud(points), side=40)

    assert max(shown.size) == 40
    assert min(shown.size) > 35


def test_nearest_point_of_a_pixel_is_shown_and_none_twice():
    points = np.array([[0, 0, 0], [0, 0, 0.5], [0, 0, 0.2], [9, 9, 0]], np.float32)

    shown, places = organise_cloud(Cloud(points), side=4)

    assert places.tolist() == [3, 1]
    assert shown.pixels.tolist() == [3, 12]


@pytest.mark.parametrize("points", [[[1, 2, 3]], [[1, 2, 3]] * 5, [[0, 0, 0], [1, 0, 0]]])
def test_points_of_no_width(points):
    shown, _ = organise_cloud(Cloud(np.array(points, np.float32) + 1), side=8)

    assert shade_cloud(shown).shape == (*shown.size, 3)


def test_picture_is_black_only_where_no_point_is():
    row, col = np.mgrid[:12, :16].astype(np.float32)
    pixels = np.flatnonzero((col > 3).ravel())
    points = np.stack([col, row, 5 + 0.1 * col], axis=2).reshape(-1, 3)[pixels]

    picture = shade_cloud(Cloud(points, pixels, (12, 16)))

    assert picture.dtype == np.uint8
    assert np.array_equal(picture[..., 0] > 0, (col > 3))
    assert np.array_equal(picture[..., 0], picture[..., 2])


def test_slopes_towards_the_light_are_brighter():
    row, col = np.mgrid[:10, :20].astype(np.float32)
    roof = np.stack([col, row, np.abs(col - 10)], axis=2).reshape(-1, 3)  # the camera looks along +z

    picture = shade_cloud(Cloud(roof + 1, np.arange(200), (10, 20)))[..., 0]

    assert picture[5, 4] != picture[5, 15]


def test_pixels_between_points_are_filled_and_holes_are_not():
    row, col = np.mgrid[0:60:3, 0:90:3]
    there = ~((row > 15) & (row < 45) & (col > 15) & (col < 45))
    points = np.stack([col, row, 5 + 0.1 * col], axis=2)[there].astype(np.float32)
    sparse = Cloud(points, np.flatnonzero(np.bincount((row * 90 + col)[there], minlength=60 * 90)), (60, 90))

    filled = close_gaps(sparse)

    seen = shade_cloud(filled)[..., 0] > 0
    assert seen[2:56, 48:86].all()
    assert not seen[28:33, 28:33].any()
    assert np.isin(sparse.pixels, filled.pixels).all()
    inner = np.abs(filled.points[:, 0] - 65) < 15
    np.testing.assert_allclose(filled.points[inner, 2], 5 + 0.1 * filled.points[inner, 0], atol=0.01)


def test_picture_of_points_that_lie_far_apart_is_not_black(tmp_path):
    rows, cols = np.mgrid[:40, :60]
    points = np.stack([cols, -rows, 0.01 * (cols - 30) ** 2], axis=2).reshape(-1, 3)
    save_ply(tmp_path / "part.ply", points)

    part = PartReader("3d", 96, "off").read(0, Sample("part.ply", None, tmp_path / "part.ply"))

    assert (part.picture[5:-5, 5:-5] > 0).all()
