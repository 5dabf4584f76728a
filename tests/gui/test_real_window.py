"""The app in a real window of an X server, with the real engine; each scenario of drive.py in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCENARIOS = ["day", "cancel", "killed", "empty", "readonly", "line", "large"]


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


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_a_real_window(scenario: str, display: str, tmp_path: Path) -> None:
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **homes, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": paths}
    (tmp_path / "work").mkdir()

    command = [sys.executable, str(ROOT / "tests/gui/drive.py"), scenario, str(tmp_path / "work")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, cwd=ROOT)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
