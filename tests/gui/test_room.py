"""Screens and dialogs have room for what they say in 800 x 500 (1600 x 1000 at 200 %), in both languages."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.export.dialog import ExportDialog
from gui.review.class_editor import ClassEditor
from gui.review.part_dialog import PartDialog
from gui.review.session import Session
from gui.review.shared_regions import SharedRegions
from gui.roi.dialog import PhotoToDrawOn, RoiDialog
from gui.scanning.dialog import ScanDialog
from gui.scanning.progress import ProgressScreen
from gui.shell.error_dialog import show_problem
from gui.shell.keys import COMMANDS, HelpSheet, ShortcutEditor
from gui.shell.labels import ElidedLabel, WrappedLabel
from gui.shell.room import find_way_inside, open_at
from gui.station.check_dialog import CheckDialog
from gui.watch.choice import WatchChoice
from gui.watch.dialog import WatchDialog
from gui.watch.line_state import Earlier
from gui.watch.pool_dialog import PoolDialog
from gui.window import MainWindow
from inspector.events import Event
from inspector.recipes import Recipe
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo
from tests.gui.eyes import find_cut, find_nameless, find_overlaps, find_unexplained

SMALL = (800, 500)

KEYS = {command.name: command.keys for command in COMMANDS}


def check_room(top: QWidget, qtbot: QtBot) -> None:
    """Wait for the layout to settle in a small window; then nothing may be cut, and nothing hidden."""
    top.resize(*(min(side, most) for side, most in zip((top.width(), top.height()), SMALL, strict=True)))

    def is_whole() -> None:
        assert (top.width() <= SMALL[0], top.height() <= SMALL[1]) == (True, True), (top, top.minimumSizeHint())
        assert find_cut(top) == []
        assert find_overlaps(top) == []
        assert find_unexplained(top) == []

    qtbot.wait(1)
    qtbot.waitUntil(is_whole)


@pytest.mark.usefixtures("_looks")
def test_dialogs_have_room_for_what_they_say(
    make_run: Callable[..., tuple[Workspace, int]], qtbot: QtBot, tmp_path: Path
) -> None:
    store, run_id = make_run(3)
    makers: list[Callable[[], QDialog]] = [
        lambda: HelpSheet(KEYS),
        lambda: ShortcutEditor(KEYS),
        lambda: ExportDialog(store, run_id, tmp_path / "out"),
        lambda: WatchDialog(WatchChoice(""), {7: f"run 7, 1200 parts of {Path('…', 'housings', 'test')}"}),
        lambda: ScanDialog(tmp_path, command=["true"], recipes=store.recipes),
        lambda: CheckDialog(tmp_path, command=["true"]),
        lambda: SharedRegions(Session(store, run_id), lambda: "Mia"),
        lambda: RoiDialog(lambda: PhotoToDrawOn(np.zeros((8, 9, 3), np.uint8), (8, 9))),
        lambda: PoolDialog(store, run_id, lambda: "Mia"),
        lambda: PartDialog("lot7/p_0012.png", {"part": "0012", "lot": "7"}),
        lambda: ClassEditor(["scratch", "dent"], "washer"),
    ]
    for make in makers:
        dialog = make()
        qtbot.addWidget(dialog)
        dialog.show()
        assert find_nameless(dialog) == []
        assert find_unexplained(dialog) == []
        assert dialog.width() <= dialog.screen().availableSize().width()
        assert dialog.height() <= dialog.screen().availableSize().height()
        check_room(dialog, qtbot)
        if isinstance(dialog, ScanDialog):
            dialog.form.unfold.setChecked(True)
            check_room(dialog, qtbot)
        dialog.reject()
    store.close()


@pytest.mark.usefixtures("_looks")
def test_the_review_has_room_for_what_it_says(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(unreadable=True)
    store.runs.keep_identity(run_id, 1, {"part": "0012", "lot": "A7", "station": "4"})
    store.close()
    window = make_window()
    window.start.show_runs((), set())
    window.resize(*SMALL)
    window.show_start()
    window.prepare_review()
    qtbot.wait(1)
    assert (window.width(), window.height()) == SMALL  # a screen that is not seen yet asks for no more
    window.open_run(run_id)
    wait_for_photo(window, qtbot)
    assert (window.width(), window.height()) == SMALL
    review = window.review
    assert review.doubts.isVisible()
    assert not review.doubts.reasons.isVisible()  # there is a button for them
    check_room(window, qtbot)
    review.viewer.compare.setChecked(True)
    check_room(window, qtbot)
    review.viewer.compare.setChecked(False)
    review.filters.only("flagged")
    review.verdicts.decide("rejected")
    assert review.end_bar.isVisible()
    check_room(window, qtbot)
    for screen in (window.start, window.progress, window.watching.screen):
        window._show(screen)
        check_room(window, qtbot)


@pytest.mark.usefixtures("_looks")
def test_a_watched_line_has_room_for_what_is_wrong(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(2)
    store.close()
    window = make_window()
    window.resize(*SMALL)
    screen = window.watching.screen
    assert window.store is not None
    screen.begin(window.store, "/line/photos/hall 3/transistors")
    screen._take_run(run_id, Earlier(0, 0, 0, (), {}))
    window._show(screen)
    screen.show_mode("Wird neu gestartet …, Lauf 1234")
    check_room(window, qtbot)
    assert screen.title.shown() == screen.title.text()
    part = {"run": run_id, "position": 0, "name": "part_0.png", "verdict": "ng", "score": 0.9, "reason": ""}
    screen.take(Event("part", part={**part, "time": "2026-03-01T06:12:09.250Z"}))
    for stage in ("alarm", "change", "away", "behind"):
        screen.take(Event("warning", stage, done=9, total=30, message="it lasts"))
    screen.take(Event("waiting", message="mqtt://broker.example", total=12))
    qtbot.waitUntil(lambda: screen.view.view.picture() is not None)
    for held in (False, True):
        if held:
            screen.hold(0)
            qtbot.waitUntil(screen.view.hold.isChecked)
        check_room(window, qtbot)
        assert screen.view.view.height() > 60
    first = screen.alarms._labels[0]
    assert len(screen.alarms.texts()) == 5
    assert first.visibleRegion().boundingRect().height() == first.height()  # the others are a scroll away


@pytest.mark.usefixtures("_looks")
def test_recipe_and_preset_stand_below_one_another(
    make_run: Callable[..., tuple[Workspace, int]], qtbot: QtBot, tmp_path: Path
) -> None:
    store, _ = make_run(2)
    store.recipes.save(Recipe(name="W" * 100))
    dialog = ScanDialog(tmp_path, command=["true"], recipes=store.recipes)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.recipes is not None
    begin = {field.mapTo(dialog, QPoint(0, 0)).x() for field in (dialog.recipes.names, dialog.form.preset)}
    assert len(begin) == 1
    assert dialog.minimumSizeHint().width() < SMALL[0]
    dialog.recipes.choose("W" * 100)
    assert dialog.recipes.names.toolTip() == "W" * 100
    dialog.reject()
    store.close()


def test_a_wrapped_label_is_as_high_as_its_text(qtbot: QtBot) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.setText("one word and another, " * 8)
    label.resize(120, 20)
    label.show()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 3 * label.fontMetrics().height())
    label.setText("one word")
    assert label.minimumHeight() < 2 * label.fontMetrics().height()  # and not as high as the text before
    label.clear()
    assert label.minimumHeight() == 0


def test_a_wrapped_label_in_a_form_is_no_higher_than_its_text(qtbot: QtBot) -> None:
    holder, label = QWidget(), WrappedLabel("one word and another, " * 3)
    qtbot.addWidget(holder)
    QFormLayout(holder).addRow("", label)
    holder.resize(600, 40)
    holder.show()
    qtbot.waitUntil(lambda: label.width() > 500)
    qtbot.waitUntil(lambda: label.height() == label.heightForWidth(label.width()))


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ((100, 100, 300, 300), (0, 0)),
        ((600, 500, 300, 300), (-100, -200)),
        ((-20, -30, 300, 300), (20, 30)),
        ((400, 10, 900, 700), (-400, -10)),
    ],
)
def test_a_window_beyond_the_edge_finds_its_way_inside(place: tuple[int, int, int, int], way: tuple[int, int]) -> None:
    assert find_way_inside(QRect(*place), QRect(0, 0, 800, 600)) == QPoint(*way)


def test_a_dialog_that_grows_stays_on_the_screen(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    screen = dialog.screen().availableGeometry()
    dialog.setGeometry(screen.left(), screen.bottom() - 120, 200, 100)
    dialog.show()
    open_at(dialog, 200, 400)
    assert screen.contains(dialog.frameGeometry())


def test_a_name_longer_than_the_screen_is_broken(qtbot: QtBot) -> None:
    path = f"/lots/{'x' * 240}"
    label, progress, parent = WrappedLabel(f"Written to {path}"), ProgressScreen(), QWidget()
    for widget in (label, progress, parent):
        qtbot.addWidget(widget)
    progress.begin(path)
    progress.end()
    show_problem(parent, f"cannot read {path}.png: it is damaged")
    box = parent.findChild(QMessageBox)
    assert box is not None
    widths = [widget.minimumSizeHint().width() for widget in (label, progress, box)]
    assert max(widths) < SMALL[0]
    assert (label.text(), progress.folder.text()) == (f"Written to {path}", path)
    box.close()


def test_a_wrapped_label_shows_what_looks_like_html_as_it_is(qtbot: QtBot) -> None:
    label = WrappedLabel("<b>7</b>")
    qtbot.addWidget(label)
    label.setWordWrap(False)
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance("<b>7</b>")


def test_an_elided_label_tells_all_under_the_cursor(qtbot: QtBot) -> None:
    label = ElidedLabel("contamination/001.jpg   360 × 320   0.926 flagged")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    assert "…" in label.shown()
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    qtbot.waitUntil(lambda: label.shown() == label.text())
    assert label.toolTip() == ""
