"""Looking at a picture: zoom at the cursor, pan, fit, a place that is kept from picture to picture."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPalette, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget
from typing_extensions import override

STEP = 1.25
"""Zoom of one wheel notch or key."""

LIMITS = (0.02, 60.0)
"""Smallest and largest scale, screen pixels per photo pixel."""


@dataclass(frozen=True)
class ViewPlace:
    """What part of a photo is seen, in terms that suit photos of any size.

    Attributes:
        fit: the whole photo is seen.
        scale: screen pixels per photo pixel.
        x, y: the photo's point in the middle of the view, 0..1 of its width and height.
    """

    fit: bool = True
    scale: float = 1.0
    x: float = 0.5
    y: float = 0.5


class PanView(QGraphicsView):
    """Shows a scene with a photo, or a part of it, and tells where the cursor is."""

    hovered = Signal(float, float)
    """Place of the cursor in photo pixels."""
    left = Signal()
    moved = Signal(object)
    """`ViewPlace` after a zoom or pan by the user."""
    rescaled = Signal()
    """The scale may be another one: by the user, by another photo, or because the view has another size."""
    picked = Signal(float, float)
    """Place of a click in photo pixels."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty view; `name` is for assistive technology."""
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._photo = QGraphicsPixmapItem()
        self._scene.addItem(self._photo)
        self._place = ViewPlace()
        self._pressed = QPointF()
        self.setAccessibleName(name)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 80)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Button)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def place(self) -> ViewPlace:
        """Return what part of the photo is seen."""
        return self._place

    def set_place(self, place: ViewPlace) -> None:
        """Show a part of the photo, without telling anybody."""
        self._place = place
        rect = self._photo_rect()
        if not rect.isEmpty():
            view = self.viewport().rect()
            fitting = min(view.width() / rect.width(), view.height() / rect.height()) * 0.98
            scale, x, y = (fitting, 0.5, 0.5) if place.fit else (place.scale, place.x, place.y)
            self.setTransform(QTransform.fromScale(scale, scale))
            self.centerOn(x * rect.width(), y * rect.height())
        self.rescaled.emit()

    def is_empty(self) -> bool:
        """Tell whether there is no photo to be seen."""
        return self._photo_rect().isEmpty()

    def scale_now(self) -> float:
        """Return screen pixels per photo pixel."""
        return self.transform().m11()

    def fit(self) -> None:
        """Show the whole photo."""
        self._go(ViewPlace())

    def actual_size(self) -> None:
        """Show one photo pixel as one screen pixel."""
        middle = self._middle()
        self._go(ViewPlace(False, 1.0 / self.devicePixelRatioF(), middle.x, middle.y))

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        middle = self._middle()
        self._go(ViewPlace(False, limit_scale(self.scale_now() * factor), middle.x, middle.y))

    def look_at(self, box: QRectF) -> None:
        """Bring a box (photo pixels) to the middle; zoom in where it would be small."""
        rect = self._photo_rect()
        if rect.isEmpty():
            return
        view = self.viewport().rect()
        largest = 0.4 * min(view.width() / max(box.width(), 1), view.height() / max(box.height(), 1))
        scale = limit_scale(min(largest, max(self.scale_now(), 4.0)))
        centre = box.center()
        self._go(ViewPlace(False, scale, centre.x() / rect.width(), centre.y() / rect.height()))

    def show_place(self, place: ViewPlace) -> None:
        """Show a part of the photo, and tell of it."""
        self._go(place)

    def _go(self, place: ViewPlace) -> None:
        self.set_place(place)
        self.moved.emit(place)

    def _middle(self) -> ViewPlace:
        centre = self.mapToScene(self.viewport().rect().center())
        rect = self._photo_rect()
        width, height = max(rect.width(), 1), max(rect.height(), 1)
        return ViewPlace(False, self.scale_now(), centre.x() / width, centre.y() / height)

    def _photo_rect(self) -> QRectF:
        return self._photo.mapRectToScene(self._photo.boundingRect())

    def _bound(self) -> None:
        """Leave room around the photo, so that each of its points can be brought to the middle."""
        rect = self._photo_rect()
        self._scene.setSceneRect(
            rect.adjusted(-4 * rect.width(), -4 * rect.height(), 4 * rect.width(), 4 * rect.height())
        )

    # Events

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; the photo's point under the cursor stays there."""
        steps = event.angleDelta().y() / 120
        if not steps or self._photo_rect().isEmpty():
            return
        before = self.mapToScene(event.position().toPoint())
        scale = limit_scale(self.scale_now() * STEP**steps)
        self.setTransform(QTransform.fromScale(scale, scale))
        shift = self.mapToScene(event.position().toPoint()) - before
        centre = self.mapToScene(self.viewport().rect().center()) - shift
        rect = self._photo_rect()
        self._go(ViewPlace(False, scale, centre.x() / rect.width(), centre.y() / rect.height()))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag or click began."""
        self._pressed = event.position()
        super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while pressed; tell where the cursor is."""
        super().mouseMoveEvent(event)
        point = self.mapToScene(event.position().toPoint())
        self.hovered.emit(point.x(), point.y())
        if event.buttons() & Qt.MouseButton.LeftButton and not self._photo_rect().isEmpty():
            self._place = self._middle()
            self.moved.emit(self._place)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press without a move is a click."""
        super().mouseReleaseEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and (event.position() - self._pressed).manhattanLength() < 4:
            point = self.mapToScene(event.position().toPoint())
            self.picked.emit(point.x(), point.y())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole photo again."""
        self.fit()

    @override
    def leaveEvent(self, event: object) -> None:
        """The cursor is gone."""
        self.left.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the place."""
        super().resizeEvent(event)
        self.set_place(self._place)


def limit_scale(scale: float) -> float:
    """Keep a scale between `LIMITS`."""
    return min(max(scale, LIMITS[0]), LIMITS[1])
