"""What is judged is what is under the hand: one part for one click, and all that are marked, whatever others do."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from gui.review.session import Session
from gui.window import MainWindow
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def other(window: MainWindow) -> Iterator[Session]:
    """Another station that looks at the same run."""
    assert window.store is not None
    with Workspace(window.store.folder) as store:
        yield Session(store, 1)


def said(window: MainWindow) -> list[tuple[int, str]]:
    assert window.store is not None
    return [(verdict.sample_id - 1, verdict.new) for verdict in window.store.verdicts.of_run(1)]


def mark(window: MainWindow, *samples: int) -> None:
    gallery = window.review.gallery
    for sample in samples:
        row = gallery.samples.row_of(sample)
        assert row is not None
        gallery.selectionModel().select(gallery.samples.index(row), QItemSelectionModel.SelectionFlag.Select)


def double_click(*, first: Callable[[], QWidget], second: Callable[[], QWidget]) -> None:
    """Press twice, as many do on everything; what is under the hand may be another widget by then."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    press, double, release = (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
    )
    for kind, find in ((press, first), (release, first), (double, second), (release, second)):
        button, held = find(), none if kind == release else left
        place = QPointF(button.rect().center())
        event = QMouseEvent(kind, place, button.mapToGlobal(place), left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(button, event)


def test_a_double_click_judges_one_part(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    qtbot.waitUntil(lambda: 1 in review.photo.pictures._pictures)  # the next one is drawn at once
    accept = review.verdict_bar.buttons["accepted"]
    double_click(first=lambda: accept, second=lambda: accept)
    assert said(window) == [(0, "accepted")]
    assert review.current == 1
    QTest.mouseClick(review.verdict_bar.buttons["rejected"], Qt.MouseButton.LeftButton)
    assert said(window) == [(0, "accepted"), (1, "rejected")]


def test_a_double_click_gives_one_class(window: MainWindow) -> None:
    bar = window.review.class_bar
    assert window.store is not None
    window.store.classes.save(["dent", "scratch"])
    window.menus.actions["reject"].trigger()
    double_click(first=lambda: bar.buttons[1], second=lambda: bar.buttons[0])  # the sentence before them is longer now
    assert [(verdict.sample_id - 1, verdict.defect_class) for verdict in window.store.verdicts.of_run(1)][1:] == [
        (0, "scratch")
    ]


def test_marked_parts_stay_marked_whatever_others_say(window: MainWindow, other: Session, qtbot: QtBot) -> None:
    review = window.review
    mark(window, 2, 3)
    assert review.gallery.marked() == [0, 2, 3]
    other.decide(5, "rejected", "Ann")
    review.news.look()
    qtbot.waitUntil(lambda: review.session is not None and review.session.verdict(5) == "rejected")
    assert review.gallery.marked() == [0, 2, 3]
    assert review.current == 0
    other.set_threshold(0.5)
    other.keep_threshold("Ann")
    review.news.look()
    qtbot.waitUntil(lambda: review.session is not None and review.session.threshold == 0.5)
    assert review.gallery.marked() == [0, 2, 3]
    changes: list[int] = []
    review.gallery.selectionModel().selectionChanged.connect(lambda *_: changes.append(1))
    review.gallery.mark([1, 4])
    assert (review.gallery.marked(), len(changes)) == ([0, 1, 2, 3, 4], 1)


def test_a_part_that_others_no_longer_flag_stays_under_the_hand(
    window: MainWindow, other: Session, qtbot: QtBot
) -> None:
    review = window.review
    window.review.threshold.move(0.3)
    window.review.threshold._keep()
    review.filters.chips["flagged"].click()
    review.gallery.select_sample(2)
    wait_for_photo(window, qtbot)
    other = Session(other.store, 1)
    other.set_threshold(0.9)
    other.keep_threshold("Ann")
    review.news.look()
    qtbot.waitUntil(lambda: review.session is not None and review.session.threshold == 0.9)
    QTest.qWait(1)
    back = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.ActiveWindowFocusReason)  # as after a dialog
    QApplication.sendEvent(review.gallery, back)
    assert review.current == 2
    wait_for_photo(window, qtbot)
    window.menus.actions["reject"].trigger()
    wait_for_photo(window, qtbot)
    window.menus.actions["reject"].trigger()
    assert said(window) == [(2, "rejected"), (0, "rejected")]


def test_what_comes_into_an_empty_list_comes_up(window: MainWindow, other: Session, qtbot: QtBot) -> None:
    review = window.review
    other.set_threshold(1.5)
    other.keep_threshold("Ann")
    review.news.look()
    qtbot.waitUntil(lambda: review.session is not None and review.session.threshold == 1.5)
    review.filters.only("flagged")
    qtbot.waitUntil(lambda: review.current is None)
    other.set_threshold(0.5)
    other.keep_threshold("Ann")
    review.news.look()
    qtbot.waitUntil(lambda: review.current == 0)


def test_a_run_that_is_gone_is_told(window: MainWindow, other: Session, problems: list[str]) -> None:
    with other.store.database.session(durable=True) as session:
        session.execute(delete(RunRow))
    window.menus.actions["reject"].trigger()
    assert problems == ["this part is not in the workspace any more: its run was removed; nothing was written"]
    assert window.review.current == 0
    assert not window.review.verdict_bar.buttons["rejected"].isChecked()


def test_a_slip_of_the_finger_brings_up_no_other_part(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    assert review.session is not None
    for row in review.session.rows[1:]:
        object.__setattr__(row, "name", "qw" + row.name)
    for key in "QWQ":
        QTest.keyClick(review.gallery, key)
    QTest.keyClick(review.gallery, "Q", Qt.KeyboardModifier.ShiftModifier)
    assert review.current == 0
    QTest.keyClick(review.gallery, Qt.Key.Key_Down)
    assert review.current == 1


def test_beside_a_part_that_left_the_list_no_other_one_stays_marked(
    window: MainWindow, other: Session, qtbot: QtBot
) -> None:
    review, session = window.review, window.review.session
    assert session is not None
    review.filters.only("unreviewed")
    wait_for_photo(window, qtbot)
    mark(window, 2)
    assert (review.current, review.gallery.marked()) == (0, [0, 2])
    other.decide(0, "accepted", "Ann")
    session.add_news(other.history(0))

    review.list.relist(stay=True)

    assert (review.current, review.gallery.marked()) == (0, [])  # the next verdict is on the one that is shown
