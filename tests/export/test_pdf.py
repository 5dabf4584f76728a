"""The PDF comes from the app's package, by an entry point: here as a command, in a process that has no display."""

import os
import subprocess
import sys

import pytest

from inspector.export.register import list_exports

pytest.importorskip("PySide6")


def test_pdf_is_among_the_exports():
    assert list_exports()[-1] == "pdf", "the package's entry points are stale; install it again: make setup"


def test_the_command_line_writes_a_pdf_without_display(run, tmp_path, make_photos):
    make_photos(tmp_path / "batch", 3)
    assert run("scan", tmp_path / "batch", "--image-size", 64, "--more-sizes", "none")[0] == 0
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "DISPLAY"))}
    environment |= {"INSPECTOR_WORKSPACE": str(tmp_path / "workspace")}
    command = [sys.executable, "-m", "inspector.cli", "export", "1", "--out", tmp_path / "out", "--what", "pdf,scores"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'out'}\n"), done.stderr
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "out" / "scores.csv").exists()
