"""Signals reach an app that waits for events: a process of its own, in an offscreen window."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

APP = """
import sys

from gui import app, window

class Told(window.MainWindow):
    def prepare_review(self):
        made = self._review is not None
        review = super().prepare_review()
        if not made:  # the last of what is done at the start
            print("idle", flush=True)
        return review

    def closeEvent(self, event):
        super().closeEvent(event)
        print("closed", flush=True)

app.MainWindow = Told
app.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_idle_app_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", APP, "--workspace", str(tmp_path / "workspace")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "idle\n"

        app.send_signal(number)

        try:
            said, _ = app.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            app.kill()
            raise
    assert said == "closed\n"
    assert app.returncode == 0
