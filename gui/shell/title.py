"""What is written on the window: what it shows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from inspector.export.isolates import isolate_path

if TYPE_CHECKING:
    from gui.review.screen import Review
    from gui.window import MainWindow


def name_window(window: "MainWindow", review: "Review | None") -> None:
    """Write on a window which run it shows, which scan goes on, or nothing but the app."""
    shown, about, translate = window.screens.currentWidget(), "", QCoreApplication.translate
    if shown is window.progress and window.scans.busy:
        about = translate("Title", "scanning {folder}").format(folder=isolate_path(window.progress.folder.text()))
    elif review is not None and shown is review and review.session is not None:
        run = review.session.run
        about = translate("Title", "run {number}, {folder}").format(number=run.id, folder=isolate_path(run.root))
    window.setWindowTitle(" – ".join(filter(None, (about, QCoreApplication.applicationName()))))
