"""Ctrl+C where Python drops exceptions."""

import _thread
import signal
import sys
import threading

import pytest

from inspector.cli.interrupts import heeding_interrupts


class Interrupted:
    """What is interrupted while it is deleted."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


class Failing:
    """What cannot be deleted."""

    def __del__(self):
        raise ValueError("nobody takes it")


def wait_interrupted():
    Interrupted()
    threading.Event().wait(60)


def test_an_interrupt_that_python_drops_stops_all_the_same():
    with heeding_interrupts(), pytest.raises(KeyboardInterrupt):
        wait_interrupted()


def test_what_has_ended_is_not_interrupted_again(monkeypatch):
    begun = []
    monkeypatch.setattr(_thread, "start_new_thread", lambda *work: begun.append(work))

    with heeding_interrupts():
        Interrupted()

    [(interrupt_again, given)] = begun
    interrupt_again(*given)


def test_what_else_python_drops_is_told_as_ever(monkeypatch):
    dropped = []
    monkeypatch.setattr(sys, "unraisablehook", dropped.append)
    before = sys.unraisablehook

    with heeding_interrupts():
        Failing()

    assert [str(each.exc_value) for each in dropped] == ["nobody takes it"]
    assert sys.unraisablehook is before
