"""A workspace on a PostgreSQL server that lets an account in through TLS alone."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from benchmarks.reliability.postgres import PostgresServer
from inspector.errors import StoreError
from inspector.store.server import is_lost
from inspector.store.workspace import Workspace

NAME = "db.factory"
"""The server's name in its certificate."""


REST = "host all guarded all reject"
"""Does not let it in otherwise."""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """A folder with the server's certificate, of its own making, and a strange one of the same name."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificates")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "9")
    for name in ("server", "strange"):
        whose = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
        files = ("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt")
        subprocess.run(["openssl", "req", *kind, *whose, *files], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def sealed(server: PostgresServer, certificates: Path) -> Iterator[PostgresServer]:
    """The server with TLS, which lets the account "guarded" in by nothing else; afterwards as it was."""
    data = server.folder / "data"
    for name in ("server.crt", "server.key"):
        shutil.copy(certificates / name, data / name)
        shutil.copystat(data / "PG_VERSION", data / name)  # 0600, as it insists
        owner = (data / "PG_VERSION").stat()
        shutil.chown(data / name, owner.st_uid, owner.st_gid)
    admitted = (data / "pg_hba.conf").read_text()
    (data / "pg_hba.conf").write_text(f"hostssl all guarded all trust\n{REST}\n{admitted}")
    server.tell("CREATE ROLE guarded SUPERUSER LOGIN")
    server.change("ssl", "on")
    yield server
    (data / "pg_hba.conf").write_text(admitted)
    server.change("ssl", "off")
    server.tell("REASSIGN OWNED BY guarded TO postgres; DROP ROLE guarded")


def whole_address(server: PostgresServer, files: Path, *options: str, host: str = NAME) -> str:
    """Return the address by which a station calls the server, with options of TLS."""
    plain = server.address(files, user="guarded").replace("@127.0.0.1", f"@{host}")
    return "&".join((plain, "hostaddr=127.0.0.1", *options))


def test_a_server_whose_certificate_is_known_is_used_through_tls(sealed, certificates, tmp_path, run):
    known = ("sslmode=verify-full", f"sslrootcert={certificates / 'server.crt'}")
    address = whole_address(sealed, tmp_path, *known)

    with Workspace(address) as opened, opened.database.session() as session:
        assert session.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) is True
    code, _, told = run("runs", "--workspace", address)
    assert code == 0, told


@pytest.mark.parametrize(
    ("host", "mode", "root", "told"),
    [
        (
            NAME,
            "disable",
            "server.crt",
            "no encryption; let .*; if it wants TLS, leave out `sslmode=disable`",
        ),
        (NAME, "verify-full", "strange.crt", "certificate verify failed; .* name the file of its authority"),
        (NAME, "verify-full", "none.crt", r"none.crt\" does not exist; .*; let `sslrootcert` name the file"),
        (NAME, "verify-full", "server.key", "could not read root certificate file .*; let `sslrootcert` name the file"),
        ("127.0.0.1", "verify-full", "server.crt", "does not match host name .*; call the server .* by the name in"),
        (NAME, "sure", "server.crt", 'invalid sslmode value: "sure"; take `sslmode=verify-full`'),
    ],
)
def test_what_is_refused_is_told_with_the_remedy(sealed, certificates, tmp_path, host, mode, root, told):
    options = (f"sslmode={mode}", f"sslrootcert={certificates / root}")

    with pytest.raises(StoreError, match=told) as caught:
        Workspace(whole_address(sealed, tmp_path, *options, host=host))

    assert not is_lost(caught.value.__cause__)  # to wait would not help


def test_a_server_without_tls_is_refused_where_it_is_asked_for(sealed, tmp_path):
    sealed.change("ssl", "off")
    try:
        with pytest.raises(StoreError, match=r"does not support SSL.*; set `ssl = on`") as caught:
            Workspace(whole_address(sealed, tmp_path, "sslmode=require"))
        assert not is_lost(caught.value.__cause__)
    finally:
        sealed.change("ssl", "on")


def test_a_server_that_does_not_answer_is_waited_for():
    psycopg = pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")

    assert is_lost(OperationalError("", {}, psycopg.errors.ConnectionTimeout("connection timeout expired")))


@pytest.mark.parametrize("told", ["SSL connection has been closed unexpectedly", "SSL SYSCALL error: EOF detected"])
def test_a_server_that_dies_while_tls_begins_is_waited_for(told):
    psycopg = pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")

    assert is_lost(OperationalError("", {}, psycopg.OperationalError(f"connection failed: {told}")))
