"""Backups of a workspace that is being written, and workspaces made from them."""

import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import numpy as np
import pytest

from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.backup import back_up, files_beside, restore
from inspector.store.database import copy_database
from inspector.store.workspace import Workspace

pytestmark = pytest.mark.sqlite_only(reason="copies are made through SQLite")

WRITER = """
import sys
from inspector.store.workspace import Workspace
with Workspace(sys.argv[1]) as workspace:
    for number in range(100_000):
        workspace.verdicts.add(1, "Ada", ("accepted", "rejected")[number % 2], str(number))
        print(number, flush=True)
"""


@pytest.fixture
def run_id(store, tmp_path):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    store.artefacts.save_map(run_id, 0, np.arange(6, dtype=np.float32).reshape(2, 3))
    store.artefacts.save_thumbnail(run_id, 0, b"thumbnail")
    return run_id


def verdicts_in(path):
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [int(comment) for (comment,) in database.execute("SELECT comment FROM verdict ORDER BY id")]


def test_backup_beside_a_writer_holds_all_that_was_acknowledged_before(store, run_id, tmp_path):
    """The writer is never refused; the copy ends no earlier than what it had acknowledged, and has no gap."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store.folder)], stdout=subprocess.PIPE, text=True)
    try:
        for index in range(5):
            for _ in range(20):
                acknowledged = int(writer.stdout.readline())
            back_up(store.folder, tmp_path / f"{index}.db")
            kept = verdicts_in(tmp_path / f"{index}.db")
            assert kept == list(range(len(kept)))
            assert len(kept) > acknowledged
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    assert not list(tmp_path.glob("*.db-*"))

    restore(tmp_path / "2.db", tmp_path / "again")
    with Workspace(tmp_path / "again") as workspace:
        assert [int(verdict.comment) for verdict in workspace.verdicts.of_run(1)] == verdicts_in(tmp_path / "2.db")


def test_files_come_along_where_they_are_wanted(store, run_id, tmp_path):
    (store.folder / "runs" / "77" / "maps").mkdir(parents=True)
    (store.folder / "runs" / "77" / "maps" / "000000.npy").touch()  # of no run
    pool = store.folder / "runs" / "1" / "pool" / "0a1b"
    pool.mkdir(parents=True)
    (pool / "c2d3.safetensors").touch()  # those who judge the parts of a line
    store.artefacts.save_point_scores(run_id, 0, np.ones(2, np.float32))
    assert back_up(store.folder, tmp_path / "b.db", with_files=True) == 1

    with zipfile.ZipFile(files_beside(tmp_path / "b.db")) as archive:
        assert archive.namelist() == [
            "runs/1/maps/000000.npy",
            "runs/1/plain_maps/000000.points.npy",
            "runs/1/pool/0a1b/c2d3.safetensors",
            "runs/1/thumbnails/000000.jpg",
        ]
    assert restore(tmp_path / "b.db", tmp_path / "again")
    with Workspace(tmp_path / "again") as workspace:
        assert workspace.runs.samples(1) == store.runs.samples(1)
        assert workspace.artefacts.load_map(1, 0).tolist() == [[0, 1, 2], [3, 4, 5]]
    back_up(store.folder, tmp_path / "b.db")
    assert not files_beside(tmp_path / "b.db").exists()
    assert not restore(tmp_path / "b.db", tmp_path / "bare")


def test_nothing_of_an_archive_is_written_elsewhere(store, run_id, tmp_path):
    back_up(store.folder, tmp_path / "b.db", with_files=True)
    with zipfile.ZipFile(files_beside(tmp_path / "b.db"), "a") as archive:
        for name in ("runs/../../evil.txt", "/evil.txt", "runs/1/../2/evil.txt", "evil.txt"):
            archive.writestr(name, "evil")

    restore(tmp_path / "b.db", tmp_path / "again")

    assert not list(tmp_path.rglob("evil.txt"))


def test_a_workspace_is_replaced_only_when_told_and_then_kept(store, run_id, tmp_path):
    back_up(store.folder, tmp_path / "b.db")
    with Workspace(tmp_path / "other") as other:
        other.runs.create(Batch(tmp_path, (Sample("b.png", image=tmp_path),)), ScanSettings(degrees=(5,)))

    with pytest.raises(StoreError, match=r"a workspace is in .* already"):
        restore(tmp_path / "b.db", tmp_path / "other")
    with Workspace(tmp_path / "other") as other:
        assert other.runs.get(1).settings["degrees"] == [5]
        with pytest.raises(StoreError, match="programs use the workspace"):
            restore(tmp_path / "b.db", tmp_path / "other", replace=True)
        assert other.runs.get(1).settings["degrees"] == [5]
    restore(tmp_path / "b.db", tmp_path / "other", replace=True)

    with Workspace(tmp_path / "other") as other:
        assert other.runs.samples(1)[0].name == "a.png"
    [aside] = (tmp_path / "other").glob("replaced-*")
    with Workspace(aside) as kept:
        assert kept.runs.get(1).settings["degrees"] == [5]


def test_restoring_that_fails_leaves_what_was_there(store, run_id, tmp_path):
    back_up(store.folder, tmp_path / "b.db", with_files=True)
    archive = bytearray(files_beside(tmp_path / "b.db").read_bytes())
    archive[archive.index(b"thumbnail\x50")] ^= 1  # its checksum does not fit
    files_beside(tmp_path / "b.db").write_bytes(archive)
    store.close()

    with pytest.raises(StoreError, match=r"files of the backup.*are damaged"):
        restore(tmp_path / "b.db", store.folder, replace=True)

    assert sorted(path.name for path in store.folder.iterdir()) == ["inspector.db", "runs"]
    with Workspace(store.folder) as workspace:
        assert workspace.artefacts.load_map(1, 0).shape == (2, 3)


@pytest.mark.parametrize("sign", ["PRAGMA user_version = 99", "UPDATE alembic_version SET version_num = '0999'"])
def test_backup_of_a_newer_version_is_refused(store, run_id, tmp_path, sign):
    back_up(store.folder, tmp_path / "b.db")
    with closing(sqlite3.connect(tmp_path / "b.db")) as database:
        database.execute(sign)
        database.commit()

    with pytest.raises(StoreError, match="newer version"):
        restore(tmp_path / "b.db", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_is_no_backup_is_refused(store, run_id, tmp_path):
    (tmp_path / "text.db").write_text("no database " * 999)
    sqlite3.connect(tmp_path / "empty.db").close()
    back_up(store.folder, tmp_path / "cut.db")
    (tmp_path / "cut.db").write_bytes((tmp_path / "cut.db").read_bytes()[:-8192])

    for name in ("text.db", "empty.db", "cut.db", "missing.db"):
        with pytest.raises(StoreError, match="no backup"):
            restore(tmp_path / name, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_backup_of_nothing_or_to_nowhere_says_so(store, run_id, tmp_path):
    with pytest.raises(StoreError, match="no workspace in"):
        back_up(tmp_path / "none", tmp_path / "b.db")
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot write the backup"):
        back_up(store.folder, tmp_path / "file" / "b.db")


def test_backup_that_the_database_library_cannot_write_says_why(store, run_id, tmp_path, monkeypatch):
    def fill(source, target):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("inspector.store.backup.copy_database", fill)
        with pytest.raises(StoreError, match=r"b\.db: database or disk is full; make room on its disk"):
            back_up(store.folder, tmp_path / "b.db")
    with pytest.raises(FileNotFoundError):
        copy_database(store.folder / "inspector.db", tmp_path / "none" / "b.db")
    assert list(tmp_path.glob("*.db")) == []


def test_commands(run, store, run_id, tmp_path):
    code, said, _ = run("backup", tmp_path / "b.db", "--with-files")
    assert (code, said) == (0, f"1 run: {tmp_path / 'b.db'} and {tmp_path / 'b.files.zip'}\n")

    code, _, told = run("restore", tmp_path / "b.db")
    assert code == 1
    assert "choose another `workspace` (--workspace)" in told or "choose another --workspace" in told
    code, said, _ = run("restore", tmp_path / "b.db", "--workspace", tmp_path / "again")
    assert (code, said) == (0, f"Restored: {tmp_path / 'again'}\n")
    told = f"1 run: {tmp_path / 'b.db'}\n"
    removed = f"Removed: {tmp_path / 'b.files.zip'} of the earlier backup; --with-files writes it again.\n"
    assert [run("backup", tmp_path / "b.db")[1] for _ in range(2)] == [told + removed, told]
