"""Drawing on the photo that is looked at: what comes of it is kept with the product, for its next scan."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit

from gui.roi.dialog import RoiDialog
from gui.roi.photo import load_photo
from gui.shell.error_dialog import show_problem
from inspector.data.roi_files import JSON_SUFFIXES, read_drawing, to_geojson
from inspector.errors import InspectorError
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
    """Draw on the photo that is looked at, beginning with what its run looked at."""
    session, current = window.review.session, window.review.current
    if session is None or current is None:
        return
    store, run = session.store, session.run
    path = store.artefacts.picture_of(session.rows[current])
    if path is None:
        show_problem(window, translate("Roi", "This sample has no photo."))
        return
    try:
        kept = find_roi(store, run.id)
        before = read_drawing(kept) if kept is not None and kept.suffix in JSON_SUFFIXES else None
    except InspectorError as error:
        show_problem(window, str(error))
        return
    dialog = RoiDialog(partial(load_photo, path, run.ranges), before, run.region_rule.mm_per_pixel, window)

    def keep() -> None:
        try:
            name = _ask_product(window, store, run)
            if name:
                keep_for_product(store, run, name, dialog.drawing(), dialog.mm_per_pixel)
                told = translate("Roi", "Kept in the recipe {name}, for the next scan with it.").format(name=name)
                window.statusBar().showMessage(told, NOTICE_TIME)
        except InspectorError as error:
            show_problem(window, str(error))

    dialog.accepted.connect(keep)
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()


def keep_for_product(
    store: Workspace, run: RunRecord, name: str, drawing: Drawing | None, mm_per_pixel: float | None
) -> None:
    """Keep what was drawn in the recipe of a name; a new one is made of the settings of the run.

    Raises:
        SettingsError: what was drawn leaves nothing, or all, to be looked at; the name does not go.
        StoreError: the workspace cannot be written.
    """
    roi = None if drawing is None else store.recipes.write_shapes(to_geojson(drawing))
    before: Recipe | None = None
    if name in store.recipes.names():
        before = store.recipes.get(name)
        values = store.recipes.settings_of(before)
        preset, folder = choose_preset(before.preset, values), before.folder
    else:
        values, folder = run.settings, run.root
        preset = choose_preset(None, values)
    settings = load_settings(preset, None, None, values)
    settings = settings.changed(roi=roi, mm_per_pixel=mm_per_pixel)
    store.recipes.save(make_recipe(name, settings, preset, folder, before), replace=True)


def _ask_product(window: "MainWindow", store: Workspace, run: RunRecord) -> str:
    """Return the name of the run's product; asks for one where it was scanned without a recipe."""
    name = str((run.recipe or {}).get("name", ""))
    if name in store.recipes.names():
        return name
    title, label = translate("Roi", "Keep as a recipe"), translate("Roi", "Name of the product")
    text, wanted = QInputDialog.getText(window, title, label, QLineEdit.EchoMode.Normal, name or Path(run.root).name)
    return text.strip() if wanted else ""
