"""The end of a list is told, and further keys do not judge its last part again."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def press(window: MainWindow, qtbot: QtBot, *names: str) -> None:
    for name in names:
        wait_for_photo(window, qtbot)
        window.menus.actions[name].trigger()


def verdicts(window: MainWindow) -> list[tuple[int, str]]:
    assert window.store is not None
    first = window.store.runs.samples(1)[0].id
    return [(verdict.sample_id - first, verdict.new) for verdict in window.store.verdicts.of_run(1)]


def told(window: MainWindow) -> str:
    bar = window.review.end_bar
    return "" if bar.isHidden() else f"{bar.told.text()} [{bar.next.text()}]"


def test_after_the_last_flagged_part_keys_do_nothing(window: MainWindow, qtbot: QtBot) -> None:
    window.review.filters.chips["flagged"].click()
    press(window, qtbot, "reject")
    assert told(window) == "The only part of this list is reviewed. [Go on with 5 unreviewed]"

    press(window, qtbot, "accept", "reject", "undecided")
    window.review.verdict_bar.buttons["accepted"].click()
    assert verdicts(window) == [(0, "rejected")]

    window.review.end_bar.next.click()
    qtbot.waitUntil(lambda: window.review.current == 1)
    assert told(window) == ""
    press(window, qtbot, "accept")
    assert verdicts(window) == [(0, "rejected"), (1, "accepted")]


def test_several_flagged_parts_are_counted(window: MainWindow, qtbot: QtBot) -> None:
    window.review.threshold.move(0.5)
    window.review.filters.chips["flagged"].click()
    press(window, qtbot, "reject", "reject", "reject")
    assert told(window) == "All 3 flagged parts are reviewed. [Go on with 3 unreviewed]"


def test_all_reviewed_leads_to_the_export(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    press(window, qtbot, *["accept"] * 9)
    assert len(verdicts(window)) == 6
    assert told(window) == "All parts of this run are reviewed. [Export…]"
    asked: list[bool] = []
    window.review.export_wanted.connect(lambda: asked.append(True))
    monkeypatch.setattr("gui.export.dialog.ExportDialog.open", lambda _: None)
    window.review.end_bar.next.click()
    assert asked == [True]


def test_what_was_said_last_can_be_taken_back_and_said_anew(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, *["accept"] * 6)
    press(window, qtbot, "undo")
    assert told(window) == ""
    press(window, qtbot, "reject")
    assert [new for _, new in verdicts(window)][-3:] == ["accepted", "undecided", "rejected"]
    assert told(window).startswith("All parts")


def test_going_back_to_a_part_lets_it_be_judged_again(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, *["accept"] * 6)
    press(window, qtbot, "previous")
    assert told(window) == ""
    press(window, qtbot, "reject")
    assert verdicts(window)[-1][1] == "rejected"


def test_a_part_that_cannot_be_seen_is_accepted_only_on_purpose(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_run(3, unreadable=True)[0].close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    window.review.filters.chips["unreadable"].click()
    qtbot.waitUntil(lambda: window.review.photo.sight() == "unseen")
    asked: list[str] = []
    monkeypatch.setattr(window.review.verdicts, "_confirm", lambda question: bool(asked.append(question)))

    window.menus.actions["accept"].trigger()
    assert asked == ["There is no photo of this part to be seen. Accept it all the same?"]
    assert verdicts(window) == []

    window.menus.actions["reject"].trigger()
    assert [new for _, new in verdicts(window)] == ["rejected"]
