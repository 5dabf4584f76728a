"""The store's tests run on SQLite and on a PostgreSQL server."""

import pytest

from tests.databases import address, change, location, pytest_generate_tests, server, store  # noqa: F401 - fixtures


@pytest.fixture
def run(run, request, monkeypatch):
    """The command line, on the server where the test's workspace is there."""
    place = request.getfixturevalue("location") if "location" in request.fixturenames else None
    return (lambda *arguments: run(*arguments, "--workspace", place)) if isinstance(place, str) else run
