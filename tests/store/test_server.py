"""A workspace on a PostgreSQL server: its address, its tables of before, and what happens when it goes away."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from benchmarks.reliability.postgres import PostgresServer
from inspector.data.samples import Batch, Sample
from inspector.errors import StoreAway, StoreError
from inspector.health.storage import check_server
from inspector.settings import ScanSettings
from inspector.store import migrations, server_connection
from inspector.store.database import FILE, Database
from inspector.store.location import folder_of, tidy_location, url_of
from inspector.store.migrations import HEAD
from inspector.store.server import ServerLost
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace


@pytest.fixture
def run_id(shared, tmp_path):
    return shared.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://ada@db/inspector", "does not name a database and the folder of its files"),
        ("postgresql://ada@db/?artefacts=/shared", "does not name a database and the folder of its files"),
        ("postgresql://ada:secret@db/inspector?artefacts=/shared", "holds a password.*pgpass"),
        ("postgresql://ada@db/inspector?artefacts=/shared&password=secret", "holds a password.*pgpass"),
        ("postgresql://ada@db:port/inspector?artefacts=/shared", "no address of a workspace"),
    ],
)
def test_addresses_that_cannot_be_used_are_told_without_their_passwords(address, told):
    with pytest.raises(StoreError, match=told) as caught:
        folder_of(address)
    assert "secret" not in str(caught.value)


def test_address_is_the_same_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = tidy_location("postgresql://ada@db/inspector?artefacts=files&sslmode=verify-full")

    assert folder_of(found) == tmp_path / "files"
    assert "sslmode=verify-full" in found
    monkeypatch.chdir("/")
    assert tidy_location(found) == found


def test_what_is_missing_is_told_with_the_remedy(server, tmp_path, monkeypatch):
    with pytest.raises(StoreError, match=r'"none" does not exist; the server runs .*: see that account'):
        Workspace(server.address(tmp_path, "none"))
    with pytest.raises(StoreError, match=r"(?i)connection refused.*see that the server runs"):
        Workspace(f"postgresql://ada@127.0.0.1:1/inspector?artefacts={tmp_path}")
    (tmp_path / FILE).touch()
    with pytest.raises(StoreError, match="is a workspace of its own"):
        Workspace(server.address(tmp_path))
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setattr("inspector.store.server.find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"needs psycopg: pip install 'mutual-inspector\[postgresql\]'"):
        Workspace(server.address(tmp_path / "other"))


ADDED = {
    "verdict": ("kind", "carried_from"),
    "arrival": ("cloud_file", "cloud_size", "cloud_mtime_ns"),
    "run": ("key",),
    "recurring_group": ("looked_at",),
}
"""Columns that revisions after 0013 added."""

MADE = {"workspace_user"}
"""Tables that they made."""

INDEXES = {
    "sample_by_name",
    "arrival_by_file",
    "arrival_by_time",
    "arrival_by_cloud",
    "arrival_by_time_of_cloud",
}
"""Indexes that they made of columns that were there before, or of some that they added."""


@pytest.fixture
def older(shared, run_id, change):
    """A workspace as before kinds of verdicts were kept; its tables are made anew for who comes next."""
    shared.verdicts.add(shared.runs.samples(run_id)[0].id, "Ada", "rejected", "undo")
    for index in INDEXES:
        change(shared, f"DROP INDEX {index}")
    for table, columns in ADDED.items():
        change(shared, f"ALTER TABLE {table} {', '.join(f'DROP COLUMN {column}' for column in columns)}")
    for table in MADE:
        change(shared, f"DROP TABLE {table}")
    change(shared, "UPDATE alembic_version SET version_num = '0013'")
    yield shared
    change(shared, "DROP SCHEMA public CASCADE")
    change(shared, "CREATE SCHEMA public")


def test_older_tables_are_brought_up_to_date(older, run_id):
    with Workspace(older.location) as opened:
        assert [said.kind for said in opened.verdicts.of_run(run_id)] == ["undo"]
    with older.database.session() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        for table, columns in ADDED.items():
            assert {column["name"] for column in inspect(session.connection()).get_columns(table)} >= set(columns)
        assert set(inspect(session.connection()).get_table_names()) >= MADE
        there = (inspect(session.connection()).get_indexes(table) for table in ("sample", "arrival"))
        assert {index["name"] for indexes in there for index in indexes} >= INDEXES
        assert len(session.scalar(text("SELECT key FROM run"))) == 32


def test_all_later_revisions_are_undone_before_they_are_tested():
    """What a revision adds that comes later is to be named in `ADDED` and `MADE`."""
    later = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    later = [file for file in later if file.name[:4] > "0013"]
    texts = "".join(file.read_text(encoding="utf-8") for file in later)
    added = set(re.findall(r'add_column\("(\w+)", sa.Column\("(\w+)"', texts))

    assert added == {(table, column) for table, columns in ADDED.items() for column in columns}
    assert set(re.findall(r'create_table\(\s*"(\w+)"', texts)) == MADE
    named = re.findall(r'create_index\("(\w+)"|\("(\w+)", \["run_id"', texts)
    assert {name for names in named for name in names if name} - {"run_key"} == INDEXES


def test_newer_tables_are_refused(shared, change):
    change(shared, "UPDATE alembic_version SET version_num = '0999'")
    try:
        with pytest.raises(StoreError, match="newer version"):
            Workspace(shared.location)
    finally:
        change(shared, "UPDATE alembic_version SET version_num = :head", head=HEAD)


def test_times_are_kept_with_their_zone_and_given_back_as_with_sqlite(shared, run_id):
    with shared.database.session() as session:
        session.get_one(RunRow, run_id).created = datetime(2026, 5, 1, 14, tzinfo=UTC).astimezone()
    with shared.database.session() as session:
        kept = session.connection().exec_driver_sql("SELECT created::text FROM run").scalar_one()

    assert kept == "2026-05-01 14:00:00+00"
    assert shared.runs.get(run_id).created == datetime(2026, 5, 1, 14)


def test_numbers_that_a_failure_used_up_leave_no_gap_in_the_chain(shared, run_id):
    sample = shared.runs.samples(run_id)[0].id
    shared.verdicts.add(sample, "Ada", "rejected")
    with shared.database.session() as session:
        session.connection().exec_driver_sql("SELECT nextval(pg_get_serial_sequence('audit', 'id'))")
    shared.verdicts.add(sample, "Ada", "accepted")

    assert [entry.id for entry in shared.audit.entries()] == [1, 2]
    assert shared.audit.find_problems() == []


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_a_verdict_whose_commit_was_not_answered_is_there_once(shared, run_id, monkeypatch, kept):
    sample, commit, times = shared.runs.samples(run_id)[0].id, Session.commit, []

    def lose_the_answer(session):
        times.append(1)
        if len(times) > 1:
            return commit(session)
        (commit if kept else Session.rollback)(session)
        raise OperationalError("COMMIT", {}, Exception("server closed the connection"), connection_invalidated=True)

    monkeypatch.setattr(Session, "commit", lose_the_answer)
    said = shared.verdicts.add(sample, "Ada", "rejected", expected="undecided")

    assert said is not None
    assert [verdict.new for verdict in shared.verdicts.of_run(run_id)] == ["rejected"]
    assert len(shared.audit.entries()) == 1
    shared.verdicts.add(sample, "Ada", "accepted", expected="rejected")
    with shared.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM receipt")) == 1  # those whose end is known are gone


def test_all_go_on_when_a_killed_server_is_back(server: PostgresServer, shared, run_id):
    sample = shared.runs.samples(run_id)[0].id
    with Workspace(shared.location, patience=0) as hasty, shared.runs.hold(run_id):
        hasty.runs.all()
        server.kill()
        with pytest.raises(ServerLost, match="cannot be used"):
            hasty.verdicts.add(sample, "Bob", "accepted")
        back = Timer(0.3, server.start)
        back.start()
        shared.verdicts.add(sample, "Ada", "rejected", expected="undecided")
        back.join()
        hasty.verdicts.add(sample, "Bob", "accepted", expected="rejected")

    assert [said.operator for said in shared.verdicts.of_run(run_id)] == ["Ada", "Bob"]
    assert shared.audit.find_problems() == []


def test_a_method_is_done_again_from_its_beginning_only_where_nothing_was_written(shared, run_id, monkeypatch):
    """The connection breaks between two statements of one transaction."""
    sample, broken = shared.runs.samples(run_id)[0].id, []

    @event.listens_for(shared.database._engine, "before_cursor_execute")
    def break_it(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO audit") and not broken:
            broken.append(statement)
            connection.connection.dbapi_connection.close()

    shared.verdicts.add(sample, "Ada", "rejected", "dent")

    assert len(broken) == 1
    assert [said.comment for said in shared.verdicts.of_run(run_id)] == ["dent"]
    assert shared.audit.find_problems() == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["backup", "b.db"], "is on a server: back it up with pg_dump"),
        (["restore", "b.db"], "is on a server: back it up with pg_dump"),
        (["doctor", "--salvage", "new"], "is on a server: restore what pg_dump wrote"),
    ],
)
def test_commands_of_files_say_what_a_server_has_instead(run, address, command, told):
    code, _, said = run(*command, "--workspace", address)

    assert code == 1
    assert told in said


def test_doctor_asks_the_server(shared):
    good, chain = check_server(shared.location)
    assert (good.level, chain.level) == ("good", "good")
    assert "answers a question within" in good.message
    [wrong] = check_server(f"postgresql://ada@127.0.0.1:1/inspector?artefacts={shared.folder}")
    assert (wrong.level, "refused" in wrong.message) == ("wrong", True)


def test_sqlite_is_opened_without_the_driver(tmp_path, monkeypatch):
    monkeypatch.setattr("inspector.store.server.find_spec", lambda _: None)

    Database(tmp_path).close()


def test_a_server_that_answers_nobody_any_more_is_given_up_and_a_slow_one_is_not(shared, monkeypatch):
    """Its processes are stopped, or its disk hangs: the connection stays open and never speaks."""

    def sleep(seconds):
        with shared.database.session() as session:
            session.execute(text(f"SELECT pg_sleep({seconds})"))

    monkeypatch.setattr(server_connection, "HUNG", 0.1)
    sleep(0.4)
    monkeypatch.setattr(server_connection.ServerConnection, "_answers_others", lambda _: False)
    with pytest.raises(ServerLost, match="the server has not answered for 0 s; see that the server runs"):
        sleep(60)
    assert shared.runs.all() == []


def test_a_slow_answer_of_a_server_that_lets_nobody_else_in_is_waited_for(shared, monkeypatch):
    """It has no room for another connection, or is about to end: those that it has go on."""
    monkeypatch.setattr(server_connection, "HUNG", 0.1)
    with shared.database.session() as session:
        session.execute(text("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1"))
    at = url_of(shared.location)
    place = {"host": at.host, "port": at.port, "dbname": at.database, "user": "narrow"}
    with server_connection.ServerConnection.connect(**place) as connection:
        assert connection.execute("SELECT 1 FROM pg_sleep(0.4)").fetchone() == (1,)
    with shared.database.session() as session:
        session.execute(text("DROP ROLE narrow"))


def test_a_full_disk_of_the_server_is_known_to_pass(shared):
    with pytest.raises(StoreAway, match="make room on the server's disk"), shared.database.session() as session:
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"))
