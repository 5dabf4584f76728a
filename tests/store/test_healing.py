"""Workspaces that were half made, are older, newer or damaged: healed, brought up to date, refused, or told."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store import database
from inspector.store.migrations import HEAD
from inspector.store.salvage import salvage
from inspector.store.workspace import Workspace

WORKSPACE_0001 = Path(__file__).parent / "data" / "workspace_0001"

KILLED = """
import os, sqlite3, sys
from inspector.store.workspace import Workspace
connect, left = sqlite3.dbapi2.connect, 0
def count(_):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
def traced(*args, **kwargs):
    connection = connect(*args, **kwargs)
    connection.set_trace_callback(count)
    return connection
sqlite3.dbapi2.connect = traced
for statements in range(100):
    child = os.fork()
    if not child:
        left = statements
        Workspace(f"{sys.argv[1]}/{statements}").close()
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""
"""Makes workspaces 0, 1, 2, ... and is killed before so many statements, until there are enough."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, to be killed one by one")
def test_workspace_whose_making_was_killed_anywhere_opens(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=True)

    made = list(tmp_path.iterdir())
    for folder in made:
        with Workspace(folder) as store:
            store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
            assert len(store.runs.all()) == 1
    assert 10 < len(made) < 100


@pytest.mark.parametrize("make", [lambda file: file.touch(), lambda file: wal_without_tables(file)])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["runs"], 0),
        (["prune"], 0),
        (["audit"], 0),
        (["backup", "b.db"], 0),
        (["export", "1", "--out", "out"], 1),  # no such run
        (["rescore", "scores.csv", "--embeddings", "1"], 1),
        (["scan", "batch", "--image-size", "64"], 0),
    ],
)
def test_every_command_heals_a_workspace_without_tables(run, tmp_path, make_photos, monkeypatch, make, command, code):
    monkeypatch.chdir(tmp_path)
    make_photos(tmp_path / "batch", 2)
    (tmp_path / "scores.csv").write_text("path,score\na,1\nb,2\n")
    (tmp_path / "workspace").mkdir()
    make(tmp_path / "workspace" / "inspector.db")

    got, _, told = run(*command)

    assert (got, "table" in told) == (code, False)
    with Workspace(tmp_path / "workspace") as store:
        assert len(store.runs.all()) == (command[0] == "scan")


def wal_without_tables(file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def test_older_workspace_is_copied_before_it_is_brought_up_to_date(tmp_path):
    old = Path(shutil.copytree(WORKSPACE_0001, tmp_path / "old"))
    before = dump(old / "inspector.db")
    Workspace(old).close()
    assert dump(old / "inspector-0001.db") == before
    assert dump(old / "inspector.db") != before

    stamp = (old / "inspector-0001.db").stat().st_mtime_ns
    Workspace(old).close()
    assert (old / "inspector-0001.db").stat().st_mtime_ns == stamp
    assert [path.name for path in old.glob("*.db")] in (
        ["inspector.db", "inspector-0001.db"],
        ["inspector-0001.db", "inspector.db"],
    )


def test_workspace_that_cannot_be_copied_is_not_changed(tmp_path, monkeypatch):
    old = Path(shutil.copytree(WORKSPACE_0001, tmp_path / "old"))
    before = dump(old / "inspector.db")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "copy_database", refuse)
    with pytest.raises(StoreError, match=r"not brought up to date.*No space left.*make room"):
        Workspace(old)
    assert dump(old / "inspector.db") == before


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def damaged(tmp_path):
    """A workspace of 3,000 samples and 100 verdicts, of which pages are overwritten."""
    folder = tmp_path / "damaged"
    samples = tuple(Sample(f"part_{i}.png", image=tmp_path / f"part_{i}.png") for i in range(3000))
    with Workspace(folder) as store:
        store.runs.create(Batch(tmp_path, samples), ScanSettings())
        for index in range(100):
            store.verdicts.add(1 + index, "Ada", "accepted", str(index))
        store.artefacts.save_map(1, 0, np.ones((2, 2), np.float32))
    return folder


def spoil(folder, table):
    """Overwrite a page in the middle of a table."""
    file = folder / "inspector.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        middle = connection.execute(f"SELECT max(id) / 2 FROM {table}").fetchone()[0]
        mark = connection.execute(f"SELECT {COLUMN[table]} FROM {table} WHERE id = ?", (middle,)).fetchone()[0]
    content = bytearray(file.read_bytes())
    page = content.index(mark.encode()) // size
    content[page * size : (page + 1) * size] = b"\xaa" * size
    file.write_bytes(content)


COLUMN = {"sample": "image", "audit": "fields"}


@pytest.mark.parametrize("table", ["sample", "audit"])
def test_what_can_be_read_of_a_damaged_workspace_is_salvaged(damaged, tmp_path, table):
    spoil(damaged, table)
    before = (damaged / "inspector.db").read_bytes()

    found = salvage(damaged, tmp_path / "new")

    assert (damaged / "inspector.db").read_bytes() == before
    assert 0 < found.lost[table] < 60
    rows = {"run": 1, "sample": 3000, "verdict": 100, "audit": 100, "alembic_version": 1}
    assert {name: count for name, count in found.rows.items() if count} == {
        **rows,
        table: rows[table] - found.lost[table],
    }
    assert (found.files, found.unreadable) == (1, 0)
    with Workspace(tmp_path / "new") as store:
        assert len(store.runs.samples(1)) == found.rows["sample"]
        assert store.artefacts.load_map(1, 0).shape == (2, 2)
        assert bool(store.audit.find_problems()) == (table == "audit")
        assert [path.name for path in (tmp_path / "new").glob(".salvage*")] == []


def test_damaged_last_page_ends_the_table(damaged, tmp_path, monkeypatch):
    """Its last number is not known then; what is before it comes along."""
    file = damaged / "inspector.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    content = bytearray(file.read_bytes())
    page = content.rindex(b"part_2999.png") // 4096
    content[page * 4096 : (page + 1) * 4096] = b"\xaa" * 4096
    file.write_bytes(content)

    found = salvage(damaged, tmp_path / "new")

    assert 2900 < found.rows["sample"] < 3000


def test_damaged_workspace_is_told_with_the_remedy(damaged, tmp_path):
    content = bytearray((damaged / "inspector.db").read_bytes())
    content[:4096] = b"\xaa" * 4096
    (damaged / "inspector.db").write_bytes(content)
    (damaged / "inspector-0003.db").touch()

    with pytest.raises(StoreError, match=r"not a database; restore a backup, or .*doctor --salvage FOLDER`$"):
        Workspace(damaged)
    with pytest.raises(StoreError, match=r"nothing can be read of .*restore` a backup; copies .*: inspector-0003.db"):
        salvage(damaged, tmp_path / "new")


def test_workspace_that_cannot_be_written_is_told_with_the_remedy(tmp_path):
    """As where it lies on a disk that may only be read."""
    (tmp_path / "inspector.db").mkdir()

    with pytest.raises(StoreError, match=r"unable to open database file; allow writing there, or choose another work"):
        Workspace(tmp_path)


def test_salvage_does_not_write_over_a_workspace(damaged, tmp_path):
    Workspace(tmp_path / "new").close()

    with pytest.raises(StoreError, match="already"):
        salvage(damaged, tmp_path / "new")
    with pytest.raises(StoreError, match="no workspace"):
        salvage(tmp_path / "none", tmp_path / "other")


def test_older_damaged_workspace_is_brought_up_to_date(tmp_path):
    salvage(WORKSPACE_0001, tmp_path / "new")

    with Workspace(tmp_path / "new") as store:
        assert len(store.runs.all()) == 3
        assert len(store.audit.entries()) == 2
    assert (tmp_path / "new" / "inspector-0001.db").exists()
    assert HEAD != "0001"
