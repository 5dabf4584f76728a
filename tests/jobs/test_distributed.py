"""Scans on a cluster of this machine: one for the whole module, its machines are raylets."""

import os
import shutil
import signal
import socket
import sys
import time

import numpy as np
import pytest
import torch
from datasets import make_category
from PIL import Image

from inspector.cli import main
from inspector.data.fetched import fetch_files, read_fetched_batch
from inspector.data.layouts import read_batch
from inspector.data.parts import Part
from inspector.errors import Cancelled, InspectorError
from inspector.evaluation.run import evaluate
from inspector.jobs.engine import ALONE
from inspector.jobs.scan import scan
from inspector.jobs.scan_many import scan_many
from inspector.settings import ScanSettings
from inspector.storage import SCRATCH, Storage
from inspector.store.workspace import Workspace
from tests import processes, ray_workers

pytest.importorskip("ray", reason="Ray is not installed: pip install '.[cluster]'")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray's own warnings are not ours

SMALL = ScanSettings(image_size=64, batch_size=4, references=14)
WHOLE = SMALL.changed(references=200, phases=2, recurring="correct")

MACHINE = {"num_cpus": 1, "object_store_memory": 400_000_000}
MISSED = {"health_check_period_ms": 200, "health_check_initial_delay_ms": 0}
"""How soon a killed machine is missed: after five looks. One that is busy has ten seconds for each of them, as ever."""

PATIENCE = 300
"""Seconds that a machine may take to start."""

BLIND = """
import os, sys
stat = os.stat
def refuse(path):
    if isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith({hidden!r}):
        raise FileNotFoundError(2, "No such file or directory", os.fspath(path))
def stat_seen(path, *given, **others):
    refuse(path)
    return stat(path, *given, **others)
os.stat = stat_seen
sys.addaudithook(lambda event, given: refuse(given[0]) if event in ("open", "os.mkdir", "os.scandir") else None)
"""
"""What Python does at its start on a machine that does not see a folder."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A machine with one worker; more machines can be added. Each has a folder of its own for what it fetches.

    Only the first one sees the folder `hidden`: to Python programs of the others it is as if it were not there.
    """
    from ray.cluster_utils import Cluster

    from inspector.jobs import distributed  # noqa: F401 - sets what Ray reads when it is loaded

    scratch = tmp_path_factory.mktemp("scratch")
    (scratch / "blind").mkdir()
    (scratch / "blind" / "sitecustomize.py").write_text(BLIND.format(hidden=str(scratch / "hidden")))
    with ray_workers.forking(tmp_path_factory.mktemp("forks")) as forks:
        head = {**describe_machine(scratch, forks, 0), "include_dashboard": False, "_system_config": MISSED}
        made = Cluster(initialize_head=True, head_node_args=head)
        made.machines, made.scratch, made.forks = [made.head_node], scratch, forks
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def engine(cluster):
    """One connection for all tests: each would start workers of its own, which load torch."""
    from inspector.jobs.distributed import connect

    with connect(cluster.address) as connected:
        yield connected


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Thirty photos of noise, one of which cannot be read, some with the same spot."""
    folder, rng = tmp_path_factory.mktemp("noise"), np.random.default_rng(0)
    for index in range(30):
        photo = rng.integers(0, 90, (70, 70, 3), dtype=np.uint8)
        if index in (3, 9, 20):
            photo[20:40, 20:40] = 255
        Image.fromarray(photo).save(folder / f"{index:02}.png")
    (folder / "07.png").write_bytes(b"no photo")
    return read_batch(folder)


@pytest.fixture(scope="module")
def alone(batch, tmp_path_factory):
    """What a scan in one process finds by each of the settings, and what it warns of."""
    return [scan_noting(tmp_path_factory.mktemp("alone"), batch, settings) for settings in (SMALL, WHOLE)]


def add_machines(cluster, number):
    """Have so many machines at least. Ray itself would wait half a minute, which a busy computer needs for one."""
    import ray

    while len(cluster.machines) < number:
        told = describe_machine(cluster.scratch, cluster.forks, len(cluster.machines))
        cluster.machines.append(cluster.add_node(wait=False, **told))
    until = time.monotonic() + PATIENCE
    while ray.cluster_resources().get("CPU", 0) < number:
        assert time.monotonic() < until, f"{number} machines did not start within {PATIENCE} s"
        time.sleep(0.1)


def describe_machine(folder, forks, number):
    workers = ray_workers.choose(forks, folder / f"workers-{number}")
    blind = {"PYTHONPATH": os.pathsep.join([str(folder / "blind"), *sys.path])} if number else {}
    return {**MACHINE, **workers, "env_vars": {**workers["env_vars"], SCRATCH: str(folder / str(number)), **blind}}


def scan_into(workspace, batch, settings, report=lambda event: None, **others):
    with Workspace(workspace) as store:
        return list_results(store, scan(batch, settings, store, report, **others))


def list_results(store, run_id):
    run, samples = store.runs.get(run_id), store.runs.samples(run_id)
    maps = [store.artefacts.load_map(run_id, one.position).tobytes() for one in samples if one.status == "ok"]
    folder = store.artefacts.run_folder(run_id) / "thumbnails"
    maps += [thumbnail.read_bytes() for thumbnail in sorted(folder.iterdir())]
    rows = [(one.name, one.status, one.reason, one.raw_score, one.rescored, one.flagged) for one in samples]
    groups = [(group.members, group.corrected) for group in store.groups.of_run(run_id)]
    return rows, maps, run.unreadable, run.notes, groups


def scan_noting(workspace, batch, settings, **others):
    """As `scan_into`, and the warnings."""
    warned = []
    note = lambda event: warned.append(event) if event.kind == "warning" else None  # noqa: E731
    return scan_into(workspace, batch, settings, note, **others), warned


def test_results_are_the_same_bits_on_one_two_and_three_workers_and_without(cluster, engine, batch, alone, tmp_path):
    around, whole = alone
    assert (around[0][2], around[1] != []) == (1, True)

    for machines in (1, 2, 3):
        add_machines(cluster, machines)
        assert scan_noting(tmp_path / f"on{machines}", batch, SMALL, engine=engine) == around, f"{machines} workers"

    assert scan_noting(tmp_path / "whole", batch, WHOLE, engine=engine) == whole


def test_machines_that_share_no_folder_take_all_from_an_address(cluster, engine, batch, alone, tmp_path):
    add_machines(cluster, 2)
    bucket, workspace = f"file://{tmp_path.as_posix()}/bucket", tmp_path / "workspace"
    shutil.copytree(batch.root, tmp_path / "bucket" / "lot")
    fetched = read_fetched_batch(fetch_files(f"{bucket}/lot", workspace))

    found = scan_into(workspace, fetched, SMALL, engine=engine._replace(storage=Storage(f"{bucket}/tokens")))

    expected = alone[0][0]
    assert found[3] == [f"fetched from {bucket}/lot", *expected[3]]
    assert (*found[:3], found[4]) == (*expected[:3], expected[4])
    photos = [path.name for path in cluster.scratch.rglob("*.png") if "hidden" not in path.parts]
    assert sorted(photos) == [sample.name for sample in batch.samples], "each is fetched once, by who reads it"
    assert list(cluster.scratch.rglob("*.safetensors")), "workers keep tokens below their own folder"


def test_a_machine_that_sees_neither_photos_nor_workspace_is_handed_them(
    cluster, engine, batch, alone, tmp_path, monkeypatch
):
    add_machines(cluster, 2)
    hidden, handed, here = cluster.scratch / "hidden", cluster.scratch / "1", []
    shutil.copytree(batch.root, hidden / "lot")
    report = lambda event: here.extend(handed.rglob("*")) if event.kind == "progress" else None  # noqa: E731

    found = scan_into(hidden / "workspace", read_batch(hidden / "lot"), SMALL, report, engine=engine)

    assert found == alone[0][0]
    assert {path.name for path in here} >= {"lot"}, "photos are handed, and make room when they are read"
    assert {path.suffix for path in here} >= {".safetensors"}
    assert not [path for path in handed.rglob("*") if "hidden" in path.parts], "what was handed goes with the scan"
    assert not list((hidden / "workspace" / "cache").glob(".*"))


def test_workers_send_back_files_of_pictures_and_no_pixels():
    from inspector.jobs.distributed import _read_slice

    shown, seen = np.ones((5, 4, 3), np.uint8), np.ones((1, 8, 8, 3), np.uint8)
    pixels = {"squares": seen, "more_squares": (seen, seen), "preview": shown, "picture": shown, "points": shown}
    part = Part(0, size=(5, 4), **pixels, thumbnail=b"jpeg", drawing=b"png", image_key="a")

    threads = torch.get_num_threads()  # it sets them, and in this process they stay
    [sent], _ = _read_slice._function((None, None, lambda: 1 << 30), [lambda: part], 1, 1, threads, 1)

    assert [getattr(sent, name) for name in pixels] == [None, (), None, None, None]
    assert (sent.thumbnail, sent.drawing, sent.image_key) == (b"jpeg", b"png", "a")


def test_several_batches_and_a_dataset_are_the_same_with_and_without_workers(engine, tmp_path):
    for name in ("nut", "bolt"):
        make_category(tmp_path / "set" / name, "mvtec-ad")
    folders, found = [tmp_path / "set" / name for name in ("nut", "bolt")], []

    for number, one in enumerate((ALONE, engine)):
        with Workspace(tmp_path / str(number)) as store:
            outcomes = list(scan_many(folders, "folder", SMALL, store, engine=one))
            rows = evaluate(tmp_path / "set", "mvtec-ad", SMALL, store, categories=["nut"], engine=one, fresh=True)
            runs = [list_results(store, run.id) for run in store.runs.all()]
        found.append(([(outcome.found, outcome.problem) for outcome in outcomes], rows, runs))

    assert len(found[0][2]) == 3
    assert found[1] == found[0]


def test_a_stopped_scan_is_taken_up_again_with_the_same_result(engine, batch, alone, tmp_path):
    def stop(event):
        if event.kind == "progress" and event.stage == "read" and 0 < event.done < event.total:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan_into(tmp_path, batch, SMALL, stop, engine=engine)

    assert scan_into(tmp_path, batch, SMALL, run_id=1, engine=engine) == alone[0][0]


def test_a_killed_worker_and_a_killed_machine_do_not_lose_the_run(cluster, engine, batch, alone, tmp_path):
    add_machines(cluster, 3)
    killed = []

    def kill(event):
        if event.kind != "progress" or event.done == 0:
            return
        if event.stage == "read" and not killed:
            killed.extend(kill_workers(cluster.scratch / "workers-0"))
        elif event.stage == "score" and isinstance(killed[-1], int):
            os.kill(raylet_of(cluster.machines[-1]), signal.SIGKILL)
            killed.append("machine")

    found = scan_into(tmp_path / "killed", batch, SMALL, kill, engine=engine)

    cluster.remove_node(cluster.machines.pop(), allow_graceful=False)
    assert len(killed) > 1
    assert killed[-1] == "machine"
    assert found == alone[0][0]


def raylet_of(machine):
    return machine.all_processes["raylet"][0].process.pid


def kill_workers(notes):
    found = ray_workers.list_workers(notes)
    for worker in found:
        worker.kill()
    return [worker.pid for worker in found]


def test_a_killed_driver_is_taken_up_again(cluster, engine, batch, alone, tmp_path):
    while len(cluster.machines) > 1:
        cluster.remove_node(cluster.machines.pop(), allow_graceful=False)
    settings, workspace = tmp_path / "settings.toml", tmp_path / "workspace"
    settings.write_text(SMALL.to_toml())
    command = ("scan", batch.root, "--workspace", workspace, "--settings", settings, "--ray", cluster.address)

    driver = processes.start(scan_and_tell, *map(str, command), said=tmp_path / "said")
    while driver.is_alive() and not has_read_some(tmp_path / "said"):
        driver.join(0.02)
    driver.kill()
    driver.join()
    assert driver.exitcode == -signal.SIGKILL, (tmp_path / "said").read_text()

    assert scan_into(workspace, batch, SMALL, run_id=1, engine=engine) == alone[0][0]


def scan_and_tell(*command):
    sys.argv = ["inspector", *command, "--events", "jsonl"]
    main()


def has_read_some(said):
    lines = said.read_text().splitlines()
    return any('"read"' in line and '"progress"' in line and '"done": 0' not in line for line in lines)


def test_an_address_without_cluster_is_told():
    from inspector.jobs.distributed import connect

    with pytest.raises(InspectorError, match="no Ray cluster can be used at"), connect("127.0.0.1:1"):
        pass


def test_a_wrong_token_is_told_and_not_a_failure_to_connect(monkeypatch):
    """Ray 2.60 says `ConnectionError` alone, and the reason on stderr, as seen with a head that has a token."""
    from inspector.jobs import distributed

    def refuse(**_):
        raise ConnectionError("Failed to connect to Ray cluster at 127.0.0.1")

    monkeypatch.setattr(distributed.ray, "init", refuse)
    with socket.create_server(("127.0.0.1", 0)) as head:
        address = f"127.0.0.1:{head.getsockname()[1]}"
        told = rf"what listens at {address} takes this program for a stranger: .*RAY_AUTH_TOKEN"
        with pytest.raises(InspectorError, match=told), distributed.connect(address):
            pass
