"""What the station does not do unasked, and what it says of itself."""

import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QMessageBox, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from gui.engine.process import EngineProcess
from gui.export.dialog import ExportDialog
from gui.scanning.dialog import ScanDialog
from gui.shell.numbers import use_numbers_of
from gui.shell.permits import _refuse
from gui.shell.sign_in import SignIn
from gui.shell.theme import apply_theme
from gui.window import MainWindow
from inspector.errors import InputError
from inspector.events import Event
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]], make_window: MakeWindow, qtbot: QtBot, problems: list[str]
) -> Iterator[MainWindow]:
    store, run_id = make_run()
    store.close()
    made = make_window(str(run_id))
    wait_for_photo(made, qtbot)
    yield made
    assert problems == []


def turn_wheel(widget: QWidget) -> None:
    spot = QPointF(widget.rect().center())
    event = QWheelEvent(
        spot, widget.mapToGlobal(spot), QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def read_value(widget: QWidget) -> object:
    return widget.currentText() if isinstance(widget, QComboBox) else widget.property("value")


def values_of(form: QWidget) -> list[QWidget]:
    return [widget for kind in (QAbstractSpinBox, QComboBox, QSlider) for widget in form.findChildren(kind)]


def test_the_wheel_over_a_form_scrolls_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ScanDialog(tmp_path, command=[sys.executable, "-c", ""])
    qtbot.addWidget(dialog)
    dialog.form.unfold.setChecked(True)
    dialog.show()
    before = [read_value(widget) for widget in values_of(dialog)]

    for widget in values_of(dialog):
        turn_wheel(widget)

    assert len(before) > 10
    assert [read_value(widget) for widget in values_of(dialog)] == before
    choice = dialog.form.editor("modality").widget
    QTest.wheelEvent(dialog.windowHandle(), choice.mapTo(dialog, choice.rect().center()), QPoint(0, -120))
    assert dialog.form._fields.verticalScrollBar().value() > 0
    assert [read_value(widget) for widget in values_of(dialog)] == before
    dialog.reject()


def test_the_wheel_moves_neither_threshold_nor_opacity_nor_order(window: MainWindow) -> None:
    before = [read_value(widget) for widget in values_of(window.review)]
    for widget in values_of(window.review):
        turn_wheel(widget)
    assert len(before) >= 4
    assert [read_value(widget) for widget in values_of(window.review)] == before


SLEEPER = 'import time; print(\'{"kind": "run", "message": "1"}\', flush=True); time.sleep(60)'


def test_closing_during_a_scan_asks(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = [False, True], list[str]()

    def answer(_: object, question: str) -> bool:
        asked.append(question)
        return answers[len(asked) - 1]

    monkeypatch.setattr("gui.shell.dialogs.confirm", answer)
    window = make_window(engine=EngineProcess(command=[sys.executable, "-c", SLEEPER], patience=300))
    window.scans.scan(tmp_path, ScanSettings())
    qtbot.waitUntil(lambda: window.scans.engine.busy)
    assert str(tmp_path) in window.windowTitle()

    assert not window.close()
    assert (window.isVisible(), window.scans.busy) == (True, True)
    assert window.close()
    assert not window.scans.engine.busy
    assert asked == ["A scan is running. Stop it and close? It can be resumed."] * 2


def test_exporting_to_a_folder_that_holds_files_asks(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("gui.export.dialog.confirm", lambda _, question: asked.append(question))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "scores.csv").write_text("precious")
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "out"))
    dialog.begin()
    assert len(asked) == 1
    assert "of the same names are replaced" in asked[0]
    assert dialog.message.text() == ""
    assert (tmp_path / "out" / "scores.csv").read_text() == "precious"

    dialog.path.setText(str(tmp_path / "other"))
    with qtbot.waitSignal(dialog.done_writing, timeout=20_000):
        dialog.begin()
    assert len(asked) == 1
    assert dialog.message.text() == f"Written to {tmp_path / 'other'}"
    dialog.reject()


def test_closing_the_export_while_it_writes_stops_and_closes_it(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*given: object, **_: object) -> None:
        report = given[4]
        assert callable(report)
        while True:  # until it is told to stop
            report(Event("progress", "export", 1, 2))

    monkeypatch.setattr("gui.export.dialog.write_exports", write)
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "out"))
    dialog.begin()

    assert dialog.close()
    assert not dialog.isVisible()


def test_written_is_said_only_where_all_was_written(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "photos" / "part_3.png").unlink()
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(dialog.done_writing, timeout=20_000):
        dialog.begin()
    assert dialog.message.text().startswith(f"Not all could be written to {tmp_path / 'out'}. Missing: 1, the first: ")
    assert "part_3.png" in dialog.message.text()
    dialog.reject()


def test_what_could_not_be_written_is_told_in_the_language_of_the_app(window: MainWindow) -> None:
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    told = "lot/part_3.png is another file than the one that was scanned; put that one back"
    use_numbers_of(QLocale("de"))
    try:
        dialog._show_event(Event("warning", "export", message=told))
    finally:
        use_numbers_of(QLocale("en"))
    german = "lot/part_3.png ist eine andere Datei als die geprüfte; bitte jene zurücklegen"
    assert dialog.message.text() == german
    dialog.reject()


def test_the_title_says_what_is_shown(window: MainWindow, tmp_path: Path) -> None:
    app = QApplication.applicationName()
    assert window.windowTitle() == f"run 1, {tmp_path / 'photos'} – {app}"
    window.show_start()
    assert window.windowTitle() == app
    window.progress.begin("/batch")
    window.progress.show_event(Event("run", message="2"))
    window.show_progress()
    assert window.windowTitle() == app  # nothing is scanned


def test_the_zoom_says_what_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    viewer = window.review.viewer

    def told() -> bool:
        return viewer._zoom.text() == f"{100 * viewer.main_view.scale_now() * viewer.devicePixelRatioF():.0f} %"

    assert told()
    before = viewer._zoom.text()
    viewer.main_view.resize(200, 150)
    qtbot.waitUntil(lambda: viewer._zoom.text() != before)
    assert told()
    viewer.tools.actual_button.click()
    assert viewer._zoom.text() == "100 %"
    viewer.show_message("gone", "")
    assert viewer._zoom.text() == ""


def test_an_empty_list_says_so(window: MainWindow) -> None:
    gallery = window.review.gallery
    rows = gallery.viewport().grab().toImage()
    window.review.filters.search.setText("no such part")
    assert gallery.samples.rowCount() == 0
    empty = gallery.viewport().grab().toImage()
    ground = empty.pixelColor(2, empty.height() - 2)
    written = [empty.pixelColor(x, y) for y in range(16, 40) for x in range(16, empty.width() - 16)]
    assert empty != rows
    assert any(colour != ground for colour in written)


def test_names_are_sorted_from_the_first(window: MainWindow) -> None:
    filters, samples = window.review.filters, window.review.gallery.samples
    filters.order.setCurrentIndex(filters.order.findData("name"))
    assert [samples.sample_at(row) for row in range(6)] == [0, 1, 2, 3, 4, 5]
    filters.direction.click()
    assert samples.sample_at(0) == 5
    filters.order.setCurrentIndex(filters.order.findData("score"))
    assert samples.sample_at(0) == 0


@pytest.fixture
def _styled(qapp: QApplication) -> Iterator[None]:
    before = qapp.style().objectName()
    qapp.setStyle("Fusion")
    apply_theme(qapp, "light")
    yield
    qapp.setStyle(before)
    apply_theme(qapp, "system")


@pytest.mark.parametrize("screen", ["review", "start", "progress"])
@pytest.mark.usefixtures("_styled")
def test_the_window_fits_small_screens(window: MainWindow, screen: str) -> None:
    """800 x 500 is what 1600 x 1000 leaves at 200 %."""
    shown = {"review": window.review, "start": window.start, "progress": window.progress}[screen]
    window._show(shown)
    least = window.minimumSizeHint()
    assert (least.width() <= 800, least.height() <= 480) == (True, True), least


def find_overlaps(window: MainWindow) -> list[tuple[QWidget, QWidget]]:
    """Widgets of the review that lie on one another, or reach out of what holds them."""
    review, found = window.review, []
    for holder in (review.viewer, review.viewer.tools, review.filters, review.verdict_bar, review.panel):
        parts = [child for child in holder.children() if isinstance(child, QWidget) and child.isVisible()]
        found += [(holder, one) for one in parts if not holder.rect().contains(one.geometry())]
        found += [(one, other) for one, other in combinations(parts, 2) if one.geometry().intersects(other.geometry())]
    return found


@pytest.mark.usefixtures("_styled")
def test_nothing_overlaps_in_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(800, 500)
    qtbot.waitUntil(lambda: window.width() == 800 and not find_overlaps(window))
    assert find_overlaps(window) == []


def test_names_that_look_like_html_are_shown_letter_by_letter(window: MainWindow, qtbot: QtBot) -> None:
    refusal, button = "<b>Ann</b> may not do that", QPushButton()
    qtbot.addWidget(button)
    _refuse(button, refusal)
    window.menus.refuse({"scan": refusal})
    told = [button.toolTip(), window.menus.actions["scan"].toolTip()]
    assert ["&lt;b&gt;Ann&lt;/b&gt;" in text for text in told] == [True, True]

    assert window.store is not None
    sign_in = SignIn(window.store, "", window)
    labels = (window.operator_bar.told, sign_in.told, window.progress.folder, window.review.verdict_bar.hint)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


@pytest.mark.usefixtures("_styled")
def test_long_names_leave_room_for_what_is_said_of_them(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(800, 500)
    caption, told = window.review.viewer.main_caption, window.operator_bar.told
    caption.setText(f"{'x' * 200}   0.590 flagged   360 × 320")
    window.operator_bar.show_name("n" * 200)
    qtbot.waitUntil(lambda: "…" in told.shown())
    assert caption.shown().endswith("0.590 flagged   360 × 320")
    assert told.toolTip() == f"Signed in as {'n' * 200}"


def test_a_workspace_that_looks_like_html_is_told_as_it_is(window: MainWindow) -> None:
    window.menus.actions["about"].trigger()
    box = next(box for box in window.findChildren(QMessageBox) if "Workspace" in box.text())
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()


def test_why_nothing_is_shown_beside_is_told_in_the_language_of_the_app(window: MainWindow) -> None:
    viewer, side = window.review.viewer, window.review.photo.side_view
    assert window.review.current is not None
    viewer.compare.setChecked(True)
    use_numbers_of(QLocale("de"))
    try:
        side._tell_no_companion((window.review.current, ()), InputError("no such file or directory"))
        assert viewer.second_caption.text() == "Datei oder Ordner nicht vorhanden"
        viewer.show_companion(None, "")
        side._tell_no_picture(side.companion, "no such file or directory")
        assert viewer.second_caption.text() == "Datei oder Ordner nicht vorhanden"
    finally:
        use_numbers_of(QLocale("en"))
