"""Who judges at this station: signed in by name, seen in the status bar, and signed out when nobody is there."""

import os
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QPushButton, QWidget
from typing_extensions import override

from gui.shell.background import Background
from gui.shell.labels import ElidedLabel
from gui.shell.preferences import Preferences
from gui.shell.sign_in import SignIn, describe_refusal, name_role
from inspector.errors import StoreError
from inspector.export.isolates import isolate_words
from inspector.roles import OPERATOR, PASSWORD, Action, Role, may

if TYPE_CHECKING:  # carries SQLAlchemy, which the first picture of the window need not wait for
    from inspector.store.users import UserRecord
    from inspector.store.workspace import Workspace

IDLE_MINUTES = (0, 5, 15, 30, 60)
"""Choices of the time without key or mouse after which the operator is signed out; 0 = never."""

USUAL_IDLE = "15"

LOOK_AGAIN = 5_000
"""Milliseconds between two looks at the role of who is signed in."""

INPUT = (QEvent.Type.KeyRelease, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)
"""A key that is a shortcut is only seen when it is let go."""


class Operator(QObject):
    """Holds the name while the app runs; after a start the last one is offered, and has to be confirmed.

    Attributes:
        name: who is signed in, "" = nobody.
        store: the workspace, None before it is open; where it has users, a password is asked.
    """

    changed = Signal(str)
    """Somebody signed in ("" = nobody is signed in any more)."""
    problem = Signal(str)
    """A sentence: who is signed in may not do something, or the workspace cannot be asked."""
    noticed = Signal(str)
    """A sentence: somebody else changed the role of who is signed in."""

    def __init__(self, preferences: Preferences, window: QWidget) -> None:
        """Serve a window; nobody is signed in."""
        super().__init__(window)
        self._preferences, self._window = preferences, window
        self.name = ""
        self.store: Workspace | None = None
        self._role: Role | None = None
        self.idle = QTimer(self, singleShot=True)
        self.idle.timeout.connect(self.sign_out)
        self.set_idle_minutes(preferences.text("idle_minutes", USUAL_IDLE))
        self._again = QTimer(self, interval=LOOK_AGAIN)
        self._again.timeout.connect(self.look_again)
        self._work = Background(self, lambda _name, _error: None, threads=1, waiting=1)  # away: asked again
        self._work.finished.connect(self._take_user)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._follow)

    def ask(self, action: Action = "verdict") -> str:
        """Return the operator's name; asked for where nobody is signed in, "" if it was not told or they may not."""
        name = self.name or self.change()
        if refusal := self.refusal(action):
            self.problem.emit(refusal)
            return ""
        return name

    def refusal(self, action: Action) -> str:
        """Return why who is signed in may not do something; "" = they may, or nobody is signed in yet."""
        if self._role is None or may(self._role, action):
            return ""
        return describe_refusal(self.name, self._role, action)

    def may(self, action: Action) -> bool:
        """Tell whether somebody may set something up; without users that needs no name, with users it is asked for."""
        has_users = self._role is not None or (not self.name and self._has_users())
        return bool(self.ask(action)) if has_users else True

    def change(self) -> str:
        """Ask who is there; return the name that holds then."""
        known = self.name or self._preferences.text("operator")
        if self.store is not None and self._has_users():
            return self._ask_password(self.store, known)
        title, label = self.tr("Operator"), self.tr("Your name or number, kept with each verdict:")
        text, given = QInputDialog.getText(self._window, title, label, text=known)
        if given and text.strip():
            self.sign_in(text.strip())
        return self.name

    def _has_users(self) -> bool:
        try:
            return self.store is not None and self.store.users.exist()
        except StoreError as error:
            self.problem.emit(str(error))
            return False

    def _ask_password(self, store: "Workspace", known: str) -> str:
        dialog = SignIn(store, known, self._window)
        dialog.exec()
        name = store.users.signed_in
        if dialog.role is not None:
            os.environ.update({OPERATOR: name, PASSWORD: dialog.password.text()})  # for the engine that it starts
            self.sign_in(name, dialog.role)
        dialog.deleteLater()
        return name

    def sign_in(self, name: str, role: Role | None = None) -> None:
        """Take a name for all that is said from now on; the role is None where the workspace has no users."""
        self._preferences.remember("operator", name)
        self.name, self._role = name, role
        self._begin_anew()
        if role is not None:
            self._again.start()
        self.changed.emit(name)

    def sign_out(self) -> None:
        """Nobody is there: the next verdict asks for a name."""
        if self._role is not None and self.store is not None:
            self.store.users.sign_out()
            for secret in (OPERATOR, PASSWORD):
                os.environ.pop(secret, None)
        self.name, self._role = "", None
        self.idle.stop()
        self._again.stop()
        self.changed.emit("")

    def set_idle_minutes(self, minutes: str) -> None:
        """Sign out after that time without key or mouse; "0" = never."""
        self._preferences.remember("idle_minutes", minutes)
        self.idle.setInterval((int(minutes) if minutes.isdecimal() else int(USUAL_IDLE)) * 60_000)
        self._begin_anew()

    def look_again(self) -> None:
        """Look whether somebody else changed the role of who is signed in; that holds within seconds."""
        if self.store is not None and self._role is not None:
            self._work.submit(self.name, partial(self.store.users.find, self.name))

    def _take_user(self, name: str, found: "UserRecord | None") -> None:
        if name != self.name or self._role is None:
            return  # somebody else has signed in since
        if found is None:
            self.sign_out()
            self.noticed.emit(
                self.tr("{name} is no user any more and was signed out.").format(name=isolate_words(name))
            )
        elif found.role != self._role:
            self._role = found.role
            self.changed.emit(name)
            told = self.tr("{name} is {role} from now on.").format(name=isolate_words(name), role=name_role(found.role))
            self.noticed.emit(told)

    def close_down(self) -> None:
        """The app ends."""
        self._again.stop()
        self._work.close()

    def _follow(self, surface: QWindow | None) -> None:
        if surface is not None:
            self.watch(surface)

    def watch(self, surface: QObject) -> None:
        """Keys and mouse on the surface of a window or a dialog say that somebody is there."""
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
        self.told = ElidedLabel()
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
        signed_in = self.tr("Signed in as {name}").format(name=isolate_words(name))
        self.told.setText(signed_in if name else self.tr("Nobody is signed in"))
        self.button.setText(self.tr("Change…") if name else self.tr("Sign in…"))
        self.button.setAccessibleName(self.tr("Change the operator") if name else self.tr("Sign in as operator"))
