"""A comment belongs to the part and the verdict it was typed for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.review.session import Session
from gui.window import MainWindow
from inspector.store.standing import list_standing
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def press(window: MainWindow, qtbot: QtBot, name: str) -> None:
    wait_for_photo(window, qtbot)
    window.menus.actions[name].trigger()


def standing(window: MainWindow) -> dict[int, tuple[str, str]]:
    """Verdict and comment by the place of a part."""
    assert window.store is not None
    first = window.store.runs.samples(1)[0].id
    found = list_standing(window.store.verdicts.of_run(1))
    return {sample - first: (stands.verdict, stands.comment) for sample, stands in found.items()}


def test_a_comment_typed_before_the_verdict_goes_with_it(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.review.panel.comment, "a dent")
    press(window, qtbot, "reject")

    assert standing(window) == {0: ("rejected", "a dent")}
    assert window.review.panel.comment.text() == ""


def test_a_comment_typed_after_the_verdict_does_not_go_to_the_next_part(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "reject")
    press(window, qtbot, "previous")
    qtbot.keyClicks(window.review.panel.comment, "at the rim")
    press(window, qtbot, "next")
    assert window.review.panel.comment.text() == ""
    press(window, qtbot, "accept")

    assert standing(window) == {0: ("rejected", "at the rim"), 1: ("accepted", "")}
    assert "comment" in _history(window, qtbot, 0)


def test_a_comment_goes_with_its_part_where_another_comes_up(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.review.panel.comment, "a spot")
    window.review.gallery.select_sample(3)
    press(window, qtbot, "accept")

    assert standing(window) == {0: ("undecided", "a spot"), 3: ("accepted", "")}
    window.review.gallery.select_sample(0)
    press(window, qtbot, "reject")
    assert standing(window)[0] == ("rejected", "a spot")


def test_a_comment_is_kept_when_the_window_closes(window: MainWindow, qtbot: QtBot) -> None:
    assert window.store is not None
    folder = window.store.folder
    qtbot.keyClicks(window.review.panel.comment, "a spot")
    window.close()

    with Workspace(folder) as store:
        assert [said.comment for said in store.verdicts.of_run(1)] == ["a spot"]


def test_a_comment_that_nobody_signs_waits_with_its_part(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.review.verdicts, "_ask_operator", lambda: "")
    comment = window.review.panel.comment
    qtbot.keyClicks(comment, "a spot")
    window.review.gallery.select_sample(3)
    assert comment.text() == ""

    window.review.gallery.select_sample(0)

    assert comment.text() == "a spot"
    assert standing(window) == {}
    comment.clear()


def test_a_window_with_comments_that_nobody_signed_closes_when_that_is_meant(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.review.verdicts, "_ask_operator", lambda: "")
    answers, asked = iter([False, True]), list[str]()
    monkeypatch.setattr("gui.shell.dialogs.confirm", lambda _, question: (asked.append(question), next(answers))[1])
    qtbot.keyClicks(window.review.panel.comment, "a spot")
    window.review.gallery.select_sample(3)
    qtbot.keyClicks(window.review.panel.comment, "a dent")

    assert not window.close()
    assert window.review.panel.comment.text() == "a dent"
    assert standing(window) == {}
    assert window.close()
    assert [question.split(".")[0] for question in asked] == ["Comments that are not kept: 2"] * 2


def test_a_comment_that_nobody_signed_waits_while_another_run_is_looked_at(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.review.verdicts, "_ask_operator", lambda: "")
    review, session = window.review, window.review.session
    assert session is not None
    qtbot.keyClicks(review.panel.comment, "a spot")
    another = Session(session.store, 1)
    another.rows = [replace(row, id=row.id + 100) for row in another.rows]
    review.verdicts.leave()
    review.open(another)
    assert review.panel.comment.text() == ""
    review.verdicts.leave()
    review.open(session)

    assert review.panel.comment.text() == "a spot"
    review.panel.comment.clear()


def test_judging_again_the_same_and_undo_are_told_for_what_they_are(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "reject")
    press(window, qtbot, "previous")
    press(window, qtbot, "reject")  # adds nothing, and goes on
    assert window.review.current == 1
    press(window, qtbot, "undo")

    assert window.store is not None
    assert [(said.kind, said.new, said.comment) for said in window.store.verdicts.of_run(1)] == [
        ("verdict", "rejected", ""),
        ("undo", "undecided", ""),
    ]
    assert "taken back: undecided" in _history(window, qtbot, 0)


def test_enter_keeps_a_comment_with_the_verdict_that_stands(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "reject")
    press(window, qtbot, "previous")
    qtbot.keyClicks(window.review.panel.comment, "a dent")
    qtbot.keyClick(window.review.panel.comment, Qt.Key.Key_Return)

    assert standing(window) == {0: ("rejected", "a dent")}


def _history(window: MainWindow, qtbot: QtBot, sample: int) -> str:
    window.review.gallery.select_sample(sample)
    wait_for_photo(window, qtbot)
    return window.review.panel.history.item(0).text()
