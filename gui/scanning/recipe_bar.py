"""The product of a scan: its recipe is chosen, changed and kept; what is looked at is drawn."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.roi.dialog import RoiDialog
from gui.roi.photo import load_first
from gui.scanning.form import SettingsForm
from gui.scanning.recipe_files import make_file_button
from gui.shell.error_dialog import confirm
from gui.shell.keeping import ask_and_keep
from gui.shell.name_box import make_name_box
from inspector.data.roi_files import JSON_SUFFIXES, read_drawing, to_geojson
from inspector.errors import InspectorError, SettingsError
from inspector.export.isolates import isolate_words
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
        self.names = make_name_box()
        self.names.setAccessibleName(self.tr("Recipe"))
        self.names.activated.connect(lambda _: self._choose())
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
        self.caption = QLabel(self.tr("Recipe"))
        self.caption.setBuddy(self.names)
        layout.addWidget(self.caption)
        layout.addWidget(self.names, 1)
        layout.addWidget(self.draw_button)
        layout.addWidget(self.keep_button)
        layout.addWidget(make_file_button(self, recipes))
        self._list("")

    def name(self) -> str:
        """Return the name of the chosen recipe, "" = none."""
        return "" if self.recipe is None else self.recipe.name

    def choose(self, name: str) -> None:
        """Choose a recipe, as a click on it does."""
        self.names.setCurrentIndex(max(0, self.names.findData(name)))
        self._choose()

    def list_anew(self, name: str) -> None:
        """List the recipes as they are now, and choose one."""
        self._list(name)
        self._choose()

    def is_current(self) -> bool:
        """Whether the chosen recipe is as it was when the form was filled from it; tells where it is not."""
        try:
            if self.recipe is None or self._recipes.get(self.recipe.name) == self.recipe:
                return True
        except InspectorError as error:
            self.problem.emit(str(error))
            return False
        told = self.tr("The recipe {name} was changed meanwhile. Choose it again to see it as it is now.")
        self.problem.emit(told.format(name=isolate_words(self.recipe.name)))
        return False

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
        dialog.keep = partial(self._take_drawing, dialog)
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.open()

    def keep(self, name: str, *, expected: Recipe | None = None) -> None:
        """Keep what the form says as a recipe; defect classes stay those that the chosen one has now.

        Args:
            name: of the recipe. That of the chosen one is replaced where the form was filled from it as it is now.
            expected: the other recipe that is to be replaced; None = there is none of this name.

        Raises:
            SettingsError: the name or a setting does not go.
            StoreError: another recipe of this name stands than the expected one.
        """
        settings, preset = self._form.settings(), self._form.preset.currentText()
        before = self._find_chosen()
        recipe = make_recipe(name, settings, preset, self._folder(), before)
        self._recipes.save(recipe, expected=before if before is not None and before.name == name else expected)
        self.recipe = self._recipes.get(name)
        self._list(name)

    def _find_chosen(self) -> Recipe | None:
        """Return the chosen recipe as the form shows it, but with the classes that it has now."""
        if self.recipe is None or self.recipe.name not in self._recipes.names():
            return self.recipe
        return self.recipe.model_copy(update={"classes": self._recipes.get(self.recipe.name).classes})

    def _list(self, name: str) -> None:
        self.names.clear()
        self.names.addItem(self.tr("none"), "")
        for each in self._recipes.names():
            self.names.addItem(each, each)
        self.names.setCurrentIndex(max(0, self.names.findData(name)))

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

    def _take_drawing(self, dialog: RoiDialog) -> bool:
        """Take what was drawn into the form; it is not lost where the recipe cannot be kept."""
        drawing = dialog.drawing()
        path = "" if drawing is None else str(self._recipes.write_shapes(to_geojson(drawing)))
        self._form.change(roi=path or None, mm_per_pixel=dialog.mm_per_pixel)
        try:
            if self.recipe is not None:
                self.keep(self.recipe.name)
        except InspectorError as error:
            self.problem.emit(str(error))
        return True

    def _ask_name(self) -> None:
        title, label = self.tr("Keep as a recipe"), self.tr("Name of the product")
        ask_and_keep(self, title, label, self.name(), self._keep_as)

    def _keep_as(self, name: str) -> None:
        if not name:
            return
        question = self.tr("Replace the recipe {name} by these settings?").format(name=isolate_words(name))
        standing = self._recipes.get(name) if name in self._recipes.names() else None
        if standing is None or confirm(self, question):
            self.keep(name, expected=standing)
