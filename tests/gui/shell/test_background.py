from collections.abc import Iterator
from threading import Event, Timer

import pytest
from pytestqt.qtbot import QtBot

from gui.shell.background import Background, describe_failure
from inspector.errors import StoreError


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Background]:
    made = Background(None, lambda key, error: FAILURES.append((key, describe_failure(error))), threads=1, waiting=3)
    yield made
    made.close()
    FAILURES.clear()


FAILURES: list[tuple[object, str]] = []


def hear(work: Background) -> list[object]:
    heard: list[object] = []
    work.finished.connect(lambda key, value: heard.append((key, value)))
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


def test_an_exception_is_told_and_logged(work: Background, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    heard = hear(work)
    work.submit("x", lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(FAILURES))
    assert FAILURES == [("x", "ZeroDivisionError: division by zero")]
    assert heard == []
    assert "1 / 0" in caplog.text


def test_an_error_of_ours_is_told_with_its_own_sentence(
    work: Background, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise StoreError("the map is missing")

    work.submit("x", fail)
    qtbot.waitUntil(lambda: bool(FAILURES))
    assert FAILURES == [("x", "the map is missing")]
    assert caplog.text == ""


def test_background_work_without_someone_who_hears_of_failures_cannot_be_made(qtbot: QtBot) -> None:
    with pytest.raises(TypeError):
        Background(None, threads=1)  # type: ignore[call-arg]


def test_closing_does_not_wait_for_a_job_that_hangs_and_hears_nothing_of_it(qtbot: QtBot) -> None:
    gate, ended = Event(), Event()
    made = Background(None, lambda _key, _error: None, threads=1)
    heard = hear(made)
    in_the_end = Timer(20, gate.set)
    in_the_end.start()

    def ask() -> None:
        gate.wait()
        ended.set()

    made.submit("who", ask)
    qtbot.waitUntil(lambda: not made.waits("who"))
    made.close()
    assert not gate.is_set()

    gate.set()
    in_the_end.cancel()
    assert ended.wait(20)
    qtbot.wait(1)
    assert heard == []


def test_closing_waits_for_a_job_that_is_about_to_end(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.shell.background.PATIENCE", 20)
    made, gate, ended = Background(None, lambda _key, _error: None, threads=1), Event(), Event()

    def work_on() -> None:
        gate.wait()
        ended.set()

    made.submit("photo", work_on)
    qtbot.waitUntil(lambda: not made.waits("photo"))
    Timer(0.05, gate.set).start()
    made.close()
    assert ended.is_set()
