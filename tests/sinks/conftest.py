"""Sinks are tried again at once, so that tests need not wait; loopback needs no proxy."""

import pytest

from inspector.events import Event
from inspector.sinks import delivery
from tests.sinks.parts import find_port


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(delivery, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(delivery, "LOOK_AGAIN", 0.01)


@pytest.fixture
def told():
    """Sentences that were reported."""
    return []


@pytest.fixture
def report(told):
    def take(event: Event) -> None:
        if event.kind != "waiting":
            assert event.kind == "warning"
            told.append(event.message)

    return take


@pytest.fixture
def port():
    """A port of loopback where nobody listens."""
    return find_port()
