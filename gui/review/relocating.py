"""Photos that were moved: the operator says where they lie now."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog

from gui.shell.error_dialog import show_problem
from inspector.errors import StoreError
from inspector.store.relocation import relocate_run

if TYPE_CHECKING:
    from gui.window import MainWindow


def locate_folder(window: "MainWindow") -> None:
    """Ask who is there, and for the folder that the open run's photos lie in now, and look there."""
    session = window.review.session
    if session is None or not (operator := window.operator.ask("locate")):
        return
    title = QCoreApplication.translate("Relocating", "Folder that {folder} has become").format(folder=session.run.root)
    chosen = QFileDialog.getExistingDirectory(window, title, session.run.root)
    if not chosen:
        return
    try:
        relocate_run(session.store, session.run.id, chosen, operator)
    except StoreError as error:
        show_problem(window, str(error))
        return
    window.review.reread()
