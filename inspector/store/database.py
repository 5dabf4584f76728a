"""The database file of a workspace: opened, prepared, and its errors told as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inspector.errors import StoreError
from inspector.store import tables

SCHEMA = 1
"""Version of the tables, kept in SQLite's user_version."""


class Database:
    """Sessions on the database of a workspace."""

    def __init__(self, folder: Path) -> None:
        """Open it, making folder and tables where there are none; raises StoreError, see `open_database`."""
        self.folder = folder
        self._engine = open_database(folder)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session; what was added or changed is kept when it ends well.

        Raises:
            StoreError: the database cannot be read or written; nothing has changed then.
        """
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise StoreError(f"the workspace {self.folder} cannot be used: {describe_cause(error)}") from error


def open_database(folder: Path) -> Engine:
    """Open the database of a workspace, making folder and tables where there are none.

    Raises:
        StoreError: the folder cannot be made or written, or belongs to a newer version.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot make the workspace {folder}: {error.strerror}; choose one with --workspace"
        ) from error
    engine = create_engine(f"sqlite:///{folder / 'inspector.db'}", connect_args={"timeout": 30})
    event.listen(engine, "connect", prepare_connection)
    try:
        with engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if found == 0:
                tables.Base.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
    except SQLAlchemyError as error:
        raise StoreError(
            f"cannot open the workspace {folder}: {describe_cause(error)}; choose another one with --workspace"
        ) from error
    if found > SCHEMA:
        raise StoreError(f"the workspace {folder} was made by a newer version; update the inspector")
    return engine


def prepare_connection(connection: Any, _record: object) -> None:
    """Set what SQLite forgets between connections."""
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def describe_cause(error: SQLAlchemyError) -> str:
    """Return the first line of what the database itself said."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
