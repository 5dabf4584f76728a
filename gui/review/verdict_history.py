"""What was said of the part that is looked at."""

from collections.abc import Sequence
from datetime import UTC

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from gui.shell.labels import NameDelegate
from gui.shell.texts import keep_apart, show_letters
from inspector.store.records import VerdictRecord


class VerdictHistory(QListWidget):
    """A list of verdicts whose lines break where it is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Verdicts on this sample, newest first"))
        self.setItemDelegate(NameDelegate(self))
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)  # lines break anew at another width
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_verdicts(self, verdicts: Sequence[VerdictRecord]) -> None:
        """List what was said of a sample, the newest first."""
        words = {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": self.tr("undecided")}
        kinds = {
            "undo": self.tr("taken back: {verdict}"),
            "redo": self.tr("said again: {verdict}"),
            "comment": self.tr("comment"),
            "carried": self.tr("carried over: {verdict}"),
        }
        self.clear()
        for verdict in reversed(verdicts):
            local = verdict.time.replace(tzinfo=UTC).astimezone()
            said = ": ".join(filter(None, (words[verdict.new], verdict.defect_class)))
            event = kinds.get(verdict.kind, "{verdict}").format(verdict=said)
            text = f"{local:%Y-%m-%d %H:%M:%S}  {event}  {verdict.operator}"
            comment = "" if verdict.kind in ("undo", "redo") else verdict.comment
            item = QListWidgetItem(f"{text}\n{comment}" if comment else text, self)
            item.setToolTip(show_letters(keep_apart(item.text())))  # a word may be longer than a line
