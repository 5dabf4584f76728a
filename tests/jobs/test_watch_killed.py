"""A watch that is killed loses no part and keeps none twice; what it does after it is what it would have done."""

import os
import signal
import sys

import numpy as np
import pytest

from inspector.data.samples import Batch
from inspector.errors import StoreError
from inspector.jobs.watch import watch
from inspector.jobs.watch_options import WatchOptions
from inspector.settings import ScanSettings
from inspector.store.artefacts import Artefacts
from inspector.store.claims import WATCHED
from inspector.store.watches import Watches
from inspector.store.workspace import Workspace
from tests import processes
from tests.photos import write_photos

SETTINGS = ScanSettings(image_size=64, degrees=(1,), layers=(3,), windows=(), batch_size=4)
OPTIONS = WatchOptions(warm_up=5, settle=0, idle=0.1, every=1)

KILLED_AT = {"map": (Artefacts, "save_map"), "part": (Watches, "add"), "report": (Watches, "keep_reported")}


def watch_and_die(folder, workspace, where):
    """Watch, and be killed before or after something is kept of part 9; says which parts were judged."""
    when, what = where.split()
    owner, name = KILLED_AT[what]
    keep = getattr(owner, name)

    def dying(self, run_id, place, *rest, **named):
        position = place if isinstance(place, int) else place.arrived.position
        if position == 9 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = keep(self, run_id, place, *rest, **named)
        if position == 9:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dying)
    with Workspace(workspace) as store:
        watch(folder, SETTINGS, OPTIONS, store, on_result=tell_position)


def facts(store, run_id):
    rows = store.watches.arrived(run_id)
    return [(row.position, row.name, row.final, row.flagged, row.sha256, came.threshold) for row, came in rows]


def test_watch_is_begun_whole_or_not_at_all(folder, store):
    """What is half begun could neither go on nor be seen to be none."""
    with pytest.raises(StoreError):
        store.watches.create(Batch(folder, (), layout=WATCHED), SETTINGS, {"golden": object()}, {})

    assert store.runs.all() == []


def tell_position(verdict):
    sys.stdout.write(f"{verdict.position}\n")
    sys.stdout.flush()


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Fourteen photos, and what a watch that nobody kills makes of them: run, pool of judges, maps."""
    place = tmp_path_factory.mktemp("whole")
    write_photos(place / "stock", 14, spot=True)
    with Workspace(place / "workspace") as store:
        run_id = watch(place / "stock", SETTINGS, OPTIONS, store)
        maps = [store.artefacts.load_map(run_id, position) for position in range(14)]
        return place / "stock", facts(store, run_id), store.watches.get(run_id).pool, maps


@pytest.mark.parametrize(
    ("where", "again"), [("after part", [9]), ("after map", []), ("before part", []), ("before report", [8])]
)
def test_kill_loses_no_part_and_keeps_none_twice(stock, tmp_path, where, again):
    folder, whole, pool, maps = stock
    workspace, said = tmp_path / "killed", tmp_path / "said"

    code = processes.run(watch_and_die, folder, workspace, where, said=said)
    assert code == -signal.SIGKILL, said.read_text()
    before = [int(line) for line in said.read_text().split()]
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
