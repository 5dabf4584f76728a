"""What a PostgreSQL server refused, and what to do: told by codes, for its words are in a language of its own.

Statements are refused with a code (SQLSTATE). Of a connection that was not made, libpq hands on the server's text
alone: that is told whole, and what to do follows from what libpq otherwise knows.
"""

from typing import Any

STATES = {
    "25006": "this server may only be read, as one that follows another; name the one that is written",
    "3F000": "this account sees no schema; see the grants of each role in docs/postgresql.md",
    "42501": "this account may not do that; see the grants of each role in docs/postgresql.md",
    "53100": "make room on the server's disk",
    "53200": "the server has no memory left; end other programs there",
    "53300": "the server has no room for another connection; try again, or raise its `max_connections`",
}
"""What to do about codes of PostgreSQL's appendix "Error Codes"."""

NO_ROOM = ("53100", "53200", "53300")
"""Those of a server without room on its disk, in its memory or for connections: it may have some later."""

PG_HBA = (
    "let the server admit this account and station, in its pg_hba.conf; if it wants TLS, leave out `sslmode=disable`; "
    "see docs/postgresql.md"
)
NO_PASSWORD = "put its password into ~/.pgpass or PGPASSWORD"
WITH_PASSWORD = (
    "see that its password in ~/.pgpass or PGPASSWORD is right, that the database was made on the server, and that it "
    "has room for another connection; see docs/postgresql.md"
)
NOT_ADMITTED = (
    "the server runs and does not let this account in: see that account and database were made on it, and that it has "
    "room for another connection; see docs/postgresql.md"
)
STARTING = "the server is starting or shutting down; try again in a moment"
AWAY = "see that the server runs and can be reached, with TLS also what `sslmode` and `sslrootcert` say"
WRONG_ADDRESS = "mend the address; see docs/postgresql.md"

OF_LIBPQ = {
    "certificate verify failed": "`sslrootcert` holds none that signed it: name the file of its authority",
    "does not match host name": "call the server in the address by the name in its certificate, or give it another one",
    "root certificate file": "let `sslrootcert` name the file of the authority that signed the server's certificate",
    "does not support SSL": "set `ssl = on` and its certificate in its postgresql.conf; see docs/postgresql.md",
    "invalid connection option": WRONG_ADDRESS,
    "invalid sslmode": "take `sslmode=verify-full`; see docs/postgresql.md",
}
"""What to do where it fails on this side, by words of the libpq that psycopg brings, which speaks English; in another
language `AWAY` is told."""


def describe_refusal(error: Any) -> tuple[str, str]:
    """Return what an error of psycopg says, and what to do, "" = nothing is known.

    The text of a connection that was not made is told whole, of a statement its first line: the statement follows.
    """
    lines = [line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    if error.sqlstate is not None:
        return lines[0], STATES.get(error.sqlstate, "")
    told = "; ".join(dict.fromkeys(lines))
    return told, _find_remedy(error, told)


def _find_remedy(error: Any, told: str) -> str:
    """Return what to do about what failed on this side, or before there was a connection."""
    from psycopg import OperationalError

    for sign, remedy in OF_LIBPQ.items():
        if sign in told:
            return remedy
    if not isinstance(error, OperationalError):  # what was said cannot be sent, as a text with NUL
        return ""
    tried = error.pgconn
    if tried is None:  # its name is unknown, or it was waited for in vain
        return AWAY
    if tried.needs_password:
        return NO_PASSWORD
    return _ask_server(tried, told)


def _ask_server(tried: Any, told: str) -> str:
    """Ask whether the server is there, as `pg_isready` does; no account is needed for that."""
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    given = {option.keyword.decode(): option.val.decode() for option in tried.info if option.val}
    found = Ping(PGconn.ping(make_conninfo(**given).encode()))
    if found != Ping.OK:
        return {Ping.REJECT: STARTING, Ping.NO_ATTEMPT: WRONG_ADDRESS}.get(found, AWAY)
    if "pg_hba.conf" in told:  # a name of a file, in any language
        return PG_HBA
    return WITH_PASSWORD if tried.used_password else NOT_ADMITTED
