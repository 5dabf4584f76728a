"""Cameras and disks are tried again at once, so that tests need not wait."""

import pytest

from inspector.cameras import grabber
from tests.cameras.cameras import FakeCamera


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(grabber, "FIRST_WAIT", 0.005)
    monkeypatch.setattr(grabber, "LONGEST_WAIT", 0.02)
    monkeypatch.setattr(grabber, "LOOK_AGAIN", 0.005)


@pytest.fixture
def camera():
    return FakeCamera()


@pytest.fixture
def told():
    """Sentences that were reported."""
    return []


@pytest.fixture
def report(told):
    def take(event):
        assert (event.kind, event.stage) == ("warning", "camera")
        told.append(event.message)

    return take


@pytest.fixture
def line(tmp_path):
    """The watched folder."""
    folder = tmp_path / "line"
    folder.mkdir()
    return folder
