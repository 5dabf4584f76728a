"""The cloud of a sample: OpenGL where there is one, a projected picture where there is none."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QOpenGLContext,
    QPainter,
    QPaintEvent,
    QPen,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from gui.clouds.projection import (
    ScoredCloud,
    Viewpoint,
    dot_side,
    paint_points,
    point_at,
    point_of_pixel,
    project_points,
)
from gui.clouds.surface import find_heights
from gui.pictures.sample_picture import to_image
from gui.shell.flow_layout import FlowLayout
from gui.shell.labels import ElidedLabel, WrappedLabel
from gui.shell.numbers import show_digits, show_number
from gui.shell.painting import painting
from gui.shell.theme import tones
from inspector.export.rendering import colour_map

GREY = 200
"""Grey value of a surface without anomaly, in full light."""


def opengl_works() -> bool:
    """Tell whether this desktop gives an OpenGL context."""
    context = QOpenGLContext()
    return context.create() and context.isValid()


def photo_colours(photo: QImage, pixels: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the photo's colour at each point: (M, 3) uint8; grey where a point has no pixel."""
    rgb = photo.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    flat = rows[:, : 3 * rgb.width()].reshape(-1, 3)
    known = (pixels >= 0) & (pixels < len(flat))
    colours = np.full((len(pixels), 3), 128, dtype=np.uint8)
    colours[known] = flat[pixels[known]]
    return colours


def lay_on_grey(scores: NDArray[np.float32], value_range: tuple[float, float], colormap: str) -> NDArray[np.uint8]:
    """Colour (M,) scores as a heat map over grey: where they are low, the surface itself is seen. (M, 3) uint8."""
    low, high = value_range
    share = np.clip((scores - low) / (high - low or 1.0), 0, 1)[:, None]
    colours = colour_map(scores[:, None], value_range, colormap=colormap)[:, 0]
    return np.asarray(GREY * (1 - share) + colours * share, dtype=np.uint8)


class ProjectedView(QWidget):
    """Paints a cloud without OpenGL: drag turns, right drag or Shift moves, the wheel zooms."""

    picked = Signal(int)
    """A point was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty view."""
        super().__init__(parent)
        self.viewpoint = Viewpoint()
        self._points = np.empty((0, 3), np.float32)
        self._colours = np.empty((0, 3), np.uint8)
        self._spacing = 0.0
        self._marked: int | None = None
        self._pressed = self._last = QPointF()
        self.setAccessibleName(self.tr("Point cloud"))
        self.setMinimumSize(160, 80)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_points(self, points: NDArray[np.float32], colours: NDArray[np.uint8], spacing: float = 0.0) -> None:
        """Show (M, 3) points in (M, 3) colours; neighbours are `spacing` apart."""
        self._points, self._colours, self._spacing = points, colours, spacing
        self._marked = None
        self.update()

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """Colour the points anew."""
        self._colours = colours
        self.update()

    def mark(self, point: int | None) -> None:
        """Draw a ring around a point."""
        self._marked = point
        self.update()

    def home(self) -> None:
        """Look as the sensor did."""
        self._look(Viewpoint())

    def _size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.height() * ratio)), max(1, round(self.width() * ratio))

    def _look(self, viewpoint: Viewpoint) -> None:
        self.viewpoint = viewpoint
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Project and paint."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        tone = tones(self.palette())
        painter.fillRect(self.rect(), QColor(tone.raised))
        if not len(self._points):
            return
        places, depths = project_points(self._points, self.viewpoint, self._size())
        back = QColor(tone.raised)
        ground = (back.red(), back.green(), back.blue())
        side = dot_side(self._points, self._spacing, self.viewpoint, self._size())
        picture = paint_points(places, depths, self._colours, self._size(), ground, side)
        painter.drawImage(QRectF(self.rect()), to_image(picture))
        if self._marked is not None:
            x, y = places[self._marked] / self.devicePixelRatioF()
            for colour, width in ((tone.base, 4), (tone.text, 2)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(QPointF(x, y), 8, 8)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag or a click begins."""
        self._pressed = self._last = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn, or move."""
        step = event.position() - self._last
        self._last = event.position()
        side = max(1, min(self.width(), self.height()))
        viewpoint = self.viewpoint
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.buttons() & Qt.MouseButton.RightButton or shifted:
            right, down = viewpoint.shift_x + step.x() / side, viewpoint.shift_y + step.y() / side
            self._look(replace(viewpoint, shift_x=right, shift_y=down))
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._look(replace(viewpoint, turn=viewpoint.turn + step.x() / 2, tilt=viewpoint.tilt + step.y() / 2))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a move picks a point."""
        if (event.position() - self._pressed).manhattanLength() < 4 and len(self._points):
            ratio = self.devicePixelRatioF()
            places, depths = project_points(self._points, self.viewpoint, self._size())
            point = point_at(places, depths, event.position().x() * ratio, event.position().y() * ratio)
            if point is not None:
                self.picked.emit(point)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        zoom = min(max(self.viewpoint.zoom * 1.25 ** (event.angleDelta().y() / 120), 0.2), 50.0)
        self._look(replace(self.viewpoint, zoom=zoom))


class CloudView(QWidget):
    """A cloud with its tools. A clicked point's place in the photo is told; a place in the photo marks its point."""

    picked = Signal(float, float)
    """Place in the photo, in pixels, of the point that was clicked."""

    def __init__(self, parent: QWidget | None = None, *, opengl: bool | None = None) -> None:
        """Make an empty view; `opengl` None = find out."""
        super().__init__(parent)
        self._cloud: ScoredCloud | None = None
        self._photo: QImage | None = None
        self._range = (0.0, 1.0)
        self._colormap = "inferno"
        self.colouring = QComboBox()
        self.colouring.addItem(self.tr("Coloured by score"), "score")
        self.colouring.addItem(self.tr("Coloured by photo"), "photo")
        self.colouring.addItem(self.tr("Coloured by height"), "height")
        self.colouring.setAccessibleName(self.tr("Colours of the points"))
        self.colouring.currentIndexChanged.connect(lambda _: self._recolour())
        self.home = QPushButton(self.tr("As scanned"))
        self.home.setAccessibleName(self.tr("Look at the cloud as the sensor did"))
        self.values = ElidedLabel()
        self.values.setContentsMargins(8, 0, 8, 0)
        told = self.tr("No OpenGL on this desktop: the cloud is shown as a projected picture.")
        self.note = WrappedLabel(told, self)  # without a parent it would be shown as a window, which takes the keys
        self.note.setProperty("role", "dim")
        self.points = self._make_view(opengl_works() if opengl is None else opengl)
        self.points.picked.connect(self._tell_pixel)
        self.home.clicked.connect(self.points.home)
        tools = FlowLayout(spacing=6)
        tools.setContentsMargins(8, 0, 8, 0)
        tools.addWidget(self.colouring)
        tools.addWidget(self.home)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(tools)
        layout.addWidget(self.points, 1)
        layout.addWidget(self.values)
        layout.addWidget(self.note)

    def _make_view(self, opengl: bool) -> "ProjectedView":
        self.note.setVisible(not opengl)
        if opengl:
            from gui.clouds.gl_points import GlPoints  # pyqtgraph takes half a second

            view: ProjectedView = GlPoints()
            return view
        return ProjectedView()

    def show_cloud(self, cloud: ScoredCloud, photo: QImage | None, value_range: tuple[float, float]) -> None:
        """Show a cloud; `photo` gives its colours, `value_range` the coldest and the hottest score."""
        self._cloud, self._photo, self._range = cloud, photo, value_range
        self.values.clear()
        row = self.colouring.findData("photo")
        model = self.colouring.model()
        assert isinstance(model, QStandardItemModel)
        model.item(row).setEnabled(photo is not None)
        model.item(row).setToolTip("" if photo is not None else self.tr("This cloud has no photo on its grid."))
        self.points.show_points(cloud.points, self._colours(), cloud.spacing)

    def set_colormap(self, name: str) -> None:
        """Use another colour map."""
        self._colormap = name
        self._recolour()

    def clear(self) -> None:
        """Show nothing."""
        self._cloud = None
        self.values.clear()
        self.points.show_points(np.empty((0, 3), np.float32), np.empty((0, 3), np.uint8))

    def mark_pixel(self, x: float, y: float) -> None:
        """Mark the point that belongs to a place in the photo."""
        if self._cloud is not None and self._photo is not None:
            point = point_of_pixel(self._cloud.pixels, self._photo.width(), x, y)
            self.points.mark(point)
            self._tell_values(point)

    def _tell_values(self, point: int | None) -> None:
        """Write where a point lies, in the cloud's own unit, and its score."""
        if self._cloud is None or point is None:
            self.values.clear()
            return
        x, y, z = (show_digits(value, 5) for value in self._cloud.points[point])
        score = show_number(float(self._cloud.scores[point]))
        self.values.setText(self.tr("x {x}  y {y}  z {z}  score {score}").format(x=x, y=y, z=z, score=score))

    def _tell_pixel(self, point: int) -> None:
        self.points.mark(point)
        self._tell_values(point)
        if self._cloud is not None and self._photo is not None and self._cloud.pixels[point] >= 0:
            row, col = divmod(int(self._cloud.pixels[point]), self._photo.width())
            self.picked.emit(col + 0.5, row + 0.5)

    def _colours(self) -> NDArray[np.uint8]:
        assert self._cloud is not None
        if self.colouring.currentData() == "photo" and self._photo is not None:
            colours = photo_colours(self._photo, self._cloud.pixels)
        elif self.colouring.currentData() == "height":
            heights, span = find_heights(self._cloud.points)
            colours = colour_map(heights[:, None].astype(np.float32), span, colormap=self._colormap)[:, 0]
        else:
            colours = lay_on_grey(self._cloud.scores, self._range, self._colormap)
        if self._cloud.shade is None:
            return colours
        return np.asarray(colours * self._cloud.shade[:, None], dtype=np.uint8)

    def _recolour(self) -> None:
        if self._cloud is not None:
            self.points.set_colours(self._colours())
