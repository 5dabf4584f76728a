"""A ring around what keys act on, where the style itself outlines it no more than anything else."""

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFocusFrame,
    QProxyStyle,
    QRadioButton,
    QSlider,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from gui.shell.painting import painting
from gui.shell.theme import tones

RINGED = (QCheckBox, QRadioButton, QComboBox, QAbstractSpinBox, QSlider)
"""What the style draws; the rules of the theme outline all else."""


class LiesAbove(QProxyStyle):
    """Lets a frame lie in the window: in what holds a widget it would be cut where that ends at the widget."""

    @override
    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Say so; all else is the style's."""
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        return super().styleHint(hint, option, widget, returned)


class FocusOutline(QFocusFrame):
    """Follows a widget, and lies around it."""

    def __init__(self, parent: QWidget) -> None:
        """Belong to a widget."""
        super().__init__(parent)
        style = LiesAbove()
        style.setParent(self)
        self.setStyle(style)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint an outline."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tones(self.palette()).focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class FocusRing(QObject):
    """Puts the ring around what keys have come to by Tab or another key, in all windows of the app."""

    def __init__(self, app: QApplication) -> None:
        """Follow the keys of an app."""
        super().__init__(app)
        self._ring: FocusOutline | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):  # it goes with the dialog that it was in
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        by_key = now is not None and now.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if by_key and isinstance(now, RINGED):
            self._ring = FocusOutline(now)
            self._ring.setWidget(now)
