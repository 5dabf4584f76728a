from collections.abc import Callable
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from gui.start.runs import read_runs
from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.workspace import Workspace


def test_the_window_does_not_wait_for_the_list_of_runs(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, _ = make_run()
    window, answers = make_window("1"), Event()
    qtbot.waitUntil(lambda: window.review.session is not None)
    make_run()

    def answer_late(asked: Workspace) -> object:
        assert answers.wait(10)
        return read_runs(asked)

    monkeypatch.setattr("gui.start.runs.read_runs", answer_late)
    window.show_start()

    assert window.screens.currentWidget() is window.start
    assert window.start.runs.topLevelItemCount() == 1
    answers.set()
    qtbot.waitUntil(lambda: window.start.runs.topLevelItemCount() == 2)
    assert window.start.marked() == 2
    store.close()


def test_a_list_that_cannot_be_read_is_told_and_stays(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    problems: list[str],
) -> None:
    store, _ = make_run()
    window = make_window()

    def fail(_: object) -> object:
        raise StoreError("the server is away")

    monkeypatch.setattr("gui.start.runs.read_runs", fail)
    window.show_start()

    qtbot.waitUntil(lambda: problems == ["the server is away"])
    assert window.start.runs.topLevelItemCount() == 1
    store.close()


def test_a_run_that_is_gone_is_told_and_the_list_comes_back(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    problems: list[str],
) -> None:
    store, _ = make_run()
    window = make_window()

    window.open_run(7)

    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.start)
    [told] = problems
    assert told.startswith("there is no run 7 in ")
    store.close()
