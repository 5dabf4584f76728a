"""A cloud drawn by OpenGL, through pyqtgraph."""

import numpy as np
import pyqtgraph.opengl as gl
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QVector3D
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.clouds.projection import centre_and_radius, point_at
from gui.shell.theme import tones

UPRIGHT = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
"""From the sensor's axes (x right, y down, z away) to pyqtgraph's (z up, looking along y)."""


class GlPoints(gl.GLViewWidget):  # type: ignore[misc] # pyqtgraph carries no types
    """Same doings as the projected view: left drag turns, middle drag moves, the wheel zooms, a click picks."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty view."""
        super().__init__(parent)
        self._places: NDArray[np.float32] = np.empty((0, 3), np.float32)
        self._cloud = gl.GLScatterPlotItem(pos=np.zeros((1, 3)), size=2.5, pxMode=True)
        self._cloud.setGLOptions("opaque")
        self._ring = gl.GLScatterPlotItem(pos=np.zeros((1, 3)), size=14.0, pxMode=True, color=(0, 1, 1, 1))
        self._ring.setVisible(False)
        for item in (self._cloud, self._ring):
            self.addItem(item)
        self._pressed = QPointF()
        self._radius = 1.0
        self.setAccessibleName(self.tr("Point cloud"))
        self.setMinimumSize(160, 80)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_points(self, points: NDArray[np.float32], colours: NDArray[np.uint8], spacing: float = 0.0) -> None:
        """Show (M, 3) points in (M, 3) colours, so large that neighbours touch; the place one looks from stays."""
        first = not len(self._places)
        self._ring.setVisible(False)
        self._cloud.setVisible(bool(len(points)))
        if not len(points):
            self._places = np.empty((0, 3), np.float32)
            return
        centre, self._radius = centre_and_radius(points)
        self._places = ((points - centre) @ UPRIGHT.T).astype(np.float32)
        # as large as the gap to the neighbour, in the cloud's unit: the size follows the zoom
        self._cloud.setData(pos=self._places, color=_rgba(colours), size=1.4 * spacing or 2.5, pxMode=not spacing)
        self.setBackgroundColor(QColor(tones(self.palette()).raised))
        if first:
            self.home()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Lie on the ground of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setBackgroundColor(QColor(tones(self.palette()).raised))

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """Colour the points anew."""
        self._cloud.setData(color=_rgba(colours))

    def mark(self, point: int | None) -> None:
        """Draw a bright dot at a point."""
        self._ring.setVisible(point is not None)
        if point is not None:
            self._ring.setData(pos=self._places[point : point + 1])

    def home(self) -> None:
        """Look as the sensor did."""
        self.setCameraPosition(pos=QVector3D(0, 0, 0), distance=2.2 * self._radius, elevation=0, azimuth=-90)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag or a click begins."""
        self._pressed = event.position()
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a move picks a point."""
        super().mouseReleaseEvent(event)
        if (event.position() - self._pressed).manhattanLength() < 4 and len(self._places):
            places, depths = self._on_screen()
            point = point_at(places, depths, event.position().x(), event.position().y())
            if point is not None:
                self.picked.emit(point)

    def _on_screen(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        view = (0, 0, self.width(), self.height())
        matrix = np.array((self.projectionMatrix(view, view) * self.viewMatrix()).copyDataTo()).reshape(4, 4)
        clip = np.c_[self._places, np.ones(len(self._places))] @ matrix.T
        share = clip[:, :3] / clip[:, 3:]
        places = np.c_[(share[:, 0] + 1) / 2 * self.width(), (1 - share[:, 1]) / 2 * self.height()]
        return places, np.where(clip[:, 3] > 0, share[:, 2], np.inf)


def _rgba(colours: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(np.c_[colours / 255.0, np.ones(len(colours))], dtype=np.float32)
