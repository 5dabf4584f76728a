"""A line on a photo, seen on dark and on bright ones: a dark edge lies around it."""

from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

EDGE, EDGE_COLOUR = 2.0, QColor(0, 0, 0, 170)
"""Pixels by which the edge is wider than the line, and its colour."""


class Outline(QGraphicsPathItem):
    """Paints its path with its pen, over a wider dark one."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the edge, then the line; a line as wide as a brush needs no edge."""
        pen = self.pen()
        if pen.isCosmetic():
            edge = QPen(EDGE_COLOUR, pen.widthF() + EDGE)
            edge.setCosmetic(True)
            painter.setPen(edge)
            painter.drawPath(self.path())
        super().paint(painter, option, widget)
