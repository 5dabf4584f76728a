"""The list of defect classes, one a line."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from gui.shell.grey import hold_back
from gui.shell.keeping import KeepingDialog
from gui.shell.labels import WrappedLabel
from gui.shell.room import open_at
from inspector.export.isolates import isolate_words
from inspector.store.classes import check_classes


class ClassEditor(KeepingDialog):
    """Edits a list; `classes` returns it once the dialog is accepted."""

    def __init__(self, classes: Sequence[str], product: str, parent: QWidget | None = None) -> None:
        """Show a list; `product` is the recipe that it belongs to, "" = the workspace."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Defect classes"))
        open_at(self, 380, 340)
        of = self.tr("Of {product}, one a line.").format(product=isolate_words(product))
        about = WrappedLabel(
            (of if product else self.tr("Of all runs without a recipe, one a line."))
            + " "
            + self.tr("After a rejection the keys 1 to 9 give the first nine.")
        )
        self.text = QPlainTextEdit("\n".join(classes))
        self.text.setAccessibleName(self.tr("Defect classes, one a line"))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._check)
        self.message = WrappedLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (about, self.text, self.message, self.refusal, self._buttons):
            layout.addWidget(widget)

    def classes(self) -> list[str]:
        """Return the list. ValueError where it is none, which the dialog cannot be accepted with."""
        return check_classes(self.text.toPlainText().splitlines())

    def _check(self) -> None:
        try:
            self.classes()
        except ValueError:
            self.message.setText(self.tr("Each class once, and not more than 50."))
        else:
            self.message.clear()
        hold_back(self._buttons.button(QDialogButtonBox.StandardButton.Ok), self.message.text())
