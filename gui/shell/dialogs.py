"""Dialogs of the window that need nothing but its menus: keys, help, name and version."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from gui.shell.keys import HelpSheet, ShortcutEditor
from inspector import __version__

if TYPE_CHECKING:
    from gui.window import MainWindow


def edit_keys(window: "MainWindow") -> None:
    """Change keys."""
    dialog = ShortcutEditor(window.menus.keys(), window)
    dialog.accepted.connect(lambda: window.menus.change_keys(dialog.keys()))
    _open(dialog)


def show_help(window: "MainWindow") -> None:
    """Show all keys."""
    _open(HelpSheet(window.menus.keys(), window))


def show_about(window: "MainWindow") -> None:
    """Show name and version."""
    text = QCoreApplication.translate("MainWindow", "Version {version}\nWorkspace: {folder}").format(
        version=__version__, folder=window.store.folder if window.store else ""
    )
    _open(QMessageBox(QMessageBox.Icon.NoIcon, QCoreApplication.applicationName(), text, parent=window))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
