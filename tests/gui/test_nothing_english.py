"""In German, nothing that the station shows is English; texts that are the same in both languages are listed here."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QTreeWidget,
    QWidget,
)  # fmt: skip
from pytestqt.qtbot import QtBot

from gui.app import TRANSLATIONS
from gui.export.dialog import ExportDialog
from gui.roi.photo import load_first
from gui.scanning.dialog import ScanDialog
from gui.shell.numbers import use_numbers_of
from gui.window import MainWindow
from inspector.errors import InputError
from inspector.presets import PRESETS
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

QT_TEXTS = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))

ALIKE = {
    "3D", "100 %", "100&nbsp;%", "Name", "System", "English", "Deutsch", "inferno", "turbo", "viridis", "magma", "gray",
    "Status", "Export", "Details", "Version", "OK", "NG", "Mutual Inspector", "Mia", "Start",
    *PRESETS,
}  # fmt: skip
"""Names, and words that both languages share."""

VALUE = re.compile(r"[a-z0-9+-]+|(part_|/|photos/).*|[\d\W_]*(px|mm|%)?[\d\W_]*")
"""Values of settings as files and the command line have them, names of files, numbers."""


@pytest.fixture
def speak_german(qapp: QApplication) -> Iterator[Callable[[], None]]:
    """Switches to German for the rest of a test."""
    translators: list[QTranslator] = []
    before = QLocale()

    def switch() -> None:
        use_numbers_of(QLocale("de"))
        for name, folder in (("app", TRANSLATIONS), ("settings", TRANSLATIONS), ("qtbase", QT_TEXTS)):
            translators.append(QTranslator())
            assert translators[-1].load(f"{name}_de", str(folder))
            qapp.installTranslator(translators[-1])

    yield switch
    QLocale.setDefault(before)
    for translator in translators:
        qapp.removeTranslator(translator)


def read_texts(holder: QWidget) -> set[str]:
    """Collect all that widgets say: labels, buttons, menus, choices, columns, hints."""
    found: set[str] = set()
    for widget in [holder, *holder.findChildren(QWidget)]:
        found |= {widget.toolTip(), widget.accessibleName(), widget.windowTitle()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        elif isinstance(widget, QComboBox):
            found |= {widget.itemText(row) for row in range(widget.count())}
        elif isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
        elif isinstance(widget, QTreeWidget):
            found |= {widget.headerItem().text(column) for column in range(widget.columnCount())}
        elif isinstance(widget, QTabWidget):
            found |= {widget.tabText(number) for number in range(widget.count())}
        elif isinstance(widget, QGroupBox):
            found.add(widget.title())
    return found | {action.text() for action in holder.findChildren(QAction)}


def test_no_text_is_the_same_in_german_and_english(
    speak_german: Callable[[], None],
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    store, run_id = make_run(6, unreadable=True)

    def look_around() -> set[str]:
        window = make_window(str(run_id))
        wait_for_photo(window, qtbot)
        scan = ScanDialog(tmp_path, window, command=["true"])
        export = ExportDialog(store, run_id, tmp_path / "out", window)
        window.progress.begin("/photos")
        texts = read_texts(window)
        window.progress.end()
        scan.reject()
        export.reject()
        return texts

    english = look_around()
    speak_german()
    german = look_around()
    store.close()
    assert {text for text in english & german if not VALUE.fullmatch(text) and text not in ALIKE} == set()
    assert len(german) > 200


def test_a_value_that_does_not_go_is_told_once_and_in_german(
    speak_german: Callable[[], None], qtbot: QtBot, tmp_path: Path
) -> None:
    speak_german()
    dialog = ScanDialog(tmp_path, command=["true"])
    qtbot.addWidget(dialog)
    field = dialog.form.editor("image_size").widget
    assert isinstance(field, QLineEdit)

    field.setText("abc")

    told = [label.text() for label in dialog.findChildren(QLabel) if "erwartet" in label.text()]
    dialog.reject()
    assert told == ["„Bildgröße“: eine ganze Zahl wird erwartet, angegeben ist 'abc'"]


def test_a_folder_without_a_photo_to_draw_on_is_told_in_german(
    speak_german: Callable[[], None], qapp: QApplication, tmp_path: Path
) -> None:
    speak_german()

    with pytest.raises(InputError, match="liegt kein Foto"):
        load_first(tmp_path)
