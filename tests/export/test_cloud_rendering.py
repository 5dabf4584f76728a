import numpy as np
import pytest

from inspector.export.cloud_rendering import BACKDROP, render_cloud

WIDTH = 40


def plane(turn=((1, 0, 0), (0, 1, 0), (0, 0, 1))):
    """Points of a plane of 30 x 40 pixels facing the viewer, their pixels."""
    row, col = np.mgrid[:30, :WIDTH]
    points = np.stack([col, row, np.full((30, WIDTH), 50)], axis=2).reshape(-1, 3) * 0.01
    return (points @ np.array(turn).T).astype(np.float32), np.arange(30 * WIDTH)


def hot(picture):
    """Centre of what is coloured, (row, col)."""
    spread = np.ptp(picture.astype(int), axis=2)
    return np.argwhere(spread > 40).mean(axis=0)


def test_the_hot_corner_is_where_it_is_in_the_picture():
    points, pixels = plane()
    rows, cols = np.divmod(pixels, WIDTH)

    for top, left in ((True, True), (True, False), (False, True), (False, False)):
        scores = ((rows < 8) == top) & ((cols < 10) == left) & ((rows < 8) | (rows > 21)) & ((cols < 10) | (cols > 29))
        picture = render_cloud(points, scores.astype(np.float32), pixels, WIDTH, (0.0, 1.5), size=(150, 200))
        row, col = hot(picture)
        assert (row < 75, col < 100) == (top, left)


def test_unit_place_and_direction_do_not_matter():
    points, pixels = plane()
    scores = (pixels < 300).astype(np.float32)
    expected = render_cloud(points, scores, pixels, WIDTH, (0.0, 2.0), size=(90, 120)).astype(int)

    for other in (points * 1000, points + 5, plane([[0, 1, 0], [0, 0, 1], [1, 0, 0]])[0]):
        picture = render_cloud(other, scores, pixels, WIDTH, (0.0, 2.0), size=(90, 120))
        assert np.abs(picture - expected).mean() < 1


def test_dense_surface_has_no_gaps_and_nearer_points_hide_others():
    points, pixels = plane()
    behind = points + np.array([0, 0, 0.02], np.float32)
    scores = np.repeat(np.array([0.0, 1.0], np.float32), len(points))

    picture = render_cloud(
        np.concatenate([points, behind]), scores, np.concatenate([pixels, np.full(len(points), -1)]), WIDTH, (0.0, 1.0)
    )

    shown = (picture != BACKDROP).any(axis=2)
    inside = np.ptp(picture.astype(int), axis=2)[210 - 40 : 210 + 40, 210 - 40 : 210 + 40]
    assert shown[170:250, 170:250].all()
    assert inside.max() == 0


@pytest.mark.parametrize("count", [1, 2, 4])
def test_few_points(count):
    points, pixels = plane()

    picture = render_cloud(points[:count], np.ones(count, np.float32), pixels[:count], WIDTH, (0.0, 1.0), size=(20, 30))

    assert picture.shape == (20, 30, 3)
    assert (picture != BACKDROP).any()
