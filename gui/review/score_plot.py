"""The histogram of a run's scores, with the threshold as a line to drag."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from gui.shell.numbers import show_number
from gui.shell.painting import painting
from gui.shell.theme import tones
from inspector.export.histogram import leave_room

HISTOGRAM_BARS = 64
MARGIN = 14

DRAG = 4
"""Pixels that the mouse has to move before the line goes along."""


class ScorePlot(QWidget):
    """Paints the histogram and tells where the threshold is dragged to."""

    dragged = Signal(float)
    """The threshold while it moves."""
    released = Signal(float)
    """The threshold once it rests."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty plot."""
        super().__init__(parent)
        self._counts = np.zeros(HISTOGRAM_BARS)
        self._ends = (0.0, 1.0)
        self._scores = (0.0, 1.0)
        self._threshold: float | None = None
        self._mark: float | None = None
        self._pressed: QPointF | None = None
        self._dragging = self._stepping = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram of the scores; left and right move the threshold"))
        self.setMouseTracking(True)

    @override
    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(260, 170)

    def show_scores(self, scores: NDArray[np.float64], threshold: float | None) -> None:
        """Count the scores (all finite); an empty array clears the plot."""
        self._threshold = threshold if scores.size else None
        if not scores.size:  # what is being moved is of the run before
            self._pressed, self._dragging, self._stepping = None, False, False
        if self._threshold is not None:
            self._scores = (float(scores.min()), float(scores.max()))
            self._ends = leave_room(min(self._scores[0], self._threshold), max(self._scores[1], self._threshold))
            self._counts = np.histogram(scores, bins=HISTOGRAM_BARS, range=self._ends)[0].astype(float)
        self._mark = None
        self.update()

    def set_threshold(self, threshold: float | None) -> None:
        """Move the line."""
        self._threshold = threshold
        if threshold is not None:
            self.setAccessibleDescription(self.tr("threshold {value}").format(value=show_number(threshold, 4)))
        self.update()

    def set_mark(self, score: float | None) -> None:
        """Mark the score of the sample that is looked at."""
        self._mark = score if score is not None and np.isfinite(score) else None
        self.update()

    def x_of(self, score: float) -> float:
        """Return where a score lies, in pixels of the widget."""
        low, high = self._ends
        return MARGIN + (score - low) / (high - low) * (self.width() - 2 * MARGIN)

    def score_of(self, x: float) -> float:
        """Return the score at a place, kept within the axis."""
        low, high = self._ends
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        return low + min(max(share, 0.0), 1.0) * (high - low)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin; a click alone moves nothing."""
        if event.button() == Qt.MouseButton.LeftButton and self._threshold is not None:
            self._pressed = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the line along."""
        if self._pressed is not None and abs(event.position().x() - self._pressed.x()) >= DRAG:
            self._dragging = True
        if self._dragging:
            self._move(event.position().x())
        elif self._threshold is not None:
            near = abs(event.position().x() - self.x_of(self._threshold)) < 8
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the line where it is."""
        self.rest()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line by a hundredth of the axis, with Shift by a tenth of that."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is None or self._threshold is None:
            super().keyPressEvent(event)
            return
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        low, high = self._ends
        self._stepping = True
        self._set(self._threshold + steps * fine * (high - low) / 100)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Leave the line where it is."""
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.rest()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys work here."""
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The key that is held is let go of elsewhere: leave the line where it is."""
        super().focusOutEvent(event)
        self.rest()
        self.update()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the line where it is."""
        super().hideEvent(event)
        self.rest()

    def rest(self) -> None:
        """Leave the line where it is, and tell it if it has been moved."""
        moved = self._dragging or self._stepping
        self._pressed, self._dragging, self._stepping = None, False, False
        if moved and self._threshold is not None:
            self.released.emit(self._threshold)

    def _move(self, x: float) -> None:
        self._set(self.score_of(x))

    def _set(self, threshold: float) -> None:
        threshold = min(max(threshold, self._scores[0]), self._scores[1])
        self.set_threshold(threshold)
        self.dragged.emit(threshold)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, axis, mark and line."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = tones(self.palette())
        painter.setPen(QPen(QColor(tone.text if self.hasFocus() else tone.line), 1))
        painter.setBrush(QColor(tone.base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if self._threshold is None:
            painter.setPen(QColor(tone.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No scores yet"))
            return
        line = self.fontMetrics().height()
        area = QRectF(MARGIN, 12, self.width() - 2 * MARGIN, self.height() - 27 - line)
        at = self.x_of(self._threshold)
        self._paint_bars(painter, area, at)
        painter.setPen(QPen(QColor(tone.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(tone.dim))
        base = self.height() - 7
        low, high = self._ends
        painter.drawText(int(area.left()), base, show_number(low, 2))
        right = show_number(high, 2)
        painter.drawText(int(area.right() - self.fontMetrics().horizontalAdvance(right)), base, right)
        self._paint_line(painter, area, at)
        if self._mark is not None:
            x = self.x_of(self._mark)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone.text))
            bottom = area.bottom() + 2
            painter.drawPolygon(QPolygonF([QPointF(x, bottom), QPointF(x - 5, bottom + 6), QPointF(x + 5, bottom + 6)]))

    def _paint_bars(self, painter: QPainter, area: QRectF, at: float) -> None:
        tone = tones(self.palette())
        width = area.width() / HISTOGRAM_BARS
        top = max(1.0, float(self._counts.max()))
        bars = []
        for place, count in enumerate(self._counts):
            if count:
                height = max(2.0, area.height() * float(count) / top)
                left = area.left() + place * width
                bars.append(QRectF(left, area.bottom() - height, max(1.0, width - 1), height))
        for colour, clip in (
            (tone.dim, QRectF(area.left(), 0, at - area.left(), self.height())),
            (tone.text, QRectF(at, 0, area.right() - at, self.height())),
        ):
            painter.save()
            painter.setClipRect(clip)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRects(bars)
            painter.restore()

    def _paint_line(self, painter: QPainter, area: QRectF, at: float) -> None:
        tone = tones(self.palette())
        painter.setPen(QPen(QColor(tone.text), 2))
        painter.drawLine(QPointF(at, 4), QPointF(at, area.bottom()))
        painter.setBrush(QColor(tone.base))
        painter.drawRoundedRect(QRectF(at - 5, 3, 10, 14), 3, 3)
