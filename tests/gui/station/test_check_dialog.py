"""What `inspector doctor` finds, shown; the engine plays a script."""

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.station.check_dialog import CheckDialog
from gui.window import MainWindow
from inspector.store.workspace import Workspace

FINDINGS = [
    {"check": "versions", "level": "good", "message": "inspector 1, Python 3", "remedy": ""},
    {"check": "disk", "level": "wrong", "message": "0.5 GB are free", "remedy": "make room: `inspector prune`"},
    {"check": "gl", "level": "skipped", "message": "there is no desktop here", "remedy": ""},
    {"check": "memory", "level": "warning", "message": "2.0 GB are free", "remedy": "close other programs"},
]


@pytest.fixture
def make_dialog(qtbot: QtBot, tmp_path: Path) -> Callable[[str], CheckDialog]:
    """A dialog whose engine runs a line of Python."""

    def make(line: str) -> CheckDialog:
        script = tmp_path / "doctor.py"
        script.write_text(f"import json, sys, time\n{line}\n")
        dialog = CheckDialog(tmp_path / "workspace", command=[sys.executable, str(script)])
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def found(dialog: CheckDialog) -> list[list[str]]:
    labels = [[dialog.table.itemAtPosition(row, column) for column in range(3)] for row in range(len(dialog.findings))]
    cells = [[item.widget() for item in row if item is not None] for row in labels]
    return [[cell.text() for cell in row if isinstance(cell, QLabel)] for row in cells]


def test_engine_that_cannot_be_started_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = CheckDialog(tmp_path / "workspace", command=[str(tmp_path / "no engine")])
    qtbot.addWidget(dialog)

    qtbot.waitUntil(lambda: dialog.summary.text() == "The engine could not be started.")

    assert dialog.bar.isHidden()
    dialog.reject()


def test_findings_are_shown_the_worst_first_with_what_to_do(
    make_dialog: Callable[[str], CheckDialog], qtbot: QtBot
) -> None:
    dialog = make_dialog(f"print(json.dumps({FINDINGS!r})); sys.exit(1)")
    assert dialog.bar.isVisible()
    assert not dialog.save.isEnabled()
    qtbot.waitUntil(lambda: dialog.save.isEnabled())

    assert found(dialog) == [
        ["✗ problem", "disk", "0.5 GB are free\n→ make room: `inspector prune`"],
        ["! warning", "memory", "2.0 GB are free\n→ close other programs"],
        ["– left out", "OpenGL", "there is no desktop here"],
        ["✓ good", "versions", "inspector 1, Python 3"],
    ]
    assert dialog.summary.text() == "Problems: 1, warnings: 1. What to do stands below each."
    assert not dialog.bar.isVisible()


def test_report_and_archive_are_written(
    make_dialog: Callable[[str], CheckDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    Workspace(tmp_path / "workspace").close()
    dialog = make_dialog(f"print(json.dumps({FINDINGS!r}))")
    qtbot.waitUntil(lambda: dialog.save.isEnabled())

    dialog.save_report(tmp_path / "station.json")
    qtbot.waitUntil(lambda: dialog.summary.text() == f"Written to {tmp_path / 'station.json'}")
    dialog.write_bundle(tmp_path / "support.zip")
    qtbot.waitUntil(lambda: dialog.summary.text() == f"Written to {tmp_path / 'support.zip'}")

    assert json.loads((tmp_path / "station.json").read_text()) == FINDINGS
    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        assert json.loads(archive.read("doctor.json")) == FINDINGS


def test_report_that_cannot_be_written_is_told(
    make_dialog: Callable[[str], CheckDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = make_dialog(f"print(json.dumps({FINDINGS!r}))")
    qtbot.waitUntil(lambda: dialog.save.isEnabled())

    with qtbot.waitSignal(dialog.problem) as told:
        (tmp_path / "taken").write_text("a file")
        dialog.save_report(tmp_path / "taken" / "station.json")

    assert "taken" in told.args[0]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("time.sleep(0.2); sys.exit('inspector: it is broken')", "It is broken"),
        ("raise KeyError('x')", "The engine ended with code 1."),
    ],
)
def test_checks_that_fail_are_told_in_their_own_words(
    make_dialog: Callable[[str], CheckDialog], qtbot: QtBot, line: str, why: str
) -> None:
    dialog = make_dialog(line)
    with qtbot.waitSignal(dialog.problem) as told:
        pass

    assert told.args == [why]
    assert dialog.summary.text() == "The checks could not be done."
    assert not dialog.save.isEnabled()


def test_window_closes_the_checks_without_waiting(
    make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "doctor.py"
    script.write_text("import pathlib, sys, time\npathlib.Path(__file__).with_suffix('.on').touch()\ntime.sleep(600)")
    monkeypatch.setattr(CheckDialog.__init__, "__kwdefaults__", {"command": [sys.executable, str(script)]})
    window = make_window()
    window.menus.actions["check"].trigger()
    (dialog,) = window.findChildren(CheckDialog)
    qtbot.waitUntil(lambda: (tmp_path / "doctor.on").exists())
    process = dialog._process

    with qtbot.waitSignal(process.finished):
        dialog.reject()
