"""What another station writes appears here within seconds, and nobody is overruled unknowingly."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.review.session import Session
from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.server import ServerLost
from inspector.store.workspace import Workspace


@pytest.fixture
def other(window: MainWindow) -> Iterator[Session]:
    """Another station that looks at the same run."""
    assert window.store is not None
    with Workspace(window.store.folder) as store:
        yield Session(store, 1)


@pytest.fixture
def asked(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Questions; the answer is no until "yes" is put in front."""
    questions: list[str] = []

    def ask(question: str) -> bool:
        questions.append(question)
        return questions[0] == "yes"

    monkeypatch.setattr(window.review.verdicts, "_confirm", ask)
    return questions


def said(window: MainWindow) -> list[tuple[str, str]]:
    assert window.store is not None
    return [(verdict.operator, verdict.new) for verdict in window.store.verdicts.of_run(1)]


def test_verdicts_of_others_appear_by_themselves(window: MainWindow, other: Session, qtbot: QtBot) -> None:
    assert window.review.news.timer.isActive()
    assert window.review.news.timer.interval() <= 2000
    session = window.review.session
    assert session is not None
    window.review.filters.chips["unreviewed"].click()
    other.decide(3, "rejected", "Ann")
    other.decide(0, "accepted", "Ann", "clean")

    window.review.news.timer.timeout.emit()

    qtbot.waitUntil(lambda: session.verdict(0) == "accepted")
    assert session.verdict(3) == "rejected"
    assert window.review.current == 0  # it does not vanish under the operator's hand
    assert "Ann said “accepted”" in window.review.verdict_bar.hint.text()
    assert "clean" in window.review.panel.history.item(0).text()
    assert window.review.verdict_bar.buttons["accepted"].isChecked()
    assert window.review.filters.chips["unreviewed"].text().endswith("4")
    assert not session.can_undo


def test_a_threshold_moved_elsewhere_is_taken_over(window: MainWindow, other: Session, qtbot: QtBot) -> None:
    other.set_threshold(0.5)
    other.keep_threshold("Ann")

    window.review.news.timer.timeout.emit()

    qtbot.waitUntil(lambda: window.review.session is not None and window.review.session.threshold == 0.5)
    assert window.review.panel.summary.text() == "3 of 6 flagged"


@pytest.mark.parametrize("known", [True, False], ids=["known", "not yet known"])
def test_a_clash_is_asked(
    window: MainWindow, other: Session, qtbot: QtBot, asked: list[str], known: bool, problems: list[str]
) -> None:
    session = window.review.session
    assert session is not None
    window.review.news.timer.stop()
    other.decide(0, "rejected", "Ann")
    if known:
        window.review.news.look()
        qtbot.waitUntil(lambda: session.verdict(0) == "rejected")

    window.menus.actions["accept"].trigger()
    [question] = asked
    assert question.startswith("part_0.png: Ann said “rejected” at ")
    assert question.endswith("after it had come up here.\nSay “accepted” all the same?")
    assert said(window) == [("Ann", "rejected")]
    assert window.review.current == 0
    assert window.review.verdict_bar.buttons["rejected"].isChecked()

    window.menus.actions["accept"].trigger()  # it is known now
    assert len(asked) == 1
    assert said(window) == [("Ann", "rejected"), ("Mia", "accepted")]
    assert problems == []


def test_yes_overrules(window: MainWindow, other: Session, asked: list[str]) -> None:
    other.decide(0, "rejected", "Ann", "dent")
    asked.append("yes")

    window.menus.actions["accept"].trigger()

    assert said(window) == [("Ann", "rejected"), ("Mia", "accepted")]


def test_who_says_the_same_is_not_asked(window: MainWindow, other: Session, asked: list[str]) -> None:
    other.decide(0, "rejected", "Ann")

    window.menus.actions["reject"].trigger()

    assert asked == []
    assert said(window) == [("Ann", "rejected")]
    assert window.review.current == 1


def test_an_undo_does_not_touch_what_another_said(window: MainWindow, other: Session, problems: list[str]) -> None:
    window.menus.actions["accept"].trigger()
    other.add_news(other.store.verdicts.since(1, 0))
    other.decide(0, "rejected", "Ann")

    window.menus.actions["undo"].trigger()

    [told] = problems
    assert told.startswith("part_0.png: Ann said “rejected” at ")
    assert told.endswith("That stands; nothing was written.")
    assert said(window)[-1] == ("Ann", "rejected")


def test_what_can_be_undone_survives_that_the_run_is_opened_again(window: MainWindow, qtbot: QtBot) -> None:
    window.menus.actions["reject"].trigger()
    window.show_start()
    window.open_run(1)
    qtbot.waitUntil(lambda: window.review.session is not None)
    assert window.menus.actions["undo"].isEnabled()

    window.menus.actions["undo"].trigger()

    assert said(window) == [("Mia", "rejected"), ("Mia", "undecided")]
    assert window.review.current == 0


def test_a_server_that_is_away_or_refuses_is_told_until_it_is_back(
    window: MainWindow, other: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, problems: list[str]
) -> None:
    def fail(*_: object) -> object:
        raise ServerLost("the server is away")

    refused: list[int] = []

    def refuse(*_: object) -> object:
        refused.append(1)
        raise StoreError("this account is shut out; see its password")

    note, session = window.review.away, window.review.session
    assert session is not None
    assert not note.isVisible()
    with monkeypatch.context() as patch:
        patch.setattr("gui.review.run_loader.read_news", fail)
        window.review.news.look()
        qtbot.waitUntil(note.isVisible)
        assert "Reconnecting" in note.text()
        assert window.review.viewer.height() > window.review.height() / 2  # the photo keeps its room

        patch.setattr("gui.review.run_loader.read_news", refuse)
        window.review.news.look()
        qtbot.waitUntil(lambda: note.text() == "This account is shut out; see its password")
        window.review.news.look()
        qtbot.waitUntil(lambda: len(refused) == 2)
        assert note.isVisible()
        assert window.review.news.timer.interval() >= 10_000  # an account that tries too often is shut out

    other.decide(0, "rejected", "Ann")
    window.review.news.look()
    qtbot.waitUntil(lambda: session.verdict(0) == "rejected")
    assert not note.isVisible()
    assert window.review.news.timer.interval() == 1000
    assert problems == []


def test_a_run_that_can_be_opened_shows_that_the_workspace_is_back(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> object:
        raise StoreError("this account is shut out")

    note = window.review.away
    with monkeypatch.context() as patch:
        patch.setattr("gui.review.run_loader.read_news", refuse)
        window.review.news.look()
        qtbot.waitUntil(note.isVisible)

    window.show_start()
    window.open_run(1)

    qtbot.waitUntil(lambda: window.review.session is not None)
    assert note.isHidden()
    assert window.review.news.timer.interval() == 1000
