"""Several parts at once, filters that go together, flicker, and zoom that comes back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from gui.review.pan_view import ViewPlace
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    problems: list[str],
) -> Iterator[MainWindow]:
    store, run_id = make_run(6, unreadable=True)
    store.close()
    made = make_window(str(run_id))
    qtbot.waitUntil(lambda: bool(made.review.photo.defects.regions))
    yield made
    assert problems == []


def listed(window: MainWindow) -> list[int | None]:
    samples = window.review.gallery.samples
    return [samples.sample_at(row) for row in range(samples.rowCount())]


def mark(window: MainWindow, *samples: int) -> None:
    gallery = window.review.gallery
    for sample in samples:
        index = gallery.samples.index(gallery.samples.row_of(sample) or 0)
        gallery.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def test_filters_of_different_kinds_go_together(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    chips = review.filters.chips
    wait_for_photo(window, qtbot)
    review.verdicts.decide("accepted")  # part 0, which is flagged
    review.threshold.move(0.7)  # 0.8 and 1.0 are above
    chips["flagged"].click()
    assert listed(window) == [0, 1]
    chips["unreviewed"].click()
    assert listed(window) == [1]
    assert review.filters.chosen() == "flagged+unreviewed"
    chips["passed"].click()
    assert listed(window) == [2, 3, 4, 5]
    chips["passed"].click()  # and off again
    assert listed(window) == [1, 2, 3, 4, 5, 6]
    chips["all"].click()
    assert len(listed(window)) == 7
    assert [name for name, chip in chips.items() if chip.isChecked()] == ["all"]


def test_one_verdict_is_given_to_all_that_are_marked(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(window.review.verdicts, "_confirm", lambda question: asked.append(question) or len(asked) > 1)
    session = window.review.session
    assert session is not None
    mark(window, 2, 3, 6)
    window.menus.actions["accept"].trigger()
    assert asked == ["Accept all 4 marked parts?\n1 of them cannot be read."]
    assert session.counts()["accepted"] == 0

    window.review.verdict_bar.buttons["accepted"].click()
    assert [session.verdict(sample) for sample in range(7)] == [
        "accepted", "undecided", "accepted", "accepted", "undecided", "undecided", "accepted",
    ]  # fmt: skip
    assert window.review.gallery.marked() == [window.review.current]

    window.menus.actions["undo"].trigger()  # one step, as it was one question
    assert session.counts()["accepted"] == 0
    assert not session.can_undo
    window.menus.actions["redo"].trigger()
    assert session.counts()["accepted"] == 4


def test_a_drag_of_the_threshold_does_not_wait_for_the_list_each_time(window: MainWindow, qtbot: QtBot) -> None:
    review, made = window.review, list[int]()
    review.filters.only("flagged")
    review.gallery.samples.modelReset.connect(lambda: made.append(review.gallery.samples.rowCount()))
    for threshold in (0.9, 0.7, 0.5, 0.3, 0.5):
        review.panel.plot.dragged.emit(threshold)
    assert made == [1]
    qtbot.waitUntil(lambda: len(made) == 2)
    assert made[-1] == 3  # as the last step of the drag decides
    assert listed(window) == [0, 1, 2]


def test_where_nothing_is_listed_nothing_can_be_judged(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    session = review.session
    assert session is not None
    review.filters.search.setText("no such part")
    qtbot.waitUntil(lambda: review.current is None)
    assert review.viewer.main_view._message == "No sample is listed."
    for name in ("accept", "reject", "unreviewed", "next_region", "comment"):
        window.menus.actions[name].trigger()
    assert session.counts()["unreviewed"] == 7
    review.filters.search.setText("")
    qtbot.waitUntil(lambda: review.current == 0)
    wait_for_photo(window, qtbot)
    window.menus.actions["reject"].trigger()
    assert session.verdict(0) == "rejected"
    assert review.class_bar.isVisible()
    review.filters.search.setText("no such part")
    qtbot.waitUntil(lambda: review.current is None)
    assert not review.class_bar.isVisible()


def test_the_grid_shows_more_parts_and_keeps_the_current_one(window: MainWindow, qtbot: QtBot) -> None:
    gallery = window.review.gallery
    rows = gallery.visualRect(gallery.samples.index(1))
    window.menus.actions["grid"].trigger()
    assert gallery.viewMode() == QListView.ViewMode.IconMode
    qtbot.waitUntil(lambda: gallery.visualRect(gallery.samples.index(1)).width() < rows.width())
    first, second = (gallery.visualRect(gallery.samples.index(row)) for row in (0, 1))
    assert first.top() == second.top()
    assert gallery.samples.sample_at(gallery.currentIndex().row()) == 0
    gallery.setFocus()
    qtbot.keyClick(gallery, Qt.Key.Key_Right)
    assert window.review.current == 1
    assert gallery.samples.describe_score(1) in gallery.samples.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    window.menus.actions["grid"].trigger()
    assert gallery.visualRect(gallery.samples.index(1)) == rows


def press_space(window: MainWindow, kind: QEvent.Type, *, repeat: bool = False) -> None:
    event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", repeat)
    QApplication.sendEvent(window.review.gallery, event)


def test_a_held_key_shows_the_normal_part_in_the_same_place(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    view = review.viewer.main_view
    view.set_place(ViewPlace(False, 3.0, 0.25, 0.5))
    own, caption = view.picture(), review.viewer.main_caption.text()
    press_space(window, QEvent.Type.KeyPress)
    qtbot.waitUntil(lambda: view.picture() is not own)
    other = view.picture()
    assert other is not None
    assert other.index == review.photo.side_view.companion
    assert review.viewer.main_caption.text() == f"Most similar normal sample: part_{other.index}.png"
    press_space(window, QEvent.Type.KeyRelease, repeat=True)
    press_space(window, QEvent.Type.KeyPress, repeat=True)
    assert view.picture() is other
    assert view.place() == ViewPlace(False, 3.0, 0.25, 0.5)
    review.photo.show_caption()  # as when another station has judged a part
    assert review.viewer.main_caption.text().startswith("Most similar")
    review.verdicts.decide("accepted")  # what is seen is not what would be judged
    assert review.current == 0

    press_space(window, QEvent.Type.KeyRelease)
    assert view.picture() is own
    assert review.viewer.main_caption.text() == caption
    assert not view._contour.path().isEmpty()
    assert not review.viewer.compare.isChecked()


def test_a_part_without_a_photo_is_never_seen_as_another(window: MainWindow) -> None:
    viewer = window.review.viewer
    own = viewer.main_view.picture()
    assert own is not None
    for show in (
        lambda: viewer.show_message("This photo could not be read.", "part_6.png"),
        lambda: viewer.show_preview(QImage(4, 4, QImage.Format.Format_RGB32), (4, 4), "part_6.png"),
    ):
        viewer.show_picture(own, "part_0.png")
        viewer.show_other(own, "normal")
        show()  # the next part comes up while the key is held
        viewer.show_other(None)
        assert (viewer.main_view.picture(), viewer.main_caption.text()) == (None, "part_6.png")

        viewer.show_other(own, "normal")
        assert (viewer.main_view.picture(), viewer.main_caption.text()) == (None, "part_6.png")


def test_a_jump_to_a_region_gives_the_zoom_back(window: MainWindow, qtbot: QtBot) -> None:
    review, view = window.review, window.review.viewer.main_view
    before = ViewPlace(False, 1.5, 0.4, 0.6)
    view.set_place(before)
    for _ in range(2):
        review.photo.step_region(1)
    assert view.place() != before
    window.menus.actions["leave_region"].trigger()
    assert view.place() == before

    review.photo.step_region(1)
    review.list.step(1)
    assert view.place() == before


def test_who_moves_the_photo_after_a_jump_keeps_the_place(window: MainWindow, tmp_path: Path) -> None:
    view = window.review.viewer.main_view
    window.review.photo.step_region(1)
    view.zoom(0.5)
    moved = view.place()
    window.review.list.step(1)
    assert view.place() == moved


def test_the_part_itself_is_not_seen_in_the_place_of_the_one_to_compare_with(window: MainWindow, qtbot: QtBot) -> None:
    viewer = window.review.viewer
    viewer.compare.setChecked(True)
    assert viewer.second_view.picture() is None
    assert viewer.second_caption.text().startswith("Looking for")
    qtbot.waitUntil(lambda: viewer.second_caption.text().startswith("Most similar"))
