"""What who is signed in may not do is grey, and its tool tip says why."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.shell.grey import OWN_TIP, POSSIBLE, REFUSED
from gui.shell.keys import COMMANDS
from gui.shell.menus import Menus
from gui.shell.operator import Operator
from gui.shell.texts import show_letters
from inspector.roles import Action

NEEDS = "needs"
"""Property of a widget: the action that it is for."""


def needs(action: Action, *widgets: QWidget) -> None:
    """Note that widgets are for those alone who may do something; `Permits` makes them grey for others."""
    for widget in widgets:
        widget.setProperty(NEEDS, action)


class Permits(QObject):
    """Follows who is signed in, in a window and its dialogs."""

    def __init__(self, window: QWidget, operator: Operator, menus: Menus, screens: QStackedWidget) -> None:
        """Serve a window with its operator, menus and screens."""
        super().__init__(window)
        self._window, self._operator, self._menus = window, operator, menus
        operator.changed.connect(self.apply)
        screens.currentChanged.connect(self.apply)  # screens are made when they are first needed
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self.apply)  # so are dialogs

    def apply(self, *_: object) -> None:
        """Make grey what is refused, and possible what is not any more."""
        refusals = {
            command.name: refusal
            for command in COMMANDS
            if command.needs is not None and (refusal := self._operator.refusal(command.needs))
        }
        self._menus.refuse(refusals)
        for widget in self._window.findChildren(QWidget):
            if action := widget.property(NEEDS):
                _refuse(widget, self._operator.refusal(action))


def _refuse(widget: QWidget, refusal: str) -> None:
    before = widget.property(REFUSED) or ""
    if refusal == before:
        return
    if not before:
        widget.setProperty(OWN_TIP, widget.toolTip())
        if widget.property(POSSIBLE) is None:
            widget.setProperty(POSSIBLE, not widget.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled))
    widget.setProperty(REFUSED, refusal)
    widget.setToolTip(show_letters(refusal) or widget.property(OWN_TIP))
    widget.setEnabled(bool(widget.property(POSSIBLE)) and not refusal)
