"""The product of a scan: its recipe is chosen, changed and kept; what is looked at is drawn."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QLabel, QLineEdit, QPushButton, QWidget

from gui.roi.dialog import RoiDialog
from gui.roi.photo import load_first
from gui.scanning.form import SettingsForm
from gui.shell.error_dialog import confirm
from inspector.data.roi_files import JSON_SUFFIXES, read_drawing, to_geojson
from inspector.errors import InspectorError, SettingsError
from inspector.presets import choose_preset
from inspector.recipes import Recipe, make_recipe
from inspector.store.recipes import Recipes


class RecipeBar(QWidget):
    """Fills the form from a recipe, and keeps in a recipe what the form says."""

    problem = Signal(str)
    chosen = Signal(str)
    """Folder of the recipe that was chosen, "" = it names none."""

    def __init__(
        self, recipes: Recipes, form: SettingsForm, folder: Callable[[], Path], parent: QWidget | None = None
    ) -> None:
        """Offer the recipes of a workspace; `folder` tells which one is to be scanned."""
        super().__init__(parent)
        self._recipes, self._form, self._folder = recipes, form, folder
        self.recipe: Recipe | None = None
        self.names = QComboBox()
        self.names.setAccessibleName(self.tr("Recipe"))
        self.names.currentIndexChanged.connect(lambda _: self._choose())
        self.draw_button = QPushButton(self.tr("Region of interest…"))
        self.draw_button.setAutoDefault(False)
        self.draw_button.setToolTip(self.tr("Draw on a photo what is looked at, and set the scale"))
        self.draw_button.clicked.connect(self.draw)
        self.keep_button = QPushButton(self.tr("Keep…"))
        self.keep_button.setAutoDefault(False)
        self.keep_button.setToolTip(self.tr("Keep these settings as the recipe of a product"))
        self.keep_button.clicked.connect(self._ask_name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        caption = QLabel(self.tr("Recipe"))
        caption.setBuddy(self.names)
        layout.addWidget(caption)
        layout.addWidget(self.names, 1)
        layout.addWidget(self.draw_button)
        layout.addWidget(self.keep_button)
        self._list("")

    def name(self) -> str:
        """Return the name of the chosen recipe, "" = none."""
        return "" if self.recipe is None else self.recipe.name

    def choose(self, name: str) -> None:
        """Choose a recipe, as a click on it does."""
        self.names.setCurrentIndex(max(0, self.names.findData(name)))

    def draw(self) -> None:
        """Draw what is looked at; it goes to the form, and to the recipe that is chosen."""
        try:
            settings = self._form.settings()
            is_drawn = settings.roi is not None and settings.roi.suffix.lower() in JSON_SUFFIXES
            before = read_drawing(settings.roi) if is_drawn and settings.roi is not None else None
        except SettingsError as error:
            self.problem.emit(str(error))
            return
        dialog = RoiDialog(partial(load_first, self._folder()), before, settings.mm_per_pixel, self)
        dialog.accepted.connect(lambda: self._take_drawing(dialog))
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.open()

    def keep(self, name: str, *, replace: bool = False) -> None:
        """Keep what the form says as a recipe; classes and the rule of part ids stay those of the chosen one.

        Raises:
            SettingsError: the name or a setting does not go.
            StoreError: there is another recipe of this name, and it is not to be replaced.
        """
        settings, preset = self._form.settings(), self._form.preset.currentText()
        recipe = make_recipe(name, settings, preset, self._folder(), self.recipe)
        self._recipes.save(recipe, replace=replace)
        self.recipe = recipe
        self._list(name)

    def _list(self, name: str) -> None:
        with QSignalBlocker(self.names):
            self.names.clear()
            self.names.addItem(self.tr("none"), "")
            for each in self._recipes.names():
                self.names.addItem(each, each)
            self.choose(name)

    def _choose(self) -> None:
        name = self.names.currentData()
        self.recipe = None
        if not name:
            return
        try:
            recipe = self._recipes.get(name)
            kept = self._recipes.settings_of(recipe)
        except InspectorError as error:
            self.problem.emit(str(error))
            self.choose("")
            return
        self.recipe = recipe
        self._form.show_settings(choose_preset(recipe.preset, kept), kept)
        self.chosen.emit(recipe.folder)

    def _take_drawing(self, dialog: RoiDialog) -> None:
        drawing = dialog.drawing()
        try:
            path = "" if drawing is None else str(self._recipes.write_shapes(to_geojson(drawing)))
            self._form.change(roi=path or None, mm_per_pixel=dialog.mm_per_pixel)
            if self.recipe is not None:
                self.keep(self.recipe.name, replace=True)
        except InspectorError as error:
            self.problem.emit(str(error))

    def _ask_name(self) -> None:
        name, wanted = QInputDialog.getText(
            self, self.tr("Keep as a recipe"), self.tr("Name of the product"), QLineEdit.EchoMode.Normal, self.name()
        )
        name = name.strip()
        if not wanted or not name:
            return
        known = name in self._recipes.names()
        question = self.tr("Replace the recipe {name} by these settings?").format(name=name)
        if known and not confirm(self, question):
            return
        try:
            self.keep(name, replace=known)
        except InspectorError as error:
            self.problem.emit(str(error))
