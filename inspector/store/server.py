"""A database on a PostgreSQL server: one writer at a time, as with SQLite, and nothing twice when it goes away."""

import functools
import inspect
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Column, Connection, MetaData, String, Table, create_engine, event, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inspector.errors import StoreAway, StoreError
from inspector.store.location import url_of

WRITER = 7_340_114
"""Number of the lock that the one writer of a database holds to the end of its transaction."""

PAUSE = 0.25
"""Seconds between two attempts at a server that is away."""

DRIVER = {
    "application_name": "inspector",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c timezone=UTC",
}
"""What each connection is made with: a server that is silently gone is noticed within seconds, times are UTC."""

RECEIPT = Table("receipt", MetaData(), Column("key", String(32), primary_key=True))
"""Keys of transactions whose writers have not yet said that they know of their end."""

LEAVE_KEY = text("WITH gone AS (DELETE FROM receipt WHERE key = ANY(:known)) INSERT INTO receipt VALUES (:key)")
"""Writes a key, and removes those whose end is known."""

TLS_FAILED = ("certificate", " alert ", "does not support SSL", "invalid sslmode")
"""Words of libpq, as psycopg brings it, and of OpenSSL where TLS cannot be made: to wait does not help.

"SSL" alone is none: a server that dies says so through TLS, too."""

CROWDED = ("too many connections", "zu viele Verbindungen")
"""Words of a server, in English and German, for a limit that an account or a database has reached: it may end soon."""

Answer = TypeVar("Answer")
Served = TypeVar("Served", bound=type)


class ServerLost(StoreAway):
    """The server went away, or was not there; nothing was written."""


def open_server(address: str) -> Engine:
    """Make the engine of a database on a server.

    Raises:
        StoreError: the driver is not installed, or the address is none.
    """
    if find_spec("psycopg") is None:
        raise StoreError("a workspace on a server needs psycopg: pip install 'mutual-inspector[postgresql]'")
    try:
        engine = create_engine(url_of(address), connect_args=DRIVER)
    except TypeError as error:
        raise StoreError(f"{address} has a part that is not understood: {error}") from error

    from inspector.store.server_connection import ServerConnection

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, words: Any, named: Any) -> ServerConnection:
        return ServerConnection.connect(*words, **named)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info["writes"] = False

    @event.listens_for(engine, "before_cursor_execute")
    def become_writer(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            lock(connection)

    return engine


def lock(connection: Connection) -> None:
    """Become the one who writes, until the transaction ends."""
    if not connection.info["writes"]:
        connection.info["writes"] = True
        connection.execute(select(func.pg_advisory_xact_lock(WRITER)))


class Receipts:
    """Tells whether a transaction was kept whose commit was not answered: each leaves a key in the database."""

    def __init__(self, engine: Engine) -> None:
        """Serve a database."""
        self._engine = engine
        self._known, self._lock = list[str](), Lock()

    @contextmanager
    def transact(self, *, durable: bool, patience: float) -> Iterator[Session]:
        """Give a session; what was added or changed is kept when it ends well.

        Args:
            durable: nobody else writes between what the session reads and what it writes.
            patience: seconds to wait for the server where it went away while it was to commit.

        Raises:
            SQLAlchemyError: as the server says; nothing has changed then.
            StoreAway: the server did not come back to tell whether something has.
        """
        with Session(self._engine, expire_on_commit=False) as session:
            if durable:
                lock(session.connection())
            yield session
            session.flush()
            known, key = list(self._known), self._make_key(session)
            if key is not None:
                session.connection().execute(LEAVE_KEY, {"known": known, "key": key})
            try:
                session.commit()
            except DBAPIError as error:
                if key is None or not is_lost(error):
                    raise
                if not self._find(key, patience):
                    raise
            if key is not None:
                with self._lock:
                    self._known = [*(each for each in self._known if each not in known), key]

    def _make_key(self, session: Session) -> str | None:
        """Return a new key; None where nothing was written."""
        return uuid4().hex if session.connection().info["writes"] else None

    def _find(self, key: str, patience: float) -> bool:
        """Tell whether a transaction was kept, as soon as the server is there and has ended it."""
        give_up = time.monotonic() + patience
        while True:
            try:
                with self._engine.begin() as connection:
                    lock(connection)  # which the transaction holds as long as it has not ended
                    return connection.scalar(select(RECEIPT.c.key).where(RECEIPT.c.key == key)) is not None
            except DBAPIError as error:
                if time.monotonic() > give_up:
                    told = "the server went away, and whether the last entry was kept cannot be told; look at it again"
                    raise StoreAway(told) from error
                time.sleep(PAUSE)


def is_lost(error: BaseException) -> bool:
    """Tell whether an error is that the server is away or full, rather than that it refuses.

    Of a connection that was not made only the server's words are known, in its language. Where no password was given,
    TLS fails on this side, or the words name the account or the database, it is refused. Else it may be full or
    starting, and is waited for.
    """
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    if error.connection_invalidated or state[:2] == "08" or state in ("53300", "57P01", "57P02", "57P03"):
        return True
    tried = getattr(error.orig, "pgconn", None)
    told = str(error.orig)
    in_vain = tried is not None and (tried.needs_password or _names_whom(told, tried))
    refused = state or in_vain or any(sign in told for sign in TLS_FAILED)
    return type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout") and not refused


def _names_whom(told: str, tried: Any) -> bool:
    """Tell whether a server names, in its quotation marks, whom it does not let in, or to what."""
    lines = (line for line in told.splitlines() if "translate host name" not in line)  # of libpq, which found no server
    words = [line.rpartition("failed: ")[2] for line in lines]  # before it libpq says which server
    names = "|".join(re.escape(name.decode(errors="replace")) for name in (tried.user, tried.db) if name)
    named = re.compile(rf"[^\w\s]\s?({names})\s?[^\w\s]") if names else None
    if named is None or any(sign in told for sign in CROWDED):
        return False
    return any(named.search(line) for line in words)


def retries_when_lost(served: Served) -> Served:
    """Make the public methods of a class retry where the server was lost: nothing was written then, see `Receipts`.

    The class has a `_database`, which says for how long; SQLite never raises `ServerLost`.
    """
    for name, method in list(vars(served).items()):
        if inspect.isfunction(method) and not name.startswith("_") and not hasattr(method, "__wrapped__"):
            setattr(served, name, _retry(method))
    return served


def _retry(method: Callable[..., Answer]) -> Callable[..., Answer]:
    @functools.wraps(method)
    def _retrying(self: Any, *arguments: Any, **named: Any) -> Answer:
        while True:
            try:
                return method(self, *arguments, **named)
            except ServerLost:
                if not self._database.may_wait():
                    raise
                time.sleep(PAUSE)

    return _retrying
