"""Runs are read off the window's thread: what happens until they are there, and when they are read again."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.review import run_loader
from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.workspace import Workspace
from tests.gui.conftest import finish, wait_for_photo

MakeRun = Callable[..., tuple[Workspace, int]]


@pytest.fixture
def window(make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot, problems: list[str]) -> MainWindow:
    """The review of run 1, of six samples; run 2 is another of three."""
    make_run(6)[0].close()
    make_run(3)[0].close()
    made = make_window("1")
    qtbot.waitUntil(lambda: made.review.session is not None)
    return made


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Runs are read only once this is set."""
    opened, read = Event(), run_loader.Session

    def wait_and_read(*given: Any) -> object:
        opened.wait()
        return read(*given)

    monkeypatch.setattr(run_loader, "Session", wait_and_read)
    yield opened
    opened.set()


def press(window: MainWindow, *names: str) -> None:
    for name in names:
        assert window.menus.actions[name].isEnabled()
        window.menus.actions[name].trigger()


def verdicts(window: MainWindow, run_id: int) -> list[str]:
    assert window.store is not None
    return [verdict.new for verdict in window.store.verdicts.of_run(run_id)]


def wait_for_run(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.review.session is not None)


def test_opening_returns_before_the_rows_are_there(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    window.open_run(2)
    review = window.review
    assert (review.session, review.current, review.gallery.samples.rowCount()) == (None, None, 0)
    assert review.viewer.main_view._message == "Reading the run…"
    assert not window.menus.actions["export"].isEnabled()

    gate.set()

    wait_for_run(window, qtbot)
    assert (review.current, review.gallery.samples.rowCount()) == (0, 3)
    assert review.filters.chips["all"].text() == "All 3"
    assert "run 2" in window.windowTitle()
    assert window.menus.actions["export"].isEnabled()


def test_a_run_that_is_not_wanted_any_more_is_not_shown(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    shown = []
    window.review.loader.opened.connect(lambda session: shown.append(session.run.id))
    window.open_run(1)
    window.open_run(2)
    gate.set()
    wait_for_run(window, qtbot)
    assert window.review.gallery.samples.rowCount() == 3
    assert shown == [2]


def test_keys_pressed_meanwhile_go_to_the_new_run_in_their_order(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    assert window.store is not None
    window.store.verdicts.add(window.store.runs.samples(2)[1].id, "Ann", "rejected")
    window.open_run(2)
    press(window, "next", "next", "previous", "undecided", "undo", "redo")
    assert verdicts(window, 1) == []
    gate.set()
    wait_for_run(window, qtbot)
    assert verdicts(window, 1) == []
    assert verdicts(window, 2) == ["rejected", "undecided", "rejected", "undecided"]
    assert window.review.session is not None
    assert [entry.kind for entry in window.review.session.history(1)] == ["verdict", "verdict", "undo", "redo"]


def test_nothing_is_accepted_or_rejected_that_nobody_has_seen(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    window.open_run(2)
    press(window, "reject", "accept")
    gate.set()
    wait_for_run(window, qtbot)

    assert verdicts(window, 2) == []
    if window.review.photo.sight() == "loading":
        assert window.review.verdict_bar.hint.text() == "Not yet: the photo is being loaded"
    wait_for_photo(window, qtbot)
    assert window.review.verdict_bar.hint.text() == ""
    press(window, "reject")
    assert verdicts(window, 2) == ["rejected"]


def test_keys_for_a_run_that_is_given_up_are_given_up_too(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    window.open_run(1)
    press(window, "reject")
    window.open_run(2)
    gate.set()
    wait_for_run(window, qtbot)
    assert verdicts(window, 1) + verdicts(window, 2) == []


def test_arrows_in_the_list_wait_for_it(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    window.open_run(2)
    for _ in range(2):
        qtbot.keyClick(window.review.gallery, Qt.Key.Key_Down)
    gate.set()
    wait_for_run(window, qtbot)
    assert window.review.current == 2


def test_what_is_typed_into_the_search_meanwhile_counts(window: MainWindow, gate: Event, qtbot: QtBot) -> None:
    window.open_run(2)
    press(window, "search")
    qtbot.keyClicks(window.review.filters.search, "part_2")
    window.review.filters.chips["passed"].click()
    gate.set()
    wait_for_run(window, qtbot)
    assert window.review.filters.search.text() == "part_2"
    assert window.review.current == 2
    assert window.review.gallery.samples.rowCount() == 1


def test_a_run_that_cannot_be_read_is_told(
    window: MainWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the workspace cannot be read")

    monkeypatch.setattr(run_loader, "Session", fail)
    window.open_run(2)
    qtbot.waitUntil(lambda: bool(problems))
    assert problems == ["the workspace cannot be read"]
    assert window.screens.currentWidget() is window.start


def test_times_of_files_are_asked_for_off_the_windows_thread(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Event()

    def read_times(_rows: object) -> np.ndarray:
        opened.wait()
        return np.array([3.0, 1.0, 6.0, 2.0, 5.0, 4.0])

    monkeypatch.setattr(run_loader, "read_times", read_times)
    model = window.review.gallery.samples
    order = window.review.filters.order
    order.setCurrentIndex(order.findData("time"))
    assert [model.sample_at(row) for row in range(6)] == [0, 1, 2, 3, 4, 5]

    opened.set()

    qtbot.waitUntil(lambda: [model.sample_at(row) for row in range(6)] == [2, 4, 5, 0, 3, 1])
    window.review.filters.direction.click()  # they are known now
    assert [model.sample_at(row) for row in range(6)] == [1, 3, 0, 5, 4, 2]


def test_times_that_arrive_when_another_order_is_chosen_change_nothing(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = window.review.filters.order
    order.setCurrentIndex(order.findData("time"))
    order.setCurrentIndex(order.findData("score"))
    assert window.review.session is not None
    qtbot.waitUntil(lambda: window.review.session is not None and window.review.session.knows_times)
    assert window.review.session.order == "score"


def test_the_end_of_the_scan_keeps_what_the_review_was_at(
    make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot, problems: list[str]
) -> None:
    store, run_id = make_run(6, done=False)
    window = make_window(str(run_id))
    wait_for_run(window, qtbot)
    review = window.review
    review.gallery.select_sample(2)
    wait_for_photo(window, qtbot)
    press(window, "reject")
    review.filters.chips["unreviewed"].click()
    review.filters.order.setCurrentIndex(review.filters.order.findData("name"))
    review.gallery.select_sample(4)
    session = review.session

    finish(store, run_id, 6)
    window.scans.done.emit(run_id)

    qtbot.waitUntil(lambda: review.session is not None and review.session.run.status == "done")
    assert review.session is session
    assert (review.current, session.filter, session.order) == (4, "unreviewed", "name")
    assert review.panel.summary.text() == "1 of 6 flagged"
    qtbot.waitUntil(lambda: getattr(review.viewer.main_view.picture(), "heat", None) is not None)
    press(window, "undo")
    assert session.verdict(2) == "undecided"
    assert problems == []
    store.close()


def test_moving_the_threshold_names_the_operator(window: MainWindow) -> None:
    assert window.store is not None
    window.review.panel.plot.dragged.emit(0.5)
    window.review.panel.plot.released.emit(0.5)
    assert [(move.operator, move.new) for move in window.store.runs.threshold_changes(1)] == [("Mia", 0.5)]
