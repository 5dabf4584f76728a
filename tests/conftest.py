"""What many tests need: the golden arrays, small batches of photos, and the command line."""

import errno
import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inspector.cli import main
from inspector.roles import OPERATOR, PASSWORD
from inspector.store.workspace import Workspace
from tests.databases import address, change, location, pytest_generate_tests, server  # noqa: F401 - for all tests
from tests.networks import load_once
from tests.photos import write_photos

os.environ.setdefault("GOMP_SPINCOUNT", "3000")  # as the command line sets it, before torch is loaded
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers have the cores among them

GOLDEN = Path(__file__).parent / "data"

MEMORY = Path("/dev/shm")
"""A folder in memory, on Linux."""


def pytest_configure() -> None:
    """Let tests write into memory where there is plenty of it: a new workspace waits for a disk several times."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Load all tests without looking for garbage, and look for it later only in what they make, and less often."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


def pytest_unconfigure() -> None:
    """Let the modules go as ever: some libraries tell of what is left at the end."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def golden_2d() -> dict[str, NDArray[np.generic]]:
    with np.load(GOLDEN / "musc_2d.npz") as arrays:
        return dict(arrays)


@pytest.fixture(autouse=True)
def _read_the_network_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if "inspector.jobs.preparation" in sys.modules:  # else the first scan of this test reads it
        monkeypatch.setattr("inspector.jobs.preparation.load_backbone", load_once)


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "batch"


@pytest.fixture
def make_photos() -> Callable[..., list[Path]]:
    return write_photos


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line; return (exit code, stdout, stderr)."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["inspector", *map(str, arguments)])
        monkeypatch.setenv("INSPECTOR_WORKSPACE", str(tmp_path / "workspace"))
        with pytest.raises(SystemExit) as ending:
            main()
        captured = capsys.readouterr()
        return ending.value.code, captured.out, captured.err

    return call


@pytest.fixture
def failing(monkeypatch):
    """Paths at which the system refuses to say what lies there, as those of a share that fails just then."""
    look, failing = os.stat, set()

    def refuse(path, *given, **named):
        if isinstance(path, str | os.PathLike) and Path(path) in failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return look(path, *given, **named)

    monkeypatch.setattr(os, "stat", refuse)
    return failing


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in no time, and nobody is signed in by the environment."""
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("argon2.PasswordHasher", lambda: cheap)
    for name in (OPERATOR, PASSWORD):  # put back afterwards
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
