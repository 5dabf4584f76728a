"""Dialogs of the window that need little of it: keys, help, name and version, and whether it may close."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from gui.shell.error_dialog import SentenceBox, confirm, show_problem
from gui.shell.keys import HelpSheet, ShortcutEditor
from inspector import __version__
from inspector.export.isolates import isolate_path

if TYPE_CHECKING:
    from gui.review.screen import Review
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
        version=__version__, folder=isolate_path(str(window.store.location)) if window.store else ""
    )
    _open(SentenceBox(QMessageBox.Icon.NoIcon, text, window))


def has_workspace(window: "MainWindow") -> bool:
    """Tell whether the workspace is open; where it could not be opened, say again why nothing can be done."""
    if window.store is None and window.store_problem:
        show_problem(window, window.store_problem)
    return window.store is not None


def check_station(window: "MainWindow") -> None:
    """Look whether this station is fit."""
    from gui.station.check_dialog import CheckDialog

    if has_workspace(window) and window.store is not None:
        dialog = CheckDialog(window.store.location, window)
        dialog.problem.connect(lambda sentence: show_problem(window, sentence))
        _open(dialog)


def draw_region(window: "MainWindow") -> None:
    """Draw on the photo that is looked at which part of it the next scans look at."""
    from gui.roi.command import draw_on_current

    draw_on_current(window)


def may_close(window: "MainWindow", review: "Review | None") -> bool:
    """Ask whether the app may end, where something runs, or comments on its review screen would be lost."""
    question = ""
    if window.scans.busy:
        question = QCoreApplication.translate("MainWindow", "A scan is running. Stop it and close? It can be resumed.")
    elif window.watching.job.mode in ("going", "restarting"):
        question = QCoreApplication.translate(
            "MainWindow", "A folder is watched. Close all the same? It goes on when the app is started again."
        )
    return (not question or confirm(window, question)) and (review is None or _may_lose_comments(window, review))


def _may_lose_comments(window: "MainWindow", review: "Review") -> bool:
    count = review.verdicts.count_unsigned()
    told = QCoreApplication.translate(
        "MainWindow", "Comments that are not kept: {count}. They are lost with the window. Close all the same?"
    )
    if count and not confirm(window, told.format(count=count)):
        return False
    review.verdicts.forget_unsigned()
    return True


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
