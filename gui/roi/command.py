"""Drawing on the photo that is looked at: what comes of it is kept with the product, for its next scan."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from gui.roi.dialog import RoiDialog
from gui.roi.photo import load_photo
from gui.shell.error_dialog import show_problem
from inspector.data.roi_files import JSON_SUFFIXES, read_drawing, to_geojson
from inspector.decision.regions import RegionRule
from inspector.errors import InspectorError
from inspector.export.isolates import isolate_words
from inspector.geometry.roi import Drawing
from inspector.presets import choose_preset, load_settings
from inspector.recipes import Recipe, make_recipe
from inspector.store.records import RunRecord
from inspector.store.rois import find_roi
from inspector.store.workspace import Workspace

if TYPE_CHECKING:
    from gui.window import MainWindow

translate = QCoreApplication.translate

NOTICE_TIME = 8000
"""Milliseconds."""


def draw_on_current(window: "MainWindow") -> None:
    """Draw on the photo that is looked at, beginning with what its product keeps, or else its run."""
    session, current = window.review.session, window.review.current
    if session is None or current is None:
        return
    store, run = session.store, session.run
    path = store.artefacts.picture_of(session.rows[current])
    if path is None:
        show_problem(window, translate("Roi", "This sample has no photo."))
        return
    try:
        product = find_product(store, run)
        kept = find_roi(store, run.id) if product is None else store.recipes.write_roi(product)
        before = read_drawing(kept) if kept is not None and kept.suffix in JSON_SUFFIXES else None
    except InspectorError as error:
        show_problem(window, str(error))
        return
    rule = run.region_rule if product is None else RegionRule.of(product.settings)
    dialog = RoiDialog(partial(load_photo, path, run.ranges), before, rule.mm_per_pixel, window)

    def keep() -> bool:
        if not window.operator.may("recipe"):  # somebody else may be there by now
            return False
        name = _ask_product(dialog, run) if product is None else product.name
        if name:
            keep_for_product(store, run, name, dialog.drawing(), dialog.mm_per_pixel, product)
            told = translate("Roi", "Kept in the recipe {name}, for the next scan with it.").format(
                name=isolate_words(name)
            )
            window.statusBar().showMessage(told, NOTICE_TIME)
        return bool(name)

    dialog.keep = keep
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()


def keep_for_product(
    store: Workspace,
    run: RunRecord,
    name: str,
    drawing: Drawing | None,
    mm_per_pixel: float | None,
    seen: Recipe | None = None,
) -> None:
    """Keep what was drawn in the recipe of a name; a new one is made of the settings of the run.

    Args:
        store: where recipes are kept.
        run: whose photo was drawn on.
        name: of the product.
        drawing: what was drawn, None = all is looked at.
        mm_per_pixel: the scale.
        seen: the recipe as it was when drawing began; what else was changed in it meanwhile stays.

    Raises:
        NotAllowed: who is signed in may not.
        SettingsError: what was drawn leaves nothing, or all, to be looked at; the name does not go.
        StoreError: region of interest or scale of the recipe seen were changed meanwhile, or the workspace cannot be
            written.
    """
    store.users.require("recipe")  # before a file is written
    roi = None if drawing is None else store.recipes.write_shapes(to_geojson(drawing))
    before = store.recipes.get(name) if name in store.recipes.names() else None
    expected = before if seen is None or before is None or _drawn(seen) == _drawn(before) else seen
    if before is not None:
        values = store.recipes.settings_of(before)
        preset, folder = choose_preset(before.preset, values), before.folder
    else:
        values, folder = run.settings, run.root
        preset = choose_preset(None, values)
    settings = load_settings(preset, None, None, values)
    settings = settings.changed(roi=roi, mm_per_pixel=mm_per_pixel)
    store.recipes.save(make_recipe(name, settings, preset, folder, before), expected=expected)


def find_product(store: Workspace, run: RunRecord) -> Recipe | None:
    """Return the recipe that a run was begun with as it is now; None = there is none, or it is gone.

    Raises:
        SettingsError: it was written by a newer version.
    """
    name = str((run.recipe or {}).get("name", ""))
    return store.recipes.get(name) if name in store.recipes.names() else None


def _drawn(recipe: Recipe) -> tuple[object, object]:
    """Return what drawing changes of a recipe."""
    return recipe.roi, recipe.settings.get("mm_per_pixel")


def _ask_product(parent: QWidget, run: RunRecord) -> str:
    """Return the name of a product for a run that has none."""
    name = str((run.recipe or {}).get("name", ""))
    title, label = translate("Roi", "Keep as a recipe"), translate("Roi", "Name of the product")
    text, wanted = QInputDialog.getText(parent, title, label, QLineEdit.EchoMode.Normal, name or Path(run.root).name)
    return text.strip() if wanted else ""
