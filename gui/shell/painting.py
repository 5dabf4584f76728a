"""Painting that ends when it is done, also where it fails: a widget whose painter lives on ends the program."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPaintDevice, QPainter


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Give a painter for a widget or picture, and end it, whoever still holds it (a traceback, a debugger)."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()
