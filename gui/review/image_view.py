"""A photo with its heat layer, outlines and regions."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QWidget,
)
from typing_extensions import override

from gui.pictures.sample_picture import RING, Defects, Detail, SamplePicture, map_scale
from gui.review.detail_item import DetailItem
from gui.review.outline import Outline
from gui.review.pan_view import PanView
from inspector.geometry.placement import Placement

CONTOUR_COLOUR = QColor(0, 255, 255)
"""Cyan: in none of the heat maps and rare on parts."""


class ImageView(PanView):
    """Shows one sample. It only paints and tells where the cursor is."""

    detail_wanted = Signal(int)
    """All pixels of a sample's photo would be seen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make an empty view; `name` is for assistive technology."""
        super().__init__(name, parent)
        self.loading = False
        self._heat = QGraphicsPixmapItem()
        self._contour, self._marks, self._ring, self._box = Outline(), Outline(), Outline(), Outline()
        self._oddest = Outline()
        for item in (self._heat, self._contour, self._marks, self._ring, self._box, self._oddest):
            self._scene.addItem(item)
        for layer in (self._photo, self._heat):
            layer.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._contour.setPen(_cosmetic(CONTOUR_COLOUR, 2))
        self._marks.setPen(_cosmetic(QColor("white"), 1.5))
        dashed = _cosmetic(QColor("white"), 1)
        dashed.setStyle(Qt.PenStyle.DashLine)
        self._box.setPen(dashed)
        self._oddest.setPen(dashed)
        self._ring.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._ring.setPen(_cosmetic(CONTOUR_COLOUR, 2.5))
        self._ring.setZValue(3)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._labels: list[QGraphicsItem] = []
        self._picture: SamplePicture | None = None
        self._detail = DetailItem()
        self._scene.addItem(self._detail)
        self._detail.stackBefore(self._heat)
        self._asked = False
        self.rescaled.connect(self._look_closely)
        self._message = ""

    # What is shown

    def show_picture(self, picture: SamplePicture, layers: str, opacity: float) -> None:
        """Show a sample; `layers` is "photo", "overlay" or "map"."""
        self._message = ""
        self._ring.setVisible(self._ring.isVisible() and picture is self._picture)
        self._picture = picture
        self._photo.setPixmap(QPixmap.fromImage(picture.photo))
        height, width = picture.size
        self._photo.setTransform(QTransform.fromScale(width / picture.photo.width(), height / picture.photo.height()))
        self._forget_detail(loading=False)
        self.show_box(None)
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
        self._heat.setTransform(QTransform.fromScale(scale_x, scale_y))
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
        self._forget_detail(loading=True)
        self._heat.setVisible(False)
        self.show_box(None)
        self.show_defects(Defects(), None, contour=False, regions=False)
        self._bound()
        self.set_place(self._place)

    def show_message(self, text: str) -> None:
        """Show a sentence in place of a photo."""
        self._picture = None
        self._message = text
        self._forget_detail(loading=False)
        self._photo.setPixmap(QPixmap())
        self._heat.setVisible(False)
        self.show_box(None)
        self.show_defects(Defects(), None, contour=False, regions=False)
        self.viewport().update()
        self.rescaled.emit()

    def show_detail(self, detail: Detail) -> None:
        """Show all pixels of the photo, if it is the one that is seen."""
        if self._picture is not None and detail.index == self._picture.index:
            self._detail.show_detail(detail)
            self.loading = False
            self.viewport().update()

    def _forget_detail(self, *, loading: bool) -> None:
        self._detail.show_detail(None)
        self.loading, self._asked = loading, False

    def _look_closely(self) -> None:
        """Want all pixels once those that are here would be seen as squares."""
        picture = self._picture
        if picture is None or picture.full_size is None or self._asked:
            return
        if self.scale_now() * self.devicePixelRatioF() > picture.photo.width() / picture.size[1]:
            self._asked = self.loading = True
            self.detail_wanted.emit(picture.index)
            self.viewport().update()

    def show_defects(self, defects: Defects, current: int | None, *, contour: bool, regions: bool) -> None:
        """Draw the outlines and the numbered boxes, the current one (counted from 0) bolder; or the oddest places."""
        self._show_oddest(defects.oddest)
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
        self._box.setVisible(regions)

    def _show_oddest(self, places: tuple[tuple[float, float], ...]) -> None:
        """Draw a dashed ring around each place: no outline, for nothing of the part is flagged."""
        rings = QPainterPath()
        radius = RING * max(self._picture.size) if self._picture else 0.0
        for x, y in places:
            rings.addEllipse(QPointF(x, y), radius, radius)
        self._oddest.setPath(rings)

    def show_box(self, box: Placement | None) -> None:
        """Draw a dashed line around where the part was found, seen with the regions; None = it was not looked for."""
        outline = QPainterPath()
        if box is not None:
            outline.addPolygon(QPolygonF([QPointF(x, y) for x, y in box.corners().tolist()]))
            outline.closeSubpath()
        self._box.setPath(outline)

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

    @override
    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Write the message, if there is one, and in a corner that something is on its way."""
        painter.resetTransform()
        if self.loading:
            text = self.tr("Loading…")
            plate = painter.fontMetrics().boundingRect(text).adjusted(-8, -4, 8, 4)
            plate.moveTopLeft(QPoint(10, 10))
            painter.fillRect(plate, self.palette().window())
            painter.setPen(self.palette().text().color())
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        if not self._message:
            return
        painter.setPen(self.palette().text().color())
        area = self.viewport().rect().adjusted(24, 24, -24, -24)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)


def _cosmetic(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
