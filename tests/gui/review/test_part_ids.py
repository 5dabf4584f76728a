"""Which part a photo shows is seen, found by searching, and can be typed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from gui.review.part_dialog import PartDialog
from gui.review.row_painter import ROW_HEIGHT
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def test_part_is_in_the_caption_and_found(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run()
    store.runs.keep_identity(run_id, 0, {"part": "SN-17", "lot": "A7"})
    store.close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    review = window.review

    assert "SN-17, lot A7" in review.viewer.main_caption.text()
    first = review.gallery.samples.index(0)
    assert "SN-17, lot A7" in first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert first.data(Qt.ItemDataRole.ToolTipRole) == "part_0.png\nSN-17, lot A7"
    option = QStyleOptionViewItem()
    option.initFrom(review.gallery)
    line = option.fontMetrics.height()
    assert review.gallery.sizeHintForRow(0) == max(ROW_HEIGHT, 3 * line + 12) + line  # the part has a line of its own
    review.filters.search.setText("sn-17")
    assert review.gallery.samples.rowCount() == 1
    review.filters.search.setText("a7 part_0")
    assert review.gallery.samples.rowCount() == 1
    review.filters.search.setText("sn-18")
    assert review.gallery.samples.rowCount() == 0


def test_typed_part_is_kept_and_shown(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run()
    store.runs.keep_identity(run_id, 0, {"nest": "4"})
    store.close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    window.menus.actions["part"].trigger()
    (dialog,) = window.findChildren(PartDialog)
    assert list(dialog.fields) == ["part", "lot", "station", "nest"]
    dialog.fields["part"].setText(" 0012 ")
    dialog.fields["nest"].clear()

    dialog.accept()

    assert window.store is not None
    assert window.store.runs.samples(run_id)[0].identity == {"part": "0012"}
    qtbot.waitUntil(lambda: "0012" in window.review.viewer.main_caption.text())
    window.menus.actions["part"].trigger()
    again = next(each for each in window.findChildren(PartDialog) if each is not dialog)
    newest, before = again.history.text().splitlines()
    assert newest.endswith("nest 4 became 0012  Mia")
    assert "nothing became nest 4" in before
    again.reject()
