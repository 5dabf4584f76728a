"""Drawing what is looked at, as somebody does it with the mouse."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.roi.command import find_product, keep_for_product
from gui.roi.dialog import PhotoToDrawOn, RoiDialog
from gui.roi.photo import load_first, load_photo
from gui.scanning.dialog import ScanDialog
from gui.scanning.recipe_bar import RecipeBar
from gui.shell.numbers import use_numbers_of
from gui.window import MainWindow
from inspector.data.roi_files import read_roi
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError, StoreError
from inspector.geometry.roi import Drawing, Shape
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.users import NotAllowed
from inspector.store.workspace import Workspace

SIZE = (300, 400)
LEFT = Qt.MouseButton.LeftButton
NO_ENGINE = ("/no/such/program",)


def load() -> PhotoToDrawOn:
    return PhotoToDrawOn(np.full((150, 200, 3), 120, np.uint8), SIZE)


@pytest.fixture
def make_dialog(qtbot: QtBot) -> Iterator[Callable[..., RoiDialog]]:
    dialogs: list[RoiDialog] = []

    def make(*arguments: object) -> RoiDialog:
        dialog = RoiDialog(load, *arguments)
        dialogs.append(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.canvas.sketch is not None)
        return dialog

    yield make
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()


def at(dialog: RoiDialog, x: float, y: float) -> QPoint:
    return dialog.canvas.mapFromScene(x, y)


def drag(dialog: RoiDialog, *places: tuple[float, float]) -> None:
    view = dialog.canvas.viewport()
    QTest.mousePress(view, LEFT, pos=at(dialog, *places[0]))
    for place in places[1:]:
        QTest.mouseMove(view, at(dialog, *place))
    QTest.mouseRelease(view, LEFT, pos=at(dialog, *places[-1]))


def click(dialog: RoiDialog, *places: tuple[float, float]) -> None:
    for place in places:
        QTest.mouseClick(dialog.canvas.viewport(), LEFT, pos=at(dialog, *place))


def drawn(dialog: RoiDialog) -> np.ndarray:
    drawing = dialog.drawing()
    assert drawing is not None
    return drawing.to_roi().contains(np.array([(0.25, 0.5), (0.75, 0.5), (0.25, 0.05)]))


def test_a_rectangle_is_dragged(make_dialog: Callable[..., RoiDialog]) -> None:
    dialog = make_dialog()
    assert dialog.drawing() is None
    drag(dialog, (20, 60), (100, 150), (180, 240))

    assert drawn(dialog).tolist() == [True, False, False]
    assert dialog.drawing().size == SIZE
    dialog.use.setCurrentIndex(1)
    dialog.tools["brush"].click()
    drag(dialog, (90, 150), (110, 150))

    assert drawn(dialog).tolist() == [False, False, False]
    assert [shape.use for shape in dialog.drawing().shapes] == ["include", "ignore"]
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert drawn(dialog).tolist() == [True, False, False]


def test_a_polygon_is_clicked_and_its_corners_taken_back(make_dialog: Callable[..., RoiDialog]) -> None:
    dialog = make_dialog()
    dialog.tools["polygon"].click()
    click(dialog, (20, 60), (180, 60), (300, 20))
    dialog.undo_button.click()
    click(dialog, (180, 240), (20, 240))
    assert len(dialog.canvas.sketch.begun) == 4
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Return)

    assert dialog.isVisible()
    assert drawn(dialog).tolist() == [True, False, False]
    click(dialog, (10, 10), (20, 10))
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Escape)
    assert dialog.canvas.sketch.begun == []
    assert dialog.isVisible()


def test_the_ruler_sets_the_scale(make_dialog: Callable[..., RoiDialog]) -> None:
    dialog = make_dialog()
    dialog.tools["ruler"].click()
    assert not dialog.millimetres.isEnabled()
    drag(dialog, (50, 100), (150, 100), (250, 100))
    dialog.millimetres.setValue(10.0)

    assert dialog.mm_per_pixel == pytest.approx(0.05, rel=0.02)
    assert "mm per pixel" in dialog.scale_note.text()
    assert dialog.drawing() is None


def test_nothing_left_to_be_looked_at_cannot_be_accepted(make_dialog: Callable[..., RoiDialog]) -> None:
    dialog = make_dialog()
    assert dialog.ok_button.isEnabled()
    dialog.use.setCurrentIndex(1)
    drag(dialog, (0, 0), (200, 100), (400, 300))
    drag(dialog, (0, 0), (200, 100), (399.9, 299.9))

    assert not dialog.ok_button.isEnabled()
    assert "nothing" in dialog.message.text()
    dialog.clear_button.click()
    assert dialog.ok_button.isEnabled()


def test_what_was_drawn_before_is_there(make_dialog: Callable[..., RoiDialog]) -> None:
    before = Drawing((Shape("include", (((0, 0), (0.5, 0), (0.5, 1), (0, 1)),)),), None, "fractions")
    dialog = make_dialog(before, 0.1)

    assert drawn(dialog).tolist() == [True, False, True]
    assert dialog.mm_per_pixel == 0.1


def test_a_photo_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = RoiDialog(partial(load_first, tmp_path))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "There is no photo" in dialog.message.text())
    use_numbers_of(QLocale("de"))
    try:
        dialog._tell_failure("", InputError("no such file or directory"))
    finally:
        use_numbers_of(QLocale("en"))
    assert dialog.message.text() == "Datei oder Ordner nicht vorhanden"

    assert not dialog.ok_button.isEnabled()
    dialog.close()


def test_the_first_photo_that_can_be_read_is_drawn_on(folder: Path, make_photos: Callable[..., list[Path]]) -> None:
    paths = make_photos(folder / "deep", 2)
    (folder / "deep" / "a.png").write_bytes(b"no photo")

    found = load_first(folder)

    np.testing.assert_array_equal(found.pixels, load_photo(paths[0]).pixels)
    assert found.size == (64, 80)
    with pytest.raises(InputError, match="no photo"):
        load_first(folder / "none")


@pytest.fixture
def scan_dialog(store: Workspace, folder: Path, make_photos: Callable[..., list[Path]]) -> Iterator[ScanDialog]:
    make_photos(folder, 3)
    store.recipes.save(Recipe(name="lid", preset="fast", classes=["burr"], settings={"phases": 1}))
    dialog = ScanDialog(folder, command=NO_ENGINE, recipes=store.recipes)
    dialog.show()
    yield dialog
    dialog.close()
    dialog.deleteLater()


def bar_of(dialog: ScanDialog) -> RecipeBar:
    assert dialog.recipes is not None
    return dialog.recipes


def test_a_recipe_fills_the_form(scan_dialog: ScanDialog) -> None:
    assert scan_dialog.recipe() == ""
    bar_of(scan_dialog).choose("lid")

    assert scan_dialog.recipe() == "lid"
    assert scan_dialog.form.preset.currentText() == "fast"
    assert scan_dialog.settings().phases == 1


def test_what_is_drawn_goes_to_the_form_and_into_the_recipe(
    scan_dialog: ScanDialog, store: Workspace, qtbot: QtBot
) -> None:
    bar_of(scan_dialog).choose("lid")
    bar_of(scan_dialog).draw_button.click()
    drawing = scan_dialog.findChild(RoiDialog)
    assert drawing is not None
    qtbot.waitUntil(lambda: drawing.canvas.sketch is not None)
    drag(drawing, (5, 5), (20, 30), (40, 60))
    drawing.mm_per_pixel = 0.25
    drawing.ok_button.click()

    settings, kept = scan_dialog.settings(), store.recipes.get("lid")
    assert settings.roi is not None
    assert read_roi(settings.roi).contains(np.array([(0.25, 0.5), (0.75, 0.5)])).tolist() == [True, False]
    assert (settings.mm_per_pixel, kept.settings) == (0.25, {"phases": 1, "mm_per_pixel": 0.25})
    assert kept.roi is not None
    assert kept.classes == ["burr"]


def test_a_recipe_that_another_station_changed_is_not_overwritten(
    scan_dialog: ScanDialog, store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.scanning.dialog.show_problem", lambda _parent, sentence: told.append(sentence))
    bar = bar_of(scan_dialog)
    bar.choose("lid")
    seen = store.recipes.get("lid")
    theirs = Recipe.make({**seen.to_json(), "settings": {"references": 40}})
    store.recipes.save(theirs, expected=seen)
    scan_dialog.form.change(mm_per_pixel=0.5)

    with pytest.raises(StoreError, match="the recipe lid was changed meanwhile"):
        bar.keep("lid")
    scan_dialog.accept()

    assert store.recipes.get("lid") == theirs
    assert scan_dialog.isVisible()
    assert [sentence[:34] for sentence in told] == ["The recipe lid was changed meanwhi"]
    bar.choose("lid")
    assert scan_dialog.settings().references == 40
    scan_dialog.form.change(mm_per_pixel=0.5)
    bar.keep("lid")
    assert store.recipes.get("lid").settings == {"references": 40, "mm_per_pixel": 0.5}
    scan_dialog.accept()
    assert not scan_dialog.isVisible()


def test_classes_that_were_changed_meanwhile_stay(scan_dialog: ScanDialog, store: Workspace) -> None:
    bar = bar_of(scan_dialog)
    bar.choose("lid")
    seen = store.recipes.get("lid")
    store.recipes.save(Recipe.make({**seen.to_json(), "classes": ["burr", "dent"]}), expected=seen)

    bar.keep("lid")
    bar.keep("lid of tomorrow")

    assert store.recipes.get("lid").classes == store.recipes.get("lid of tomorrow").classes == ["burr", "dent"]


def test_another_recipe_is_replaced_after_a_question_alone(
    scan_dialog: ScanDialog, store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.recipes.save(Recipe(name="cup"))
    answers = [False, True]
    monkeypatch.setattr("gui.shell.keeping.QInputDialog.getText", lambda *_: ("cup", True))
    monkeypatch.setattr("gui.scanning.recipe_bar.confirm", lambda *_: answers.pop(0))
    bar_of(scan_dialog).choose("lid")

    bar_of(scan_dialog).keep_button.click()
    assert store.recipes.get("cup") == Recipe(name="cup")
    bar_of(scan_dialog).keep_button.click()
    assert store.recipes.get("cup").settings == {"phases": 1}


def test_settings_are_kept_as_a_recipe(scan_dialog: ScanDialog, store: Workspace, folder: Path) -> None:
    scan_dialog.form.change(references=30, part_id=r"(?P<part>\d+)")
    bar_of(scan_dialog).keep("housing")

    kept = store.recipes.get("housing")
    assert (kept.settings, kept.part_id, kept.folder) == ({"references": 30}, r"(?P<part>\d+)", str(folder))
    assert scan_dialog.recipe() == "housing"
    assert store.recipes.settings_of(kept)["part_id"] == r"(?P<part>\d+)"


def test_drawing_for_a_product_changes_no_more_than_was_drawn(store: Workspace, folder: Path) -> None:
    seen = Recipe(name="lid", settings={"phases": 1})
    store.recipes.save(seen)
    batch = Batch(folder, (Sample("a.png", image=folder / "a.png"),))
    run = store.runs.get(store.runs.create(batch, ScanSettings(), seen))
    drawing = Drawing((Shape("include", (((0, 0), (0.5, 0), (0.5, 1), (0, 1)),)),), None, "fractions")
    theirs = Recipe(name="lid", classes=["burr"], settings={"references": 40})
    store.recipes.save(theirs, expected=seen)

    keep_for_product(store, run, "lid", drawing, 0.5, seen)

    kept = store.recipes.get("lid")
    assert (kept.classes, kept.settings) == (["burr"], {"references": 40, "mm_per_pixel": 0.5})
    assert find_product(store, run) == kept
    with pytest.raises(StoreError, match="the recipe lid was changed meanwhile"):
        keep_for_product(store, run, "lid", None, None, seen)
    assert store.recipes.get("lid") == kept


@pytest.mark.usefixtures("quick_passwords")
def test_drawing_that_may_not_be_kept_leaves_no_file(store: Workspace, folder: Path) -> None:
    run = store.runs.get(store.runs.create(Batch(folder, ()), ScanSettings()))
    drawing = Drawing((Shape("include", (((0, 0), (0.5, 0), (0.5, 1), (0, 1)),)),), None, "fractions")
    store.users.add("Eve", "engineer", "correct horse")

    with pytest.raises(NotAllowed):
        keep_for_product(store, run, "lid", drawing, None)

    assert list(store.folder.glob("roi/*")) == []


def test_on_the_photo_that_is_looked_at_the_next_scan_is_drawn(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    make_run(4)[0].close()
    monkeypatch.setattr("gui.roi.command.QInputDialog.getText", lambda *_: ("lid", True))
    window = make_window("1")
    qtbot.waitUntil(lambda: window.review.session is not None)
    for turn, mm_per_pixel in enumerate((0.5, 0.25)):
        window.menus.actions["roi"].trigger()
        dialog = window.findChild(RoiDialog)
        assert dialog is not None
        qtbot.waitUntil(lambda dialog=dialog: dialog.canvas.sketch is not None)
        drag(dialog, (5, 5), (20, 30), (40, 60))
        dialog.mm_per_pixel = mm_per_pixel
        dialog.ok_button.click()
        assert window.store is not None
        kept = window.store.recipes.get("lid")
        assert kept.settings["mm_per_pixel"] == mm_per_pixel
        assert read_roi(window.store.recipes.settings_of(kept)["roi"]).size == (64, 80)
        if turn == 0:  # what else the product keeps stays
            window.store.recipes.save(Recipe.make({**kept.to_json(), "classes": ["burr"]}), expected=kept)
        dialog.setParent(None)
    assert window.store.recipes.get("lid").classes == ["burr"]
    assert "lid" in window.statusBar().currentMessage()
