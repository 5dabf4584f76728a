"""Arabic and Hebrew names turn nothing beside them in the app, and are copied as they are."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QMessageBox, QTreeWidget, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from gui.review.class_bar import ClassBar
from gui.review.row_painter import leave_name_out
from gui.review.view_strip import ShownView, ViewStrip
from gui.shell.error_dialog import SentenceBox, confirm
from gui.shell.labels import ElidedLabel, Lines, NameDelegate, WrappedLabel
from gui.shell.texts import describe_unwritten, keep_apart, show_identity, translate_message
from gui.shell.title import name_window
from inspector.export.isolates import isolate_path, isolate_words

NAME = "קבוצה 2/قطعة 12.png"
EMPTY = f"{NAME} is empty (0 bytes); copy it again from the camera"


def test_a_name_and_what_is_said_of_it_run_each_by_itself() -> None:
    apart = isolate_path(NAME)

    assert keep_apart(f"{NAME}   0.848 flagged\n{NAME}") == f"{apart}   0.848 flagged\n{apart}"
    assert keep_apart(keep_apart(NAME)) == apart
    assert keep_apart("lot/a  b.png") == "lot/a  b.png"
    assert keep_apart(f"{NAME}   {isolate_words('חלק 7')}") == f"{apart}   {isolate_words('חלק 7')}"
    assert show_identity({"part": "חלק 7", "lot": "A7"}) == f"{isolate_words('חלק 7')}, lot A7"
    why = translate_message(EMPTY.removeprefix("קבוצה 2/"))
    assert leave_name_out(why, NAME) == "is empty (0 bytes); copy it again from the camera"


@pytest.mark.parametrize("text", [f"/lots/{NAME}", translate_message(EMPTY)], ids=["path", "sentence"])
def test_labels_show_names_apart_and_copy_them_as_they_are(qtbot: QtBot, text: str) -> None:
    label = WrappedLabel(text)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    plain = text if text.startswith("/") else EMPTY
    assert label.text() == plain
    assert QLabel.text(label) == keep_apart(text) != plain

    label.setSelection(0, len(QLabel.text(label)))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == plain


def test_what_is_marked_is_pasted_as_it_is(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the middle button, where there is such a thing."""
    pasted: dict[QClipboard.Mode, str] = {}
    clipboard = SimpleNamespace(supportsSelection=lambda: True, setText=lambda text, mode: pasted.update({mode: text}))
    monkeypatch.setattr("gui.shell.labels.QGuiApplication", SimpleNamespace(clipboard=lambda: clipboard))
    label = WrappedLabel(NAME)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSelection(0, len(QLabel.text(label)))

    qtbot.mouseRelease(label, Qt.MouseButton.LeftButton)

    assert pasted == {QClipboard.Mode.Selection: NAME}


def test_errors_have_names_as_they_are() -> None:
    """They go into logs and are printed, too; what shows them keeps names apart."""
    assert describe_unwritten(f"/lots/{NAME}") == f"/lots/{NAME} could not be written"


def test_lines_are_copied_as_they_are(qtbot: QtBot) -> None:
    lines = Lines()
    qtbot.addWidget(lines)
    lines.appendPlainText(translate_message(EMPTY))
    lines.appendPlainText("next")

    lines.selectAll()
    lines.copy()

    assert isolate_path(NAME) in lines.toPlainText()
    assert QGuiApplication.clipboard().text() == f"{EMPTY}\nnext"


def test_tables_show_names_apart_and_copy_them_as_they_are(qtbot: QtBot) -> None:
    table = QTreeWidget()
    qtbot.addWidget(table)
    table.setItemDelegate(NameDelegate(table))
    item = QTreeWidgetItem(table, [NAME])
    table.setCurrentItem(item)

    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert table.itemDelegate().displayText(NAME, QLocale()) == isolate_path(NAME)
    assert table.itemDelegate().displayText("קטע\n2024-03-01", QLocale()) == f"{isolate_path('קטע')}\u20282024-03-01"
    assert QGuiApplication.clipboard().text() == NAME


def test_the_key_of_a_class_and_the_score_of_a_view_stay_beside_their_names(qtbot: QtBot) -> None:
    bar, strip = ClassBar(), ViewStrip()
    qtbot.addWidget(bar)
    qtbot.addWidget(strip)
    bar.ask("a.png", ["שריטה 1"], "")
    strip.show_views("7", [ShownView(place, QPixmap(), "קטע 3.png  0.848") for place in range(2)], 0)

    assert bar.buttons[0].text() == f"1  {isolate_words('שריטה 1')}"
    assert strip.buttons[1].text() == f"{isolate_path('קטע 3.png')}  0.848"


def test_a_short_line_tells_the_whole_name_in_its_tool_tip(qtbot: QtBot) -> None:
    label, bar = ElidedLabel(f"{NAME}   0.848"), ClassBar()
    qtbot.addWidget(label)
    qtbot.addWidget(bar)
    label.resize(40, 20)
    label.show()
    bar.ask(NAME, [], "שריטה 1")

    assert label.toolTip() == f"{isolate_path(NAME)}   0.848"
    assert bar.told.text() == f"{isolate_path(NAME)} rejected: {isolate_words('שריטה 1')}"


def test_titles_keep_folders_apart(qtbot: QtBot) -> None:
    window, run = QMainWindow(), SimpleNamespace(id=7, root="/lots/קבוצה")
    qtbot.addWidget(window)
    review = SimpleNamespace(session=SimpleNamespace(run=run))
    window.screens, window.progress = SimpleNamespace(currentWidget=lambda: review), None

    name_window(window, review)

    assert window.windowTitle() == f"run 7, {isolate_path('/lots/קבוצה')} – {QApplication.applicationName()}"


def test_a_box_is_copied_as_it_was_given(qtbot: QtBot) -> None:
    box = SentenceBox(QMessageBox.Icon.Warning, keep_apart(translate_message(EMPTY)), None)
    qtbot.addWidget(box)

    qtbot.keyClick(box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == EMPTY

    box.setDetailedText("Traceback: two lines\nof it")
    qtbot.keyClick(box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == f"{EMPTY}\n\nTraceback: two lines\nof it"


def test_a_question_is_copied_as_it_was_given_and_enter_means_no(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    copied = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        qtbot.keyClick(box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        copied.append(QGuiApplication.clipboard().text())
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(0, look)

    assert not confirm(parent, f"Replace {isolate_path(NAME)}?")
    assert copied == [f"Replace {NAME}?"]
