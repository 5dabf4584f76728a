"""How a scan ended is kept beside the window, which stays alive while the workspace's server does not answer."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.data.samples import Batch, Sample
from inspector.errors import StoreAway
from inspector.events import Event
from inspector.settings import ScanSettings
from inspector.store.runs import Runs
from inspector.store.workspace import Workspace


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


def test_run_of_an_engine_that_was_killed_when_the_app_closed_is_marked(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where nothing else ends it: it was left as if it were still being scanned."""
    window = make_window("")
    assert window.store is not None
    run_id = window.store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    window.scans._heard(0, Event("run", message=str(run_id)))
    engine = window.scans.engine
    qtbot.waitUntil(lambda: bool(window.scans._marker._owner))
    monkeypatch.setattr(engine, "stop_and_wait", lambda: engine.cancelled.emit(0, run_id))
    window.asks_before_closing = False

    window.close()

    with Workspace(tmp_path / "workspace") as store:
        assert store.runs.get(run_id).status == "cancelled"
