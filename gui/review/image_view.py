"""A photo with its heat layer, outlines and regions: zoom at the cursor, pan, fit, kept place."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from gui.pictures.sample_picture import Defects, SamplePicture, map_scale

CONTOUR_COLOUR = QColor(0, 255, 255)
"""Cyan: in none of the heat maps and rare on parts."""

STEP = 1.25
"""Zoom of one wheel notch or key."""

LIMITS = (0.02, 60.0)
"""Smallest and largest scale, screen pixels per photo pixel."""


@dataclass(frozen=True)
class Place:
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


class ImageView(QGraphicsView):
    """Shows one sample. It only paints and tells where the cursor is."""

    hovered = Signal(float, float)
    """Place of the cursor in photo pixels."""
    left = Signal()
    moved = Signal(object)
    """`Place` after a zoom or pan by the user."""
    picked = Signal(float, float)
    """Place of a click in photo pixels."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty view; `name` is for assistive technology."""
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._photo = QGraphicsPixmapItem()
        self._heat = QGraphicsPixmapItem()
        self._contour = QGraphicsPathItem()
        self._marks = QGraphicsPathItem()
        self._ring = QGraphicsPathItem()
        self._ring.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._ring.setPen(QPen(CONTOUR_COLOUR, 2.5))
        self._ring.setZValue(3)
        self._labels: list[QGraphicsItem] = []
        self._picture: SamplePicture | None = None
        self._place = Place()
        self._message = ""
        self._pressed = QPointF()
        self._build(name)

    def _build(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setScene(self._scene)
        for item in (self._photo, self._heat, self._contour, self._marks, self._ring):
            self._scene.addItem(item)
        for layer in (self._photo, self._heat):
            layer.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._contour.setPen(_cosmetic(CONTOUR_COLOUR, 2))
        self._marks.setPen(_cosmetic(QColor("white"), 1.5))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Button)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    # What is shown

    def show_picture(self, picture: SamplePicture, layers: str, opacity: float) -> None:
        """Show a sample; `layers` is "photo", "overlay" or "map"."""
        self._message = ""
        self._ring.setVisible(self._ring.isVisible() and picture is self._picture)
        self._picture = picture
        self._photo.setPixmap(QPixmap.fromImage(picture.photo))
        self._photo.setTransform(QTransform())
        self.set_layers(layers, opacity)
        self.show_defects(Defects(), None, contour=False, regions=False)
        self._bound()
        self.set_place(self._place)

    def set_layers(self, layers: str, opacity: float) -> None:
        """Choose between photo, overlay and map; opacity is 0..1 and holds for the overlay."""
        picture = self._picture
        if picture is None or picture.heat is None or picture.colours is None or layers == "photo":
            self._heat.setVisible(False)
            return
        image = picture.colours if layers == "map" else picture.heat
        if self._heat.pixmap().cacheKey() != image.cacheKey():
            self._heat.setPixmap(QPixmap.fromImage(image))
        scale_x, scale_y = map_scale(picture)
        self._heat.setTransform(
            QTransform(scale_x or 1, 0, 0, scale_y or 1, 0.5 - 0.5 * (scale_x or 1), 0.5 - 0.5 * (scale_y or 1))
        )
        self._heat.setOpacity(1.0 if layers == "map" else opacity)
        self._heat.setVisible(True)

    def show_preview(self, image: QImage, size: tuple[int, int]) -> None:
        """Show a small picture stretched to (height, width) until the photo itself is there."""
        self._message = ""
        self._picture = None
        self._photo.setPixmap(QPixmap.fromImage(image))
        self._photo.setTransform(
            QTransform.fromScale(size[1] / max(1, image.width()), size[0] / max(1, image.height()))
        )
        self._heat.setVisible(False)
        self.show_defects(Defects(), None, contour=False, regions=False)
        self._bound()
        self.set_place(self._place)

    def show_message(self, text: str) -> None:
        """Show a sentence in place of a photo."""
        self._picture = None
        self._message = text
        self._photo.setPixmap(QPixmap())
        self._heat.setVisible(False)
        self.show_defects(Defects(), None, contour=False, regions=False)
        self.viewport().update()

    def show_defects(self, defects: Defects, current: int | None, *, contour: bool, regions: bool) -> None:
        """Draw the outlines and the numbered boxes; the current one (counted from 0) is drawn bolder."""
        path = QPainterPath()
        for line in defects.lines if contour else ():
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in line]))
            path.closeSubpath()
        self._contour.setPath(path)
        for label in self._labels:
            self._scene.removeItem(label)
        boxes = QPainterPath()
        self._labels = []
        for number, region in enumerate(defects.regions if regions else ()):
            box = QRectF(region.x, region.y, region.width, region.height)
            boxes.addRect(box)
            self._labels.append(self._label(str(number + 1), box.topLeft(), bold=number == current))
            if number == current:
                boxes.addRect(box.adjusted(-2, -2, 2, 2))
        self._marks.setPath(boxes)

    def mark(self, x: float, y: float) -> None:
        """Draw a ring around a place of the photo; gone with the next photo."""
        ring = QPainterPath()
        ring.addEllipse(QPointF(0, 0), 8, 8)
        self._ring.setPath(ring)
        self._ring.setPos(x, y)
        self._ring.setVisible(True)

    def picture(self) -> SamplePicture | None:
        """Return what is shown at full size."""
        return self._picture

    def _label(self, text: str, corner: QPointF, *, bold: bool) -> QGraphicsItem:
        font = QFont(self.font())
        font.setBold(True)
        path = QPainterPath()
        path.addText(0, 0, font, text)
        box = path.boundingRect().adjusted(-4, -3, 4, 3)
        plate = QPainterPath()
        plate.addRoundedRect(box, 3, 3)
        item = QGraphicsPathItem(plate)
        item.setBrush(QColor("white") if bold else QColor(20, 20, 20, 210))
        item.setPen(QPen(QColor("white"), 1))
        digits = QGraphicsPathItem(path, item)
        digits.setBrush(QColor("black") if bold else QColor("white"))
        digits.setPen(QPen(Qt.PenStyle.NoPen))
        item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        item.setPos(corner)
        item.setZValue(2 if bold else 1)
        self._scene.addItem(item)
        return item

    # Zoom and place

    def place(self) -> Place:
        """Return what part of the photo is seen."""
        return self._place

    def set_place(self, place: Place) -> None:
        """Show a part of the photo, without telling anybody."""
        self._place = place
        rect = self._photo_rect()
        if rect.isEmpty():
            return
        if place.fit:
            view = self.viewport().rect()
            scale = min(view.width() / rect.width(), view.height() / rect.height()) * 0.98
            self.setTransform(QTransform.fromScale(scale, scale))
            self.centerOn(rect.center())
            return
        self.setTransform(QTransform.fromScale(place.scale, place.scale))
        self.centerOn(place.x * rect.width(), place.y * rect.height())

    def scale_now(self) -> float:
        """Return screen pixels per photo pixel."""
        return self.transform().m11()

    def fit(self) -> None:
        """Show the whole photo."""
        self._go(Place())

    def actual_size(self) -> None:
        """Show one photo pixel as one screen pixel."""
        middle = self._middle()
        self._go(Place(False, 1.0 / self.devicePixelRatioF(), middle.x, middle.y))

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        middle = self._middle()
        self._go(Place(False, _limited(self.scale_now() * factor), middle.x, middle.y))

    def look_at(self, box: QRectF) -> None:
        """Bring a box (photo pixels) to the middle; zoom in where it would be small."""
        rect = self._photo_rect()
        if rect.isEmpty():
            return
        view = self.viewport().rect()
        largest = 0.4 * min(view.width() / max(box.width(), 1), view.height() / max(box.height(), 1))
        scale = _limited(min(largest, max(self.scale_now(), 4.0)))
        centre = box.center()
        self._go(Place(False, scale, centre.x() / rect.width(), centre.y() / rect.height()))

    def _go(self, place: Place) -> None:
        self.set_place(place)
        self.moved.emit(place)

    def _middle(self) -> Place:
        centre = self.mapToScene(self.viewport().rect().center())
        rect = self._photo_rect()
        width, height = max(rect.width(), 1), max(rect.height(), 1)
        return Place(False, self.scale_now(), centre.x() / width, centre.y() / height)

    def _photo_rect(self) -> QRectF:
        return self._photo.mapRectToScene(self._photo.boundingRect())

    def _bound(self) -> None:
        """Leave room around the photo, so that each of its points can be brought to the middle."""
        rect = self._photo_rect()
        self._scene.setSceneRect(
            rect.adjusted(-4 * rect.width(), -4 * rect.height(), 4 * rect.width(), 4 * rect.height())
        )

    # Events

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom; the photo's point under the cursor stays there."""
        steps = event.angleDelta().y() / 120
        if not steps or self._photo_rect().isEmpty():
            return
        before = self.mapToScene(event.position().toPoint())
        scale = _limited(self.scale_now() * STEP**steps)
        self.setTransform(QTransform.fromScale(scale, scale))
        shift = self.mapToScene(event.position().toPoint()) - before
        centre = self.mapToScene(self.viewport().rect().center()) - shift
        rect = self._photo_rect()
        self._go(Place(False, scale, centre.x() / rect.width(), centre.y() / rect.height()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where a drag or click began."""
        self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pan while pressed; tell where the cursor is."""
        super().mouseMoveEvent(event)
        point = self.mapToScene(event.position().toPoint())
        self.hovered.emit(point.x(), point.y())
        if event.buttons() & Qt.MouseButton.LeftButton and not self._photo_rect().isEmpty():
            self._place = self._middle()
            self.moved.emit(self._place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A press without a move is a click."""
        super().mouseReleaseEvent(event)
        if (event.position() - self._pressed).manhattanLength() < 4:
            point = self.mapToScene(event.position().toPoint())
            self.picked.emit(point.x(), point.y())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the whole photo again."""
        self.fit()

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        """The cursor is gone."""
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the place."""
        super().resizeEvent(event)
        self.set_place(self._place)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:  # noqa: N802
        """Write the message, if there is one."""
        if not self._message:
            return
        painter.resetTransform()
        painter.setPen(self.palette().text().color())
        area = self.viewport().rect().adjusted(24, 24, -24, -24)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)


def _limited(scale: float) -> float:
    return min(max(scale, LIMITS[0]), LIMITS[1])


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
