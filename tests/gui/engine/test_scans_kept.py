"""How a scan ended is kept beside the window, which stays alive while the workspace's server does not answer."""

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.errors import StoreAway
from inspector.store.runs import Runs


def test_window_stays_alive_while_it_cannot_be_kept_that_a_scan_was_stopped(
    make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, problems: list[str]
) -> None:
    window = make_window("")
    window.show_progress()
    is_back = threading.Event()

    def answer_late(*_: object) -> None:
        is_back.wait(3)
        raise StoreAway("the server is away")

    monkeypatch.setattr("gui.start.runs.mark_stopped", answer_late)
    monkeypatch.setattr(Runs, "all", answer_late)
    window.scans.engine.cancelled.emit(1, 1)
    assert (window.scans.busy, problems) == (True, [])
    is_back.set()
    qtbot.waitUntil(lambda: not window.scans.busy)

    assert window.screens.currentWidget() is window.start
    assert problems == ["the server is away"]
    assert window.statusBar().currentMessage() == "The scan was stopped. It can be resumed."
