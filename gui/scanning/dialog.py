"""Before a scan: the folder, the settings, and what the engine says it would do."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.engine.command import ENGINE
from gui.scanning.forecast import Forecast
from gui.scanning.form import SettingsForm
from gui.scanning.part_preview import PartPreview
from gui.shell.error_dialog import show_problem
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.path_field import PathField, say_why_no_folder
from gui.shell.quiet_wheel import QuietWheel
from gui.shell.room import open_at
from gui.shell.texts import say_alone
from inspector.errors import SettingsError
from inspector.places import is_folder
from inspector.settings import ScanSettings

if TYPE_CHECKING:  # carries numpy and SQLAlchemy
    from gui.scanning.recipe_bar import RecipeBar
    from inspector.store.recipes import Recipes

PAUSE = 300
"""Milliseconds without a change before the engine is asked again."""


FOLDED_HEIGHT, UNFOLDED_HEIGHT = 300, 720
"""Pixels of the dialog without the settings, and with them where the screen has room."""

MISSING = re.compile(r"the weights of (\S+) are not on this machine")
"""How the engine says that a network cannot be loaded."""


class ScanDialog(QDialog):
    """Asks how to scan. `folder` and `settings` hold the answer once it is accepted."""

    networks_wanted = Signal(str)
    """Name of a network whose weights are missing; the dialog has gone."""

    def __init__(
        self,
        folder: Path,
        parent: QWidget | None = None,
        *,
        command: Sequence[str] = ENGINE,
        recipes: "Recipes | None" = None,
    ) -> None:
        """Ask about a folder; `command` is the engine, `recipes` those that can be chosen and kept."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Scan a folder"))
        open_at(self, 600, FOLDED_HEIGHT)
        self.path = PathField(str(folder))
        self.path.setAccessibleName(self.tr("Folder with the photos of one batch of like parts"))
        self.form = SettingsForm()
        self.form.unfold.toggled.connect(self._make_room)
        self.recipes = None if recipes is None else self._offer_recipes(recipes)
        self.parts = PartPreview()
        self.forecast = WrappedLabel()
        self.forecast.setAccessibleName(self.tr("What the engine would do"))
        self.reason = WrappedLabel()
        self.reason.setAccessibleName(self.tr("Why it cannot start"))
        self._refusal = ""
        self._engine = Forecast(self, command=command)
        self._engine.told.connect(self.forecast.setText)
        self._engine.refused.connect(self._take_refusal)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self.path.textChanged.connect(lambda _: self._take_change())
        self.form.changed.connect(self._take_change)
        self.finished.connect(lambda _: self._engine.close())
        self.finished.connect(lambda _: self.parts.close_down())
        self._take_change()
        self._ask()
        self.start_button.setFocus()
        QuietWheel(self)

    def _lay_out(self) -> None:
        browse = QPushButton(self.tr("Browse…"))
        browse.setAccessibleName(self.tr("Choose another folder"))
        browse.clicked.connect(self._browse)
        browse.setAutoDefault(False)  # Enter starts
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(browse)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start_button = self._buttons.addButton(self.tr("Start"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.start_button.setProperty("role", "primary")
        self.start_button.setDefault(True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(line)
        if self.recipes is not None:
            layout.addWidget(self.recipes)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.parts)
        layout.addWidget(self.forecast)
        end = QHBoxLayout()
        end.addWidget(self.reason, 1)
        self.networks_button = QPushButton(self.tr("Networks…"))
        self.networks_button.setAccessibleName(self.tr("Bring the missing weights in"))
        self.networks_button.setAutoDefault(False)
        self.networks_button.clicked.connect(self._leave_for_networks)
        end.addWidget(self.networks_button)
        end.addWidget(self._buttons)
        layout.addLayout(end)

    def folder(self) -> Path:
        """Return the folder to scan."""
        return Path(self.path.path())

    def settings(self) -> ScanSettings:
        """Return the settings; the dialog cannot be accepted with bad ones."""
        return self.form.settings()

    def recipe(self) -> str:
        """Return the name of the recipe that the settings come from, "" = none."""
        return "" if self.recipes is None else self.recipes.name()

    def _offer_recipes(self, recipes: "Recipes") -> "RecipeBar":
        from gui.scanning.recipe_bar import RecipeBar

        bar = RecipeBar(recipes, self.form, self.folder)
        bar.problem.connect(lambda sentence: show_problem(self, sentence))
        bar.chosen.connect(self._take_folder)
        captions = bar.caption, self.form.caption
        for caption in captions:  # what they name begins at one place
            caption.setMinimumWidth(max(each.sizeHint().width() for each in captions))
        return bar

    def _take_folder(self, folder: str) -> None:
        """Propose the folder of a recipe where none is named that is there."""
        if folder and not self._has_folder():
            self.path.setText(folder)

    def _make_room(self, unfolded: bool) -> None:
        """Grow with the settings as far as the screen goes, and shrink again."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        open_at(self, self.width(), UNFOLDED_HEIGHT if unfolded else FOLDED_HEIGHT)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.windowTitle(), self.path.text())
        if chosen:
            self.path.setText(chosen)

    def _take_change(self) -> None:
        self._refusal = ""  # what the engine said was of something else
        self.forecast.clear()
        self._offer_start()
        self.parts.show_rule(self.folder(), self.form.part_rule())
        self._timer.start()

    def _has_folder(self) -> bool:
        """Tell whether a folder is named that is there; an empty field is not the program's own folder."""
        return bool(self.path.path()) and is_folder(self.folder())

    def _take_refusal(self, reason: str) -> None:
        self._refusal = reason
        self._offer_start()

    def _offer_start(self) -> None:
        """Let a scan be started, or say beside the button why it cannot."""
        reason = say_alone(self._refusal)
        if not self._has_folder():
            reason = say_why_no_folder(str(self.folder()))
        elif self.form.wrong:
            reason = self.form.wrong
        self.reason.setText(reason)
        hold_back(self.start_button, reason)
        self.networks_button.setVisible(MISSING.search(self._refusal) is not None)

    @override
    def accept(self) -> None:
        """Start, unless the chosen recipe has become another."""
        if self.recipes is None or self.recipes.is_current():
            super().accept()

    def _leave_for_networks(self) -> None:
        found = MISSING.search(self._refusal)
        self.reject()
        self.networks_wanted.emit(found[1] if found else "")

    def _ask(self) -> None:
        """Ask the engine what it would do, unless the settings themselves are wrong."""
        self._timer.stop()  # no need to ask the same again
        if not self.path.path():
            return
        try:
            settings = self.form.settings()
        except SettingsError:
            return
        self._engine.ask(self.folder(), settings)
