from collections.abc import Iterator
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from gui.shell.background import Background


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Background]:
    made = Background(threads=1, waiting=3)
    yield made
    made.close()


def hear(work: Background) -> list[object]:
    heard: list[object] = []
    work.finished.connect(lambda key, value: heard.append((key, value)))
    work.failed.connect(lambda key, error: heard.append((key, str(error))))
    return heard


def test_what_was_asked_for_last_comes_first(work: Background, qtbot: QtBot) -> None:
    gate, heard = Event(), hear(work)
    work.submit("first", gate.wait)
    qtbot.waitUntil(lambda: not work.waits("first"))
    for key in "abc":
        work.submit(key, lambda key=key: key.upper())
    gate.set()
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert heard[1:] == [("c", "C"), ("b", "B"), ("a", "A")]


def test_beyond_the_limit_the_oldest_is_dropped(work: Background, qtbot: QtBot) -> None:
    gate, heard = Event(), hear(work)
    work.submit("first", gate.wait)
    qtbot.waitUntil(lambda: not work.waits("first"))
    for key in "abcde":
        work.submit(key, lambda key=key: key)
    assert not work.waits("a")
    gate.set()
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert [key for key, _ in heard[1:]] == ["e", "d", "c"]  # type: ignore[misc]


def test_replies_to_what_was_forgotten_are_dropped(work: Background, qtbot: QtBot) -> None:
    gate, heard = Event(), hear(work)
    work.submit("old", gate.wait)
    qtbot.waitUntil(lambda: not work.waits("old"))
    work.submit("waiting", lambda: 1)
    work.forget()
    gate.set()
    work.submit("new", lambda: 2)
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(30)
    assert heard == [("new", 2)]


def test_an_exception_is_told(work: Background, qtbot: QtBot) -> None:
    heard = hear(work)
    work.submit("x", lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("x", "division by zero")]
