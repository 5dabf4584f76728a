"""Scans on a cluster of this machine: one for the whole module, its machines are raylets."""

import os
import signal
import sys

import numpy as np
import psutil
import pytest
from PIL import Image

from inspector.cli import main
from inspector.data.layouts import read_batch
from inspector.errors import Cancelled, InspectorError
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests import processes

pytest.importorskip("ray", reason="Ray is not installed: pip install '.[cluster]'")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray's own warnings are not ours

SMALL = ScanSettings(image_size=64, batch_size=4, references=14)
WHOLE = SMALL.changed(references=200, phases=2, recurring="correct")


@pytest.fixture(scope="module")
def cluster():
    """A head without workers; machines with one each are added and taken away."""
    from ray.cluster_utils import Cluster

    from inspector.jobs import distributed  # noqa: F401 - sets what Ray reads when it is loaded

    small = {"object_store_memory": 400_000_000, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **small})
    made.machines = []
    yield made
    made.shutdown()


@pytest.fixture
def batch(tmp_path):
    """Thirty photos of noise, one of which cannot be read, some with the same spot."""
    folder, rng = tmp_path / "noise", np.random.default_rng(0)
    folder.mkdir()
    for index in range(30):
        photo = rng.integers(0, 90, (70, 70, 3), dtype=np.uint8)
        if index in (3, 9, 20):
            photo[20:40, 20:40] = 255
        Image.fromarray(photo).save(folder / f"{index:02}.png")
    (folder / "07.png").write_bytes(b"no photo")
    return read_batch(folder)


def have_machines(cluster, number):
    while len(cluster.machines) > number:
        cluster.remove_node(cluster.machines.pop())
    while len(cluster.machines) < number:
        cluster.machines.append(cluster.add_node(num_cpus=1, object_store_memory=400_000_000))
    cluster.wait_for_nodes()


def connect_to(cluster):
    from inspector.jobs.distributed import connect

    return connect(cluster.address)


def scan_into(workspace, batch, settings, report=lambda event: None, **others):
    with Workspace(workspace) as store:
        return list_results(store, scan(batch, settings, store, report, **others))


def list_results(store, run_id):
    run, samples = store.runs.get(run_id), store.runs.samples(run_id)
    maps = [store.artefacts.load_map(run_id, one.position).tobytes() for one in samples if one.status == "ok"]
    rows = [(one.name, one.status, one.reason, one.raw_score, one.rescored, one.flagged) for one in samples]
    groups = [(group.members, group.corrected) for group in store.groups.of_run(run_id)]
    return rows, maps, run.unreadable, run.notes, groups


def test_results_are_the_same_bits_on_one_two_and_three_workers_and_without(cluster, batch, tmp_path):
    warned = {"alone": [], "cluster": []}

    def note(who):
        return lambda event: warned[who].append(event) if event.kind == "warning" else None

    around, whole = (
        scan_into(tmp_path / f"alone{number}", batch, each, note("alone")) for number, each in enumerate((SMALL, WHOLE))
    )
    have_machines(cluster, 1)
    with connect_to(cluster) as engine:  # once: each connection has workers of its own, which load torch
        for machines in (1, 2, 3):
            have_machines(cluster, machines)
            warned["cluster"].clear()
            found = scan_into(tmp_path / f"around{machines}", batch, SMALL, note("cluster"), engine=engine)
            assert found == around, f"{machines} workers"
        assert scan_into(tmp_path / "whole", batch, WHOLE, note("cluster"), engine=engine) == whole
    assert around[2] == 1
    assert warned["cluster"] == warned["alone"] != []


def test_killed_workers_and_a_killed_machine_do_not_lose_the_run(cluster, batch, tmp_path):
    have_machines(cluster, 2)
    expected = scan_into(tmp_path / "alone", batch, SMALL)
    killed = []

    def kill(event):
        if event.kind != "progress" or event.done == 0:
            return
        if event.stage == "read" and not killed:
            killed.extend(kill_workers(cluster))
        elif event.stage == "score" and isinstance(killed[-1], int):
            os.kill(raylet_of(cluster.machines[-1]), signal.SIGKILL)
            killed.append("machine")

    with connect_to(cluster) as engine:
        found = scan_into(tmp_path / "killed", batch, SMALL, kill, engine=engine)

    cluster.remove_node(cluster.machines.pop(), allow_graceful=False)
    assert len(killed) > 1
    assert killed[-1] == "machine"
    assert found == expected


def raylet_of(machine):
    return machine.all_processes["raylet"][0].process.pid


def kill_workers(cluster):
    found = [
        worker
        for machine in cluster.machines
        for worker in psutil.Process(raylet_of(machine)).children()
        if worker.cmdline() and worker.cmdline()[0].startswith(("ray::_", "ray::IDLE"))  # not what serves the machine
    ]
    for worker in found:
        worker.kill()
    return [worker.pid for worker in found]


def test_a_stopped_scan_is_taken_up_again_with_the_same_result(cluster, batch, tmp_path):
    have_machines(cluster, 1)
    expected = scan_into(tmp_path / "alone", batch, SMALL)

    def stop(event):
        if event.kind == "progress" and event.stage == "read" and 0 < event.done < event.total:
            raise Cancelled

    with connect_to(cluster) as engine:
        with pytest.raises(Cancelled):
            scan_into(tmp_path / "stopped", batch, SMALL, stop, engine=engine)

        assert scan_into(tmp_path / "stopped", batch, SMALL, run_id=1, engine=engine) == expected


def test_a_killed_driver_is_taken_up_again(cluster, batch, run, tmp_path):
    have_machines(cluster, 1)
    alone = ("scan", batch.root, "--image-size", 64, "--batch-size", 4, "--references", 14, "--workspace")
    command = (*alone, tmp_path / "w", "--ray", cluster.address)

    driver = processes.start(scan_and_tell, *map(str, command), said=tmp_path / "said")
    while driver.is_alive() and not has_read_some(tmp_path / "said"):
        driver.join(0.02)
    driver.kill()
    driver.join()
    assert driver.exitcode == -signal.SIGKILL, (tmp_path / "said").read_text()

    code, _, told = run(*command, "--resume")

    assert code == 0, told
    assert run(*alone, tmp_path / "alone")[0] == 0
    with Workspace(tmp_path / "w") as store, Workspace(tmp_path / "alone") as other:
        assert list_results(store, 1) == list_results(other, 1)


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
