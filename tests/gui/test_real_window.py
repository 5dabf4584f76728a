"""The app in a real window of an X server, with the real engine; each scenario of drive.py in a process of its own.

One of them is started as a person starts the app, and starts its engines as the app does. Where the others and their
engines would load the same modules again, they are forked from processes that have loaded them.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from socket import socket

import pytest

from tests import processes
from tests.stand_in import fork_for_each, open_door

ROOT = Path(__file__).parents[2]

FORKED = ["cancel", "killed", "empty", "readonly", "line", "large"]

STAND_IN = (sys.executable, "-I", "-S", str(ROOT / "tests" / "stand_in.py"))


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """Start an X server without a screen; `make setup` has installed it."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
        server.terminate()


def fork_engines(door: socket) -> None:
    """Become the command line for each that is asked for."""
    from inspector.cli import main

    tests = multiprocessing.parent_process()
    assert tests is not None
    sys.argv = ["inspector", *fork_for_each(door, tests.sentinel)]
    main()


@pytest.fixture(scope="module")
def forked_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The command of an engine that has been loaded already."""
    door, address = open_door()
    with door:
        loaded = processes.start(fork_engines, door, said=tmp_path_factory.mktemp("engines") / "said")
    yield [*STAND_IN, address]
    loaded.terminate()
    loaded.join()


@pytest.fixture(scope="module")
def forked_app(forked_engine: Sequence[str]) -> Iterator[list[str]]:
    """The command of an app that has been loaded already."""
    door, address = open_door()
    with door:
        command = [sys.executable, str(ROOT / "tests/gui/forked_app.py"), str(door.fileno()), *forked_engine]
        loaded = subprocess.Popen(
            command, stdin=subprocess.PIPE, pass_fds=[door.fileno()], env=_surroundings(), cwd=ROOT
        )
    with loaded:
        yield [*STAND_IN, address]


def _surroundings(**further: str) -> dict[str, str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": paths, **further}


def run_scenario(command: Sequence[str], scenario: str, display: str, folder: Path) -> None:
    homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment = _surroundings(DISPLAY=display, HOME=str(folder), **homes)
    (folder / "work").mkdir()

    whole = [*command, scenario, str(folder / "work")]
    ended = subprocess.run(whole, env=environment, capture_output=True, text=True, timeout=180, cwd=ROOT)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_day_in_a_real_window(display: str, tmp_path: Path) -> None:
    run_scenario([sys.executable, str(ROOT / "tests/gui/drive.py")], "day", display, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", FORKED)
def test_in_a_real_window(scenario: str, forked_app: Sequence[str], display: str, tmp_path: Path) -> None:
    run_scenario(forked_app, scenario, display, tmp_path)
