"""The buttons below the photo: the verdict that stands, and how many samples have one."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from typing_extensions import override

from gui.shell.flow_layout import FlowLayout
from gui.shell.grey import hold_back
from gui.shell.labels import ElidedLabel
from gui.shell.permits import needs


class VerdictButton(QPushButton):
    """A button that takes a double click as one: the second press would judge the part that has just come up, or give
    the class that has just moved under the hand."""

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing."""
        event.accept()


class VerdictBar(QWidget):
    """Shows and emits."""

    given = Signal(str)
    """A verdict was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the buttons, none of them marked."""
        super().__init__(parent)
        layout = FlowLayout(spacing=6)
        self.setLayout(layout)
        layout.setContentsMargins(8, 2, 8, 8)
        self.buttons: dict[str, QPushButton] = {}
        self._standing = ""
        self._begun_before = False
        texts = {"accepted": self.tr("Accept"), "rejected": self.tr("Reject"), "undecided": self.tr("Undecided")}
        for verdict, text in texts.items():
            button = VerdictButton(text)
            button.setProperty("role", verdict)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(text)
            button.pressed.connect(self._begin)
            button.clicked.connect(partial(self._tell_click, verdict))
            needs("verdict", button)
            self.buttons[verdict] = button
            layout.addWidget(button)
        self.hint = ElidedLabel()
        self.hint.setProperty("role", "heading")
        layout.addWidget(self.hint)
        self._count = QLabel()
        self._count.setProperty("role", "dim")
        layout.addWidget(self._count)

    def mark(self, verdict: str) -> None:
        """Mark the verdict that stands."""
        self._standing = verdict
        self.hint.clear()
        for name, button in self.buttons.items():
            button.setChecked(name == verdict)

    def offer(self, why_not: str) -> None:
        """Let verdicts be clicked, or say why they cannot be."""
        for button in self.buttons.values():
            hold_back(button, why_not)

    def turn_to_another(self) -> None:
        """Another part comes up: a button that is held down was meant for the one before, and says nothing."""
        self._begun_before = any(button.isDown() for button in self.buttons.values())

    def make_touchable(self, on: bool) -> None:
        """Draw the buttons for fingers, or as they were."""
        for button in self.buttons.values():
            make_touchable(button, on)
        self.updateGeometry()

    def show_count(self, done: int, total: int) -> None:
        """Tell how many samples were accepted or rejected."""
        self._count.setText(self.tr("{done} of {total} reviewed").format(done=done, total=total))

    def _tell_click(self, verdict: str, _checked: bool = False) -> None:
        self.mark(self._standing)  # a click alone changes nothing: the verdict may not be written
        if not self._begun_before:
            self.given.emit(verdict)

    def _begin(self) -> None:
        self._begun_before = False


def make_touchable(button: QPushButton, on: bool) -> None:
    """Draw a button for fingers, or as it was."""
    button.setProperty("touch", on)
    button.style().unpolish(button)
    button.style().polish(button)
