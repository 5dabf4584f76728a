"""How large a window opens: as it likes, but never larger than the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 48)
"""Pixels of the screen that the system's frame and title take."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its size, in pixels, or what the screen has of it."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() - FRAME))
