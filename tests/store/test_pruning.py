"""What pruning lets go, and above all what it does not."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import torch

from inspector.data.layouts import read_batch
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.features.cache import TokenCache
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.carried import Carried, carry_verdicts
from inspector.store.groups import FoundGroup
from inspector.store.pruning import plan_pruning, prune
from inspector.store.records import RunResult, SampleResult
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace

NOW = datetime.now(UTC)


def make_run(store, tmp_path, *, days=0, status="cancelled"):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    if status != "running":
        store.runs.end(run_id, status, "")
    store.artefacts.save_map(run_id, 0, np.ones((2, 2), np.float32))
    with store.database.session() as session:
        session.get_one(RunRow, run_id).created = NOW - timedelta(days=days)
    return run_id


def runs_of(plan):
    return [run.id for run in plan.runs]


@pytest.fixture
def five(store, tmp_path):
    """Runs 1 to 5, of 50, 40, ... 10 days ago; 1 has a verdict, 2 a moved threshold."""
    for days in (50, 40, 30, 20, 10):
        make_run(store, tmp_path, days=days)
    store.verdicts.add(store.runs.samples(1)[0].id, "Ada", "rejected")
    store.runs.finish(
        2, [SampleResult(0, 1.0, None, 1.0, True)], RunResult(Calibration(0.9, False, 0.0, 1.0, 0.0, 1.0))
    )
    store.runs.set_threshold(2, 0.5, 0.5, "Ada")
    return store


def test_runs_go_by_count_or_age_and_never_unasked(five):
    assert runs_of(plan_pruning(five)) == []
    assert runs_of(plan_pruning(five, keep_runs=2)) == [3]
    assert runs_of(plan_pruning(five, older_than=15)) == [3, 4]
    assert runs_of(plan_pruning(five, older_than=25, keep_runs=1)) == [3]
    assert runs_of(plan_pruning(five, older_than=0)) == [3, 4]  # the newest one stays: numbers are not given twice
    assert [run.id for run in plan_pruning(five, keep_runs=2).reviewed] == [1, 2]
    assert runs_of(plan_pruning(five, keep_runs=2, with_verdicts=True)) == [1, 2, 3]
    assert [run.id for run in five.runs.all()] == [5, 4, 3, 2, 1]


def test_run_whose_groups_were_marked_was_reviewed(five):
    five.groups.keep(3, [FoundGroup({0: (0.0, 0.0, 1.0, 1.0)}, False)], {})
    five.groups.mark(five.groups.of_run(3)[0].id, "Ada", "defect")

    assert runs_of(plan_pruning(five, keep_runs=1)) == [4]


def test_verdicts_that_were_carried_over_hold_a_run_where_their_own_is_gone(five):
    with five.database.session(durable=True) as session:
        carry_verdicts(session, 3, Carried(1, [], [0]))
    assert runs_of(plan_pruning(five, keep_runs=2)) == [3]

    prune(five, plan_pruning(five, keep_runs=3, with_verdicts=True))

    assert runs_of(plan_pruning(five, keep_runs=2)) == []
    assert five.audit.find_problems() == []


def test_what_goes_is_gone_from_database_and_disk_and_the_chain_says_so(five):
    prune(five, plan_pruning(five, keep_runs=2, with_verdicts=True), "Ada")

    assert [run.id for run in five.runs.all()] == [5, 4]
    assert sorted(path.name for path in (five.folder / "runs").iterdir()) == ["4", "5"]
    assert [entry.kind for entry in five.audit.entries()] == ["verdict", "threshold", "pruned", "pruned", "pruned"]
    times = [datetime.fromisoformat(json.loads(entry.fields)["time"]) for entry in five.audit.entries()]
    assert times == sorted(times), "each entry says when"
    assert five.audit.find_problems() == []
    five.verdicts.add(five.runs.samples(4)[0].id, "Bob", "accepted")  # has a number that was given before
    assert five.audit.find_problems() == []


def test_runs_that_are_being_scanned_stay(store, tmp_path):
    make_run(store, tmp_path, days=9, status="running")
    make_run(store, tmp_path, days=8)
    make_run(store, tmp_path)

    assert runs_of(plan_pruning(store, keep_runs=1)) == [2]


def test_run_that_was_taken_up_meanwhile_stays(store, tmp_path):
    make_run(store, tmp_path)
    make_run(store, tmp_path)
    plan = plan_pruning(store, keep_runs=1)
    with store.runs.hold(1):
        prune(store, plan)

    assert len(store.runs.all()) == 2
    assert store.artefacts.load_map(1, 0).shape == (2, 2)


@pytest.mark.sqlite_only(reason="what fails is a trigger as SQLite has them")
def test_failure_puts_the_files_back(five, monkeypatch):
    with closing(sqlite3.connect(five.folder / "inspector.db")) as database:
        database.execute("CREATE TRIGGER no BEFORE DELETE ON sample BEGIN SELECT RAISE(ABORT, 'no'); END")

    with pytest.raises(Exception, match="no"):
        prune(five, plan_pruning(five, keep_runs=2))

    assert five.artefacts.load_map(3, 0).shape == (2, 2)
    assert len(five.runs.all()) == 5


def test_run_whose_files_another_program_holds_stays_and_that_is_told(five, monkeypatch):
    """As on Windows, where an open file cannot be moved."""

    def refuse(path, target):
        raise PermissionError(errno.EACCES, "in use", str(path))

    monkeypatch.setattr(type(five.folder), "rename", refuse)
    with pytest.raises(StoreError, match="cannot remove the files of run 3: in use; close programs"):
        prune(five, plan_pruning(five, keep_runs=2))

    assert five.artefacts.load_map(3, 0).shape == (2, 2)
    assert len(five.runs.all()) == 5


def test_leftover_that_another_program_holds_stays(store, tmp_path, monkeypatch):
    make_run(store, tmp_path)
    maps = store.artefacts.run_folder(1) / "maps"
    for name in (".held.npy", ".old.npy"):
        (maps / name).touch()
        os.utime(maps / name, (1, 1))
    plan, unlink = plan_pruning(store), type(maps).unlink

    def refuse_one(path, missing_ok=False):
        if path.name == ".held.npy":
            raise PermissionError(errno.EACCES, "in use", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(type(maps), "unlink", refuse_one)
    prune(store, plan)

    assert sorted(path.name for path in maps.iterdir()) == [".held.npy", "000000.npy"]


def make_tokens(store, name, *, days, bytes_=1_000_000):
    cache = TokenCache(store.folder / "cache", size=1)
    cache.save(name, [torch.zeros(bytes_ // 2, dtype=torch.float16)], {})
    used = (NOW - timedelta(days=days)).timestamp()
    os.utime(cache._path(name), (used, used))
    return cache


def tokens_left(store):
    return sorted(path.stem for path in (store.folder / "cache").glob("*/*.safetensors"))


def test_tokens_that_were_not_used_for_long_go_first(store):
    for name, days in (("a", 1), ("b", 3), ("c", 2), ("d", 4)):
        cache = make_tokens(store, name, days=days)
    assert cache.holds("d")  # used now
    plan = plan_pruning(store, cache_gb=0.0025)

    assert [one.path.stem for one in plan.tokens] == ["b", "c"]
    assert plan_pruning(store).tokens == ()
    assert tokens_left(store) == ["a", "b", "c", "d"]
    assert cache.holds("c")  # used between the plan and what is done
    prune(store, plan)
    assert tokens_left(store) == ["a", "c", "d"]
    prune(store, plan_pruning(store, cache_gb=0))
    assert list((store.folder / "cache").iterdir()) == []


def test_tokens_of_a_scan_that_is_under_way_stay(store, tmp_path):
    make_tokens(store, "before", days=3)
    make_run(store, tmp_path, days=2, status="running")
    make_tokens(store, "during", days=1)

    prune(store, plan_pruning(store, cache_gb=0))

    assert tokens_left(store) == ["during"]


def test_scan_after_pruning_gives_what_it_gave(store, tmp_path, make_photos):
    make_photos(tmp_path / "batch", 3)
    settings = ScanSettings(image_size=64)
    first = scan(read_batch(tmp_path / "batch"), settings, store)
    prune(store, plan_pruning(store, cache_gb=0))
    second = scan(read_batch(tmp_path / "batch"), settings, store)

    scores = [[sample.final for sample in store.runs.samples(run)] for run in (first, second)]
    assert scores[0] == scores[1]


def test_leftovers_of_killed_programs_go(store, tmp_path):
    make_run(store, tmp_path)
    maps = store.artefacts.run_folder(1) / "maps"
    (maps / ".fresh.npy").touch()
    (maps / ".old.npy").touch()
    os.utime(maps / ".old.npy", (1, 1))
    for name in (".pruned-3-ab", "9"):
        (store.folder / "runs" / name / "maps").mkdir(parents=True)

    prune(store, plan_pruning(store))

    assert sorted(path.name for path in maps.iterdir()) == [".fresh.npy", "000000.npy"]
    assert [path.name for path in (store.folder / "runs").iterdir()] == ["1"]


def test_mark_of_a_killed_scan_on_a_cluster_goes_when_nothing_is_being_scanned(store, tmp_path):
    run_id = make_run(store, tmp_path)
    mark = store.folder / "cache" / ".seen-1"
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    os.utime(mark, (1, 1))

    with store.runs.hold(run_id):
        while_scanned = plan_pruning(store).leftovers
    store.runs.end(run_id, "cancelled", "")

    assert while_scanned == ()
    assert plan_pruning(store).leftovers == (mark,)


def test_photos_that_were_fetched_go_when_no_run_is_of_them(store, tmp_path):
    for name in ("monday", "tuesday", "wednesday", "today"):
        (store.folder / "fetched" / name).mkdir(parents=True)
        (store.folder / "fetched" / name / "a.png").touch()
    make_run(store, store.folder / "fetched" / "tuesday")
    make_run(store, tmp_path / "as another station sees it" / "fetched" / "wednesday" / "sub")
    for name in ("monday", "tuesday", "wednesday"):
        os.utime(store.folder / "fetched" / name, (1, 1))

    prune(store, plan_pruning(store))

    assert sorted(path.name for path in (store.folder / "fetched").iterdir()) == ["today", "tuesday", "wednesday"]


def test_command_says_what_would_go_and_then_does_it(run, five):
    code, said, _ = run("prune", "--keep-runs", 2, "--dry-run")
    assert code == 0
    assert "would go: run 3 of " in said
    assert "stays, for it was reviewed (--with-verdicts): run 1 of " in said
    assert len(five.runs.all()) == 5

    assert run("prune", "--keep-runs", 2)[0] == 0
    with Workspace(five.location) as store:
        assert [run.id for run in store.runs.all()] == [5, 4, 2, 1]
