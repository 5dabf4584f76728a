"""What stands between the photo and the verdicts: in full where there is room; in a low window it scrolls."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from gui.review.doubt_banner import LEAST_HEIGHT

SHARE = 5
"""Of a window lower than `LEAST_HEIGHT`, the part that may be taken from the photo is one in so many."""


class BelowPhoto(QScrollArea):
    """As high as what is shown in it; where that is too much, the lowest of it is in sight."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        """Hold widgets, from top to bottom."""
        super().__init__()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in widgets:
            column.addWidget(widget)
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setWidget(holder)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, most: bar.setValue(most))

    @override
    def sizeHint(self) -> QSize:
        """All of it, or what a low window has for it."""
        column = self.widget().layout()
        assert column is not None
        whole = max(column.totalHeightForWidth(self.width()), 0) if column.hasHeightForWidth() else 0
        whole = max(whole, column.minimumSize().height())
        height = self.window().height()
        return QSize(0, whole if height >= LEAST_HEIGHT else min(whole, height // SHARE))

    @override
    def minimumSizeHint(self) -> QSize:
        """The same: the photo takes the rest."""
        return self.sizeHint()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that something came or went."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The narrower, the more lines."""
        super().resizeEvent(event)
        self.updateGeometry()
