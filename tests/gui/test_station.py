"""The window as an operator uses it, on a run that is already there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QInputDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.export.dialog import ExportDialog
from gui.window import MainWindow
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

MakeRun = Callable[..., tuple[Workspace, int]]
MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def window(make_run: MakeRun, make_window: MakeWindow, qtbot: QtBot, problems: list[str]) -> Iterator[MainWindow]:
    """The review of a run of six samples and one unreadable."""
    store, run_id = make_run(6, unreadable=True)
    store.close()
    made = make_window(str(run_id))
    qtbot.waitUntil(lambda: bool(made.review.photo.defects.regions))
    yield made
    assert problems == []


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Do what the keys of a command do."""
    assert window.menus.actions[name].isEnabled()
    if name in ("accept", "reject"):
        wait_for_photo(window, qtbot)
    window.menus.actions[name].trigger()


def shown(window: MainWindow) -> str:
    session, current = window.review.session, window.review.current
    assert session is not None
    assert current is not None
    return session.rows[current].name


def test_a_run_opens_with_its_oddest_sample(window: MainWindow) -> None:
    assert shown(window) == "part_0.png"
    assert window.review.panel.summary.text() == "1 of 6 flagged"
    assert window.review.filters.chips["unreadable"].text() == "Unreadable 1"


def test_one_key_rejects_and_the_next_comes_up(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "reject")
    assert shown(window) == "part_1.png"
    press(qtbot, window, "accept")
    assert shown(window) == "part_2.png"
    assert window.store is not None
    assert [verdict.new for verdict in window.store.verdicts.of_run(1)] == ["rejected", "accepted"]
    assert window.review.filters.chips["unreviewed"].text() == "Unreviewed 5"
    assert window.review.verdict_bar._count.text() == "2 of 7 reviewed"  # the part that cannot be read is one of both


def test_undo_shows_the_sample_again(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.menus.actions["undo"].isEnabled()
    press(qtbot, window, "reject")
    press(qtbot, window, "undo")
    assert shown(window) == "part_0.png"
    assert window.review.filters.chips["rejected"].text() == "Rejected 0"
    press(qtbot, window, "redo")
    assert window.review.filters.chips["rejected"].text() == "Rejected 1"


def test_undo_of_a_sample_that_is_not_listed_lists_all(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "reject")
    window.review.filters.chips["accepted"].click()
    press(qtbot, window, "undo")
    assert shown(window) == "part_0.png"
    assert window.review.filters.chips["all"].isChecked()


def test_a_comment_goes_with_the_verdict(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.review.panel.comment, "scratch at the rim")
    press(qtbot, window, "reject")
    assert window.review.panel.comment.text() == ""
    assert window.review.session is not None
    assert window.review.session.history(0)[0].comment == "scratch at the rim"


def test_enter_keeps_a_comment_at_once(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.review.panel.comment, "look again")
    qtbot.keyClick(window.review.panel.comment, Qt.Key.Key_Return)
    assert shown(window) == "part_0.png"
    assert "look again" in window.review.panel.history.item(0).text()


def test_letters_typed_into_the_search_are_no_verdicts(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    press(qtbot, window, "search")
    qtbot.keyClicks(window.review.filters.search, "part_5 x")
    assert window.review.gallery.samples.rowCount() == 0
    window.review.filters.search.setText("part_5")
    qtbot.waitUntil(lambda: shown(window) == "part_5.png")
    assert window.store is not None
    assert window.store.verdicts.of_run(1) == []


def test_moving_the_threshold_decides_at_once_and_is_kept_at_rest(window: MainWindow, qtbot: QtBot) -> None:
    window.review.panel.plot.dragged.emit(0.5)
    assert window.review.panel.summary.text() == "3 of 6 flagged"
    assert window.review.filters.chips["flagged"].text() == "Flagged 3"
    assert window.store is not None
    assert window.store.runs.get(1).flagged == 1
    window.review.panel.plot.released.emit(0.5)
    assert (window.store.runs.get(1).flagged, window.store.runs.get(1).threshold) == (3, 0.5)
    window.review.panel.reset_button.click()
    assert window.store.runs.get(1).threshold == pytest.approx(0.5 + 0.3 * ScanSettings().threshold_k)


def test_regions_follow_the_threshold(window: MainWindow, qtbot: QtBot) -> None:
    assert len(window.review.photo.defects.regions) == 1
    before = window.review.photo.defects.regions[0].area
    window.review.threshold.move(0.1)
    qtbot.waitUntil(lambda: window.review.photo.defects.regions[0].area > before)
    assert window.review.panel.regions.topLevelItemCount() == 1


def test_stepping_through_regions_zooms_and_marks(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "next_region")
    assert window.review.photo.region == 0
    assert not window.review.viewer.main_view.place().fit
    assert window.review.viewer.boxes.isChecked()
    press(qtbot, window, "fit")
    assert window.review.viewer.main_view.place().fit


def test_zoom_is_kept_from_sample_to_sample(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "zoom_in")
    place = window.review.viewer.main_view.place()
    press(qtbot, window, "next")
    qtbot.waitUntil(lambda: window.review.viewer.main_view.picture() is not None)
    assert window.review.viewer.main_view.place() == place


def test_side_by_side_and_compare_share_the_zoom(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, "compare")
    qtbot.waitUntil(lambda: window.review.photo.side_view.companion is not None)
    companion = window.review.photo.side_view.companion
    assert companion != 0
    qtbot.waitUntil(lambda: window.review.viewer.second_view.picture() is not None)
    press(qtbot, window, "zoom_in")
    assert window.review.viewer.second_view.place() == window.review.viewer.main_view.place()
    press(qtbot, window, "compare")
    press(qtbot, window, "mode")
    assert window.review.viewer.second_view.isVisible()


def test_an_unreadable_sample_says_why(window: MainWindow, qtbot: QtBot) -> None:
    window.review.filters.chips["unreadable"].click()
    qtbot.waitUntil(lambda: shown(window) == "part_broken.png")
    assert window.review.viewer.main_view._message == "This photo could not be read.\nit is empty"


def test_a_photo_that_is_gone_is_told_in_its_place(window: MainWindow, qtbot: QtBot) -> None:
    session = window.review.session
    assert session is not None
    Path(session.rows[5].image or "").unlink()
    window.review.gallery.select_sample(5)
    qtbot.waitUntil(lambda: "part_5.png cannot be read" in window.review.viewer.main_view._message)


def test_a_picture_that_comes_late_is_not_shown(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.review.viewer.main_view.picture() is not None)
    late = window.review.viewer.main_view.picture()
    assert late is not None
    window.review.gallery.select_sample(4)
    qtbot.waitUntil(lambda: getattr(window.review.viewer.main_view.picture(), "index", None) == 4)
    window.review.photo.pictures.ready.emit(late)
    picture = window.review.viewer.main_view.picture()
    assert picture is not None
    assert picture.index == 4


def test_the_operator_is_asked_once(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(*_: object, **__: object) -> tuple[str, bool]:
        asked.append(1)
        return " Ann ", True

    monkeypatch.setattr(QInputDialog, "getText", answer)
    window.operator.sign_out()
    press(qtbot, window, "accept")
    press(qtbot, window, "accept")
    assert len(asked) == 1
    assert window.store is not None
    assert [verdict.operator for verdict in window.store.verdicts.of_run(1)] == ["Ann", "Ann"]


def test_without_a_name_there_is_no_verdict(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    window.operator.sign_out()
    press(qtbot, window, "accept")
    assert shown(window) == "part_0.png"
    assert window.store is not None
    assert window.store.verdicts.of_run(1) == []


def test_a_target_that_is_neither_run_nor_folder_is_told(make_window: MakeWindow, problems: list[str]) -> None:
    make_window("/no/such/thing")
    assert problems == ["/no/such/thing is neither a folder nor the number of a run."]


def test_export_writes_what_was_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    press(qtbot, window, "reject")
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "out"))
    for part in ("verdicts", "report", "pdf", "masks"):
        dialog.boxes[part].setChecked(True)
    with qtbot.waitSignal(dialog.done_writing, timeout=20_000):
        dialog.start_button.click()
    dialog.reject()

    lines = (tmp_path / "out" / "verdicts.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "path,raw_score,rescored,decision,verdict,operator,time,comment,status,reason,variant"
    assert lines[1].startswith("part_0.png,1.0,1.0,flagged,rejected,Mia,")
    assert lines[7].startswith("part_broken.png,,,,undecided,,,,unreadable,it is empty")
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in (tmp_path / "out" / "masks").iterdir()) == [f"part_{i}.png" for i in range(6)]
    assert (tmp_path / "out" / "report.html").exists()


def test_decimal_commas_are_chosen_once(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for chosen in (False, True):
        window.export()
        dialog = window.findChild(ExportDialog)
        assert dialog is not None
        assert dialog.comma.isChecked() is chosen
        dialog.comma.setChecked(True)
        dialog.path.setText(str(tmp_path / f"out-{chosen}"))
        with qtbot.waitSignal(dialog.done_writing, timeout=20_000):
            dialog.start_button.click()
        dialog.reject()
        qtbot.waitUntil(lambda: window.findChild(ExportDialog) is None)

    lines = (tmp_path / "out-True" / "scores.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("part_0.png;1,0;1,0;")


def test_an_export_can_be_stopped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "out"))
    dialog.begin()
    dialog.reject()
    qtbot.waitUntil(lambda: dialog.message.text() == "Stopped; what was written so far stays.")
    dialog.reject()
    assert not (tmp_path / "out" / "report.html").exists()


def test_an_export_to_a_bad_place_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    window.export()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "file"))
    dialog.begin()
    qtbot.waitUntil(lambda: "choose another folder" in dialog.message.text())
    dialog.reject()


def test_a_stored_cloud_is_shown_beside_the_photo(window: MainWindow, qtbot: QtBot) -> None:
    session = window.review.session
    assert session is not None
    assert not window.review.viewer.cloud.isEnabled()
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    session.store.artefacts.save_cloud(1, 1, points, np.linspace(0, 1, 50, dtype=np.float32), np.arange(50) * 100)
    press(qtbot, window, "next")
    assert window.review.viewer.cloud.isEnabled()
    window.review.viewer.cloud.click()
    qtbot.waitUntil(lambda: window.review.viewer.cloud_view is not None and window.review.viewer.cloud_view.isVisible())
    press(qtbot, window, "previous")
    assert not window.review.viewer.cloud_view.isVisible()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["help", "about", "keys"])
def test_sheets_open_and_go_with_escape(window: MainWindow, qtbot: QtBot, name: str) -> None:
    press(qtbot, window, name)
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not any(dialog.isVisible() for dialog in window.findChildren(QDialog)))


def test_themes_change_at_once(window: MainWindow) -> None:
    for theme, dark in (("dark", True), ("light", False)):
        window.set_theme(theme)
        assert (window.palette().window().color().lightness() < 128) is dark


def test_every_control_has_a_name_for_assistive_technology(window: MainWindow) -> None:
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window  # the lists that boxes pop up are windows of Qt's own
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not (isinstance(widget, QLineEdit) and widget.objectName() == "qt_spinbox_lineedit")
    ]
    assert nameless == []


def test_all_of_the_review_can_be_reached_by_tab(window: MainWindow, qtbot: QtBot) -> None:
    seen: set[QWidget] = set()
    start = widget = window.review.gallery
    while widget is not None:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            seen.add(widget)
        widget = widget.nextInFocusChain()
        if widget is start:
            break
    review = window.review
    expected = (review.filters.search, review.gallery, review.viewer.opacity, review.panel.plot, review.panel.regions)
    assert set(expected) <= seen


def test_dropped_folders_are_offered_for_a_scan(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QMimeData, QPoint, QUrl
    from PySide6.QtGui import QDropEvent

    window = make_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    given: list[Path] = []
    window.start.folder_given.disconnect()
    window.start.folder_given.connect(given.append)
    window.start.dropEvent(
        QDropEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    assert given == [tmp_path]
