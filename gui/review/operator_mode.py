"""The review for the line: one photo, a sign that is read from two metres, buttons for fingers, and no settings."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from gui.review.session import Session
from gui.shell.painting import painting
from gui.shell.theme import tones

if TYPE_CHECKING:
    from gui.review.screen import Review

BAND_HEIGHT = 96
"""Pixels. Its letters take half of it, some 12 mm on a usual screen: read from two metres (DIN 1450 asks for 8)."""


def describe_part(session: Session, sample: int) -> tuple[str, str, bool]:
    """Return the sign of a part ("OK" or "NG"), why in a few words, and whether a person has said so."""
    verdict = session.verdict(sample)
    if verdict != "undecided":
        words = {"accepted": "accepted", "rejected": "rejected"}
        return ("OK" if verdict == "accepted" else "NG"), words[verdict], True
    if session.unreadable[sample]:
        return "NG", "unreadable", False
    if not session.scored[sample]:
        return "", "no score yet", False
    return ("NG", "flagged", False) if session.flagged[sample] else ("OK", "not flagged", False)


class OperatorBand(QWidget):
    """Across the whole width: OK or NG, filled where a person has said so, framed where only the program has."""

    leave = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty band."""
        super().__init__(parent)
        self.sign, self.why, self.final = "", "", False
        self.setFixedHeight(BAND_HEIGHT)
        self.setAccessibleName(self.tr("Decision on this part"))
        self._words = {
            "accepted": self.tr("accepted"),
            "rejected": self.tr("rejected"),
            "flagged": self.tr("flagged, not reviewed"),
            "not flagged": self.tr("not flagged, not reviewed"),
            "unreadable": self.tr("unreadable"),
            "no score yet": self.tr("no score yet"),
            "": "",
        }
        self.leave_button = QPushButton(self.tr("Leave (F11)"))
        self.leave_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.leave_button.setAccessibleName(self.tr("Leave the operator mode"))
        self.leave_button.setMinimumHeight(48)
        self.leave_button.clicked.connect(self.leave)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.leave_button)

    def tell(self, sign: str, why: str, final: bool) -> None:
        """Show what `describe_part` says."""
        self.sign, self.why, self.final = sign, why, final
        self.setAccessibleDescription(f"{sign} {self._words[why]}")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign in letters of half the height, and why beside it."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        tone = tones(self.palette())
        colour = QColor({"OK": tone.accepted, "NG": tone.rejected}.get(self.sign, tone.dim))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(3, 3, -3, -3)
        painter.fillRect(self.rect(), colour if self.final else QColor(tone.base))
        if not self.final:
            painter.setPen(QPen(colour, 6))
            painter.drawRect(area)
        painter.setPen(QColor(tone.base) if self.final else colour)
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(BAND_HEIGHT // 2)
        painter.setFont(font)
        painter.drawText(area.adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.sign)
        width = painter.fontMetrics().horizontalAdvance(self.sign)
        font.setPixelSize(BAND_HEIGHT // 4)
        painter.setFont(font)
        rest = area.adjusted(48 + width, 0, -self.leave_button.width() - 16, 0)
        words = painter.fontMetrics().elidedText(self._words[self.why], Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, words)


class OperatorMode(QObject):
    """Turns a review into that of an operator and back."""

    switched = Signal(bool)

    def __init__(self, review: "Review") -> None:
        """Serve a review, which looks as before."""
        super().__init__(review)
        self.on = False
        self._review = review
        self.band = OperatorBand()
        self.band.hide()
        self.band.leave.connect(self.toggle)
        review.splitter.add_below_photo(self.band)
        review.gallery.chosen.connect(lambda _: self.tell())
        review.changed.connect(self.tell)
        review.threshold.moved.connect(self.tell)

    def toggle(self) -> None:
        """Go into the mode, or out of it."""
        self.on = not self.on
        review = self._review
        for widget in (*review.splitter.outer_panes(), review.viewer.tools, review.viewer.status):
            widget.setVisible(not self.on)
        self.band.setVisible(self.on)
        review.verdict_bar.make_touchable(self.on)
        review.class_bar.make_touchable(self.on)
        review.doubts.fold(self.on)
        self.tell()
        self.switched.emit(self.on)
        review.setFocus()

    def tell(self) -> None:
        """Show the decision on the part that is looked at."""
        session, sample = self._review.session, self._review.current
        if session is None or sample is None:
            self.band.tell("", "", False)
        else:
            self.band.tell(*describe_part(session, sample))
