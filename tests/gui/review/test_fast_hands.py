"""Fast hands: random keys and clicks, while photos load, boxes open and the run is read again; seeded."""

import random
import sys
import time
import traceback
from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.pictures import picture_cache
from gui.review.past import Change, Past, Together
from gui.review.verdict_control import VerdictControl
from gui.window import MainWindow
from inspector.store.verdicts import Verdicts
from inspector.store.workspace import Workspace

KEYS = (
    *"AAAAXXXXXUU1239NBM.,HVTSC",
    *(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_Space, Qt.Key.Key_Tab),
)

PRESSES = 70

ENOUGH = 7
"""Verdicts that must come of it; on a slow machine, where photos come later, more presses are needed."""


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, make_run: Callable[..., tuple[Workspace, int]]) -> list[str]:
    """Exceptions, and verdicts on what is not seen, of a run with classes and a part of two views."""
    store, run_id = make_run(7, unreadable=True)
    for position in (3, 4):
        store.runs.keep_identity(run_id, position, {"part": "0012"})
    store.classes.save(["burr", "dent"])
    store.close()
    found: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: found.append("".join(traceback.format_exception(*error))))
    return found


def watch_verdicts(window: MainWindow, monkeypatch: pytest.MonkeyPatch, faults: list[str]) -> None:
    """Note each verdict on a single part that is not drawn at that moment."""
    add, decide = Verdicts.add, VerdictControl.decide
    deciding: list[str] = []

    def watched_decide(control: VerdictControl, verdict: str) -> None:
        deciding.append(verdict)
        decide(control, verdict)
        deciding.pop()

    def watched_add(verdicts: Verdicts, sample_id: int, *said: object, **how: object) -> object:
        review = window.review
        session, sample, picture = review.session, review.current, review.viewer.main_view.picture()
        assert session is not None
        assert sample is not None
        seen = (picture is not None and picture.index == sample) or session.unreadable[sample]
        own = sample_id in [session.rows[view].id for view in session.views.of(sample)]
        if deciding and deciding[-1] != "undecided" and how["kind"] == "verdict" and not (seen and own):
            faults.append(f"{said} of {sample_id} while {sample} is looked at")
        return add(verdicts, sample_id, *said, **how)

    monkeypatch.setattr(VerdictControl, "decide", watched_decide)
    monkeypatch.setattr(Verdicts, "add", watched_add)


def press(window: MainWindow, choose: random.Random) -> None:
    """Do one thing that a hand may do."""
    review, act = window.review, choose.random()
    focused = QApplication.focusWidget() or window
    if act < 0.72:
        QTest.keyClick(focused, choose.choice(KEYS))
    elif act < 0.84:
        QTest.keyClick(focused, choose.choice("ZZY"), Qt.KeyboardModifier.ControlModifier)
    elif act < 0.92:
        buttons = (*review.verdict_bar.findChildren(QPushButton), *review.filters.findChildren(QPushButton))
        button = choose.choice([each for each in buttons if each.isVisible()] or [review.gallery.viewport()])
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    elif act < 0.97:
        place = QPoint(choose.randrange(20, 60), choose.randrange(10, 200))
        hold = choose.choice((Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier))
        QTest.mouseClick(review.gallery.viewport(), Qt.MouseButton.LeftButton, hold, place)
    else:
        choose.choice((review.reread, window._scan_ended, lambda: window._scan_done(1)))()


@pytest.mark.parametrize("seed", [7])
def test_keys_as_fast_as_they_come_leave_a_true_history(
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    faults: list[str],
    seed: int,
) -> None:
    choose, load = random.Random(seed), picture_cache.load_picture

    def load_late(*wanted: object) -> object:
        time.sleep(0.08)
        return load(*wanted)

    monkeypatch.setattr(picture_cache, "load_picture", load_late)
    monkeypatch.setattr("gui.review.screen.confirm", lambda *_: choose.random() < 0.7)
    window = make_window("1")
    qtbot.waitUntil(lambda: window.review.session is not None)
    review, store = window.review, window.store
    assert store is not None
    watch_verdicts(window, monkeypatch, faults)

    for key in "AXAX":  # no photo is there yet
        QTest.keyClick(review.gallery, key)
    pressed = 0
    while pressed < PRESSES or (len(store.verdicts.of_run(1)) <= ENOUGH and pressed < 20 * PRESSES):
        pressed += 1
        press(window, choose)
        if choose.random() < 0.5:
            QTest.qWait(choose.choice((0, 1, 4)))
    while (session := review.session) is None:
        QTest.qWait(1)

    said = store.verdicts.of_run(1)
    assert len(said) > ENOUGH
    for sample in range(len(session.rows)):
        history = [each for each in said if each.sample_id == session.rows[sample].id]
        assert [each.id for each in session.history(sample)] == [each.id for each in history]
        for before, after in pairwise(history):
            assert after.old == before.new
            assert (after.new, after.defect_class) != (before.new, before.defect_class) or after.comment
    while session.can_undo:
        session.undo("Mia")
    assert {session.verdict(sample) for sample in range(len(session.rows))} == {"undecided"}
    assert faults == []


def test_what_is_said_of_several_at_once_leaves_the_same_said_before_alone() -> None:
    past, once = Past(), Change(3, "undecided", "rejected")
    past.add(once)
    past.add(Change(3, "rejected", "undecided"))
    with past.as_one():
        past.add(Change(3, "undecided", "rejected"))
        past.add(Change(4, "undecided", "rejected"))

    assert [type(step) for step in past.undo] == [Change, Change, Together]
    assert past.undo[0] is once
