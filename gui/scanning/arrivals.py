"""The photos read last, as thumbnails: what a scan shows of itself while it reads."""

import os
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.shell.background import Background
from gui.shell.painting import painting
from gui.shell.theme import tones

SIDE = 96
"""Pixels of a thumbnail's place."""

SHOWN = 12


class ArrivalStrip(QWidget):
    """A line of thumbnails, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty line."""
        super().__init__(parent)
        self.images: list[QImage] = []
        self._folder: Path | None = None
        self._work = Background(self, lambda *_: None, threads=1, waiting=1)
        self._work.finished.connect(self._take)
        self.setMaximumHeight(SIDE)  # less where the window is low
        self.setAccessibleName(self.tr("The photos read last"))

    def open(self, folder: Path | None) -> None:
        """Show what comes to a folder of thumbnails from now on; None = nothing."""
        self._work.forget()
        self._folder, self.images = folder, []
        self.update()

    def look(self) -> None:
        """Look what has come, beside the window."""
        folder = self._folder
        if folder is not None:
            self._work.submit(str(folder), lambda: read_newest(folder, SHOWN))

    def close_down(self) -> None:
        """End the thread."""
        self._work.close()

    def _take(self, folder: str, images: list[QImage]) -> None:
        if folder == str(self._folder):
            self.images = images
            self.update()

    @override
    def sizeHint(self) -> QSize:
        """As many as fit."""
        return QSize(4 * SIDE, SIDE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint from the left as many as fit."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate(self.images[: self.width() // SIDE]):
            place = QRect(number * SIDE, 0, SIDE - 6, SIDE - 6)
            painter.fillRect(place, QColor(tones(self.palette()).raised))
            target = QRect(place.topLeft(), image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio))
            target.moveCenter(place.center())
            painter.drawImage(target, image)


def read_newest(folder: Path, count: int) -> list[QImage]:
    """Read the newest pictures of a folder, the last one first; what is just being written is left for later."""
    try:
        with os.scandir(folder) as entries:
            files = [(entry.stat().st_mtime_ns, entry.path) for entry in entries if entry.name.endswith(".jpg")]
    except OSError:
        return []
    images = (QImage(path) for _, path in sorted(files, reverse=True)[:count])
    return [image for image in images if not image.isNull()]
