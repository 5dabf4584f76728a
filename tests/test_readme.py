"""The commands and the code of the README are run as they stand there."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from inspector.cli import main

ROOT = Path(__file__).parent.parent


def blocks(language):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def newcomers_folder(tmp_path, monkeypatch):
    for batch in ("washers", "housings"):
        shutil.copytree(ROOT / "samples" / batch, tmp_path / "samples" / batch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSPECTOR_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path


def test_commands(newcomers_folder, monkeypatch):
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("inspector ")]
    assert len(commands) >= 3

    for command in commands:
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as ending:
            main()
        assert ending.value.code == 0, command

    assert (newcomers_folder / "out" / "report.html").exists()
    assert (newcomers_folder / "out" / "again" / "scores.csv").exists()
    assert len(list((newcomers_folder / "out" / "housings" / "clouds").rglob("*.ply"))) == 16


def test_code(newcomers_folder):
    (code,) = blocks("python")
    names = {}

    exec(code, names)

    assert names["oddest"].label is True
