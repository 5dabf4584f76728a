"""The threshold moves only on purpose: dragged, or typed within the scores; it can be taken back, and is recorded."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.shell.numbers import use_numbers_of
from gui.window import MainWindow
from inspector.store.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def asked(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Questions; the answer is no until "yes" is put in front."""
    questions: list[str] = []

    def ask(question: str) -> bool:
        questions.append(question)
        return questions[0] == "yes"

    monkeypatch.setattr(window.review.threshold, "_confirm", ask)
    return questions


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    use_numbers_of(QLocale("de"))
    yield
    QLocale.setDefault(before)


def moves(window: MainWindow) -> list[tuple[str, float]]:
    assert window.store is not None
    return [(move.operator, round(move.new, 3)) for move in window.store.runs.threshold_changes(1)]


def kept(window: MainWindow) -> float | None:
    assert window.store is not None
    return window.store.runs.get(1).threshold


def type_in(window: MainWindow, qtbot: QtBot, text: str) -> None:
    field = window.review.panel.threshold
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def drag(window: MainWindow, *scores: float) -> None:
    plot = window.review.panel.plot
    places = [QPoint(round(plot.x_of(score)), plot.height() // 2) for score in scores]
    QTest.mousePress(plot, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(plot, place)
    QTest.mouseRelease(plot, LEFT, pos=places[-1])


def test_a_click_on_the_plot_moves_nothing(window: MainWindow) -> None:
    before = kept(window)
    drag(window, 0.3)
    QTest.mouseDClick(window.review.panel.plot, LEFT, pos=QPoint(40, 40))

    assert (kept(window), moves(window)) == (before, [])
    assert window.review.session is not None
    assert window.review.session.threshold == before


def test_a_drag_moves_it_and_is_recorded(window: MainWindow) -> None:
    drag(window, 0.9, 0.7, 0.5)

    [(operator, new)] = moves(window)
    assert (operator, round(new, 1)) == ("Mia", 0.5)
    assert window.store is not None
    assert [entry.kind for entry in window.store.audit.entries()] == ["threshold"]


def test_it_is_not_dragged_beyond_the_scores(window: MainWindow) -> None:
    drag(window, 0.9, -3.0)
    assert moves(window) == [("Mia", 0.0)]


@pytest.mark.parametrize("text", ["0,7", "0.7", " .7"])
@pytest.mark.usefixtures("german")
def test_point_and_comma_mean_the_same(window: MainWindow, qtbot: QtBot, text: str) -> None:
    type_in(window, qtbot, text)

    assert moves(window) == [("Mia", 0.7)]
    assert window.review.panel.threshold.text() == "0,7000"
    assert window.review.photo.pictures is not None
    assert "1,000" in window.review.viewer.main_caption.text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.7", "A threshold of this run lies between 0.0000 and 1.0000."),
        ("-0,1", "A threshold of this run lies between 0.0000 and 1.0000."),
        ("about 1", "“about 1” is no number; type one such as 0.5000."),
    ],
)
def test_what_can_be_no_threshold_is_refused_with_a_sentence(
    window: MainWindow, qtbot: QtBot, text: str, told: str
) -> None:
    panel = window.review.panel
    type_in(window, qtbot, text)
    assert panel.refusal.isVisible()
    assert panel.refusal.text() == told
    assert moves(window) == []

    panel.threshold.clearFocus()
    assert panel.threshold.text() == "0.9000"
    assert not panel.refusal.isVisible()


def test_enter_on_what_is_shown_does_not_move_it_by_its_rounding(window: MainWindow, qtbot: QtBot) -> None:
    drag(window, 0.9, 0.537)
    before = kept(window)
    window.review.panel.threshold.setFocus()
    qtbot.keyClick(window.review.panel.threshold, Qt.Key.Key_Return)
    assert kept(window) == before
    assert len(moves(window)) == 1


def test_a_move_is_undone_in_its_turn_with_the_verdicts(window: MainWindow, qtbot: QtBot, asked: list[str]) -> None:
    before = kept(window)
    assert window.store is not None
    why = window.store.runs.get(1).why_threshold
    type_in(window, qtbot, "0.5")
    window.menus.actions["accept"].trigger()

    window.menus.actions["undo"].trigger()
    assert kept(window) == 0.5
    window.menus.actions["undo"].trigger()
    assert kept(window) == before
    assert window.store.runs.get(1).why_threshold == why
    assert window.review.panel.threshold.text() == "0.9000"
    assert window.review.panel.summary.text() == "1 of 6 flagged"
    assert not window.menus.actions["undo"].isEnabled()
    window.menus.actions["redo"].trigger()
    assert kept(window) == 0.5
    assert asked == []
    assert [new for _, new in moves(window)] == [0.5, 0.9, 0.5]


def test_where_there_are_verdicts_it_is_asked(window: MainWindow, qtbot: QtBot, asked: list[str]) -> None:
    window.menus.actions["accept"].trigger()
    type_in(window, qtbot, "0.5")
    assert asked == [
        "Move the threshold from 0.9000 to 0.5000?\n"
        "Parts of this run with a verdict: 1. Parts that are decided anew: 2."
    ]
    assert (kept(window), window.review.panel.threshold.text()) == (0.9, "0.9000")
    assert window.review.panel.summary.text() == "1 of 6 flagged"

    type_in(window, qtbot, "0.85")  # decides nothing anew
    assert len(asked) == 1
    asked.insert(0, "yes")
    type_in(window, qtbot, "0.5")

    assert [new for _, new in moves(window)] == [0.85, 0.5]


def test_a_threshold_that_another_station_moved_is_not_taken_back(
    window: MainWindow, qtbot: QtBot, problems: list[str]
) -> None:
    type_in(window, qtbot, "0.5")
    window.review.news.timer.stop()
    with Workspace(window.store.folder) as other:  # type: ignore[union-attr]
        other.runs.set_threshold(1, 0.3, 0.4, "Ann")

    window.menus.actions["undo"].trigger()

    assert problems == ["the threshold of run 1 was moved meanwhile: it is 0.3 now; look at it again"]
    assert kept(window) == 0.3
    assert window.review.panel.threshold.text() == "0.3000"


def test_a_move_that_cannot_be_taken_back_any_more_is_offered_no_more(
    window: MainWindow, qtbot: QtBot, problems: list[str]
) -> None:
    type_in(window, qtbot, "0.5")
    with Workspace(window.store.folder) as other:  # type: ignore[union-attr]
        other.runs.set_threshold(1, 0.3, 0.4, "Ann")
    window.review.reread()
    qtbot.waitUntil(lambda: window.review.panel.threshold.text() == "0.3000")

    window.menus.actions["undo"].trigger()

    assert problems == ["the threshold of run 1 was moved meanwhile: it is 0.3 now; look at it again"]
    assert not window.menus.actions["undo"].isEnabled()


@pytest.mark.parametrize("by", ["keys", "mouse"])
def test_a_move_that_is_broken_off_by_something_else_is_kept_where_it_was_left(window: MainWindow, by: str) -> None:
    """Another window comes to the front: neither key nor mouse is let go of here."""
    plot = window.review.panel.plot
    if by == "keys":
        plot.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyPress(plot, Qt.Key.Key_Left)
        window.review.gallery.setFocus()
    else:
        QTest.mousePress(plot, LEFT, pos=QPoint(round(plot.x_of(0.9)), 50))
        QTest.mouseMove(plot, QPoint(round(plot.x_of(0.5)), 50))
        plot.hide()
    assert kept(window) == window.review.session.threshold != 0.9  # type: ignore[union-attr]
    assert len(moves(window)) == 1
    QTest.keyRelease(plot, Qt.Key.Key_Left)
    assert len(moves(window)) == 1


def test_without_a_name_it_stays(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.review.threshold, "_ask_operator", lambda: "")
    type_in(window, qtbot, "0.5")
    assert (kept(window), moves(window), window.review.panel.threshold.text()) == (0.9, [], "0.9000")


def test_held_arrow_keys_are_one_move(window: MainWindow) -> None:
    plot = window.review.panel.plot
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(5):
        QTest.keyPress(plot, Qt.Key.Key_Left)
    assert moves(window) == []
    QTest.keyRelease(plot, Qt.Key.Key_Left)
    assert len(moves(window)) == 1


def test_a_move_elsewhere_while_the_line_is_dragged_is_not_overwritten(
    window: MainWindow, qtbot: QtBot, problems: list[str]
) -> None:
    plot, session = window.review.panel.plot, window.review.session
    QTest.mousePress(plot, LEFT, pos=QPoint(round(plot.x_of(0.9)), 50))
    QTest.mouseMove(plot, QPoint(round(plot.x_of(0.5)), 50))
    with Workspace(window.store.folder) as other:  # type: ignore[union-attr]
        other.runs.set_threshold(1, 0.3, 0.4, "Ann")
    window.review.reread()
    qtbot.waitUntil(lambda: session is not None and session.run.threshold == 0.3)

    QTest.mouseRelease(plot, LEFT, pos=QPoint(round(plot.x_of(0.5)), 50))

    assert problems == ["the threshold of run 1 was moved meanwhile: it is 0.3 now; look at it again"]
    assert (kept(window), window.review.panel.threshold.text()) == (0.3, "0.3000")
    drag(window, 0.3, 0.5, 0.5)
    assert kept(window) == pytest.approx(0.5, abs=0.01)


def test_a_move_in_the_hand_when_the_window_closes_is_kept(window: MainWindow) -> None:
    """Ctrl+Q while the arrow is held."""
    plot = window.review.panel.plot
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyPress(plot, Qt.Key.Key_Left)
    assert window.store is not None
    location = window.store.location
    window.close()
    with Workspace(location) as store:
        assert [(round(move.old, 3), move.new < 0.9) for move in store.runs.threshold_changes(1)] == [(0.9, True)]


def test_what_is_being_typed_stays_when_others_say_something_and_a_refusal_goes_with_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel, review = window.review.panel, window.review
    type_in(window, qtbot, "0,x")
    review.news.judged.emit()
    assert (panel.threshold.text(), panel.refusal.isVisible()) == ("0,x", True)

    drag(window, 0.9, 0.5)
    assert panel.threshold.text().startswith("0.50")
    assert not panel.refusal.isVisible()
