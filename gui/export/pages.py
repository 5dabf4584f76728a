"""Pages of a PDF, filled from above: what belongs together stays on one page."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextDocument,
    QTextOption,
)

from inspector.export.histogram import HistogramBar

DPI = 150

STYLE = "body { white-space: pre-wrap; }"  # names may hold several spaces
STYLE += "body, td, th, p { font-size: 9pt; } h1 { font-size: 18pt; } h3 { font-size: 11pt; } td, th { padding: 2px; }"

COLUMNS = 5
"""Small pictures side by side."""

INK, DIM, RED = QColor("#1b1f23"), QColor("#8a97a5"), QColor("#b3261e")


class PdfPages:
    """Draws block after block; one that does not fit any more begins a new page. Sizes are in millimetres."""

    def __init__(self, path: Path, title: str, page: str) -> None:
        """Begin a file of A4 pages; `page` is the text of the foot, with a place for {number}."""
        self._writer = QPdfWriter(str(path))
        self._writer.setResolution(DPI)
        self._writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        self._writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
        self._writer.setTitle(title)
        self._title, self._page, self._number, self._y = title, page, 1, 0.0
        self._painter = QPainter(self._writer)
        self._foot = self.pixels(8)

    @staticmethod
    def pixels(millimetres: float) -> float:
        """Return a length on the page in dots."""
        return millimetres / 25.4 * DPI

    @property
    def width(self) -> float:
        """Width between the margins, in dots."""
        return float(self._writer.width())

    def add(self, html: str, gap: float = 2) -> None:
        """Draw a text."""
        self._make_room(height := self._measure(html))
        self._draw(html, height)
        self._y += self.pixels(gap)

    def add_pictures(self, html: str, pictures: Sequence[QImage], below: str, height: float) -> None:
        """Draw a text, pictures side by side of at most that height, and a text below, all on one page."""
        room = (self.width - (len(pictures) - 1) * self.pixels(3)) / max(1, len(pictures))
        sizes = [_fit(picture, room, self.pixels(height)) for picture in pictures]
        tall = max((size[1] for size in sizes), default=0.0) + self.pixels(1)
        above, under = self._measure(html), self._measure(below) if below else 0.0
        self._make_room(above + tall + under)
        self._draw(html, above)
        x = 0.0
        for picture, (wide, high) in zip(pictures, sizes, strict=True):
            self._draw_picture(picture, QRectF(x, self._y, wide, high))
            x += wide + self.pixels(3)
        self._y += tall
        if below:
            self._draw(below, under)
        self._y += self.pixels(3)

    def add_figures(self, html: str, figures: Sequence[tuple[QImage, str]], height: float) -> None:
        """Draw a text and below it pictures of at most that height, so many side by side, each above its caption.

        A picture stays on one page with its caption, the text with the first ones.
        """
        wide = self.width / COLUMNS
        room = wide - self.pixels(3)
        for first in range(0, len(figures), COLUMNS):
            row = figures[first : first + COLUMNS]
            sizes = [_fit(picture, room, self.pixels(height)) for picture, _ in row]
            tall = max(size[1] for size in sizes)
            heading = html if first == 0 else ""
            above = self._measure(heading) + self.pixels(1) if heading else 0.0
            below = max(self._measure(caption, room) for _, caption in row)
            self._make_room(self.pixels(2) + above + tall + below)
            if heading:
                self._y += self.pixels(2) if self._y else 0
                self._draw(heading, above)
            top = self._y
            for place, ((picture, caption), size) in enumerate(zip(row, sizes, strict=True)):
                self._draw_picture(picture, QRectF(place * wide, top + tall - size[1], *size))
                self._y = top + tall
                self._draw(caption, below, place * wide, room)
            self._y += self.pixels(3)

    def add_histogram(
        self, bars: Sequence[HistogramBar], threshold: float, ends: tuple[str, str], caption: str
    ) -> None:
        """Draw a histogram: bars, and the place of the threshold in percent of the width."""
        height = self.pixels(35)
        told = self._measure(caption)
        self._make_room(height + self.pixels(6) + told)
        top, bottom = self._y, self._y + height
        for bar in bars:
            high = 0.96 * bar.height / 100 * height
            place = QRectF(bar.x / 100 * self.width, bottom - high, bar.width / 100 * self.width * 0.9, high)
            self._painter.fillRect(place, RED if bar.flagged else DIM)
        self._painter.setPen(QPen(INK, 1))
        self._painter.drawLine(0, round(bottom), round(self.width), round(bottom))
        self._painter.setPen(QPen(INK, 2, Qt.PenStyle.DashLine))
        x = round(threshold / 100 * self.width)
        self._painter.drawLine(x, round(top), x, round(bottom))
        self._y = bottom + self.pixels(1)
        self._write(ends[0], Qt.AlignmentFlag.AlignLeft)
        self._write(ends[1], Qt.AlignmentFlag.AlignRight)
        self._y += self.pixels(4)
        self._draw(caption, told)
        self._y += self.pixels(3)

    def add_signature(self, labels: Sequence[str]) -> None:
        """Draw a line to write on above each label, side by side."""
        self._make_room(self.pixels(24))
        self._y += self.pixels(16)
        room = self.width / len(labels)
        self._painter.setPen(QPen(INK, 1))
        for place, label in enumerate(labels):
            left = place * room
            line = round(self._y)
            self._painter.drawLine(round(left), line, round(left + 0.9 * room), line)
            self._painter.setFont(_font())
            box = QRectF(left, self._y + self.pixels(1), room, self.pixels(5))
            self._painter.drawText(box, Qt.AlignmentFlag.AlignLeft, label)
        self._y += self.pixels(8)

    def end(self) -> None:
        """Finish the last page and the file."""
        self._draw_foot()
        self._painter.end()

    def _make_room(self, height: float) -> None:
        if self._y and self._y + height > self._writer.height() - self._foot:
            self._draw_foot()
            self._writer.newPage()
            self._number, self._y = self._number + 1, 0.0

    def _measure(self, html: str, width: float | None = None) -> float:
        return float(self._layout(html, width).size().height())

    def _draw(self, html: str, height: float, left: float = 0.0, width: float | None = None) -> None:
        self._painter.save()
        self._painter.translate(left, self._y)
        self._layout(html, width).drawContents(self._painter)
        self._painter.restore()
        self._y += height

    def _draw_picture(self, picture: QImage, frame: QRectF) -> None:
        self._painter.drawImage(frame, picture)

    def _layout(self, html: str, width: float | None = None) -> QTextDocument:
        document = QTextDocument()
        document.documentLayout().setPaintDevice(self._writer)
        document.setDocumentMargin(0)
        document.setDefaultStyleSheet(STYLE)
        document.setHtml(f"<body>{html}</body>")
        option = document.defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)  # whatever the first name is written in
        if width is not None:  # a long name is broken, and stays off the caption beside it
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        document.setTextWidth(self.width if width is None else width)
        return document

    def _draw_foot(self) -> None:
        self._y = self._writer.height() - self.pixels(5)
        self._write(self._title, Qt.AlignmentFlag.AlignLeft)
        self._write(self._page.format(number=self._number), Qt.AlignmentFlag.AlignRight)

    def _write(self, text: str, side: Qt.AlignmentFlag) -> None:
        self._painter.setFont(_font())
        self._painter.setPen(DIM)
        self._painter.drawText(QRectF(0, self._y, self.width, self.pixels(5)), side, text)


def _fit(picture: QImage, width: float, height: float) -> tuple[float, float]:
    """Return (width, height) of a picture that is scaled into a frame."""
    scale = min(width / picture.width(), height / picture.height())
    return picture.width() * scale, picture.height() * scale


def _font() -> QFont:
    font = QFont()
    font.setPointSizeF(8)
    return font
