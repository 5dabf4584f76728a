"""The commands and the code of the README are run as they stand there."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from inspector.cli import main
from inspector.cli.options import name_flag
from inspector.settings import ScanSettings

ROOT = Path(__file__).parent.parent


GOOD = 2
"""Good parts of each sample batch that are scanned here, with one of each defect: enough to see each command work."""


def blocks(language):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A folder for both tests: the photos are read by the first one."""
    folder = tmp_path_factory.mktemp("newcomer")
    for batch in ("washers", "housings"):
        for file in (ROOT / "samples" / batch).rglob("*"):
            most = GOOD if "good" in file.parts else 1
            if file.is_file() and not (file.stem[:3].isdigit() and int(file.stem[:3]) >= most):
                place = folder / file.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, place)
    return folder


@pytest.fixture
def newcomers_folder(samples, monkeypatch):
    monkeypatch.chdir(samples)
    monkeypatch.setenv("INSPECTOR_WORKSPACE", str(samples / "workspace"))
    return samples


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
    assert len(list((newcomers_folder / "out" / "housings" / "clouds").rglob("*.ply"))) == GOOD + 3


def test_code(newcomers_folder):
    (code,) = blocks("python")
    names = {}

    exec(code, names)

    assert names["oddest"].label is True


def test_each_setting_is_told_of():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "".join(document.read_text(encoding="utf-8") for document in documents)

    def is_told(name):
        return re.search(rf"{name_flag(name)}(?![\w-])|`{name}\b|\b{name} = ", text)

    assert [name for name in ScanSettings.model_fields if not is_told(name)] == []
