"""How the tables of a workspace came to be what they are: Alembic's revisions, run when a workspace is opened."""

import functools
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from inspector.store.server import RECEIPT
from inspector.store.tables import Base

HEAD = "0020"
"""The revision that `tables` describe; the newest in `versions/`."""

FIRST = "0001"
"""Tables as they were before revisions were counted."""

USER_VERSION = 2
"""SQLite's user_version, which programs from before look at: above 1 they refuse the workspace."""


class NewerSchemaError(Exception):
    """The tables were made by a newer version of this program."""


def upgrade(connection: Connection, keep: Callable[[str], None]) -> None:
    """Make the tables of a workspace, or bring older ones up to date.

    Args:
        connection: in a transaction that nobody else writes in.
        keep: called before older tables are changed, with their revision.

    Raises:
        NewerSchemaError: the tables are newer than this program.
    """
    revision = _read_revision(connection)
    if revision == HEAD:
        return
    if revision is None:
        if is_sqlite(connection):
            for statement in _spell_tables():
                connection.exec_driver_sql(statement)
        else:
            Base.metadata.create_all(connection)
            RECEIPT.create(connection)
        _stamp(connection, HEAD)
    elif revision < HEAD:
        keep(revision)
        _run_revisions(connection, revision)
    else:
        raise NewerSchemaError(revision)
    if is_sqlite(connection):
        connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")


def is_sqlite(connection: Connection) -> bool:
    """Tell whether a database is a file rather than on a server."""
    return connection.dialect.name == "sqlite"


def read_revision(database: sqlite3.Connection) -> str | None:
    """Return the revision that a database names; None where it names none, as of before revisions were counted."""
    try:
        found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    return str(found[0]) if found else None


def _read_revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None where there are none."""
    names = inspect(connection).get_table_names()
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one() if is_sqlite(connection) else USER_VERSION
    if version > USER_VERSION:
        raise NewerSchemaError(str(version))
    if "alembic_version" in names:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found
    return FIRST if "run" in names else None


@functools.cache
def _spell_tables() -> list[str]:
    """Return the statements that make SQLite's tables; to spell them takes longer than to make the tables."""
    dialect = sqlite.dialect()
    made: list[CreateTable | CreateIndex] = []
    for table in Base.metadata.sorted_tables:
        made.append(CreateTable(table, if_not_exists=True))
        made += [CreateIndex(index, if_not_exists=True) for index in table.indexes]
    return [str(statement.compile(dialect=dialect)) for statement in made]


def _stamp(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})


def _run_revisions(connection: Connection, revision: str | None) -> None:
    """Run all revisions after one; None = from the first on."""
    from alembic import command  # takes its time, and is needed once in the life of a workspace
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    if revision and "alembic_version" not in inspect(connection).get_table_names():
        _stamp(connection, revision)
    command.upgrade(config, HEAD)
