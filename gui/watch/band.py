"""OK or NG, to be read from two metres."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from gui.review.row_painter import leave_name_out
from gui.shell.numbers import show_number
from gui.shell.painting import painting
from gui.shell.texts import keep_apart, on_one_line, translate_sentence
from gui.shell.theme import tones
from gui.watch.line_state import ListedPart

HEIGHT = 150
"""Pixels, where there is room; the word takes two thirds of it, 2 to 3 cm on a usual screen."""

LEAST_HEIGHT = 72
"""Pixels in a low window."""


class Band(QWidget):
    """Shows the verdict of the newest part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it empty."""
        super().__init__(parent)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.part: ListedPart | None = None
        self._message = ""

    @override
    def sizeHint(self) -> QSize:
        """A fifth of the window, which leaves room for the photo."""
        return QSize(400, max(LEAST_HEIGHT, min(HEIGHT, self.window().height() // 5)))

    def show_part(self, part: ListedPart | None, message: str = "") -> None:
        """Show a part; without one, a sentence."""
        self.part, self._message = part, message
        self.setAccessibleName(f"{self.word()} {part.name}" if part is not None else message)
        self.update()

    def word(self) -> str:
        """Return the large word."""
        if self.part is None:
            return ""
        return {"ok": self.tr("OK"), "ng": self.tr("NG"), "unreadable": "?"}[self.part.verdict]

    def about(self) -> str:
        """Return what stands below the name: the score, or why there is none."""
        if self.part is None:
            return ""
        reason = leave_name_out(translate_sentence(self.part.reason), self.part.name)
        return reason if self.part.score is None else show_number(self.part.score)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word on the colour of the verdict, name and score beside it."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        tone, area = tones(self.palette()), self.rect()
        verdict = "unreadable" if self.part is None else self.part.verdict
        plain = verdict == "unreadable"
        ground = {"ok": tone.accepted, "ng": tone.rejected, "unreadable": tone.raised}[verdict]
        painter.fillRect(area, QColor(ground))
        painter.setPen(QColor(tone.text if plain else tone.base))
        inside = area.adjusted(24, 0, -24, 0)
        font = QFont(self.font())
        if self.part is None:
            font.setPixelSize(self.height() // 5)
            painter.setFont(font)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
            return
        font.setPixelSize(self.height() * 2 // 3)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.word())
        beside = inside.adjusted(painter.fontMetrics().horizontalAdvance(self.word()) + 32, 0, 0, 0)
        font.setPixelSize(self.height() // 6)
        font.setBold(False)
        painter.setFont(font)
        width = painter.fontMetrics()
        lines = [
            width.elidedText(text, Qt.TextElideMode.ElideMiddle, beside.width())
            for text in (on_one_line(self.part.name), self.about())
        ]
        painter.drawText(
            beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "\n".join(map(keep_apart, lines))
        )
