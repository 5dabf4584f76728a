"""A part that is asked for shows where it is odd, flagged or not; asking goes on whatever is taken back or declined."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.review.image_view import ImageView
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def count_rings(view: ImageView) -> int:
    return len(view._oddest.path().toSubpathPolygons())


@pytest.fixture
def quiet(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> MainWindow:
    """Twelve parts with scores from 1 down to 0, sure, none flagged."""
    store, run_id = make_run(12)
    store.runs.set_threshold(run_id, 1.0, 1.0, sure=True, why="")
    store.close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    return window


def judge(window: MainWindow, qtbot: QtBot, command: str, times: int = 1) -> None:
    for _ in range(times):
        wait_for_photo(window, qtbot)
        window.menus.actions[command].trigger()


def test_a_part_that_is_asked_for_is_shown_where_it_is_oddest(quiet: MainWindow, qtbot: QtBot) -> None:
    review, view = quiet.review, quiet.review.viewer.main_view
    qtbot.waitUntil(lambda: bool(review.photo.defects.oddest))
    assert (count_rings(view), "rings" in review.viewer.main_caption.text()) == (0, False)

    quiet.menus.actions["ask"].trigger()  # the part that is looked at already
    assert review.current == 0
    assert (count_rings(view), view._contour.path().isEmpty()) == (1, True)
    caption = review.viewer.main_caption
    assert "1.000 not flagged   rings: oddest   asked for" in caption.text()
    quiet.resize(1280, 800)
    review.viewer.mode.setCurrentIndex(review.viewer.mode.findData("side"))  # as beside a cloud: half the width
    qtbot.waitUntil(lambda: caption.width() < 400)
    assert "rings: oddest" in caption.shown()
    assert not review.photo.oddest_shown

    review.gallery.select_sample(5)  # not asked for
    qtbot.waitUntil(lambda: bool(review.photo.defects.oddest))
    assert count_rings(view) == 0
    quiet.menus.actions["oddest"].trigger()
    assert count_rings(view) == 1
    assert "rings" in review.viewer.main_caption.text()
    review.threshold.move(0.1)
    qtbot.waitUntil(lambda: bool(review.photo.defects.lines))
    assert (count_rings(view), "rings" in review.viewer.main_caption.text()) == (0, False)
    assert review.session is not None
    review.session.give_up_threshold()


def test_to_decline_the_threshold_by_verdicts_does_not_end_the_asking(
    quiet: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, answers = quiet.review, [False, True]
    monkeypatch.setattr(review.threshold, "_confirm", lambda question: answers.pop(0))
    quiet.menus.actions["ask"].trigger()
    for _ in range(8):
        judge(quiet, qtbot, "reject" if (review.current or 0) < 4 else "accept")
    asked = review._state.asked
    assert asked == review.current

    review.panel.by_verdicts.click()
    assert (review._state.asked, review.session.threshold) == (asked, 1.0)
    assert "set the threshold by them" in review.panel.summary.text()
    review.panel.by_verdicts.click()
    assert (review._state.asked, answers) == (None, [])


def test_a_verdict_that_is_taken_back_is_asked_for_again(quiet: MainWindow, qtbot: QtBot) -> None:
    review, undo = quiet.review, quiet.menus.actions["undo"]
    quiet.menus.actions["ask"].trigger()
    judge(quiet, qtbot, "accept")
    assert review.current == 2
    undo.trigger()
    judge(quiet, qtbot, "accept")
    assert review.current == 2
    undo.trigger()
    quiet.menus.actions["redo"].trigger()
    assert (review.current, review._state.asked) == (0, 2)


def test_a_verdict_on_marked_parts_goes_on_to_the_next_that_is_asked_for(
    quiet: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = quiet.review
    monkeypatch.setattr(review.verdicts, "_confirm", lambda question: True)
    quiet.menus.actions["ask"].trigger()
    review.gallery.mark([0, 1])
    judge(quiet, qtbot, "accept")
    assert review._state.asked == review.current == 2


def test_a_part_that_was_left_undecided_comes_up_again_and_no_verdict_before_it_is_lost(
    quiet: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, undo, redo = quiet.review, quiet.menus.actions["undo"], quiet.menus.actions["redo"]
    session = review.session
    assert session is not None
    quiet.menus.actions["ask"].trigger()
    judge(quiet, qtbot, "accept")
    passed = review._state.asked
    judge(quiet, qtbot, "undecided")
    following = review._state.asked
    assert passed != following

    undo.trigger()
    assert (session.verdict(0), review.current, review._state.asked) == ("accepted", passed, passed)
    redo.trigger()
    assert (review._state.asked, session.past.left_open) == (following, {passed})
    undo.trigger()
    undo.trigger()
    assert (session.verdict(0), review.current, session.past.left_open) == ("undecided", 0, set())

    monkeypatch.setattr(review.verdicts, "_confirm", lambda question: True)
    review.gallery.mark([0, 1])
    judge(quiet, qtbot, "undecided")
    assert (len(session.past.undo), session.past.left_open) == (1, {0, 1})
    undo.trigger()
    assert (session.past.undo, session.past.left_open) == ([], set())
