"""Paths as people bring them: in quotes, as addresses of files, dropped; and an empty field."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.export.dialog import ExportDialog
from gui.scanning.dialog import ScanDialog
from gui.scanning.form import make_editor
from gui.shell.labels import WrappedLabel
from gui.shell.path_field import PathField, read_path
from gui.start.screen import StartScreen
from gui.watch.choice import WatchChoice
from gui.watch.dialog import WatchDialog
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace


def drag(*paths: object) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enters(data: QMimeData) -> QDragEnterEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    event.ignore()
    return event


def drops(data: QMimeData) -> QDropEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/lots/7", "/lots/7"),
        (' "/lots/lot 7"\n', "/lots/lot 7"),
        ("'/lots/lot 7'", "/lots/lot 7"),
        ("file:///lots/lot%207%20%C3%A4", "/lots/lot 7 ä"),
        ("~", str(Path.home())),
        ('"', '"'),
        ("", ""),
    ],
)
def test_a_path_is_read_as_other_programs_copy_it(text: str, path: str) -> None:
    assert read_path(text) == path


def test_a_folder_whose_name_has_quotes_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / '"7"').mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_path('"7"') == '"7"'


def test_a_dropped_folder_takes_the_place_of_the_text(qtbot: QtBot) -> None:
    field = PathField("/somewhere/else")
    qtbot.addWidget(field)
    data = drag("/lots/lot 7")
    entering = enters(data)
    field.dragEnterEvent(entering)
    field.dropEvent(drops(data))
    assert (entering.isAccepted(), field.path()) == (True, "/lots/lot 7")


def test_all_fields_for_paths_take_quotes(
    make_run: Callable[..., tuple[Workspace, int]], qtbot: QtBot, tmp_path: Path
) -> None:
    store, run_id = make_run(2)
    scan = ScanDialog(tmp_path, command=["true"])
    watch = WatchDialog(WatchChoice(""), {})
    export = ExportDialog(store, run_id, tmp_path)
    for dialog in (scan, watch, export):
        qtbot.addWidget(dialog)
        dialog.path.setText(f'"{tmp_path}"')
    watch.golden.setText(f'"{tmp_path}"')
    roi = make_editor(ScanSettings.model_fields["roi"])
    roi.fill(f'"{tmp_path}/mask.png"')
    qtbot.addWidget(roi.widget)
    assert (scan.folder(), scan.reason.text()) == (tmp_path, "")
    assert (watch.choice().folder, watch.choice().golden) == (str(tmp_path), str(tmp_path))
    assert export.path.path() == str(tmp_path)
    assert roi.value() == tmp_path / "mask.png"
    for dialog in (scan, watch, export):
        dialog.reject()
    store.close()


def test_an_empty_field_does_not_scan_the_folder_that_the_app_was_started_in(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ScanDialog(tmp_path, command=["true"])
    qtbot.addWidget(dialog)
    dialog.path.setText(" ")
    assert (dialog.start_button.isEnabled(), dialog.reason.text()) == (False, "This folder is not there.")
    dialog.reject()


def test_a_name_that_is_no_text_is_not_taken_for_what_is_left_of_it(
    make_run: Callable[..., tuple[Workspace, int]], qtbot: QtBot, tmp_path: Path
) -> None:
    store, run_id = make_run(2)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/lot\xff7")
    for folder in (tmp_path / "lot7", Path(odd)):
        folder.mkdir()
    scan, watch = ScanDialog(Path(odd), command=["true"]), WatchDialog(WatchChoice(odd), {})
    export = ExportDialog(store, run_id, Path(odd))
    for dialog in (scan, watch, export):
        qtbot.addWidget(dialog)
    export.begin()
    told = "The name of this folder is no valid text; rename it."
    assert (scan.reason.text(), watch.message.text(), export.message.text()) == (told, told, told)
    assert list((tmp_path / "lot7").iterdir()) == []
    for dialog in (scan, watch, export):
        dialog.reject()
    store.close()


def test_two_folders_at_once_are_not_taken_for_one(qtbot: QtBot, tmp_path: Path) -> None:
    screen = StartScreen()
    qtbot.addWidget(screen)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    given = drag(tmp_path / "a"), drag(tmp_path / "a", tmp_path / "b")
    events = [enters(data) for data in given]
    for event in events:
        screen.dragEnterEvent(event)
    assert [event.isAccepted() for event in events] == [True, False]


def test_a_long_name_is_copied_without_the_places_at_which_its_lines_break(qtbot: QtBot) -> None:
    path = "/lots/" + "long_name_of_a_lot_" * 5
    label = WrappedLabel(path)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.show()
    label.setSelection(0, len(QLabel.text(label)))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == path
