"""A watch that is killed loses no part and keeps none twice; what it does after it is what it would have done."""

import signal
import subprocess
import sys

import numpy as np
import pytest

from inspector.data.samples import Batch
from inspector.errors import StoreError
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.settings import ScanSettings
from inspector.store.claims import WATCHED
from inspector.store.workspace import Workspace

SETTINGS = ScanSettings(image_size=64, degrees=(1,), layers=(3,), windows=(), batch_size=4)
OPTIONS = WatchOptions(warm_up=5, settle=0, idle=0.3, every=1)

WATCH_AND_DIE = """
import os, sys, signal
from inspector.store.artefacts import Artefacts
from inspector.store.watches import Watches
from inspector.store.workspace import Workspace
from inspector.jobs.watch import watch
from tests.jobs.test_watch_killed import OPTIONS, SETTINGS

def dying(call):
    def run(self, run_id, place, *rest, **named):
        position = place if isinstance(place, int) else place.arrived.position
        if position == 9 and where.startswith("before"):
            os.kill(os.getpid(), signal.SIGKILL)
        done = call(self, run_id, place, *rest, **named)
        if position == 9:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return run

folder, workspace, where = sys.argv[1:]
calls = {"map": (Artefacts, "save_map"), "part": (Watches, "add"), "report": (Watches, "keep_reported")}
owner, name = calls[where.split()[1]]
setattr(owner, name, dying(getattr(owner, name)))
with Workspace(workspace) as store:
    watch(folder, SETTINGS, OPTIONS, store, on_result=lambda verdict: print(verdict.position, flush=True))
"""


def facts(store, run_id):
    rows = store.watches.arrived(run_id)
    return [(row.position, row.name, row.final, row.flagged, row.sha256, came.threshold) for row, came in rows]


def test_watch_is_begun_whole_or_not_at_all(folder, store):
    """What is half begun could neither go on nor be seen to be none."""
    with pytest.raises(StoreError):
        store.watches.create(Batch(folder, (), layout=WATCHED), SETTINGS, {"golden": object()}, {})

    assert store.runs.all() == []


@pytest.mark.parametrize(
    ("where", "again"),
    [
        ("after part", [9]),
        pytest.param("after map", [], marks=pytest.mark.slow),
        pytest.param("before part", [], marks=pytest.mark.slow),
        pytest.param("before report", [8], marks=pytest.mark.slow),
    ],
)
def test_kill_loses_no_part_and_keeps_none_twice(make_photos, folder, tmp_path, where, again):
    make_photos(folder, 14, spot=True)
    with Workspace(tmp_path / "whole") as store:
        whole_id = watch(folder, SETTINGS, OPTIONS, store)
        whole, pool = facts(store, whole_id), store.watches.get(whole_id).pool
        maps = [store.artefacts.load_map(whole_id, place) for place in range(14)]
    workspace = tmp_path / "killed"

    died = subprocess.run(
        [sys.executable, "-c", WATCH_AND_DIE, folder, workspace, where], capture_output=True, text=True
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    before = [int(line) for line in died.stdout.split()]
    later = []
    with Workspace(workspace) as store:
        run_id = watch(folder, SETTINGS, OPTIONS, store, on_result=later.append, resume=True)

        (run,) = store.runs.all()
        assert (run.id, run.status, run.samples) == (run_id, "done", 14)
        assert facts(store, run_id) == whole
        assert store.watches.get(run_id).pool == pool
        for place, plane in enumerate(maps):
            assert np.array_equal(store.artefacts.load_map(run_id, place), plane)
    assert [verdict.position for verdict in later if verdict.again] == again
    assert [*before, *(verdict.position for verdict in later if verdict.position not in before)] == list(range(14))
