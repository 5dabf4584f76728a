"""Workspaces of earlier versions open and are brought up to date; several programs may do so at once."""

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

from inspector.data.photos import read_image
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.store import database, migrations
from inspector.store.claims import find_unfinished
from inspector.store.workspace import Workspace
from tests import processes

WORKSPACE_0001 = Path(__file__).parent / "data" / "workspace_0001"
"""Made by version 0.1.0 in a relative folder `ws`: clouds alone, photos, photos without re-scoring; two verdicts."""


@pytest.fixture
def old(tmp_path):
    return Path(shutil.copytree(WORKSPACE_0001, tmp_path / "moved" / "workspace"))


def columns(path):
    """Names, types and constraints of all tables and indices, whatever the order of the columns."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            table: (
                sorted(row[1:4] + row[5:] for row in connection.execute(f"PRAGMA table_info({table})")),
                sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({table})")),
                sorted(row[1:3] for row in connection.execute(f"PRAGMA index_list({table})")),
            )
            for table in tables
        }
        return found, connection.execute("PRAGMA user_version").fetchone()


def test_old_workspace_opens_from_another_folder_with_all_it_holds(old, monkeypatch):
    monkeypatch.chdir("/")
    with Workspace(old) as workspace:
        photos_unrescored, photos, clouds = workspace.runs.all()
        found = [(run.modality, run.rescoring) for run in (clouds, photos, photos_unrescored)]
        assert found == [("3d", "RsCon"), ("2d", "RsCIN"), ("2d", "")]
        for sample in workspace.runs.samples(clouds.id):
            assert (sample.image, sample.picture) == (None, True)
            assert read_image(workspace.artefacts.picture_of(sample)).shape == (sample.height, sample.width, 3)
            assert workspace.artefacts.load_cloud(clouds.id, sample.position) is not None
        assert workspace.artefacts.picture_of(workspace.runs.samples(photos.id)[1]) == Path("/parts/photos/part_1.png")
        assert [(v.operator, v.old, v.new) for v in workspace.verdicts.of_run(photos.id)] == [
            ("Ada", "undecided", "rejected"),
            ("Bob", "rejected", "accepted"),
        ]
        raw = np.array([sample.raw_score for sample in workspace.runs.samples(photos.id)])
        calibration = Calibration.from_json(photos.calibration)
        assert (calibration.raw_low, calibration.raw_high, calibration.threshold) == (raw.min(), raw.max(), 0.75)
        assert find_unfinished(workspace.runs.all()) == {}


def test_old_and_new_workspaces_have_equal_tables(old, tmp_path):
    Workspace(old).close()
    Workspace(tmp_path / "new").close()

    assert columns(old / "inspector.db") == columns(tmp_path / "new" / "inspector.db")


def test_revisions_make_the_tables_from_nothing(tmp_path):
    """The first revision says what the first tables were, and all of them together what they are."""
    engine = create_engine(f"sqlite:///{tmp_path / 'inspector.db'}")
    with engine.begin() as connection:
        migrations._run_revisions(connection, None)
    engine.dispose()
    with sqlite3.connect(tmp_path / "inspector.db") as connection:
        connection.execute("PRAGMA user_version = 2")
    Workspace(tmp_path / "new").close()

    assert columns(tmp_path / "inspector.db") == columns(tmp_path / "new" / "inspector.db")


def test_head_is_the_newest_revision():
    newest = max(file.name[:4] for file in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))

    assert newest == migrations.HEAD


def test_upgrading_twice_changes_nothing(old):
    Workspace(old).close()
    before = columns(old / "inspector.db")
    Workspace(old).close()

    assert columns(old / "inspector.db") == before


def test_upgrade_that_fails_leaves_the_old_workspace_whole(old, monkeypatch):
    before = columns(old / "inspector.db")
    connect = sqlite3.connect(old / "inspector.db")
    connect.execute("UPDATE run SET settings = 'no json' WHERE id = 3")
    connect.commit()
    connect.close()

    with pytest.raises(Exception, match="Expecting value"):
        Workspace(old)

    assert columns(old / "inspector.db") == before


def open_at_once(barrier, folder):
    barrier.wait()
    with Workspace(folder) as workspace:
        workspace.runs.all()


@pytest.mark.parametrize("kind", ["new", "old"])
def test_programs_that_open_a_workspace_at_the_same_moment_all_succeed(tmp_path, old, kind):
    folder, said = old if kind == "old" else tmp_path / "new", tmp_path / "said"
    barrier = processes.forking().Barrier(6, timeout=60)
    programs = [processes.start(open_at_once, barrier, folder, said=said) for _ in range(6)]
    for program in programs:
        program.join()

    assert said.read_text() == ""
    assert [program.exitcode for program in programs] == [0] * len(programs)


class _Switched:
    """A connection whose file others switch at the same moment."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def execute(self, _: str) -> None:
        if self.refusals:
            self.refusals -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error


def test_switch_of_a_new_file_is_tried_again_while_others_switch_it(monkeypatch):
    connection = _Switched(refusals=3)

    database._switch_to_wal(connection)

    assert connection.refusals == 0
    monkeypatch.setattr(database, "PATIENCE", 0)
    with pytest.raises(sqlite3.OperationalError):
        database._switch_to_wal(_Switched(refusals=1000))


@pytest.mark.parametrize("sign", ["version", "revision"])
def test_newer_workspace_is_refused(tmp_path, sign):
    Workspace(tmp_path).close()
    with sqlite3.connect(tmp_path / "inspector.db") as connection:
        if sign == "version":
            connection.execute("PRAGMA user_version = 99")
        else:
            connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()

    with pytest.raises(StoreError, match="newer version"):
        Workspace(tmp_path)
