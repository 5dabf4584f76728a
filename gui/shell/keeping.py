"""What somebody typed or drew is not lost where it cannot be kept: it stays there, with the reason."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QInputDialog, QLineEdit, QWidget
from typing_extensions import override

from gui.shell.background import describe_failure
from gui.shell.labels import WrappedLabel
from gui.shell.texts import say_alone, show_letters
from inspector.errors import InspectorError


class KeepingDialog(QDialog):
    """Closes by OK only once what it holds is kept.

    Attributes:
        keep: does it, and returns False where somebody gave it up on the way. Where it raises an `InspectorError` or
            an `OSError`, the dialog stays open and says why.
        refusal: says why; subclasses give it a place.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty dialog that has nothing to keep."""
        super().__init__(parent)
        self.keep: Callable[[], bool] = lambda: True
        self.refusal = WrappedLabel()
        self.refusal.setProperty("role", "heading")
        self.refusal.hide()

    @override
    def accept(self) -> None:
        """Keep it; where that fails, say why and stay."""
        self.refusal.hide()
        try:
            kept = self.keep()
        except (InspectorError, OSError) as error:
            self.refusal.setText(say_alone(describe_failure(error)))
            self.refusal.show()
            return
        if kept:
            super().accept()


def ask_and_keep(parent: QWidget, title: str, label: str, text: str, keep: Callable[[str], object]) -> None:
    """Ask for a line of text until it can be kept or somebody gives up; what was typed is offered again.

    Args:
        parent: owner.
        title, label: of the dialog.
        text: offered at first.
        keep: gets what was typed, without blanks around it; where it raises an `InspectorError`, that is told.
    """
    told = label
    while True:
        text, given = QInputDialog.getText(parent, title, show_letters(told), QLineEdit.EchoMode.Normal, text)
        if not given:
            return
        try:
            keep(text.strip())
        except InspectorError as error:
            told = f"{say_alone(str(error))}\n\n{label}"
        else:
            return
