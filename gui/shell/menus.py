"""The menu bar: one action for each command, with its keys as the user wants them."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from gui.shell.keys import CLASS_KEYS, COMMANDS, MENUS
from gui.shell.preferences import Preferences
from gui.shell.texts import show_letters


class Menus:
    """Holds the actions of a window."""

    def __init__(
        self, window: QMainWindow, preferences: Preferences, handlers: Mapping[str, Callable[[], object]]
    ) -> None:
        """Fill the window's menu bar; each command of `COMMANDS` needs a handler."""
        self._preferences = preferences
        self.actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._possible: dict[str, bool] = {}
        self._only: Container[str] | None = None
        self._refusals: Mapping[str, str] = {}
        self._reasons: dict[str, str] = {}
        for name, text in MENUS.items():
            self.menus[name] = window.menuBar().addMenu(QCoreApplication.translate("Commands", text))
            self.menus[name].setToolTipsVisible(True)  # they say why a command is grey
        for command in COMMANDS:
            action = QAction(QCoreApplication.translate("Commands", command.text), window)
            action.setObjectName(command.name)
            action.setAutoRepeat(command.repeats)
            action.triggered.connect(_caller(handlers[command.name]))
            if command.apart:
                self.menus[command.menu].addSeparator()
            action.setCheckable(command.ticks)
            self.menus[command.menu].addAction(action)
            window.addAction(action)  # keys work without the menu bar, too
            self.actions[command.name] = action
        self.apply_keys()

    def keys(self) -> dict[str, list[str]]:
        """Return the keys of each command."""
        kept = {command.name: self._preferences.keys(command.name) for command in COMMANDS}
        known = {c.name: list(c.keys) if (given := kept[c.name]) is None else given for c in COMMANDS}
        return {name: [key for key in keys if key not in CLASS_KEYS] for name, keys in known.items()}

    def change_keys(self, keys: Mapping[str, list[str]]) -> None:
        """Remember keys and use them from now on."""
        for command in COMMANDS:
            given = list(keys[command.name])
            self._preferences.remember_keys(command.name, None if given == list(command.keys) else given)
        self.apply_keys()

    def apply_keys(self) -> None:
        """Give each action its keys."""
        for name, keys in self.keys().items():
            self.actions[name].setShortcuts([QKeySequence(key) for key in keys])

    def tick_when_shown(self, tell: Callable[[], Mapping[str, bool]]) -> None:
        """Have what is on ticked whenever a menu comes up; `tell` says it of commands by their names."""

        def tick() -> None:
            for name, on in tell().items():
                self.actions[name].setChecked(on)

        for menu in self.menus.values():
            menu.aboutToShow.connect(tick)

    def offer_on(self, widget: QWidget, groups: Sequence[Sequence[str]]) -> None:
        """Give a widget a context menu of commands, a line between groups."""
        for number, names in enumerate(groups):
            if number:
                line = QAction(widget)
                line.setSeparator(True)
                widget.addAction(line)
            widget.addActions([self.actions[name] for name in names])
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def enable(self, name: str, on: bool) -> None:
        """Make a command possible, or grey."""
        self._possible[name] = on
        listed = self._only is None or name in self._only
        self.actions[name].setEnabled(on and listed and name not in self._refusals)

    def hold_back(self, name: str, why: str) -> None:
        """Make a command grey, with the sentence that says why, or possible where there is none."""
        self._reasons[name] = why
        self.enable(name, not why)
        self._explain([name])

    def enable_review(self, on: bool) -> None:
        """Commands that need an open run go grey without one."""
        for command in COMMANDS:
            if command.review:
                self.hold_back(command.name, "" if on else QCoreApplication.translate("Commands", "Open a run first."))

    def restrict(self, only: Container[str] | None) -> None:
        """Leave only some commands possible until this is called again; None = all."""
        self._only = only
        for name in self.actions:
            self.enable(name, self._possible.get(name, True))

    def refuse(self, refusals: Mapping[str, str]) -> None:
        """Make commands grey that who is signed in may not give, with the sentence that says why; all others not."""
        if refusals == self._refusals:
            return
        before, self._refusals = self._refusals, refusals
        for name in {*before, *refusals}:
            self.enable(name, self._possible.get(name, True))
        self._explain({*before, *refusals})

    def _explain(self, names: Iterable[str]) -> None:
        """Say why commands are grey, where there is something to say."""
        whys = {**self._reasons, **self._refusals}
        for name in names:
            self.actions[name].setToolTip(show_letters(whys.get(name, "")))

    def add_choice(
        self, menu: str, title: str, options: Mapping[str, str], current: str, chosen: Callable[[str], None]
    ) -> None:
        """Add a sub-menu of which one option holds."""
        if not any(action.menu() for action in self.menus[menu].actions()):
            self.menus[menu].addSeparator()
        holder = self.menus[menu].addMenu(title)
        group = QActionGroup(holder)
        for name, text in options.items():
            action = holder.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(_caller(partial(chosen, name)))
            group.addAction(action)


def _caller(function: Callable[[], object]) -> Callable[[], None]:
    """Qt hands a `checked` flag to whoever takes it; commands take nothing."""

    def call() -> None:
        function()

    return call
