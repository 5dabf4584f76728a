"""The photo that shapes are drawn on, with rectangle, polygon, brush and ruler."""

from math import hypot
from typing import Literal

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainterPath, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsView, QWidget
from typing_extensions import override

from gui.pictures.sample_picture import to_image
from gui.review.outline import Outline
from gui.review.pan_view import PanView
from gui.roi.sketch import Place, Sketch, make_rectangle, shade
from inspector.geometry.roi import Use

Tool = Literal["hand", "rectangle", "polygon", "brush", "ruler"]

CLOSE = 10.0
"""Pixels of the screen within which a click on the first place closes a polygon."""

LINE = QColor(0, 255, 255)


class RoiCanvas(PanView):
    """Draws on a photo. The middle button and the hand move it, the wheel zooms."""

    changed = Signal()
    """A shape was begun, changed or finished, or taken back."""
    measured = Signal(float)
    """Length of the ruler in pixels of the photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Wait for a photo."""
        super().__init__(self.tr("Photo to draw on"), parent)
        self.tool: Tool = "rectangle"
        self.use: Use = "include"
        self.brush = 40.0
        self.sketch: Sketch | None = None
        self._shade = QGraphicsPixmapItem()
        self._pending, self._ruler = Outline(), Outline()
        for item, colour in ((self._pending, LINE), (self._ruler, QColor("yellow"))):
            pen = QPen(colour, 2)
            pen.setCosmetic(True)
            item.setPen(pen)
        for layer in (self._shade, self._pending, self._ruler):
            self._scene.addItem(layer)
        self._cursor: Place = (0.0, 0.0)
        self._drags = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_photo(self, image: QImage, sketch: Sketch) -> None:
        """Show a photo, which may be made smaller than the sketch's size, and what is drawn on it."""
        self.sketch = sketch
        height, width = sketch.size
        self._photo.setPixmap(QPixmap.fromImage(image))
        self._photo.setTransform(QTransform.fromScale(width / image.width(), height / image.height()))
        self._bound()
        self.fit()
        self.set_tool(self.tool)
        self.redraw()

    def set_tool(self, tool: Tool) -> None:
        """Choose what the mouse does; a polygon that is being drawn is given up."""
        self.tool = tool
        if self.sketch is not None:
            self.sketch.begun = []
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag if tool == "hand" else QGraphicsView.DragMode.NoDrag)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if tool == "hand" else Qt.CursorShape.CrossCursor)
        self._draw_pending()

    def undo(self) -> None:
        """Take the last step back."""
        if self.sketch is not None:
            self.sketch.undo()
            self.redraw()

    def clear(self) -> None:
        """Take all shapes away."""
        if self.sketch is not None:
            self.sketch.clear()
            self.redraw()

    def redraw(self) -> None:
        """Show what is drawn by now."""
        sketch = self.sketch
        if sketch is None:
            return
        layer = to_image(shade(sketch))
        self._shade.setPixmap(QPixmap.fromImage(layer))
        height, width = sketch.size
        self._shade.setTransform(QTransform.fromScale(width / layer.width(), height / layer.height()))
        self._draw_pending()
        self.changed.emit()

    def close_polygon(self) -> None:
        """Finish the polygon that is being drawn."""
        sketch = self.sketch
        if sketch is not None and self.tool == "polygon" and sketch.begun:
            sketch.add(self.use, sketch.begun)
            self.redraw()

    def _draw_pending(self) -> None:
        path = QPainterPath()
        begun = self.sketch.begun if self.sketch is not None else []
        pen = self._pending.pen()
        pen.setCosmetic(self.tool != "brush")
        pen.setWidthF(self.brush if self.tool == "brush" else 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setColor(QColor(0, 255, 255, 120) if self.tool == "brush" else LINE)
        self._pending.setPen(pen)
        if begun and self.tool == "rectangle":
            path.addPolygon(QPolygonF([QPointF(*place) for place in make_rectangle(begun[0], self._cursor)]))
            path.closeSubpath()
        elif begun:
            ends = [self._cursor] if self.tool in ("polygon", "ruler") else []
            path.addPolygon(QPolygonF([QPointF(*place) for place in (*begun, *ends)]))
        if self.tool == "ruler":
            if begun:
                self._ruler.setPath(path)
            path = QPainterPath()
        self._pending.setPath(path)

    # Events

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a shape, or set the next corner of a polygon."""
        sketch = self.sketch
        if self.tool == "hand" or sketch is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        place = self._cursor = self._place_of(event)
        if self.tool == "polygon":
            if len(sketch.begun) >= 3 and self._is_near(place, sketch.begun[0]):
                self.close_polygon()
            else:
                sketch.begun.append(place)
        else:
            sketch.begun, self._drags = [place], True
        self._draw_pending()
        self.changed.emit()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if self.tool == "hand" or self.sketch is None:
            super().mouseMoveEvent(event)
            return
        self._cursor = self._place_of(event)
        if self._drags and self.tool == "brush" and self.sketch.begun[-1] != self._cursor:
            self.sketch.begun.append(self._cursor)
        self._draw_pending()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish what was dragged."""
        if self.tool == "hand" or self.sketch is None or not self._drags:
            super().mouseReleaseEvent(event)
            return
        self._cursor, self._drags = self._place_of(event), False
        self._draw_pending()
        begun, self.sketch.begun = self.sketch.begun, []
        if self.tool == "rectangle":
            self.sketch.add(self.use, make_rectangle(begun[0], self._cursor))
        elif self.tool == "brush":
            self.sketch.add(self.use, begun, self.brush)
        elif self.tool == "ruler":
            self.measured.emit(hypot(self._cursor[0] - begun[0][0], self._cursor[1] - begun[0][1]))
        self.redraw()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Finish a polygon; else show the whole photo again, where nothing is drawn."""
        if self.tool == "polygon":
            self.close_polygon()
        elif self.tool == "hand":
            super().mouseDoubleClickEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes a polygon, Escape gives it up."""
        begun = self.sketch is not None and bool(self.sketch.begun)
        if begun and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_polygon()
        elif begun and event.key() == Qt.Key.Key_Escape:
            assert self.sketch is not None
            self.sketch.begun, self._drags = [], False
            self.redraw()
        else:
            super().keyPressEvent(event)

    def _place_of(self, event: QMouseEvent) -> Place:
        """Return where the mouse is, within the photo."""
        point = self.mapToScene(event.position().toPoint())
        height, width = self.sketch.size if self.sketch is not None else (1, 1)
        return min(max(point.x(), 0.0), float(width)), min(max(point.y(), 0.0), float(height))

    def _is_near(self, one: Place, other: Place) -> bool:
        return hypot(one[0] - other[0], one[1] - other[1]) * self.scale_now() <= CLOSE
