"""A field for a path: typed, pasted as other programs copy one, or dropped onto it."""

import re

from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from inspector.files import expand_home
from inspector.places import is_there

NO_TEXT = re.compile("[\ud800-\udfff]")
"""Bytes of a name that are no text, as Python holds them."""

NO_SIGN = "\N{REPLACEMENT CHARACTER}"
"""What is shown for each of them."""

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


def say_why_no_folder(path: str) -> str:
    """Say why a path that was typed or chosen names no folder."""
    if NO_SIGN in path:
        return QCoreApplication.translate("PathField", "The name of this folder is no valid text; rename it.")
    return QCoreApplication.translate("PathField", "This folder is not there.")


class PathField(QLineEdit):
    """A line with a path; what is dropped takes the place of what it held.

    Signs of a name that are no text are shown as NO_SIGN, as file dialogs do: Qt would leave them out, and another
    folder may have the name that is left.
    """

    def __init__(self, text: str = "") -> None:
        """Hold a path, "" = none."""
        super().__init__()
        self.setText(text)

    @override
    def setText(self, text: str | None) -> None:
        """Show another path."""
        super().setText(NO_TEXT.sub(NO_SIGN, text or ""))

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
