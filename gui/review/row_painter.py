"""Paints a row of the list: thumbnail, name, score bar with the threshold, and the verdict's sign."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from gui.review.gallery_model import SAMPLE_ROLE, THUMBNAIL, GalleryModel, Index
from gui.shell.numbers import show_number
from gui.shell.texts import on_one_line, show_identity, translate_sentence
from gui.shell.theme import Tones, tones
from inspector.export.isolates import isolate_path

ROW_HEIGHT = 64

SIGN = 19
"""Pixels of the verdict's sign, beside the name."""

BREAKS = "/_- ."
"""Signs after which a name goes on in a second line."""


class RowPainter(QStyledItemDelegate):
    """Paints a row: thumbnail, name, score bar with the threshold, and the verdict's sign."""

    def __init__(self, view: QAbstractItemView) -> None:
        """Paint the rows of a view."""
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are equally high; the font's size is taken into account, a line that tells the parts, and a second
        one for names where the longest takes it.
        """
        model, line = index.model(), option.fontMetrics.height()
        more = 0
        if isinstance(model, GalleryModel):
            room = _place_text(QRect(QPoint(0, 0), self._view.viewport().size())).width() - SIGN - 6
            wide = QFontMetrics(_embolden(option.font)).horizontalAdvance(model.longest_name) > room
            more = model.names_parts + wide
        return QSize(200, max(ROW_HEIGHT, 3 * line + 12) + line * more)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one sample."""
        model = index.model()
        assert isinstance(model, GalleryModel)
        session, sample = model.session, index.data(SAMPLE_ROLE)
        if session is None or sample is None:
            return
        painter.save()
        tone = tones(option.palette)
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Highlight))
            if option.state & QStyle.StateFlag.State_HasFocus:  # keys act on the list
                painter.setPen(QPen(QColor(tone.focus), 1))
                painter.drawRect(rect.adjusted(0, 0, -1, -1))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Button))
        paint_thumbnail(painter, _place_picture(rect), model.thumbnail(sample), tone)
        self._paint_text(painter, _place_text(rect), option, model, sample)
        sign = QRect(rect.right() - SIGN - 8, rect.top() + 5, SIGN, SIGN)
        paint_verdict(painter, sign, session.verdict(sample), tone)
        painter.restore()

    def _paint_text(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, model: GalleryModel, sample: int
    ) -> None:
        session = model.session
        assert session is not None
        tone, line = tones(option.palette), option.fontMetrics.height()
        painter.setFont(_embolden(option.font) if session.flagged[sample] else option.font)
        painter.setPen(QColor(tone.text))
        metrics, base = painter.fontMetrics(), area.top() + option.fontMetrics.ascent()
        first, second = break_name(
            on_one_line(session.rows[sample].name), metrics.horizontalAdvance, area.width() - SIGN - 6
        )
        painter.drawText(area.left(), base, isolate_path(first))
        if second:
            second = metrics.elidedText(second, Qt.TextElideMode.ElideMiddle, area.width())
            painter.drawText(area.left(), base + line, isolate_path(second))
        painter.setFont(option.font)
        below = QRect(area.left(), area.top() + line * (2 if second else 1) + 2, area.width(), line)
        score = session.finals[sample]
        painter.setPen(QColor(tone.dim))
        if model.names_parts:
            part = show_identity(session.rows[sample].identity)
            part = option.fontMetrics.elidedText(part, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, part)
            below.translate(0, line)
        if not np.isfinite(score):
            row = session.rows[sample]
            reason = leave_name_out(translate_sentence(row.reason), row.name)
            note = reason if session.unreadable[sample] else self.tr("no score yet")
            painter.drawText(
                below,
                Qt.AlignmentFlag.AlignLeft,
                option.fontMetrics.elidedText(note, Qt.TextElideMode.ElideRight, below.width()),
            )
            return
        decision = self.tr("flagged") if session.flagged[sample] else self.tr("not flagged")
        known = option.fontMetrics.elidedText(
            f"{show_number(score)}  {decision}", Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, known)
        bar = QRect(area.left(), area.bottom() - 6, area.width(), 5)
        _paint_bar(painter, bar, float(score), session.threshold, model.score_range, tone)


def break_name(name: str, measure: Callable[[str], int], room: int) -> tuple[str, str]:
    """Return a name as it stands in one line or two, the second "" where one does.

    Args:
        name: the name; the first line ends behind one of `BREAKS` where there is one, before the suffix at last.
        measure: tells how wide a text is, in pixels.
        room: pixels of the first line.

    Example:
        break_name("contamination/001.jpg", len, 15) gives ("contamination/", "001.jpg").
    """
    if measure(name) <= room:
        return name, ""
    fits = next((end for end in range(len(name) - 1, 0, -1) if measure(name[:end]) <= room), 1)
    ends = [end for end in range(fits, fits // 3, -1) if name[end - 1] in BREAKS]
    end = next((end for end in ends if end <= name.rfind(".")), ends[0] if ends else fits)
    return name[:end], name[end:]


def leave_name_out(reason: str, name: str) -> str:
    """Return what is said of a file without its name in front, which stands above it and would take the room.

    Example:
        leave_name_out("a.jpg is empty", "lot7/a.jpg") gives "is empty".
    """
    return reason.removeprefix(f"{isolate_path(name.rpartition('/')[2])} ")


def _embolden(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _place_picture(row: QRect) -> QRect:
    """Return where the thumbnail of a row lies."""
    size = THUMBNAIL.scaled(row.width() // 4, THUMBNAIL.height(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(QPoint(row.left() + 8, row.center().y() - size.height() // 2), size.boundedTo(THUMBNAIL))


def _place_text(row: QRect) -> QRect:
    """Return where the text of a row lies."""
    return row.adjusted(_place_picture(row).width() + 18, 7, -10, -7)


def paint_thumbnail(painter: QPainter, place: QRect, pixmap: QPixmap | None, tone: Tones) -> None:
    """Paint a thumbnail in the middle of a place, or its ground while there is none."""
    if pixmap is None or pixmap.isNull():
        painter.fillRect(place, QColor(tone.raised))
        return
    size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(place.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, pixmap)


def _paint_bar(
    painter: QPainter, bar: QRect, score: float, threshold: float | None, ends: tuple[float, float], tone: Tones
) -> None:
    low, high = ends
    scale = bar.width() / (high - low or 1.0)
    painter.fillRect(bar, QColor(tone.line))
    length = min(max(round((score - low) * scale), 2), bar.width())
    painter.fillRect(QRect(bar.left(), bar.top(), length, bar.height()), QColor(tone.dim))
    if threshold is not None and low <= threshold <= high:
        x = bar.left() + round((threshold - low) * scale)
        painter.fillRect(QRect(x - 1, bar.top() - 3, 2, bar.height() + 6), QColor(tone.text))


def paint_verdict(painter: QPainter, place: QRect, verdict: str, tone: Tones) -> None:
    """Paint the sign of a verdict: a tick, a cross, or an empty ring."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if verdict == "undecided":
        painter.setPen(QPen(QColor(tone.dim), 1.2))
        painter.drawEllipse(place.adjusted(2, 2, -2, -2))
        painter.restore()
        return
    accepted = verdict == "accepted"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.accepted if accepted else tone.rejected))
    painter.drawEllipse(place)
    painter.setPen(QPen(QColor(tone.base), 2.4, c=Qt.PenCapStyle.RoundCap))
    x, y, w, h = place.x(), place.y(), place.width(), place.height()
    points = {
        True: [((0.27, 0.53), (0.44, 0.70)), ((0.44, 0.70), (0.74, 0.34))],
        False: [((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))],
    }
    for (x1, y1), (x2, y2) in points[accepted]:
        painter.drawLine(round(x + x1 * w), round(y + y1 * h), round(x + x2 * w), round(y + y2 * h))
    painter.restore()
