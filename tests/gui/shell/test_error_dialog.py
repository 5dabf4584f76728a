import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from gui.shell.error_dialog import ErrorReporter
from inspector.errors import StoreError


def test_an_exception_in_a_thread_is_told_on_the_gui_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    told: list[tuple[str, str, threading.Thread]] = []
    reporter = ErrorReporter(lambda sentence, details: told.append((sentence, details, threading.current_thread())))
    reporter.install()

    def fail() -> None:
        raise RuntimeError("boom")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert told == []
    qtbot.waitUntil(lambda: bool(told))

    assert told[0][0] == "Something went wrong in the app; your verdicts are safe."
    assert "RuntimeError: boom" in told[0][1]
    assert told[0][2] is threading.main_thread()


def test_what_is_wrong_in_the_users_world_says_so_itself(qtbot: QtBot) -> None:
    told: list[str] = []
    reporter = ErrorReporter(lambda sentence, _details: told.append(sentence))
    reporter._take(StoreError, StoreError("the workspace is gone; choose another one"), None)
    assert told == ["the workspace is gone; choose another one"]


def test_a_thread_that_ends_itself_is_no_error(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    told: list[str] = []
    reporter = ErrorReporter(lambda sentence, _details: told.append(sentence))
    reporter.install()
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    qtbot.wait(1)
    assert told == []
