"""The list as a grid of thumbnails: many parts at a glance, several of them marked at once."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from gui.review.gallery_model import SAMPLE_ROLE, GalleryModel, Index
from gui.review.row_painter import paint_thumbnail, paint_verdict
from gui.shell.theme import tones

CELL = QSize(100, 100)
"""Pixels of a cell; the line of text below the picture is added."""


class GridPainter(QStyledItemDelegate):
    """Paints a cell: thumbnail, score, the verdict's sign; flagged parts have a bold score."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cells are of one size."""
        return QSize(CELL.width(), CELL.height() + option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one sample."""
        model = index.model()
        assert isinstance(model, GalleryModel)
        session, sample = model.session, index.data(SAMPLE_ROLE)
        if session is None or sample is None:
            return
        painter.save()
        tone, rect = tones(option.palette), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(QPen(QColor(tone.text), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        line = option.fontMetrics.height()
        paint_thumbnail(painter, rect.adjusted(6, 6, -6, -line - 8), model.thumbnail(sample), tone)
        font = option.font
        font.setBold(bool(session.flagged[sample]))
        painter.setFont(font)
        painter.setPen(QColor(tone.text))
        below = QRect(rect.left() + 8, rect.bottom() - line - 4, rect.width() - 40, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, model.describe_score(sample))
        sign = QRect(rect.right() - 26, rect.bottom() - 24, 19, 19)
        paint_verdict(painter, sign, session.verdict(sample), tone)
        painter.restore()
