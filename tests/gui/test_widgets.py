"""The single widgets: list, histogram, photo view, cloud, forms."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QMainWindow, QSpinBox
from pytestqt.qtbot import QtBot

from gui.clouds.projection import ScoredCloud, Viewpoint, point_at, point_of_pixel, project_points
from gui.clouds.view import CloudView, photo_colours
from gui.pictures.sample_picture import SamplePicture, to_image
from gui.review.gallery import Gallery
from gui.review.image_view import ImageView
from gui.review.pan_view import ViewPlace
from gui.review.score_plot import MARGIN, ScorePlot
from gui.review.session import Session
from gui.scanning.form import SettingsForm, make_editor
from gui.scanning.progress import ProgressScreen, clock
from gui.scanning.time_left import Pace, seconds_left
from gui.shell.keys import COMMANDS, ShortcutEditor, conflicts
from gui.shell.menus import Menus
from gui.shell.preferences import Preferences
from gui.shell.texts import name_field, name_fields
from gui.shell.theme import DARK, LIGHT
from inspector.errors import SettingsError
from inspector.events import Event
from inspector.presets import PRESETS
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace


@pytest.fixture
def gallery(qtbot: QtBot, session: Session) -> Iterator[Gallery]:
    made = Gallery()
    qtbot.addWidget(made)
    made.samples.open(session)
    yield made
    made.samples.close()


def test_the_list_follows_the_session(gallery: Gallery, session: Session) -> None:
    assert gallery.samples.rowCount() == 6
    session.filter = "flagged"
    gallery.samples.refresh()
    assert gallery.samples.rowCount() == 1
    assert gallery.samples.row_of(0) == 0
    assert gallery.samples.row_of(1) is None


def test_only_rows_that_are_seen_ask_for_thumbnails(
    qtbot: QtBot, make_large_run: Callable[[int], tuple[Workspace, int]]
) -> None:
    store, run_id = make_large_run(3000)
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.samples.open(Session(store, run_id))
    gallery.resize(300, 640)
    gallery.show()
    qtbot.waitUntil(lambda: len(gallery.samples._pixmaps) >= 6)
    qtbot.wait(50)
    assert len(gallery.samples._pixmaps) <= 12
    gallery.samples.close()
    store.close()


def test_a_sample_is_spoken_with_score_decision_and_verdict(gallery: Gallery, session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    text = gallery.samples.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "part_0.png, 1.000, flagged, rejected"


def test_dragging_the_line_tells_scores(qtbot: QtBot) -> None:
    plot = ScorePlot()
    qtbot.addWidget(plot)
    plot.resize(300, 170)
    plot.show_scores(np.array([0.0, 0.5, 1.0]), 0.5)
    moved, rests = [], []
    plot.dragged.connect(moved.append)
    plot.released.connect(rests.append)

    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(150, 60))
    qtbot.mouseMove(plot, QPoint(150 + 68, 60))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(218, 60))

    width = 300 - 2 * MARGIN  # the axis is 0 .. 1.04
    assert moved == [pytest.approx(1.04 * (218 - MARGIN) / width)]
    assert rests == [pytest.approx(1.04 * (218 - MARGIN) / width)]
    assert plot.x_of(plot.score_of(200.0)) == pytest.approx(200.0)


def test_keys_move_the_line(qtbot: QtBot) -> None:
    plot = ScorePlot()
    qtbot.addWidget(plot)
    plot.show_scores(np.array([0.0, 1.0]), 0.5)
    rests: list[float] = []
    plot.released.connect(rests.append)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert rests == [pytest.approx(0.5 + 0.0104), pytest.approx(0.5 + 0.00936)]


def test_equal_scores_have_an_axis(qtbot: QtBot) -> None:
    plot = ScorePlot()
    qtbot.addWidget(plot)
    plot.show_scores(np.array([2.0, 2.0]), 2.0)
    assert (plot.score_of(MARGIN), plot.score_of(plot.width() - MARGIN)) == (1.5, 2.5)


@pytest.fixture
def view(qtbot: QtBot) -> ImageView:
    made = ImageView("photo")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.show_picture(SamplePicture(0, to_image(np.zeros((150, 200, 3), np.uint8))), "photo", 1.0)
    return made


def test_fit_shows_the_whole_photo(view: ImageView) -> None:
    assert view.scale_now() == pytest.approx(2 * 0.98)


def test_the_wheel_keeps_the_point_under_the_cursor(view: ImageView, qtbot: QtBot) -> None:
    spot = QPointF(300, 100)
    before = view.mapToScene(spot.toPoint())
    event = QWheelEvent(
        spot, view.mapToGlobal(spot), QPoint(0, 0), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(event)
    after = view.mapToScene(spot.toPoint())
    assert view.scale_now() == pytest.approx(2 * 0.98 * 1.25**2)
    assert math.dist((before.x(), before.y()), (after.x(), after.y())) < 0.6


def test_the_place_stays_for_the_next_photo(view: ImageView) -> None:
    view.set_place(ViewPlace(False, 3.0, 0.25, 0.75))
    view.show_picture(SamplePicture(1, to_image(np.zeros((300, 400, 3), np.uint8))), "photo", 1.0)
    centre = view.mapToScene(view.viewport().rect().center())
    assert view.scale_now() == 3.0
    assert (centre.x() / 400, centre.y() / 300) == (pytest.approx(0.25, abs=0.01), pytest.approx(0.75, abs=0.01))


def test_a_map_of_another_size_covers_the_photo_edge_to_edge(view: ImageView) -> None:
    heat = to_image(np.full((30, 40, 4), 255, np.uint8))
    picture = SamplePicture(0, to_image(np.zeros((150, 200, 3), np.uint8)), np.zeros((30, 40), np.float32), heat, heat)
    view.show_picture(picture, "overlay", 0.5)
    layer = view._heat
    for pixel, place in (((0, 0), (0, 0)), ((40, 30), (200, 150))):
        point = layer.mapToScene(QPointF(*pixel))
        assert (point.x(), point.y()) == (pytest.approx(place[0]), pytest.approx(place[1]))


def test_colours_are_told_apart_without_colour(view: ImageView) -> None:
    for tone in (LIGHT, DARK):
        accepted, rejected = QColor(tone.accepted), QColor(tone.rejected)
        assert abs(accepted.blue() - rejected.blue()) > 60  # blue is what red-green blindness leaves


def test_projection_is_the_sensors_view_at_first() -> None:
    points = np.array([[-1.0, -1, 5], [1, 1, 5], [1, -1, 6]])
    places, depths = project_points(points, Viewpoint(), (100, 200))
    assert places[0, 0] < places[1, 0] == places[2, 0]
    assert places[2, 1] == places[0, 1] < places[1, 1]
    assert depths[2] > depths[0]
    turned, _ = project_points(points, Viewpoint(turn=180), (100, 200))
    np.testing.assert_allclose(turned[:, 0], 200 - places[:, 0], atol=1e-9)


def test_a_click_picks_the_foremost_surface() -> None:
    places = np.array([[10.0, 10], [11, 10], [50, 50]])
    depths = np.array([2.0, 1.0, 0.0])
    assert point_at(places, depths, 10, 10) == 1
    assert point_at(places, depths, 30, 30) is None


def test_points_without_pixel_are_never_the_answer() -> None:
    pixels = np.array([-1, 0, 13])  # 13 = row 1, col 3 of a photo 10 wide
    assert point_of_pixel(pixels, 10, 3.4, 1.6) == 2
    assert point_of_pixel(np.array([-1]), 10, 0, 0) is None


def test_a_picked_point_tells_its_pixel_and_back(qtbot: QtBot) -> None:
    view = CloudView(opengl=False)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    points = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0]], np.float32)
    cloud = ScoredCloud(points, np.array([0, 0.5, 1], np.float32), np.array([0, 19, 199], np.int64))
    view.show_cloud(cloud, to_image(np.zeros((10, 20, 3), np.uint8)), (0.0, 1.0))
    ratio = view.points.devicePixelRatioF()
    places, _ = project_points(points, Viewpoint(), view.points._size())
    x, y = places[2] / ratio

    with qtbot.waitSignal(view.picked) as signal:
        qtbot.mouseClick(view.points, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))

    assert signal.args == [19.5, 9.5]
    view.mark_pixel(19.2, 0.3)
    assert view.points._marked == 1
    assert view.note.isVisible()


def test_points_take_the_photos_colours() -> None:
    photo = np.zeros((2, 3, 3), np.uint8)
    photo[1, 0] = (1, 2, 3)
    colours = photo_colours(to_image(photo), np.array([3, -1]))
    assert colours.tolist() == [[1, 2, 3], [128, 128, 128]]


def test_the_form_has_a_field_for_each_setting(qtbot: QtBot) -> None:
    form = SettingsForm()
    qtbot.addWidget(form)
    kinds = {"share": QDoubleSpinBox, "device": QComboBox, "references": QSpinBox, "degrees": QLineEdit}
    written_otherwise = {name for name in ScanSettings.model_fields if "_" in name} | {"`"}
    for name in ScanSettings.model_fields:
        widget = form.editor(name).widget
        assert widget.accessibleName()
        assert not any(word in widget.toolTip() for word in written_otherwise)  # other settings go by their labels
    for name, kind in kinds.items():
        assert isinstance(form.editor(name).widget, kind)
    assert form.settings() == next(iter(PRESETS.values()))


def test_the_form_reads_what_was_typed(qtbot: QtBot) -> None:
    form = SettingsForm()
    qtbot.addWidget(form)
    typed = {"degrees": "1, 3", "image_size": "448", "weights": "/x/w.safetensors", "windows": "", "tiles": "2x5"}
    for name, text in typed.items():
        widget = form.editor(name).widget
        assert isinstance(widget, QLineEdit)
        widget.setText(text)
    settings = form.settings()
    assert (settings.degrees, settings.image_size, settings.windows) == ((1, 3), 448, ())
    assert (settings.weights, settings.tiles) == (Path("/x/w.safetensors"), "2x5")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [("degrees", "1, x", "expected a whole number, but got 'x'"), ("degrees", "2", "odd"), ("tiles", "2x", "2x5")],
)
def test_a_bad_value_is_named(qtbot: QtBot, name: str, text: str, says: str) -> None:
    form = SettingsForm()
    qtbot.addWidget(form)
    widget = form.editor(name).widget
    assert isinstance(widget, QLineEdit)
    widget.setText(text)
    assert f"“{name_field(name)}”" in form.wrong
    assert says in form.wrong
    with pytest.raises(SettingsError, match=name):
        form.settings()


@pytest.mark.parametrize("name", ScanSettings.model_fields)
def test_messages_name_fields_as_the_form_does(qtbot: QtBot, name: str) -> None:
    form = SettingsForm()
    qtbot.addWidget(form)
    label = form.editor(name).widget.accessibleName()
    flag = f"--{name.replace('_', '-')}"  # as the command line adds it
    assert name_fields(f"choose another `{name}`") == f"choose another “{label}”"
    assert name_fields(f"choose another {name} ({flag})") == f"choose another “{label}”"
    assert name_fields("`inspector runs` (--all)") == "`inspector runs` (--all)"


def test_a_new_setting_needs_no_new_widget(qtbot: QtBot) -> None:
    class More(ScanSettings):
        speed: Literal["slow", "fast"] = "fast"
        loud: bool = True

    assert isinstance(make_editor(More.model_fields["speed"]).widget, QComboBox)
    editor = make_editor(More.model_fields["loud"])
    editor.fill(True)
    assert editor.value() is True


def test_no_two_commands_share_a_key() -> None:
    assert conflicts({command.name: command.keys for command in COMMANDS}) == {}
    assert conflicts({"one": ["A"], "two": ["B", "A"]}) == {"A": ["one", "two"]}


def test_the_editor_warns_of_a_key_given_twice(qtbot: QtBot) -> None:
    editor = ShortcutEditor({command.name: command.keys for command in COMMANDS})
    qtbot.addWidget(editor)
    assert editor.warning() == ""
    editor.set_keys("mode", ["A"])
    assert editor.warning() == "A is given to: Accept, Overlay, side by side, map only."
    editor.set_keys("mode", ["Y"])
    assert editor.warning() == ""
    assert editor.keys()["mode"] == ["Y"]


def test_changed_keys_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    kept = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    handlers: dict[str, Callable[[], object]] = {command.name: lambda: None for command in COMMANDS}
    window = QMainWindow()
    qtbot.addWidget(window)
    menus = Menus(window, kept, handlers)
    menus.change_keys({**menus.keys(), "accept": ["Y"], "undo": []})

    other = QMainWindow()
    qtbot.addWidget(other)
    again = Menus(other, kept, handlers)
    assert (again.keys()["accept"], again.keys()["undo"], again.keys()["reject"]) == (["Y"], [], ["X", "R"])
    assert [key.toString() for key in again.actions["accept"].shortcuts()] == ["Y"]


def test_progress_tells_stage_counts_and_time_left(qtbot: QtBot) -> None:
    time = [0.0]
    screen = ProgressScreen(now=lambda: time[0])
    qtbot.addWidget(screen)
    screen.begin("/photos", Pace({"read": 80.0, "score": 1.0, "maps": 4.0}, 80))
    screen.show_event(Event("run", message="3"))
    screen.show_event(Event("progress", "read", 0, 40))
    time[0] = 30.0  # of the first, which load what all need, nothing is foretold
    screen.show_event(Event("progress", "read", 10, 40))
    assert screen.times.text() == "0:30 elapsed"
    time[0] = 40.0
    screen.show_event(Event("progress", "read", 20, 40))
    screen.end()
    assert screen.counts["read"].text() == "20 / 40"
    assert screen.times.text() == "0:40 elapsed, about 0:22 left"  # with scores and maps


def test_times() -> None:
    assert (clock(7.4), clock(3723)) == ("0:07", "1:02:03")
    assert seconds_left(5, 0, 10) is None
