import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from inspector import machine as memory
from inspector.errors import SettingsError
from inspector.machine import (
    Budget,
    address_space_room,
    cgroup_room,
    count_readers,
    free_bytes,
    is_out_of_memory,
    scan_budget,
)

MB = 1_000_000


@pytest.fixture
def machine(monkeypatch):
    """A machine on which this process holds 900 MB and 1000 MB are free, as long as nothing else is said."""

    def make(resident=900 * MB, free=1000 * MB):
        monkeypatch.setattr(memory, "resident_bytes", lambda: resident)
        monkeypatch.setattr(memory, "free_bytes", lambda: free)

    make()
    return make


def group(folder: Path, limit: str, usage: str, cached: int | None = None, *, version: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = ("memory.max", "memory.current") if version == 2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    for name, value in zip(names, (limit, usage), strict=True):
        (folder / name).write_text(f"{value}\n")
    if cached is not None:
        name = "inactive_file" if version == 2 else "total_inactive_file"
        (folder / "memory.stat").write_text(f"anon 5\n{name} {cached}\n{name.replace('inactive', 'active')} 7\n")


@pytest.mark.parametrize("version", [1, 2])
def test_room_in_a_container_is_limit_minus_what_is_used_without_idle_files(tmp_path, version):
    folder = tmp_path / "memory" if version == 1 else tmp_path
    group(folder, "1000", "900", cached=300, version=version)

    assert cgroup_room(tmp_path, tmp_path / "none") == 400
    assert cgroup_room(tmp_path, tmp_path / "none", drop_files=True) == 407


def test_least_of_own_group_and_all_above_counts(tmp_path):
    group(tmp_path / "service", "5000", "1000")
    group(tmp_path / "service" / "job", "3000", "1000")
    (tmp_path / "own").write_text("0::/service/job\n")
    assert cgroup_room(tmp_path, tmp_path / "own") == 2000

    group(tmp_path / "service", "1500", "1000")
    assert cgroup_room(tmp_path, tmp_path / "own") == 500


def test_own_group_of_version_1_is_that_of_memory(tmp_path):
    group(tmp_path / "memory" / "job", "700", "100", version=1)
    group(tmp_path / "memory" / "other", "50", "0", version=1)
    (tmp_path / "own").write_text("5:cpu,cpuacct:/other\n4:memory:/job\n0::/\n")

    assert cgroup_room(tmp_path, tmp_path / "own") == 600


def test_no_limit_is_no_limit(tmp_path):
    assert cgroup_room(tmp_path, tmp_path / "none") == memory.UNLIMITED
    group(tmp_path, "max", "900")
    assert cgroup_room(tmp_path, tmp_path / "none") == memory.UNLIMITED
    group(tmp_path / "memory", "9223372036854771712", "900", version=1)
    assert cgroup_room(tmp_path, tmp_path / "none") == memory.UNLIMITED


def test_group_over_its_limit_has_no_room(tmp_path):
    group(tmp_path, "1000", "1100")

    assert cgroup_room(tmp_path, tmp_path / "none") == 0


def test_address_space_counts_from_what_is_mapped(monkeypatch):
    resource = pytest.importorskip("resource")
    mapped = memory.psutil.Process().memory_info().vms
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (mapped + 500 * MB, mapped + 900 * MB))

    assert 400 * MB < address_space_room() <= 510 * MB  # the test itself may map a little


def test_without_limits_on_the_process_its_address_space_is_endless(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows

    assert address_space_room() == memory.UNLIMITED


@pytest.mark.parametrize(("ram", "container", "mapping"), [(5, 7, 9), (7, 5, 9), (9, 7, 5)])
def test_free_is_the_least_of_all_limits(monkeypatch, ram, container, mapping):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: type("Ram", (), {"available": ram}))
    monkeypatch.setattr(memory, "cgroup_room", lambda **_: container)
    monkeypatch.setattr(memory, "address_space_room", lambda: mapping)

    assert free_bytes() == 5


def test_given_budget_includes_what_the_process_holds(machine):
    budget = scan_budget(1.2)

    assert budget == Budget(1200 * MB, given=True)
    assert budget.left() == 300 * MB


def test_default_budget_is_what_the_process_holds_and_60_percent_of_what_is_free(machine):
    budget = scan_budget(None)

    assert budget == Budget(1500 * MB, given=False)
    assert budget.left() == 600 * MB


def test_never_more_is_left_than_is_free_and_never_less_than_nothing(machine):
    assert scan_budget(64).left() == 1000 * MB
    assert scan_budget(0.5).left() == 0


@pytest.mark.parametrize(
    ("gigabytes", "free", "words"),
    [
        (1.0, 1000, "takes at least 1.16 GB of memory, but `memory` is set to 1.00 GB; give more"),
        (None, 300, "takes at least 1.16 GB of memory, but only 1.08 GB may be taken, .* allow more with `memory`"),
        (8.0, 150, "takes at least 1.16 GB of memory, but only 0.15 GB are free; close other programs"),
    ],
)
def test_hopeless_budget_is_refused_with_the_least_that_helps(machine, gigabytes, free, words):
    machine(free=free * MB)

    with pytest.raises(SettingsError, match=words):
        scan_budget(gigabytes).require(200 * MB, "this scan takes")


def test_sufficient_budget_is_not_refused(machine):
    scan_budget(1.1).require(200 * MB, "this scan takes")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you"),
        RuntimeError("could not create a primitive"),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_errors_that_mean_memory_ran_out(error):
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes cannot be multiplied"), ValueError("can't allocate memory"), OSError("bad_alloc")]
)
def test_other_errors_do_not(error):
    assert not is_out_of_memory(error)


def test_what_this_torch_raises_is_known():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)

    assert is_out_of_memory(caught.value)


def test_what_this_numpy_raises_is_known():
    with pytest.raises(MemoryError) as caught:
        np.empty(1 << 60, np.uint8)

    assert is_out_of_memory(caught.value)


@pytest.mark.parametrize(
    ("device", "cores", "free", "readers"),
    [("cpu", 16, 64e9, 2), ("cuda", 16, 64e9, 8), ("", 4, 64e9, 4), ("cuda", 16, 11e9, 5), ("cuda", 1, 1e9, 2)],
)
def test_so_many_read_as_there_are_cores_and_memory_for(monkeypatch, device, cores, free, readers):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(cores), raising=False)

    assert count_readers(int(free), device) == readers
