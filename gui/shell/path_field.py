"""A field for a path: typed, pasted as other programs copy one, or dropped onto it."""

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from gui.shell.places import is_there
from inspector.files import expand_home

QUOTES = ('"', "'")


def read_path(text: str) -> str:
    """Return the path that a text names: without the quotes of "Copy as path", the file:// of a file manager, and ~.

    A file whose name really has such quotes is taken by its name.
    """
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES
    if quoted and not is_there(text):
        text = text[1:-1].strip()
    if text.lower().startswith("file://"):
        text = QUrl(text).toLocalFile() or text
    return expand_home(text)


class PathField(QLineEdit):
    """A line with a path; what is dropped takes the place of what it held."""

    def path(self) -> str:
        """Return the path, "" = none is named."""
        return read_path(self.text())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders and files are welcome, and text."""
        if _find_dropped(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """They are welcome anywhere on the field."""
        if _find_dropped(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Take a folder or file; text is put where it is dropped."""
        dropped = _find_dropped(event.mimeData())
        if dropped:
            self.setText(dropped)
            event.acceptProposedAction()
        else:
            super().dropEvent(event)


def _find_dropped(data: QMimeData) -> str:
    """Return the path that is dropped where it is one; "" = text, a web address, or several at once."""
    urls = data.urls()
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""
