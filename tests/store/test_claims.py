"""One program scans a run; the others see that it is alive, and take it up when it is not."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import psutil
import pytest
from sqlalchemy import update

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store import claims
from inspector.store.claims import SILENCE, WATCHED, find_unfinished, is_alive, name_owner
from inspector.store.records import SampleReading
from inspector.store.tables import RunRow
from inspector.store.watches import Arrived, NewPart
from inspector.store.workspace import Workspace

HOLDER = """
import sys
from inspector.store.workspace import Workspace
with Workspace(sys.argv[1]) as workspace, workspace.runs.hold(1):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def run_id(store, tmp_path):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    store.runs.end(run_id, "cancelled", "stopped")
    return run_id


@pytest.fixture
def holder(store, run_id):
    """Another program that holds run 1."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDER, store.location], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout.readline() == "held\n"
    yield program
    program.kill()
    program.communicate()


def test_run_that_another_program_scans_is_not_taken_up(store, run_id, holder):
    run = store.runs.get(run_id)
    assert is_alive(run)
    assert f"program {holder.pid} " in run.owner
    assert find_unfinished(store.runs.all()) == {}

    with pytest.raises(StoreError, match=f"run 1 is being scanned by program {holder.pid} .*wait for its end"):
        store.runs.hold(run_id).__enter__()


def test_run_of_a_program_that_was_killed_is_free_at_once(store, run_id, holder):
    holder.kill()
    holder.wait()

    run = store.runs.get(run_id)
    assert (run.status, is_alive(run)) == ("running", False)
    assert find_unfinished(store.runs.all()) == {run.root: run}
    with store.runs.hold(run_id):
        assert store.runs.get(run_id).owner == name_owner()


def test_program_that_ended_and_that_nobody_asked_after_is_dead(store, run_id, holder):
    holder.kill()
    while psutil.Process(holder.pid).status() != psutil.STATUS_ZOMBIE:
        pass

    assert not is_alive(store.runs.get(run_id))


def test_program_is_alive_after_the_clock_was_set(store, run_id, monkeypatch):
    with store.runs.hold(run_id):
        run = store.runs.get(run_id)
    begun = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: begun(process) - 1.0)

    assert is_alive(replace(run, status="running"))


def test_younger_program_with_the_number_of_the_owner_is_another_one(store, run_id):
    owner = name_owner().replace(f"({psutil.Process().create_time():.2f})", "(1.00)")
    before = datetime.fromtimestamp(psutil.Process().create_time(), UTC) - timedelta(seconds=1)
    run = replace(store.runs.get(run_id), status="running", owner=owner, heartbeat=before)

    assert not is_alive(run, before)


def test_run_of_another_computer_is_free_after_a_silence(store, run_id):
    now = datetime.now(UTC)
    run = replace(store.runs.get(run_id), status="running", owner="program 7 (1.00) on elsewhere")

    assert is_alive(replace(run, heartbeat=now - SILENCE / 2), now)
    assert not is_alive(replace(run, heartbeat=now - SILENCE - timedelta(seconds=1)), now)


def test_one_program_does_not_scan_a_run_twice(store, run_id):
    with store.runs.hold(run_id), pytest.raises(StoreError, match="is being scanned"):
        store.runs.hold(run_id).__enter__()

    with store.runs.hold(run_id):
        pass


def test_the_faster_of_two_programs_gets_the_run(store, run_id, monkeypatch):
    """Both read that the run is free before one of them writes its claim."""
    seen = store.runs.get(run_id)
    with store.runs.hold(run_id):
        with monkeypatch.context() as other_program:
            other_program.setattr(claims, "name_owner", lambda: "program 7 (1.00) on elsewhere")
            other_program.setattr(claims, "_held", {})
            with pytest.raises(StoreError, match="is being scanned"):
                claims.hold_claim(store.runs._database, seen).__enter__()
        assert store.runs.get(run_id).owner == name_owner()


def test_run_that_another_program_has_taken_up_is_not_written_or_closed(store, tmp_path):
    run_id = store.watches.create(Batch(tmp_path, (), layout=WATCHED), ScanSettings(), {}, {})
    arrived = Arrived(0, False, "a.png", 1, 1, "", datetime(2026, 5, 1), 0.0)
    part = NewPart(Sample("a.png", image=tmp_path / "a.png"), SampleReading(0, "unreadable", "gone"), None, arrived)
    scales = Calibration.fit(*[np.ones(2, np.float32)] * 3, rescored=False, threshold_k=6.0)
    with store.runs.hold(run_id):
        with store.database.session() as session:
            session.execute(update(RunRow).values(owner="program 7 (1.00) on elsewhere"))
        with pytest.raises(StoreError, match="run 1 was taken up by program 7"):
            store.watches.add(run_id, part, pool={})
        with pytest.raises(StoreError, match="run 1 was taken up by program 7"):
            store.watches.calibrate(run_id, [part], scales, usual=1.0, pool={})
        for status, told in (("done", "has been ended there"), ("running", "goes on there")):
            with store.database.session() as session:
                session.execute(update(RunRow).values(status=status))
            with pytest.raises(StoreError, match=told):
                store.watches.add(run_id, part, pool={})
        store.watches.finish(run_id)
        store.runs.end(run_id, "failed", "it goes on elsewhere")

    run = store.runs.get(run_id)
    assert (run.status, run.message, run.samples) == ("running", "", 0)
    assert store.watches.get(run_id).pool is None


def test_heartbeat_goes_on_while_a_run_is_held(store, run_id, monkeypatch):
    monkeypatch.setattr(claims, "BEAT", 0.01)
    with store.runs.hold(run_id):
        first = store.runs.get(run_id).heartbeat
        end = time.monotonic() + 30  # a busy machine lets the other thread wait
        while (later := store.runs.get(run_id).heartbeat) <= first and time.monotonic() < end:
            pass
        assert later > first


def test_a_new_run_belongs_to_the_program_that_made_it(store, tmp_path):
    run_id = store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())

    assert is_alive(store.runs.get(run_id))
    with store.runs.hold(run_id):
        pass


def test_newest_stopped_run_of_each_folder_is_found(store, tmp_path):
    def add(folder, status):
        run_id = store.runs.create(Batch(tmp_path / folder, (Sample("a", image=tmp_path / "a"),)), ScanSettings())
        store.runs.end(run_id, status, "")
        return run_id

    add("one", "cancelled")
    newer = add("one", "failed")
    add("two", "done")
    stopped = add("three", "cancelled")

    assert {run.id for run in find_unfinished(store.runs.all()).values()} == {newer, stopped}


def test_workspace_of_a_relative_path_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Workspace(tmp_path.relative_to(tmp_path) / "ws") as workspace:
        monkeypatch.chdir("/")
        workspace.artefacts.save_thumbnail(1, 0, b"small")
        assert (tmp_path / "ws" / "runs" / "1" / "thumbnails" / "000000.jpg").read_bytes() == b"small"
        assert workspace.folder == tmp_path / "ws"
