"""What has its full height where there is room, and scrolls in a low window: the window must not outgrow the screen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

LEAST_HEIGHT = 600
"""Pixels of a window in which there is room for all; a lower one (800 x 500 at 200 %) has it for what matters."""


class LowWindowArea(QScrollArea):
    """As high as what is shown in it; where that is too much, its end is in sight, or its beginning."""

    def __init__(self, widgets: Sequence[QWidget], *, share: int, end: bool) -> None:
        """Hold widgets.

        Args:
            widgets: from top to bottom.
            share: of a low window they may take one in so many pixels.
            end: whether the lowest of them matters most.
        """
        super().__init__()
        self._share = share
        holder = QWidget()
        self._column = column = QVBoxLayout(holder)
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
        bar.rangeChanged.connect(lambda _, most: bar.setValue(most if end else 0))

    @override
    def sizeHint(self) -> QSize:
        """All of it, or what a low window has for it."""
        column = self._column
        asked = column.totalHeightForWidth(self.width()) if column.hasHeightForWidth() else 0
        whole, height = max(asked, column.minimumSize().height()), self.window().height()
        return QSize(0, whole if height >= LEAST_HEIGHT else min(whole, height // self._share))

    @override
    def minimumSizeHint(self) -> QSize:
        """The same: what is beside it takes the rest."""
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
