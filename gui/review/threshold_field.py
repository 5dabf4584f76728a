"""The threshold as a number to type: taken with Enter, refused with a sentence where it can be none."""

import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from gui.shell.grey import hold_back
from gui.shell.numbers import read_number, show_number
from gui.shell.permits import needs

DECIMALS = 4


class ThresholdField(QLineEdit):
    """Shows a threshold; what is typed and not taken gives way to it again when the field is left."""

    given = Signal(float)
    """A threshold within the scores was typed."""
    refused = Signal(str)
    """Why what was typed is no threshold; "" = nothing is refused any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty field."""
        super().__init__(parent)
        self._value: float | None = None
        self._ends = (0.0, 0.0)
        self.returnPressed.connect(self._take)
        needs("threshold", self)

    def set_ends(self, low: float, high: float) -> None:
        """Take only thresholds from one to another, as far as decimals are shown, besides the one that is shown."""
        scale = 10**DECIMALS
        self._ends = (math.floor(low * scale) / scale, math.ceil(high * scale) / scale)

    def show_value(self, value: float | None) -> None:
        """Show a threshold, without telling anybody; None = there is none.

        What is being typed stays while the threshold is the same: others say something of parts meanwhile.
        """
        if value == self._value and self.hasFocus() and self.isModified():
            return
        self._value = value
        self.setText("" if value is None else show_number(value, DECIMALS))
        self.setModified(False)
        hold_back(self, "" if value is not None else self.tr("This run has no threshold yet."))
        self.refused.emit("")

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show what holds."""
        super().focusOutEvent(event)
        if self.isModified():
            self.show_value(self._value)

    def _take(self) -> None:
        value, (low, high) = read_number(self.text()), self._ends
        if value is None:
            said = self.tr("“{text}” is no number; type one such as {example}.")
            self.refused.emit(said.format(text=self.text(), example=show_number((low + high) / 2, DECIMALS)))
            return
        shown = self._value is not None and self.text() == show_number(self._value, DECIMALS)
        if not (shown or low <= value <= high):
            said = self.tr("A threshold of this run lies between {low} and {high}.")
            self.refused.emit(said.format(low=show_number(low, DECIMALS), high=show_number(high, DECIMALS)))
        else:
            self.refused.emit("")
            self.setModified(False)
            self.given.emit(self._value if shown else value)  # what is shown is rounded
