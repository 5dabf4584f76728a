"""The store's tests run on SQLite and on a PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.store.workspace import Workspace


@pytest.fixture
def store(location: str | Path) -> Iterator[Workspace]:
    """A workspace, on each kind of database."""
    with Workspace(location) as opened:
        yield opened


@pytest.fixture
def shared(address: str) -> Iterator[Workspace]:
    """A workspace on a server."""
    with Workspace(address) as opened:
        yield opened


@pytest.fixture
def run(run, request, monkeypatch):
    """The command line, on the server where the test's workspace is there."""
    place = request.getfixturevalue("location") if "location" in request.fixturenames else None
    return (lambda *arguments: run(*arguments, "--workspace", place)) if isinstance(place, str) else run
