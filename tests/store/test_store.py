import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from sqlalchemy import text

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.embeddings import save_embeddings
from inspector.store.plan import Plan, save_plan
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace


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
    with pytest.raises(StoreError, match="its run was removed; nothing was written"):
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


@pytest.mark.sqlite_only(reason="how SQLite writes")
def test_database_is_in_wal_mode(store):
    with sqlite3.connect(store.folder / "inspector.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_stores_see_the_same_runs(store, batch):
    run_id = store.runs.create(batch, ScanSettings())

    with Workspace(store.location) as other:
        assert [run.id for run in other.runs.all()] == [run_id]


def test_missing_run_has_a_remedy(store):
    with pytest.raises(StoreError, match=rf"no run {10**20} "):
        store.runs.get(10**20)  # beyond what databases hold
    with pytest.raises(StoreError):
        store.groups.of_run(10**20)
    with pytest.raises(StoreError, match=r"no run 7 .*inspector runs"):
        store.runs.get(7)


def test_file_in_place_of_the_workspace_is_named(tmp_path):
    (tmp_path / "taken").touch()

    with pytest.raises(StoreError, match=r"cannot make the workspace .*choose another one"):
        Workspace(tmp_path / "taken")


@pytest.mark.parametrize("name", ["a%20b", "a?b", "a?mode=memory#b", "100%", "ü ' \""])
def test_the_database_lies_in_the_folder_whatever_its_name(tmp_path, name):
    if sys.platform == "win32" and set(name) & set('?"'):
        pytest.skip("Windows has no such names")

    Workspace(tmp_path / name).close()

    assert (tmp_path / name / "inspector.db").exists()
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_foreign_database_is_named(tmp_path):
    (tmp_path / "inspector.db").write_bytes(b"no database at all, just text" * 50)

    with pytest.raises(StoreError, match="cannot open the workspace"):
        Workspace(tmp_path)


def test_verdict_of_another_station_is_not_overwritten_unseen(store, batch):
    sample = store.runs.samples(store.runs.create(batch, ScanSettings()))[0].id
    with Workspace(store.location) as other_station:
        other_station.verdicts.add(sample, "Ada", "rejected", "dent", expected="undecided")

    with pytest.raises(VerdictConflict, match=r"Ada decided this part meanwhile: rejected, .*look at it again") as told:
        store.verdicts.add(sample, "Bob", "accepted", expected="undecided")

    assert (told.value.standing.operator, told.value.standing.new) == ("Ada", "rejected")
    assert [verdict.operator for verdict in store.verdicts.of_run(1)] == ["Ada"]
    store.verdicts.add(sample, "Bob", "accepted", expected="rejected")
    assert [verdict.new for verdict in store.verdicts.of_run(1)] == ["rejected", "accepted"]


def test_of_stations_that_decide_at_once_one_is_told(store, batch):
    sample = store.runs.samples(store.runs.create(batch, ScanSettings()))[0].id

    def decide(operator):
        with Workspace(store.location) as station:
            both_ready.wait()
            try:
                station.verdicts.add(sample, operator, "rejected", expected="undecided")
            except VerdictConflict:
                return "told"
            return "kept"

    both_ready = Barrier(4, timeout=20)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(decide, "ABCD"))

    assert sorted(outcomes) == ["kept", "told", "told", "told"]
    assert len(store.verdicts.of_run(1)) == 1


def test_who_moved_the_threshold_is_kept(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    store.runs.finish(run_id, results(0.5, 2.0, 1.5), RunResult(Calibration(0.4, False, 0.5, 2.0, 0.0, 1.0)))

    store.runs.set_threshold(run_id, 0.9, 1.9, "Ada")
    store.runs.set_threshold(run_id, 0.2, 0.7, "Bob")

    moves = store.runs.threshold_changes(run_id)
    assert [(m.operator, m.old, m.new, m.old_map, m.new_map) for m in moves] == [
        ("Ada", 0.4, 0.9, 0.4, 1.9),
        ("Bob", 0.9, 0.2, 1.9, 0.7),
    ]
    assert [sample.flagged for sample in store.runs.samples(run_id)] == [True, True, True]
    assert store.runs.get(run_id).flagged == 3
    assert store.runs.get(run_id).calibration["threshold"] == 0.2


@pytest.mark.sqlite_only(reason="a server writes everything through to its disk")
def test_what_people_say_outlives_a_power_cut(store):
    def ask(durable):
        with store._database.session(durable=durable) as session:
            return session.execute(text("PRAGMA synchronous")).scalar_one()

    assert (ask(True), ask(False)) == (2, 1)  # FULL, NORMAL


@pytest.mark.sqlite_only(reason="its file is limited by a pragma")
def test_full_disk_is_told_with_a_remedy(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    sample = store.runs.samples(run_id)[0].id
    with store._database.session(durable=True) as session:
        session.execute(text("PRAGMA max_page_count = 1"))

    with pytest.raises(StoreError, match="full; make room on its disk"):
        store.verdicts.add(sample, "Ada", "rejected", "x" * 100_000)


def test_readings_of_some_samples_touch_no_others(store, batch):
    first, second = (store.runs.create(batch, ScanSettings()) for _ in range(2))

    store.runs.keep_readings(
        second, [SampleReading(2, "ok", width=8, height=6), SampleReading(0, "unreadable", "it is empty")]
    )

    assert [sample.status for sample in store.runs.samples(second)] == ["unreadable", "waiting", "ok"]
    assert [sample.width for sample in store.runs.samples(second)] == [None, None, 8]
    assert [sample.status for sample in store.runs.samples(first)] == ["waiting"] * 3


def refuse_to_write(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "save",
    [
        lambda store: store.artefacts.save_map(1, 0, np.zeros((2, 2), np.float32)),
        lambda store: store.artefacts.save_cloud(1, 0, *(np.zeros((1, 3)), np.zeros(1), np.zeros(1))),
        lambda store: save_embeddings(store, 1, np.zeros((2, 2), np.float32)),
        lambda store: store.artefacts.save_thumbnail(1, 0, b"small"),
        lambda store: store.artefacts.save_picture(1, 0, b"small"),
        lambda store: save_plan(store, 1, Plan(1, 1, 1)),
    ],
    ids=["map", "cloud", "embeddings", "thumbnail", "picture", "plan"],
)
def test_file_that_cannot_be_written_is_named_with_a_remedy(store, monkeypatch, save):
    for where in ("numpy.save", "numpy.savez", "pathlib.Path.write_bytes", "pathlib.Path.write_text"):
        monkeypatch.setattr(where, refuse_to_write)

    with pytest.raises(StoreError, match=r"cannot write .*: No space left on device; make room there, or choose"):
        save(store)


def test_run_is_finished_as_a_whole_or_not_at_all(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    unwritable = RunResult(Calibration(0.4, False, 0.5, 2.0, 0.0, 1.0), timings={"read": object()})

    with pytest.raises((StoreError, TypeError), match="JSON"):
        store.runs.finish(run_id, results(0.5, 2.0, 1.5), unwritable)

    assert [sample.final for sample in store.runs.samples(run_id)] == [None, None, None]
    assert store.runs.get(run_id).status == "running"


def test_a_verdict_is_not_taken_back_where_another_station_has_said_the_same(store, batch):
    sample = store.runs.samples(store.runs.create(batch, ScanSettings()))[0].id
    own = store.verdicts.add(sample, "Ada", "rejected")
    store.verdicts.add(sample, "Bob", "rejected", "a dent, indeed")

    with pytest.raises(VerdictConflict, match="Bob decided this part meanwhile"):
        store.verdicts.add(sample, "Ada", "undecided", "undo", expected="rejected", seen=own.id)

    assert [verdict.operator for verdict in store.verdicts.of_run(1)] == ["Ada", "Bob"]


@pytest.mark.sqlite_only(reason="a server keeps its own files")
def test_nothing_is_written_to_a_workspace_that_was_taken_away(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    sample = store.runs.samples(run_id)[0].id
    away = store.folder.with_name("away")
    shutil.copytree(store.folder, away)
    shutil.rmtree(store.folder)
    with pytest.raises(StoreError, match="is gone; put it back there"):
        store.verdicts.add(sample, "Ada", "rejected")

    shutil.copytree(away, store.folder)
    store.verdicts.add(sample, "Ada", "accepted")

    with Workspace(store.folder) as opened:
        assert [said.new for said in opened.verdicts.of_run(run_id)] == ["accepted"]


def test_a_threshold_is_refused_where_there_are_no_scores_for_it_would_be_lost_when_there_are(store, batch):
    run_id = store.runs.create(batch, ScanSettings())
    store.runs.end(run_id, "cancelled", "stopped")

    with pytest.raises(StoreError, match="run 1 has no scores yet"):
        store.runs.set_threshold(run_id, 0.9, 1.9, "Ada")

    store.runs.finish(run_id, results(0.5, 2.0, 1.5), RunResult(Calibration(0.4, False, 0.5, 2.0, 0.0, 1.0)))
    assert (store.runs.threshold_changes(run_id), store.audit.find_problems()) == ([], [])
