"""The database file of a workspace: opened, prepared, and its errors told as ours."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, create_engine, event, func, literal, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inspector.errors import StoreAway, StoreError
from inspector.files import replacing
from inspector.store.location import folder_of, has_files_of_another, is_address, name_location, tidy_location
from inspector.store.migrations import NewerSchemaError, upgrade
from inspector.store.refusals import NO_ROOM, describe_refusal
from inspector.store.server import Receipts, ServerLost, is_lost, lock, open_server
from inspector.store.tables import Time

FILE = "inspector.db"
"""Name of the file in the folder of a workspace."""

PATIENCE = 30
"""Seconds to wait for another program that writes, or for a server that is away."""


class Database:
    """Sessions on the database of a workspace, in its folder or on a server.

    Attributes:
        location: a folder, or an address; see `inspector.store.location`.
        folder: where its files are.
        signed_in: name of the user who acts through it, "" = nobody; see `inspector.store.users`.
    """

    def __init__(self, location: str | Path, *, patience: float = PATIENCE) -> None:
        """Open it, making folder and tables where there are none, and bringing older tables up to date.

        Args:
            location: a folder, or an address.
            patience: seconds to go on trying while its server is away.

        Raises:
            StoreError: the folder cannot be made or written, the server cannot be reached or refuses, or it belongs to
                a newer version.
        """
        self.location, self.folder = tidy_location(location), folder_of(location)
        self.signed_in = ""
        self._name, self._patience, self._lost_since = name_location(location), patience, float("inf")
        if has_files_of_another(location, FILE):
            raise StoreError(f"{self.folder} is a workspace of its own; give that of {self._name} another folder")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            told = f"cannot make the workspace {self.folder}: {error.strerror}; choose another one"
            raise StoreError(told) from error
        self._receipts: Receipts | None = None
        self._file = 0
        if is_address(location):
            self._durable_engine = self._engine = open_server(self.location)
            self._receipts = Receipts(self._engine)
        else:
            self._engine = _make_engine(self.folder, synchronous="NORMAL")
            self._durable_engine = _make_engine(self.folder, synchronous="FULL")
        try:
            with self._durable_engine.begin() as connection:  # one program at a time looks and makes
                if self._receipts is not None:
                    lock(connection)
                upgrade(connection, self._keep_older)
        except SQLAlchemyError as error:
            self.close()
            told = describe_cause(error, otherwise="choose another one")
            raise StoreError(f"cannot open the workspace {self._name}: {told}") from error
        except NewerSchemaError as error:
            self.close()
            raise StoreError(f"the workspace {self._name} was made by a newer version; update the inspector") from error

    @property
    def on_server(self) -> bool:
        """Whether it is on a server."""
        return self._receipts is not None

    def may_wait(self) -> bool:
        """Tell whether it is worth while to try again, after `ServerLost`."""
        return time.monotonic() < self._lost_since + self._patience

    def close(self) -> None:
        """Close the file, or the connections to the server."""
        self._engine.dispose()
        self._durable_engine.dispose()

    def _keep_older(self, revision: str) -> None:
        """Keep a copy beside the database before its tables are changed, "inspector-0003.db"; a server's is not."""
        if self.on_server:
            return
        copy = self.folder / f"inspector-{revision}.db"
        try:
            with replacing(copy) as beside:
                copy_database(self.folder / FILE, beside)
        except (OSError, sqlite3.Error) as error:
            told = f"the workspace {self.folder} is not brought up to date, for it cannot be copied before: {error}"
            raise StoreError(f"{told}; make room there") from error

    def _follow_file(self) -> None:
        """Let go of a database file that was removed or replaced: what is written to it would be lost.

        Raises:
            StoreError: there is none any more.
        """
        if self.on_server:
            return
        try:
            found = os.stat(self.folder / FILE).st_ino  # noqa: PTH116 - once for each session
        except (FileNotFoundError, NotADirectoryError) as error:
            raise StoreError(f"the workspace {self._name} is gone; put it back there, or choose another one") from error
        except OSError:
            return  # SQLite will say it
        if found != self._file and self._file:
            self.close()  # this session opens it anew
        self._file = found

    @contextmanager
    def session(self, *, durable: bool = False) -> Iterator[Session]:
        """Give a session; what was added or changed is kept when it ends well.

        Args:
            durable: nobody else writes between what the session reads and what it writes, and what it has written
                outlives a power cut. For what people say; a scan can be resumed.

        Raises:
            ServerLost: the server is away; nothing has changed then.
            StoreAway: the disk is full, or another program writes for long; nothing has changed then.
            StoreError: the database cannot be read or written; nothing has changed then.
        """
        try:
            self._follow_file()
            with self._transact(durable) as session:
                yield session
        except SQLAlchemyError as error:
            told = f"the workspace {self._name} cannot be used: {describe_cause(error)}"
            if not self.on_server or not is_lost(error):
                raise (StoreAway if may_pass(error) else StoreError)(told) from error
            self._lost_since = min(self._lost_since, time.monotonic())
            raise ServerLost(f"{told}; nothing was written, try again when it is back") from error
        except OverflowError as error:  # of SQLite's driver, which takes numbers of 64 bits
            raise StoreError(f"the workspace {self._name} holds nothing of so large a number; correct it") from error
        self._lost_since = float("inf")

    @contextmanager
    def _transact(self, durable: bool) -> Iterator[Session]:
        if self._receipts is not None:
            with self._receipts.transact(durable=durable, patience=self._patience) as session:
                yield session
            return
        engine = self._durable_engine if durable else self._engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def freeze(self, session: Session) -> None:
        """Let a fresh session see all as of one moment, whatever others write meanwhile."""
        if self.on_server:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        else:
            session.connection().exec_driver_sql("BEGIN")

    def now(self) -> ColumnElement[datetime]:
        """Return the time as all stations agree on it: the server's, where there is one."""
        return func.clock_timestamp() if self.on_server else literal(datetime.now(UTC), Time)

    def read_clock(self) -> datetime:
        """Return what `now` is at this moment, with time zone.

        Raises:
            StoreError: the server cannot be asked.
        """
        if not self.on_server:
            return datetime.now(UTC)
        with self.session() as session:
            return session.scalars(select(self.now())).one()


def copy_database(source: str | Path, target: str | Path) -> None:
    """Copy a database through SQLite, as it stands at one moment, into one file that needs no others beside it.

    Raises:
        sqlite3.Error: it cannot be read, or the disk of the copy is full.
        OSError: the copy cannot be written.
    """
    Path(target).touch()  # SQLite does not tell why it cannot
    with (
        closing(sqlite3.connect(source, timeout=PATIENCE)) as found,
        closing(sqlite3.connect(target)) as copy,
    ):
        found.backup(copy)  # in one step: writers go on beside it, and do not make it begin again
        copy.execute("PRAGMA journal_mode = DELETE")
    with Path(target).open("r+b") as written:
        os.fsync(written.fileno())


def describe_cause(error: SQLAlchemyError | sqlite3.Error, otherwise: str = "") -> str:
    """Return what the database itself said, with a remedy: what helps there, or else `otherwise`."""
    found = getattr(error, "orig", None) or error
    if hasattr(found, "sqlstate"):  # as all errors of psycopg
        cause, remedy = describe_refusal(found)
    else:
        cause = str(found).splitlines()[0]
        remedy = next((remedy for sign, remedy in REMEDIES.items() if sign in cause), "")
    return f"{cause}; {remedy or otherwise}" if remedy or otherwise else cause


def may_pass(error: SQLAlchemyError | sqlite3.Error) -> bool:
    """Tell whether what a database refused for may pass by itself, as that its disk is full."""
    found = getattr(error, "orig", None) or error
    if isinstance(found, sqlite3.Error):
        return getattr(found, "sqlite_errorcode", 0) & 0xFF in PASSING
    return getattr(found, "sqlstate", None) in NO_ROOM


PASSING = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY)
"""Codes of SQLite for a disk that is full or does not answer, and for another program that writes."""

DAMAGED = "restore a backup, or bring what can be read into a new workspace with `inspector doctor --salvage FOLDER`"


REMEDIES = {
    "disk is full": "make room on its disk",
    "disk I/O error": "make room on its disk, or check the connection to it",
    "database is locked": "another program writes into it; try again when that is done",
    "file is not a database": DAMAGED,
    "disk image is malformed": DAMAGED,
    "readonly database": "allow writing there, or choose another workspace",
    "unable to open database file": "allow writing there, or choose another workspace",
}
"""What to do about what SQLite says, which speaks English."""


def _make_engine(folder: Path, *, synchronous: str) -> Engine:
    """Make an engine; with "FULL" each transaction begins as a writer and ends on the disk."""
    engine = create_engine(URL.create("sqlite", database=str(folder / FILE)), connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        if synchronous == "FULL":
            connection.isolation_level = None  # the driver would begin by itself, as a reader
        _switch_to_wal(connection)
        for pragma in (f"synchronous = {synchronous}", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    if synchronous == "FULL":

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Write ahead, so that readers and a writer do not wait for each other; the file remembers it.

    The first switch of a new file needs it alone, and SQLite does not wait for that whatever the connection's patience:
    of programs that start at one moment all but one would be told that it is locked.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
