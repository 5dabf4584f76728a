"""When something goes wrong: one dialog with a short sentence, details folded, text in the log; and a question."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget
from typing_extensions import override

from gui.shell.texts import as_given, keep_apart, let_break, say_alone
from inspector.errors import InspectorError

LOG = logging.getLogger("inspector.gui")


def log_file() -> Path:
    """Return where the app writes its log."""
    return Path(platformdirs.user_log_dir("mutual-inspector", appauthor=False)) / "inspector-gui.log"


def start_log() -> None:
    """Write the log to its file; without one where the folder cannot be written."""
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        LOG.addHandler(RotatingFileHandler(log_file(), maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True))
    except OSError:
        LOG.addHandler(logging.StreamHandler())


def show_problem(parent: QWidget | None, sentence: str, details: str = "") -> None:
    """Show a sentence, not blocking the caller; details can be unfolded."""
    sentence = keep_apart(say_alone(sentence))
    LOG.error("%s\n%s", as_given(sentence), details)
    box = SentenceBox(QMessageBox.Icon.Warning, sentence, parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if details and details != sentence:
        box.setDetailedText(details)
    box.open()


class SentenceBox(QMessageBox):
    """A box with a sentence, which is copied as it was given, and what can be unfolded."""

    def __init__(self, icon: QMessageBox.Icon, sentence: str, parent: QWidget | None) -> None:
        """Make it; names that look like HTML are shown letter by letter."""
        super().__init__(icon, QCoreApplication.applicationName(), let_break(sentence), parent=parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the sentence; Qt does so on Windows alone, with what is not seen in it."""
        if event.matches(QKeySequence.StandardKey.Copy):
            told = as_given(self.text()), self.detailedText()
            QGuiApplication.clipboard().setText("\n\n".join(filter(None, told)))
        else:
            super().keyPressEvent(event)


class ErrorReporter(QObject):
    """Takes in exceptions nobody caught, from any thread, and tells them on the GUI thread.

    What is wrong in the user's world, as a workspace that is gone, says so itself.
    """

    _happened = Signal(str, str)

    def __init__(self, tell: Callable[[str, str], None], parent: QObject | None = None) -> None:
        """`tell` gets a sentence and details."""
        super().__init__(parent)
        self._tell = tell
        self._happened.connect(self._pass_on)

    def install(self) -> None:
        """Take in what would otherwise end in the terminal, from whichever thread."""
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread

    def _pass_on(self, sentence: str, details: str) -> None:
        """Being a method of this object, it is called on the thread of this object."""
        self._tell(sentence, details)

    def _take_from_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
            self._take(given.exc_type, given.exc_value, given.exc_traceback)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        unexpected = self.tr("Something went wrong in the app; your verdicts are safe.")
        sentence = str(error) if isinstance(error, InspectorError) else unexpected
        self._happened.emit(sentence, "".join(traceback.format_exception(kind, error, trace)))


def confirm(parent: QWidget, question: str) -> bool:
    """Ask a question; whether the answer is yes. Enter and Esc mean no."""
    kinds = QMessageBox.StandardButton
    box = SentenceBox(QMessageBox.Icon.Question, question, parent)
    box.setStandardButtons(kinds.Yes | kinds.No)
    box.setDefaultButton(kinds.No)
    answer = box.exec()
    box.deleteLater()
    return answer == kinds.Yes
