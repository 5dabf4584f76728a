"""Whatever was clicked last, A, X, U and the arrows act on the part, except while somebody types; Esc comes back."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.clouds.projection import ScoredCloud
from gui.window import MainWindow
from tests.gui.conftest import wait_for_photo

LEFT = Qt.MouseButton.LeftButton
NOT_TO_CLICK = ("Change the operator", "What comes next", "Accept", "Reject", "Undecided")
"""They open a dialog, or judge by themselves."""


@pytest.fixture
def window(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The review of six parts, the first is looked at, in the active window."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def key(which: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the window, wherever the focus is: shortcuts come first, as with a keyboard."""
    surface = QApplication.focusWindow()
    assert surface is not None
    QTest.keyClick(surface, which, modifiers)


def verdicts(window: MainWindow) -> list[str]:
    assert window.store is not None
    return [verdict.new for verdict in window.store.verdicts.of_run(1)]


def check_keys(window: MainWindow, qtbot: QtBot, what: str) -> None:
    """The arrow keys go on and back in the list, X judges, and Ctrl+Z takes it back."""
    review = window.review
    qtbot.waitUntil(lambda: window.focusWidget() is review.gallery)
    if not window.isActiveWindow():  # without a window manager nobody gives the keys back after a list has closed
        window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is review.gallery)
    review.filters.search.clear()
    review.filters.grid.setChecked(False)  # in a grid, down leads to another row of cells
    review.filters.choose("all")
    review.list.set_filter("all")
    review.gallery.select_sample(2)
    qtbot.waitUntil(lambda: review.current == 2)
    row = review.gallery.samples.row_of(2)
    assert row is not None
    below = review.gallery.samples.sample_at(row + 1)
    key(Qt.Key.Key_Down)
    assert review.current == below, what
    key(Qt.Key.Key_Up)
    assert review.current == 2, what
    wait_for_photo(window, qtbot)
    count = len(verdicts(window))
    key(Qt.Key.Key_X)
    assert verdicts(window)[count:] == ["rejected"], what
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert verdicts(window)[count:] == ["rejected", "undecided"], what


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center())


def kinds(window: MainWindow) -> list[QWidget]:
    """Every control of the review that can be seen, but fields to type in."""
    found = [*window.review.findChildren(QAbstractButton), *window.review.findChildren(QAbstractSlider)]
    return [
        widget
        for widget in found
        if widget.isVisible()
        and widget.isEnabled()
        and widget.accessibleName() not in NOT_TO_CLICK
        and not isinstance(widget.parent(), QLineEdit)
        and not widget.window().isModal()
    ]


def test_after_each_button_and_slider(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.review.threshold, "_confirm", lambda _: True)
    controls = kinds(window)
    assert len(controls) >= 15
    for control in controls:
        window.review.panel.comment.setFocus()
        click(control)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is window.review.gallery)
    check_keys(window, qtbot, "all buttons")


@pytest.mark.parametrize("which", ["photo", "plot", "regions", "history", "caption", "panel"])
def test_after_clicks_on_what_is_shown(window: MainWindow, qtbot: QtBot, which: str) -> None:
    review = window.review
    widgets: dict[str, QWidget] = {
        "photo": review.viewer.main_view.viewport(),
        "plot": review.panel.plot,
        "regions": review.panel.regions.viewport(),
        "history": review.panel.history.viewport(),
        "caption": review.viewer.main_caption,
        "panel": review.panel,
    }
    review.panel.comment.setFocus()
    click(widgets[which])
    check_keys(window, qtbot, which)


def test_after_choosing_from_a_list(window: MainWindow, qtbot: QtBot) -> None:
    for box in window.review.findChildren(QComboBox):
        if not (box.isVisible() and box.isEnabled()):
            continue
        click(box)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
        check_keys(window, qtbot, box.accessibleName())


def test_after_the_buttons_of_the_cloud(window: MainWindow, qtbot: QtBot) -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    cloud = ScoredCloud(points, np.linspace(0, 1, 50, dtype=np.float32), np.arange(50))
    viewer = window.review.viewer
    viewer.offer_cloud(True)
    click(viewer.cloud)
    viewer.show_cloud(cloud, (0.0, 1.0))
    assert viewer.cloud_view is not None
    for control in (viewer.cloud_view.home, viewer.cloud_view.points):
        window.review.panel.comment.setFocus()
        click(control)
        check_keys(window, qtbot, control.accessibleName())
        viewer.offer_cloud(True)
        viewer.show_cloud(cloud, (0.0, 1.0))


@pytest.mark.parametrize("field", ["search", "comment", "threshold"])
@pytest.mark.parametrize("end", [Qt.Key.Key_Escape, Qt.Key.Key_Return], ids=["Esc", "Enter"])
def test_while_typing_keys_are_text_until_esc_or_enter(
    window: MainWindow, qtbot: QtBot, field: str, end: Qt.Key
) -> None:
    review = window.review
    fields = {"search": review.filters.search, "comment": review.panel.comment, "threshold": review.panel.threshold}
    edit = fields[field]
    click(edit)
    edit.selectAll()
    for which in {"threshold": (Qt.Key.Key_0, Qt.Key.Key_Comma, Qt.Key.Key_9)}.get(field, (Qt.Key.Key_A,)):
        key(which)
    assert edit.text() == {"threshold": "0,9"}.get(field, "a")
    assert verdicts(window) == []

    key(end)

    qtbot.waitUntil(lambda: QApplication.focusWidget() is review.gallery)
    assert window.review.session is not None
    if field == "threshold":
        assert review.panel.threshold.text() == "0.9000"
    review.panel.comment.clear()
    review.filters.search.clear()
    assert verdicts(window) == (["undecided"] if (field, end) == ("comment", Qt.Key.Key_Return) else [])
    check_keys(window, qtbot, field)


@pytest.mark.parametrize("field", ["search", "comment", "threshold"])
def test_keys_with_ctrl_are_the_windows_while_typing(
    window: MainWindow, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr("gui.export.dialog.ExportDialog.open", lambda self: opened.append(self))
    review = window.review
    fields = {"search": review.filters.search, "comment": review.panel.comment, "threshold": review.panel.threshold}
    click(fields[field])

    key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert len(opened) == 1

    fields[field].setText("ab")
    fields[field].end(False)
    key(Qt.Key.Key_C)
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # of the text, not of a verdict
    assert fields[field].text() == "ab"


def test_after_ctrl_r_keys_act_on_the_list_of_runs_and_then_on_the_part(window: MainWindow, qtbot: QtBot) -> None:
    click(window.review.filters.search)
    key(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.screens.currentWidget() is window.start
    assert QApplication.focusWidget() is window.start.runs

    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.review and window.review.session is not None)
    wait_for_photo(window, qtbot)
    check_keys(window, qtbot, "Ctrl+R")


def test_a_click_that_asks_for_text_gives_the_keys_to_it(window: MainWindow, qtbot: QtBot) -> None:
    key(Qt.Key.Key_K)
    assert QApplication.focusWidget() is window.review.panel.comment
    QTest.mouseClick(window.review.panel.comment, LEFT, pos=QPoint(5, 5))
    QApplication.processEvents()
    assert QApplication.focusWidget() is window.review.panel.comment


def test_tab_passes_the_regions_and_the_photo_stays(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_photo(window, qtbot)
    review = window.review
    qtbot.waitUntil(lambda: bool(review.photo.defects.regions))
    place, table = review.viewer.main_view.place(), review.panel.regions
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.hasFocus()
    assert (review.photo.region, review.viewer.main_view.place()) == (None, place)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert review.photo.region == 0
