"""The list of samples: a model that holds no pictures, thumbnails that come when seen, one painted row each."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from gui.shell.numbers import show_number
from gui.shell.theme import Tones, tones

Index = QModelIndex | QPersistentModelIndex

NO_INDEX = QModelIndex()
"""The parent of all rows."""

THUMBNAILS_KEPT = 800
ROW_HEIGHT = 64
THUMBNAIL = QSize(72, 54)

SAMPLE_ROLE = Qt.ItemDataRole.UserRole


class GalleryModel(QAbstractListModel):
    """The listed samples of a session, in their order."""

    problem = Signal(str)
    """A sentence about thumbnails that cannot be shown; told once for each run that is opened."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.session: Session | None = None
        self._visible: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()
        self._work = Background(self, self._do_without, threads=1, waiting=40)
        self._work.finished.connect(self._keep_thumbnail)
        self._told = False
        self.score_range = (0.0, 1.0)

    def open(self, session: Session | None) -> None:
        """List another run."""
        self._work.forget()
        self._pixmaps.clear()
        self._asked.clear()
        self._told = False
        self.session = session
        self._find_range()
        self.refresh()

    def reload(self) -> None:
        """List the same run after more of it is known: thumbnails that were missing may be there now."""
        for sample in [sample for sample, pixmap in self._pixmaps.items() if pixmap.isNull()]:
            del self._pixmaps[sample]
        self._find_range()
        self.refresh()

    def refresh(self) -> None:
        """Ask the session again which samples are listed."""
        self.beginResetModel()
        self._visible = self.session.visible() if self.session else np.empty(0, dtype=np.intp)
        self._rows = np.full(len(self.session.rows) if self.session else 0, -1)
        self._rows[self._visible] = np.arange(len(self._visible))
        self.endResetModel()

    def changed(self, sample: int) -> None:
        """Paint one sample again."""
        row = self.row_of(sample)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, sample: int | None) -> int | None:
        """Return the row of a sample; None where it is not listed."""
        if sample is None or sample >= len(self._rows) or self._rows[sample] < 0:
            return None
        return int(self._rows[sample])

    def sample_at(self, row: int) -> int | None:
        """Return the sample of a row."""
        return int(self._visible[row]) if 0 <= row < len(self._visible) else None

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    @override
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many samples are listed."""
        return 0 if parent.isValid() else len(self._visible)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name, the spoken description or the number of a sample."""
        sample = self.sample_at(index.row())
        if sample is None or self.session is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.session.rows[sample].name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.session.rows[sample].reason or self.session.rows[sample].name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe_aloud(sample)
        return sample if role == SAMPLE_ROLE else None

    def thumbnail(self, sample: int) -> QPixmap | None:
        """Return a thumbnail, or None and ask for it."""
        if sample in self._pixmaps:
            self._pixmaps.move_to_end(sample)
            return self._pixmaps[sample]
        if self.session is not None and (sample not in self._asked or not self._work.waits(sample)):
            self._asked.add(sample)
            row = self.session.rows[sample]
            path = self.session.store.artefacts.thumbnail_path(self.session.run.id, row.position)
            self._work.submit(sample, lambda: read_thumbnail(path))
        return None

    def _find_range(self) -> None:
        if self.session is not None and self.session.scored.any():
            known = self.session.finals[self.session.scored]
            self.score_range = (float(known.min()), float(known.max()))

    def _keep_thumbnail(self, sample: int, image: QImage) -> None:
        self._pixmaps[sample] = QPixmap.fromImage(image)
        self._asked.discard(sample)
        while len(self._pixmaps) > THUMBNAILS_KEPT:
            self._pixmaps.popitem(last=False)
        self.changed(sample)

    def _do_without(self, sample: int, error: Exception) -> None:
        """Leave the place of a thumbnail empty, rather than asking for it at each painting."""
        self._keep_thumbnail(sample, QImage())
        if not self._told:
            self._told = True
            self.problem.emit(self.tr("Thumbnails cannot be shown: {reason}").format(reason=describe_failure(error)))

    def _describe_aloud(self, sample: int) -> str:
        assert self.session is not None
        row, score = self.session.rows[sample], self.session.finals[sample]
        if self.session.unreadable[sample]:
            return self.tr("{name}, unreadable: {reason}").format(name=row.name, reason=row.reason)
        decision = self.tr("flagged") if self.session.flagged[sample] else self.tr("not flagged")
        known = f"{show_number(score)}, {decision}" if np.isfinite(score) else self.tr("no score yet")
        verdicts = {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": self.tr("undecided")}
        return f"{row.name}, {known}, {verdicts[self.session.verdict(sample)]}"


def read_thumbnail(path: Path) -> QImage:
    """Read a small picture, ready to be painted; an empty one where there is none."""
    image = QImage(str(path))
    if image.isNull():
        return image
    small = image.scaled(THUMBNAIL * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_RGB32)


class Gallery(QListView):
    """The list on the screen."""

    chosen = Signal(int)
    """A sample was made the current one."""
    pressed_early = Signal(object)
    """A key was pressed while no run is there yet: a copy of the `QKeyEvent`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.samples = GalleryModel(self)
        self.setModel(self.samples)
        self.setItemDelegate(RowPainter(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Samples"))
        self.setMouseTracking(True)

    def select_sample(self, sample: int | None) -> None:
        """Make a sample the current one, where it is listed."""
        row = self.samples.row_of(sample)
        if row is None:
            self.clearSelection()
            return
        index = self.samples.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def current_sample(self) -> int | None:
        """Return the current sample."""
        return self.samples.sample_at(self.currentIndex().row())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; say so where filter and search leave none."""
        super().paintEvent(event)
        session = self.samples.session
        if session is None or self.samples.rowCount():
            return
        nothing_found = self.tr("No sample matches filter and search.")
        text = nothing_found if session.rows else self.tr("This run holds no samples.")
        painter = QPainter(self.viewport())
        painter.setPen(QColor(tones(self.palette()).dim))
        area = self.viewport().rect().adjusted(16, 16, -16, -16)
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the list."""
        if self.samples.session is None:
            self.pressed_early.emit(event.clone())
        else:
            super().keyPressEvent(event)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which sample is looked at."""
        super().currentChanged(current, previous)
        sample = self.samples.sample_at(current.row())
        if sample is not None:
            self.chosen.emit(sample)


class RowPainter(QStyledItemDelegate):
    """Paints a row: thumbnail, name, score bar with the threshold, and the verdict's sign."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are equally high; the font's size is taken into account."""
        return QSize(200, max(ROW_HEIGHT, 3 * option.fontMetrics.height() + 12))

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
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, option.palette.color(QPalette.ColorRole.Button))
        picture = QRect(
            rect.left() + 8, rect.center().y() - THUMBNAIL.height() // 2, THUMBNAIL.width(), THUMBNAIL.height()
        )
        _paint_thumbnail(painter, picture, model.thumbnail(sample), tone)
        text = rect.adjusted(picture.width() + 18, 7, -38, -7)
        self._paint_text(painter, text, option, model, sample)
        sign = QRect(rect.right() - 30, rect.center().y() - 10, 21, 21)
        paint_verdict(painter, sign, session.verdict(sample), tone)
        painter.restore()

    def _paint_text(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, model: GalleryModel, sample: int
    ) -> None:
        session = model.session
        assert session is not None
        tone, line = tones(option.palette), option.fontMetrics.height()
        name = option.fontMetrics.elidedText(session.rows[sample].name, Qt.TextElideMode.ElideMiddle, area.width())
        font = QFont(option.font)
        font.setBold(bool(session.flagged[sample]))
        painter.setFont(font)
        painter.setPen(QColor(tone.text))
        painter.drawText(area.left(), area.top() + option.fontMetrics.ascent(), name)
        painter.setFont(option.font)
        below = QRect(area.left(), area.top() + line + 2, area.width(), line)
        score = session.finals[sample]
        painter.setPen(QColor(tone.dim))
        if not np.isfinite(score):
            note = session.rows[sample].reason if session.unreadable[sample] else self.tr("no score yet")
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


def _paint_thumbnail(painter: QPainter, place: QRect, pixmap: QPixmap | None, tone: Tones) -> None:
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
