"""The wheel scrolls; it never changes the value that happens to lie under it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget
from typing_extensions import override

WHEELED = (QAbstractSpinBox, QComboBox, QSlider)
"""What Qt lets the wheel change."""


class QuietWheel(QObject):
    """Hands the wheel on to whatever scrolls around the values of a form."""

    def __init__(self, form: QWidget) -> None:
        """Guard all values of a form that are there by now."""
        super().__init__(form)
        for kind in WHEELED:
            for widget in form.findChildren(kind):
                widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the parent."""
        if event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True
