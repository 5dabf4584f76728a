"""Tests run on SQLite and on a PostgreSQL server, which is started once; its tables are emptied."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.reliability.postgres import PostgresServer, find_programs
from inspector.store.tables import Base
from inspector.store.workspace import Workspace


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that ask for `location` on both, but those marked `sqlite_only`, which say why."""
    if "location" in metafunc.fixturenames:
        both = not metafunc.definition.get_closest_marker("sqlite_only")
        metafunc.parametrize("location", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server that need not outlive a power cut."""
    pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed: pip install .[postgresql]")
    if find_programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with PostgresServer(("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB")) as started:
        yield started


@pytest.fixture
def address(server: PostgresServer, tmp_path: Path) -> str:
    """The address of a workspace on the server, with no rows in its tables."""
    found = server.address(tmp_path / "workspace")
    with Workspace(found) as opened, opened.database.session() as session:
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        session.execute(text(f"TRUNCATE {names}, receipt RESTART IDENTITY CASCADE"))
    return found


@pytest.fixture
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a workspace is: a folder, or an address."""
    return request.getfixturevalue("address") if request.param == "postgresql" else tmp_path / "workspace"


@pytest.fixture
def change() -> Callable[..., None]:
    """Change rows of a workspace behind the program's back; values by name."""

    def run(store: Workspace, statement: str, **values: object) -> None:
        with store.database._engine.begin() as connection:
            connection.execute(text(statement), values)

    return run
