"""What is said when the last part of a list has its verdict, and what comes next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.shell.labels import WrappedLabel


class EndBar(QFrame):
    """Shows and emits; hidden until something is told."""

    go_on = Signal()
    """The parts without verdict shall be listed."""
    export = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden bar."""
        super().__init__(parent)
        self.told = WrappedLabel()
        self.told.setProperty("role", "heading")
        self.next = QPushButton()
        self.next.setAccessibleName(self.tr("What comes next"))
        self.next.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.next.clicked.connect(self._tell)
        self._left = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.told, 1)
        layout.addWidget(self.next)
        self.hide()

    def tell(self, listed: str, count: int, left: int) -> None:
        """Say that all parts of a list are reviewed.

        Args:
            listed: the filter that made the list.
            count: how many parts it had.
            left: parts of the run that have no verdict.
        """
        if not left:
            self.told.setText(self.tr("All parts of this run are reviewed."))
        elif count == 1:
            self.told.setText(self.tr("The only part of this list is reviewed."))
        elif listed == "flagged":
            self.told.setText(self.tr("All {count} flagged parts are reviewed.").format(count=count))
        else:
            self.told.setText(self.tr("All {count} listed parts are reviewed.").format(count=count))
        self._left = left
        self.next.setText(self.tr("Go on with {count} unreviewed").format(count=left) if left else self.tr("Export…"))
        self.show()

    def _tell(self) -> None:
        (self.go_on if self._left else self.export).emit()
