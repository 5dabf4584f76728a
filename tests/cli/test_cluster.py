from contextlib import contextmanager

import pytest
from datasets import make_category

from inspector.errors import InputError


def test_workers_go_with_a_local_cluster_alone(run, folder, make_photos):
    make_photos(folder, 2)

    code, _, told = run("scan", folder, "--ray-workers", "2")

    assert code == 2
    assert "--ray local" in told


def test_what_to_install_is_told_where_ray_is_not(monkeypatch):
    from inspector.cli.cluster import open_engine

    monkeypatch.setattr("inspector.cli.cluster.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"mutual-inspector\[cluster\]"), open_engine("local", None):
        pass


def test_without_an_address_this_process_does_the_work():
    from inspector.cli.cluster import open_engine
    from inspector.jobs.engine import ALONE

    with open_engine(None, None) as engine:
        assert engine is ALONE


@pytest.mark.parametrize("command", [("scan",), ("scan-many",), ("evaluate", "--layout", "btad")])
def test_commands_that_scan_take_an_address(command, run, monkeypatch, tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install '.[cluster]'")
    from inspector.jobs.engine import ALONE, Engine

    make_category(tmp_path / "set" / "nut", "btad")
    done = []

    def cache_tokens(*given, **others):
        done.append("read")
        return ALONE.cache_tokens(*given, **others)

    @contextmanager
    def connect(address, workers):
        assert (address, workers) == ("there:6379", None)
        yield Engine(cache_tokens, ALONE.score_samples)
        done.append("closed")

    monkeypatch.setattr("inspector.jobs.distributed.connect", connect)
    folder = tmp_path / "set" / ("nut" if command[0] == "scan" else "")

    code, _, told = run(*command, folder, "--preset", "fast", "--image-size", "64", "--ray", "there:6379")

    assert (code, done) == (0, ["read", "closed"]), told


def test_a_cluster_of_this_machine_is_a_new_one(monkeypatch):
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install '.[cluster]'")
    from inspector.jobs.distributed import connect

    begun = []
    monkeypatch.setenv("RAY_ADDRESS", "elsewhere:6379")
    monkeypatch.setattr(ray, "init", lambda **given: begun.append((given["address"], given["num_cpus"])))

    with connect("local", 2):
        pass

    assert begun == [("local", 2)]
