"""A threshold that the scores do not tell: shown until somebody sets one by hand."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from gui.review.session import Session
from gui.window import MainWindow
from inspector.decision.threshold import UNSURE
from inspector.store.workspace import Workspace


def make_unsure(session: Session) -> Session:
    """The same run, its threshold found by scores that tell nothing; six scores from 0 to 1 do not."""
    run, suggested = session.run, session.label_free()
    assert suggested is not None
    session.store.runs.set_threshold(run.id, suggested.value, 1.0, sure=False, why="Look at them.")
    reopened = Session(session.store, run.id)
    reopened.run.settings["threshold"] = "auto"
    return reopened


def test_an_unsure_threshold_is_sure_once_it_is_set_by_hand(session: Session) -> None:
    assert not session.unsure
    unsure = make_unsure(session)
    assert unsure.unsure

    unsure.set_threshold(0.5)
    assert not unsure.unsure
    unsure.keep_threshold("Mia")

    kept = session.store.runs.get(session.run.id)
    assert (kept.is_sure, kept.why_threshold) == (True, "It was set by hand.")
    assert not unsure.unsure


def test_a_run_of_before_that_is_unsure_advises_what_is_advised_now(session: Session) -> None:
    run = session.run
    before = "The scores do not tell good from bad here: look at the highest ones and set the threshold by hand."
    session.store.runs.set_threshold(run.id, 0.5, 1.0, sure=False, why=before)
    assert Session(session.store, run.id).unsure == UNSURE


def test_back_at_the_label_free_threshold_it_is_unsure_again(session: Session) -> None:
    unsure = make_unsure(session)
    unsure.set_threshold(0.5)
    unsure.keep_threshold("Mia")

    unsure.run.settings["threshold"] = "auto"  # read anew with the run
    suggested = unsure.label_free()
    assert suggested is not None
    unsure.set_threshold(suggested.value)

    assert unsure.unsure
    unsure.keep_threshold("Mia")
    kept = session.store.runs.get(session.run.id)
    assert (kept.is_sure, kept.why_threshold) == (False, suggested.why)


def test_the_panel_shows_it_until_the_threshold_is_moved(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(6)
    threshold = store.runs.get(run_id).threshold
    assert threshold is not None
    store.runs.set_threshold(run_id, threshold, threshold, sure=False, why="Look at them.")
    store.close()
    window = make_window(str(run_id))

    qtbot.waitUntil(lambda: not window.review.panel.unsure.isHidden())
    window.review.panel.plot.dragged.emit(0.5)

    assert window.review.panel.unsure.isHidden()
