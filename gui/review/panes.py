"""The three panes of the review, side by side: list, photo, details."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSplitter, QVBoxLayout, QWidget

from gui.shell.quiet_wheel import QuietWheel

LIST_WIDTH = 215
"""Pixels that the outer panes need at least: as little as lets all three fit a window of 800 x 500."""

PHOTO_WIDTH = 340
"""Pixels that the middle needs at least, so that its tools and buttons take three lines and no more."""


class Panes(QSplitter):
    """Shares the width; in a low window the details scroll."""

    def __init__(
        self, listed: Sequence[QWidget], shown: Sequence[QWidget], details: QWidget, *, growing: Sequence[QWidget]
    ) -> None:
        """Lay out what stands in each pane from top to bottom; `growing` of the list and of the photo take the rest."""
        super().__init__(Qt.Orientation.Horizontal)
        left, middle, right = _column(listed, growing[0]), _column(shown, growing[1]), QScrollArea()
        self._outer, self._middle, self._photo = (left, right), middle, growing[1]
        right.setProperty("role", "plain")
        right.setWidgetResizable(True)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.setWidget(details)
        QuietWheel(right)
        names = (self.tr("List"), self.tr("Viewer"), self.tr("Details"))
        for pane, name, least in zip((left, middle, right), names, (LIST_WIDTH, PHOTO_WIDTH, LIST_WIDTH), strict=True):
            pane.setAccessibleName(name)
            pane.setMinimumWidth(least)
            self.addWidget(pane)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(1, 1)
        self.setSizes([320, 760, 320])

    def outer_panes(self) -> tuple[QWidget, QWidget]:
        """Return list and details, which can be hidden."""
        return self._outer

    def add_below_photo(self, widget: QWidget) -> None:
        """Put something right below the photo."""
        column = self._middle.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self._photo) + 1, widget)


def _column(widgets: Sequence[QWidget], grows: QWidget) -> QWidget:
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget, int(widget is grows))
    return pane
