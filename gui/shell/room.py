"""How large a window opens: as it likes, but never larger than the screen, and never beyond its edges."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 48)
"""Pixels of the screen that the system's frame and title take."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its size, in pixels, or what the screen has of it; one that is seen stays on the screen."""
    screen = window.screen().availableGeometry()
    window.resize(QSize(width, height).boundedTo(screen.size() - FRAME))
    if window.isVisible():
        window.move(window.pos() + find_way_inside(window.frameGeometry(), screen))


def find_way_inside(window: QRect, screen: QRect) -> QPoint:
    """Return how far a window has to move so that the screen holds it; what is too large begins at the top left."""
    over = window.bottomRight() - screen.bottomRight()
    top_left = window.topLeft() - QPoint(max(0, over.x()), max(0, over.y()))
    inside = QPoint(max(top_left.x(), screen.left()), max(top_left.y(), screen.top()))
    return inside - window.topLeft()
