"""Recipes as files: one is taken in from a TOML file, the chosen one is written to one."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from gui.shell.error_dialog import confirm
from inspector.errors import InspectorError, StoreError
from inspector.export.isolates import isolate_words
from inspector.files import replacing
from inspector.recipes import read_recipe
from inspector.store.recipes import SUFFIX, Recipes

if TYPE_CHECKING:
    from gui.scanning.recipe_bar import RecipeBar

translate = QCoreApplication.translate


def make_file_button(bar: "RecipeBar", recipes: Recipes) -> QPushButton:
    """Make the button with its menu for the bar of a scan."""
    button = QPushButton(translate("RecipeFiles", "File"))
    button.setAutoDefault(False)
    button.setToolTip(translate("RecipeFiles", "Bring a recipe from another station, or write one for it"))
    menu = QMenu(button)
    menu.addAction(translate("RecipeFiles", "Import a recipe…")).triggered.connect(lambda: _ask_import(bar, recipes))
    export = menu.addAction(translate("RecipeFiles", "Export the chosen recipe…"))
    export.triggered.connect(lambda: _ask_export(bar, recipes))
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(lambda: _offer(export, bool(bar.name())))
    button.setMenu(menu)
    return button


def _offer(export: QAction, chosen: bool) -> None:
    export.setEnabled(chosen)
    why = translate("RecipeFiles", "Of the recipe that is chosen above: choose one first.")
    export.setToolTip("" if chosen else why)


def import_recipe(bar: "RecipeBar", recipes: Recipes, file: Path) -> None:
    """Keep the recipe of a file and choose it; one of the same name is replaced only after a question.

    Raises:
        SettingsError: the file holds no recipe, or one that cannot be used.
        StoreError: the workspace cannot be written, or the recipe was changed meanwhile.
    """
    recipe = read_recipe(file)
    standing = recipes.get(recipe.name) if recipe.name in recipes.names() else None
    question = translate("RecipeFiles", "Replace the recipe {name} by that of the file?").format(
        name=isolate_words(recipe.name)
    )
    if standing is not None and standing != recipe and not confirm(bar, question):
        return
    recipes.save(recipe, expected=standing)
    bar.list_anew(recipe.name)


def export_recipe(recipes: Recipes, name: str, file: Path) -> None:
    """Write a recipe to a TOML file, with all that belongs to it.

    Raises:
        StoreError: there is no recipe of this name any more, or the file cannot be written.
    """
    recipe = recipes.get(name)
    try:
        with replacing(file) as beside:
            beside.write_text(recipe.to_toml(), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror or error}; choose another place") from error


def _ask_import(bar: "RecipeBar", recipes: Recipes) -> None:
    title, kinds = translate("RecipeFiles", "Import a recipe"), translate("RecipeFiles", "Recipes (*.toml)")
    chosen, _ = QFileDialog.getOpenFileName(bar, title, "", kinds)
    if chosen:
        try:
            import_recipe(bar, recipes, Path(chosen))
        except InspectorError as error:
            bar.problem.emit(str(error))


def _ask_export(bar: "RecipeBar", recipes: Recipes) -> None:
    title, kinds = translate("RecipeFiles", "Export a recipe"), translate("RecipeFiles", "Recipes (*.toml)")
    proposed = bar.name().replace("/", "_") + SUFFIX
    chosen, _ = QFileDialog.getSaveFileName(bar, title, proposed, kinds)
    if chosen:
        file = Path(chosen)
        try:
            export_recipe(recipes, bar.name(), file if file.suffix else file.with_suffix(SUFFIX))
        except InspectorError as error:
            bar.problem.emit(str(error))
