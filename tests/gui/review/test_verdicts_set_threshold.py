"""Verdicts on the parts that are asked for set the threshold: one verdict a part, kept and taken back as a move is."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.review.asking import can_ask, count_verdicts, find_next, fit_verdicts
from gui.review.session import Session
from gui.review.side_panel import SidePanel
from gui.window import MainWindow
from inspector.decision.verdict_threshold import ENOUGH
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def set_by_verdicts(session: Session) -> None:
    found = fit_verdicts(session)
    assert found is not None
    session.set_threshold(found.value, found)
    session.keep_threshold("Mia")


def test_a_threshold_by_verdicts_is_kept_with_what_is_said_of_it_and_taken_back(session: Session) -> None:
    assert (fit_verdicts(session), count_verdicts(session)) == (None, 0)
    before = session.run
    for part, verdict in ((0, "rejected"), (3, "accepted"), (1, "rejected"), (1, "undecided")):
        session.decide(part, verdict, "Mia")

    set_by_verdicts(session)

    kept = session.store.runs.get(session.run.id)
    assert kept.threshold == session.threshold != before.threshold
    assert not kept.is_sure
    assert kept.why_threshold.startswith("It is set by verdicts on 2 parts, which do not yet say")
    assert session.unsure == kept.why_threshold
    assert [entry.kind for entry in session.store.audit.entries()][-1] == "threshold"
    session.undo("Mia")
    assert (session.threshold, session.run.why_threshold) == (before.threshold, before.why_threshold)


def test_further_verdicts_that_leave_it_where_it_is_are_told_too(session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    session.decide(1, "accepted", "Mia")
    set_by_verdicts(session)
    threshold = session.threshold
    session.decide(5, "accepted", "Mia")

    set_by_verdicts(session)

    assert session.threshold == threshold
    assert session.run.why_threshold.startswith("It is set by verdicts on 3 parts")
    session.undo("Mia")
    assert session.run.why_threshold.startswith("It is set by verdicts on 2 parts")


def test_a_part_of_several_views_counts_once_by_its_highest(session: Session) -> None:
    for position, view in ((0, "top"), (3, "side"), (5, "end")):
        session.store.runs.keep_identity(session.run.id, position, {"part": "7", "view": view})
    viewed = Session(session.store, session.run.id)
    assert find_next(viewed) == 0
    viewed.views.choose(5)
    assert find_next(viewed) == 5  # the view that is listed

    viewed.decide(3, "rejected", "Mia")

    assert count_verdicts(viewed) == 1
    assert find_next(viewed) == 2  # half way down the four parts


def test_parts_without_a_score_are_never_asked_for(make_run: Callable[..., tuple[Workspace, int]]) -> None:
    session = Session(*make_run(3, unreadable=True))
    session.decide(3, "rejected", "Mia")
    assert count_verdicts(session) == 0
    for part in range(3):
        assert find_next(session) is not None
        session.decide(part, "accepted", "Mia")
    assert find_next(session) is None
    session.store.close()


def test_nothing_is_asked_before_a_run_has_its_scores(make_run: Callable[..., tuple[Workspace, int]]) -> None:
    session = Session(*make_run(3, done=False))
    session.decide(0, "rejected", "Mia")
    assert not can_ask(session)
    assert (fit_verdicts(session), find_next(session)) == (None, None)
    session.store.close()


@pytest.fixture
def unsure(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> MainWindow:
    """Twelve parts with scores from 1 down to 0, none flagged; nobody knows where odd begins."""
    store, run_id = make_run(12)
    store.runs.set_threshold(run_id, 1.0, 1.0, sure=False, why="Look at them.")
    store.close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    return window


def test_verdicts_are_asked_for_one_after_the_other_and_the_button_sets_the_threshold(
    unsure: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, actions = unsure.review, unsure.menus.actions
    monkeypatch.setattr(review.threshold, "_confirm", lambda question: True)
    assert not review.panel.by_verdicts.isEnabled()
    assert "No part with a score has a verdict yet" in review.panel.by_verdicts.toolTip()
    review.filters.search.setText("part_5")
    asked = []

    actions["ask"].trigger()
    for _ in range(ENOUGH):
        assert review.current is not None
        asked.append(review.current)
        wait_for_photo(unsure, qtbot)
        actions["reject" if review.current < 4 else "accept"].trigger()

    assert asked[0] == 0
    assert review.filters.search.text() == ""
    assert {3, 4} <= set(asked)
    assert review.panel.summary.text() == "0 of 12 flagged\nVerdicts: 8; set the threshold by them"
    review.panel.by_verdicts.click()
    assert review.panel.unsure.isHidden()
    assert review.panel.summary.text() == "4 of 12 flagged"
    assert review.session is not None
    assert review.session.run.is_sure
    actions["unreviewed"].trigger()
    wait_for_photo(unsure, qtbot)
    actions["accept"].trigger()
    assert review.panel.summary.text() == "4 of 12 flagged"


def test_a_part_that_was_left_undecided_is_not_asked_for_again(unsure: MainWindow, qtbot: QtBot) -> None:
    review, actions = unsure.review, unsure.menus.actions
    actions["ask"].trigger()
    actions["undecided"].trigger()
    assert review.current == 1
    wait_for_photo(unsure, qtbot)
    review.gallery.select_sample(7)  # another part than the one asked for
    wait_for_photo(unsure, qtbot)
    actions["accept"].trigger()
    assert review.current == 8


def test_a_run_that_is_opened_anew_asks_for_nothing(unsure: MainWindow, qtbot: QtBot) -> None:
    review = unsure.review
    unsure.menus.actions["ask"].trigger()
    assert unsure.store is not None
    review.open_run(unsure.store, 1)
    qtbot.waitUntil(lambda: review.session is not None)
    wait_for_photo(unsure, qtbot)

    unsure.menus.actions["accept"].trigger()

    assert review.current == 1  # 2 would be asked for


@pytest.mark.parametrize(
    ("count", "parts", "sure", "told"),
    [
        (6, 60, False, "still asked for: 2"),
        (3, 5, False, "still asked for: 2"),
        (5, 5, True, "set the threshold by them"),
        (9, 60, False, "not enough yet, judge more"),
        (9, 60, True, "set the threshold by them"),
    ],
)
def test_panel_tells_whether_verdicts_are_enough(qtbot: QtBot, count: int, parts: int, sure: bool, told: str) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.show_threshold(0.5, 3, 60)
    panel.show_verdicts(count, possible=True, asking=True, sure=sure, parts=parts)
    assert panel.summary.text() == f"3 of 60 flagged\nVerdicts: {count}; {told}"
