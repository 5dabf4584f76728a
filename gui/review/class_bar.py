"""Below the photo after a rejection: what is wrong with the part, by a key or a click."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gui.review.verdict_bar import VerdictButton, make_touchable
from gui.shell.flow_layout import FlowLayout
from gui.shell.keys import CLASS_KEYS
from gui.shell.labels import ElidedLabel
from gui.shell.low_window import LEAST_HEIGHT
from gui.shell.permits import needs
from gui.shell.texts import show_letters
from inspector.export.isolates import isolate_path, isolate_words

LONGEST = 240
"""Pixels of a class on its button; where it is longer, all of it shows under the cursor."""


class ClassBar(QFrame):
    """Shows and emits; hidden until a part is rejected."""

    given = Signal(int)
    """The class of this place in the list was clicked."""
    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden bar."""
        super().__init__(parent)
        self.told = ElidedLabel()
        self.buttons: list[QPushButton] = []
        self._touch = False
        self.edit = QPushButton(self.tr("Classes…"), self)
        self.edit.setAccessibleName(self.tr("Change the list of defect classes"))
        self.edit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.edit.clicked.connect(self.edit_wanted)
        needs("classes", self.edit)
        needs("verdict", self)  # and with it all classes, which are made anew for each part
        self._row = FlowLayout(spacing=6)
        self.setLayout(self._row)
        self._row.setContentsMargins(8, 2, 8, 2)
        self._row.addWidget(self.told)
        self.hide()

    def ask(self, name: str, classes: Sequence[str], standing: str) -> None:
        """Ask for the class of a rejected part.

        Args:
            name: of the part.
            classes: what can be chosen.
            standing: the class that it has, "" = none.
        """
        told = self.tr("{name} rejected: {kind}") if standing else self.tr("{name} rejected, class:")
        self.told.setText(told.format(name=isolate_path(name), kind=isolate_words(standing)))
        for button in (*self.buttons, self.edit):
            self._row.removeWidget(button)
        for button in self.buttons:
            button.deleteLater()
        self.buttons = [self._make_button(place, kind, kind == standing) for place, kind in enumerate(classes)]
        for button in (*self.buttons, self.edit):
            self._row.addWidget(button)
            button.show()
        scarce = bool(classes) and self.window().height() < LEAST_HEIGHT  # the menu offers it, too
        self.edit.setVisible(not self._touch and not scarce)
        self.setVisible(bool(classes) or not self._touch)

    def make_touchable(self, on: bool) -> None:
        """Draw the classes for fingers, without a way to change their list; or as they were."""
        self._touch = on
        self.edit.setVisible(not on)
        self.setVisible(not self.isHidden() and (bool(self.buttons) or not on))  # nothing can be chosen
        for button in self.buttons:
            make_touchable(button, on)

    def _make_button(self, place: int, kind: str, chosen: bool) -> QPushButton:
        short = self.fontMetrics().elidedText(kind, Qt.TextElideMode.ElideMiddle, LONGEST)
        shown = isolate_words(short.replace("&", "&&"))
        button = VerdictButton(f"{CLASS_KEYS[place]}  {shown}" if place < len(CLASS_KEYS) else shown, self)
        button.setToolTip(show_letters(kind) if short != kind else "")
        button.setProperty("role", "chip")
        make_touchable(button, self._touch)
        button.setCheckable(True)
        button.setChecked(chosen)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("Defect class {kind}").format(kind=kind))
        button.clicked.connect(partial(self._tell, place))
        return button

    def _tell(self, place: int, _checked: bool = False) -> None:
        self.given.emit(place)
