import sqlite3

import numpy as np
import pytest

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleResult
from inspector.store.workspace import Workspace


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def batch(tmp_path):
    return Batch(tmp_path, tuple(Sample(f"part_{i}.png", image=tmp_path / f"part_{i}.png") for i in range(3)))


def results(*scores):
    return [SampleResult(i, score, score / 2, score / 2, score > 1) for i, score in enumerate(scores)]


def test_run_keeps_settings_and_samples(store, batch):
    run_id = store.runs.create(batch, ScanSettings(degrees=(3,)))

    run = store.runs.get(run_id)
    assert (run.status, run.samples, run.backbone) == ("running", 3, "efficientnet-lite0")
    assert ScanSettings(**run.settings) == ScanSettings(degrees=(3,))
    assert [(s.position, s.name, s.status) for s in store.runs.samples(run_id)] == [
        (0, "part_0.png", "waiting"),
        (1, "part_1.png", "waiting"),
        (2, "part_2.png", "waiting"),
    ]


def test_finishing_writes_scores_and_counts(store, batch):
    run_id = store.runs.create(batch, ScanSettings())

    store.runs.finish(run_id, results(0.5, 2.0, 1.5), RunResult(Calibration(0.4, False, 0.0, 1.0, 0.0, 1.0)))

    assert (store.runs.get(run_id).status, store.runs.get(run_id).flagged) == ("done", 2)
    assert [(s.raw_score, s.rescored, s.flagged) for s in store.runs.samples(run_id)] == [
        (0.5, 0.25, False),
        (2.0, 1.0, True),
        (1.5, 0.75, True),
    ]


def test_verdicts_are_only_added(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    sample = store.runs.samples(run_id)[1].id

    store.verdicts.add(sample, "Ada", "rejected", "dent")
    store.verdicts.add(sample, "Bob", "accepted")

    assert [(v.operator, v.old, v.new, v.comment) for v in store.verdicts.of_run(run_id)] == [
        ("Ada", "undecided", "rejected", "dent"),
        ("Bob", "rejected", "accepted", ""),
    ]


def test_unknown_verdict_is_refused(store):
    with pytest.raises(ValueError, match="accepted, rejected or undecided, but got 'ok'"):
        store.verdicts.add(1, "Ada", "ok")


def test_verdict_on_a_missing_sample_is_refused(store):
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store.verdicts.add(999, "Ada", "accepted")


def test_map_comes_back_as_it_was(store):
    anomaly_map = np.random.default_rng(0).random((4, 7), dtype=np.float32)

    store.artefacts.save_map(1, 5, anomaly_map)

    assert np.array_equal(store.artefacts.load_map(1, 5), anomaly_map)


def test_damaged_map_is_named(store):
    store.artefacts.save_map(1, 0, np.zeros((4, 4), np.float32))
    path = store.artefacts.map_path(1, 0)
    path.write_bytes(path.read_bytes()[:40])

    with pytest.raises(StoreError, match=r"000000\.npy is missing or damaged"):
        store.artefacts.load_map(1, 0)


def test_database_is_in_wal_mode(store):
    with sqlite3.connect(store.folder / "inspector.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_stores_see_the_same_runs(store, batch):
    run_id = store.runs.create(batch, ScanSettings())

    with Workspace(store.folder) as other:
        assert [run.id for run in other.runs.all()] == [run_id]


def test_missing_run_has_a_remedy(store):
    with pytest.raises(StoreError, match=r"no run 7 .*inspector runs"):
        store.runs.get(7)


def test_file_in_place_of_the_workspace_is_named(tmp_path):
    (tmp_path / "taken").touch()

    with pytest.raises(StoreError, match=r"cannot make the workspace .*--workspace"):
        Workspace(tmp_path / "taken")


def test_foreign_database_is_named(tmp_path):
    (tmp_path / "inspector.db").write_bytes(b"no database at all, just text" * 50)

    with pytest.raises(StoreError, match="cannot open the workspace"):
        Workspace(tmp_path)


def test_newer_workspace_is_refused(tmp_path):
    Workspace(tmp_path).close()
    with sqlite3.connect(tmp_path / "inspector.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="newer version"):
        Workspace(tmp_path)
