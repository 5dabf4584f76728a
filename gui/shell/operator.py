"""Who judges at this station: signed in by name, seen in the status bar, and signed out when nobody is there."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QPushButton, QWidget
from typing_extensions import override

from gui.shell.preferences import Preferences

IDLE_MINUTES = (0, 5, 15, 30, 60)
"""Choices of the time without key or mouse after which the operator is signed out; 0 = never."""

USUAL_IDLE = "15"

INPUT = (QEvent.Type.KeyRelease, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)
"""A key that is a shortcut is only seen when it is let go."""


class Operator(QObject):
    """Holds the name while the app runs; after a start the last one is offered, and has to be confirmed."""

    changed = Signal(str)
    """Somebody signed in ("" = nobody is signed in any more)."""

    def __init__(self, preferences: Preferences, window: QWidget) -> None:
        """Serve a window; nobody is signed in."""
        super().__init__(window)
        self._preferences, self._window = preferences, window
        self.name = ""
        self.idle = QTimer(self, singleShot=True)
        self.idle.timeout.connect(self.sign_out)
        self.set_idle_minutes(preferences.text("idle_minutes", USUAL_IDLE))

    def ask(self) -> str:
        """Return the operator's name; asked for where nobody is signed in, "" if it was not told."""
        return self.name or self.change()

    def change(self) -> str:
        """Ask who is there; return the name that holds then."""
        known = self.name or self._preferences.text("operator")
        title, label = self.tr("Operator"), self.tr("Your name or number, kept with each verdict:")
        text, given = QInputDialog.getText(self._window, title, label, text=known)
        if given and text.strip():
            self.sign_in(text.strip())
        return self.name

    def sign_in(self, name: str) -> None:
        """Take a name for all that is said from now on."""
        self._preferences.remember("operator", name)
        self.name = name
        self._begin_anew()
        self.changed.emit(name)

    def sign_out(self) -> None:
        """Nobody is there: the next verdict asks for a name."""
        self.name = ""
        self.idle.stop()
        self.changed.emit("")

    def set_idle_minutes(self, minutes: str) -> None:
        """Sign out after that time without key or mouse; "0" = never."""
        self._preferences.remember("idle_minutes", minutes)
        self.idle.setInterval((int(minutes) if minutes.isdecimal() else int(USUAL_IDLE)) * 60_000)
        self._begin_anew()

    def watch(self, surface: QObject) -> None:
        """Keys and mouse on a window's surface say that somebody is there."""
        surface.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin to wait anew at each key and move of the mouse."""
        if event.type() in INPUT:
            self._begin_anew()
        return False

    def _begin_anew(self) -> None:
        if self.name and self.idle.interval():
            self.idle.start()
        else:
            self.idle.stop()


class OperatorBar(QWidget):
    """Says in the status bar who is signed in; a click changes it."""

    def __init__(self, operator: Operator, parent: QWidget | None = None) -> None:
        """Show an operator."""
        super().__init__(parent)
        self.told = QLabel()
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(operator.change)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addWidget(self.told)
        layout.addWidget(self.button)
        operator.changed.connect(self.show_name)
        self.show_name(operator.name)

    def show_name(self, name: str) -> None:
        """Show who is signed in."""
        self.told.setText(self.tr("Signed in as {name}").format(name=name) if name else self.tr("Nobody is signed in"))
        self.button.setText(self.tr("Change…") if name else self.tr("Sign in…"))
        self.button.setAccessibleName(self.tr("Change the operator") if name else self.tr("Sign in as operator"))
