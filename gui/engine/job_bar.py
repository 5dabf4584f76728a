"""A small sign of a scan that runs while something else is looked at."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from inspector.events import Event


class JobBar(QWidget):
    """Stands in the status bar."""

    wanted = Signal()
    """The operator wants to see the scan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it, hidden."""
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setFixedWidth(160)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the scan"))
        button = QPushButton(self.tr("Scan is running"))
        button.setAccessibleName(self.tr("Show the running scan"))
        button.clicked.connect(self.wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addWidget(button)
        self.hide()

    def show_event(self, event: Event) -> None:
        """Show how far the present stage is."""
        if event.kind == "progress":
            self._bar.setRange(0, max(1, event.total))
            self._bar.setValue(event.done)
