"""Numbers as people write them: shown as the app's language does, understood with point and comma alike."""

import math
import re

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox
from typing_extensions import override

PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def use_numbers_of(locale: QLocale) -> None:
    """Write numbers as a language does from now on, without marks between thousands."""
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    QLocale.setDefault(locale)


def show_number(value: float, decimals: int = 3) -> str:
    """Write a number with so many decimals: 0.5 gives "0.500", in German "0,500"."""
    return QLocale().toString(float(value), "f", decimals)


def show_digits(value: float, digits: int = 6) -> str:
    """Write a number with so many digits at most, none of them idle: 0.5 gives "0.5", in German "0,5"."""
    return QLocale().toString(float(value), "g", digits)


def read_number(text: str) -> float | None:
    """Read what somebody typed, "0.7" and "0,7" alike; None where it is no number."""
    text = text.strip().replace("−", "-")
    if not PLAIN.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else None


class PlainNumber(QDoubleSpinBox):
    """A number without idle zeros, typed with point or comma."""

    @override
    def textFromValue(self, value: float) -> str:
        """Write 0.3, not 0.300000."""
        return self.locale().toString(value, "g", 6)

    @override
    def valueFromText(self, text: str) -> float:
        """Read either sign."""
        return super().valueFromText(self._in_own_signs(text))

    @override
    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let either sign pass."""
        state, _, place = super().validate(self._in_own_signs(text), place)
        return state, text, place

    def _in_own_signs(self, text: str) -> str:
        return text.replace(",", ".").replace(".", self.locale().decimalPoint())
