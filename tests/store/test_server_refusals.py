"""What to do where a server lets nobody in follows from codes and from what libpq knows, in any language."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from benchmarks.reliability.postgres import PostgresServer
from inspector.errors import StoreError
from inspector.store.database import describe_cause
from inspector.store.refusals import AWAY, NO_PASSWORD, NOT_ADMITTED, PG_HBA, STARTING, WITH_PASSWORD, WRONG_ADDRESS
from inspector.store.server import is_lost
from inspector.store.workspace import Workspace

ADMITTED = "host all keyed all scram-sha-256\nhost all shut all reject\n"
"""Whom the server lets in, before all others."""


@pytest.fixture(scope="module", params=["C", "C.UTF-8"], ids=["English", "German"])
def strict(request, server: PostgresServer) -> Iterator[PostgresServer]:
    """The server with accounts of which it refuses something, in a language; German where that is installed."""
    file = server.folder / "data" / "pg_hba.conf"
    before = file.read_text()
    file.write_text(ADMITTED + before)
    server.tell("CREATE ROLE keyed LOGIN PASSWORD 'right'; CREATE ROLE shut LOGIN")
    server.tell("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0; GRANT USAGE ON SCHEMA public TO keyed")
    server.change("lc_messages", request.param)
    yield server
    file.write_text(before)
    server.change("lc_messages", "C")
    server.tell("DROP OWNED BY keyed; DROP ROLE keyed; DROP ROLE shut; DROP ROLE crowded")


@pytest.mark.parametrize(
    ("user", "password", "database", "remedy", "waited_for"),
    [
        ("keyed", "wrong", "postgres", WITH_PASSWORD, False),
        ("keyed", "", "postgres", NO_PASSWORD, False),
        ("keyed", "right", "none", WITH_PASSWORD, False),
        ("shut", "", "postgres", PG_HBA, False),
        ("crowded", "", "postgres", NOT_ADMITTED, True),
        ("nobody", "", "postgres", NOT_ADMITTED, False),
        ("postgres", "", "none", NOT_ADMITTED, False),
    ],
)
def test_what_to_do_is_told_in_whatever_language_the_server_speaks(
    strict, tmp_path, monkeypatch, user, password, database, remedy, waited_for
):
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.setenv("PGPASSWORD", password)

    with pytest.raises(StoreError) as caught:
        Workspace(strict.address(tmp_path, database, user))

    assert str(caught.value).endswith(f"; {remedy}")
    assert is_lost(caught.value.__cause__) is waited_for


def test_what_an_account_may_not_do_is_told_by_its_code(strict, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "right")

    with pytest.raises(StoreError, match=r"; this account may not do that; see the grants") as caught:
        Workspace(strict.address(tmp_path, user="keyed")).users.all()

    assert not is_lost(caught.value.__cause__)


@pytest.fixture
def psycopg():
    return pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")


@pytest.mark.parametrize(
    ("found", "told", "remedy"),
    [
        ("REJECT", "FATAL:  das Datenbanksystem startet", STARTING),
        ("NO_RESPONSE", "Verbindung verweigert", AWAY),
        ("NO_RESPONSE", "SSL-Fehler: certificate verify failed", "name the file of its authority"),
        ("NO_ATTEMPT", "ungültiger Wert", WRONG_ADDRESS),
    ],
)
def test_a_server_that_lets_nobody_in_is_asked_whether_it_is_there(psycopg, monkeypatch, found, told, remedy):
    asked = []

    def ping(conninfo):
        asked.append(conninfo)
        return psycopg.pq.Ping[found]

    monkeypatch.setattr("psycopg.pq.PGconn", SimpleNamespace(ping=ping))
    options = [SimpleNamespace(keyword=b"host", val=b"db"), SimpleNamespace(keyword=b"user", val=None)]
    tried = SimpleNamespace(needs_password=False, used_password=False, info=options)
    kind = type("OperationalError", (psycopg.OperationalError,), {"pgconn": tried})
    said = describe_cause(OperationalError("", {}, kind(f"connection failed: {told}\nto another: {told}\n")))

    assert said.startswith(f"connection failed: {told}; to another: {told}; ")
    assert said.endswith(remedy)
    assert set(asked) <= {b"host=db"}


def test_codes_tell_what_to_do_about_statements(psycopg):
    full = psycopg.errors.TooManyConnections("zu viele Verbindungen\nLINE 1: SELECT")
    unseen = psycopg.errors.InvalidSchemaName("kein Schema für die Objekterzeugung ausgewählt")
    other = psycopg.errors.UndefinedTable("Relation »x« existiert nicht\nLINE 1: SELECT")

    assert describe_cause(OperationalError("", {}, full)).startswith("zu viele Verbindungen; the server has no room")
    assert is_lost(OperationalError("", {}, full))
    assert "; this account sees no schema; see the grants" in describe_cause(ProgrammingError("", {}, unseen))
    assert describe_cause(ProgrammingError("", {}, psycopg.DataError("no NUL bytes"))) == "no NUL bytes"
    assert describe_cause(ProgrammingError("", {}, other)) == "Relation »x« existiert nicht"


def test_an_address_with_an_unknown_part_is_told(server, tmp_path):
    with pytest.raises(StoreError, match=r'invalid connection option "colour"; mend the address'):
        Workspace(f"{server.address(tmp_path)}&colour=red")


@pytest.mark.parametrize(
    ("told", "waited_for"),
    [
        ("FATAL:  sorry, too many clients already", True),
        ('FATAL:  too many connections for database "inspector"', True),
        ("FATAL:  the database system is starting up", True),
        ("FATAL:  le rôle « ada » n'existe pas", False),
        ("FATAL:  Datenbank »inspector« existiert nicht", False),
        ("FATAL:  nada falló", True),
    ],
)
def test_a_server_that_names_whom_it_does_not_let_in_is_not_waited_for(psycopg, told, waited_for):
    tried = psycopg.errors.FinishedPGconn(user=b"ada", db=b"inspector")
    said = f'connection failed: connection to server at "inspector", port 5432 failed: {told}'
    error = psycopg.OperationalError(said, pgconn=tried)
    assert is_lost(OperationalError("", {}, error)) is waited_for


def test_a_server_called_as_its_account_that_cannot_be_found_is_waited_for(psycopg):
    tried = psycopg.errors.FinishedPGconn(user=b"postgres", db=b"inspector", host=b"postgres")
    said = 'connection failed: could not translate host name "postgres" to address: Name or service not known'
    assert is_lost(OperationalError("", {}, psycopg.OperationalError(said, pgconn=tried)))
