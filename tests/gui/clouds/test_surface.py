"""Clouds drawn as surfaces: shaded, coloured by height, with values at a picked point and points that fill the gaps."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.clouds.projection import LARGEST_DOT, ScoredCloud, Viewpoint, dot_side, paint_points, project_points
from gui.clouds.surface import DARKEST, LIGHT, find_heights, find_spacing, shade_points
from gui.clouds.view import CloudView


def make_plane(normal: tuple[float, float, float], step: float = 0.5, count: int = 20) -> NDArray[np.float32]:
    """Points on a grid in a plane through the origin."""
    axis = np.array(normal) / np.linalg.norm(normal)
    first = np.cross(axis, (0.0, 1.0, 0.3))
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    u, v = np.meshgrid(np.arange(count) * step, np.arange(count) * step)
    return np.asarray(u.reshape(-1, 1) * first + v.reshape(-1, 1) * second, dtype=np.float32)


def test_a_plane_is_as_bright_as_it_faces_the_light() -> None:
    light = LIGHT / np.linalg.norm(LIGHT)
    for normal in ((0.0, 0, 1), (1.0, 0, 0), (0.0, 1, 1)):
        axis = np.array(normal) / np.linalg.norm(normal)
        expected = DARKEST + (1 - DARKEST) * abs(axis @ light)
        assert shade_points(make_plane(normal)) == pytest.approx(expected, abs=1e-3)
    assert shade_points(np.zeros((3, 3), np.float32)).tolist() == [1, 1, 1]


def test_spacing_is_that_of_neighbours() -> None:
    assert find_spacing(make_plane((0.0, 0, 1), step=0.5)) == pytest.approx(0.5)
    assert find_spacing(np.zeros((1, 3))) == 0.0


def test_heights_grow_towards_the_sensor() -> None:
    heights, (low, high) = find_heights(np.array([[0, 0, 5.0], [0, 0, 3.0]]))
    assert heights.tolist() == [-5, -3]
    assert low < high


def test_points_grow_with_the_zoom_until_neighbours_touch() -> None:
    points, size = make_plane((0.0, 0, 1), step=1.0, count=41), (200, 200)
    sides = [dot_side(points, 1.0, Viewpoint(zoom=zoom), size) for zoom in (0.1, 1.0, 2.0, 50.0)]
    assert sides[0] == 2
    assert sides[1] < sides[2]
    assert sides[3] == LARGEST_DOT
    viewpoint = Viewpoint(zoom=0.7)
    places, depths = project_points(points, viewpoint, size)
    colours = np.full((len(points), 3), 200, np.uint8)
    painted = paint_points(places, depths, colours, size, (0, 0, 0), dot_side(points, 1.0, viewpoint, size))
    inside = painted[85:115, 85:115, 0]
    assert (inside == 200).all()  # no ground is seen between neighbours


@pytest.fixture
def view(qtbot: QtBot) -> CloudView:
    made = CloudView(opengl=False)
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    points = np.array([[-1, -1, 0], [1, -1, 0.5], [1, 1, 1.25]], np.float32)
    shade = np.array([1, 0.5, 0.5], np.float32)
    scores = np.array([0, 0.5, 1], np.float32)
    made.show_cloud(ScoredCloud(points, scores, np.array([-1, -1, -1]), shade, 0.5), None, (0.0, 1.0))
    return made


def test_values_stand_at_the_picked_point(view: CloudView, qtbot: QtBot) -> None:
    assert view.values.text() == ""
    places, _ = project_points(view.points._points, Viewpoint(), view.points._size())
    x, y = places[2] / view.points.devicePixelRatioF()
    qtbot.mouseClick(view.points, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert view.values.text() == "x 1  y 1  z 1.25  score 1.000"
    view.clear()
    assert view.values.text() == ""


def test_colours_follow_height_and_shade(view: CloudView) -> None:
    by_score = view.points._colours.copy()
    view.colouring.setCurrentIndex(view.colouring.findData("height"))
    by_height = view.points._colours
    assert not np.array_equal(by_score, by_height)
    assert by_height[0].sum() > by_height[2].sum()  # the nearest point is the highest and hottest
    assert by_score[0].tolist() == [200, 200, 200]  # nothing is odd there: the surface itself
    assert by_score[2].max() <= 128  # the hottest colour, in half the light


def test_without_photo_its_colours_cannot_be_chosen(view: CloudView) -> None:
    model = view.colouring.model()
    assert not model.flags(model.index(view.colouring.findData("photo"), 0)) & Qt.ItemFlag.ItemIsEnabled


def test_without_opengl_the_window_keeps_the_keys_when_the_first_cloud_comes(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    view = CloudView(opengl=False)
    QVBoxLayout(window).addWidget(view)
    QApplication.processEvents()

    assert view.note.isVisibleTo(view)
    assert window.isActiveWindow()
