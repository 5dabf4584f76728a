"""F11: the review for the line."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.review.operator_mode import OperatorBand
from gui.shell.theme import LIGHT, apply_theme
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    qapp: QApplication,
    problems: list[str],
) -> Iterator[MainWindow]:
    before = qapp.style().objectName()
    qapp.setStyle("Fusion")
    apply_theme(qapp, "light")
    store, run_id = make_run(6, unreadable=True)
    store.close()
    made = make_window(str(run_id))
    wait_for_photo(made, qtbot)
    yield made
    apply_theme(qapp, "system")
    qapp.setStyle(before)
    assert problems == []


def switch(window: MainWindow) -> None:
    window.menus.actions["operator_mode"].trigger()


def band_of(window: MainWindow) -> OperatorBand:
    return next(band for band in window.findChildren(OperatorBand))


def test_one_key_leads_into_the_mode_and_out_of_it(window: MainWindow, qtbot: QtBot) -> None:
    hidden: list[QWidget] = [
        *window.review.splitter.outer_panes(), window.review.viewer.tools, window.menuBar(),
    ]  # fmt: skip
    window.review.class_bar.ask("part_0.png", ["dent"], "")
    chip = window.review.class_bar.buttons[0]
    assert chip.sizeHint().height() < 50
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert chip.sizeHint().height() >= 58  # also where it was there before
    assert window.isFullScreen()
    assert not any(widget.isVisible() for widget in hidden)
    assert band_of(window).isVisible()
    window.review.class_bar.ask("part_0.png", ["scratch"], "")
    assert window.review.class_bar.buttons[0].height() >= 58
    assert not window.review.class_bar.edit.isVisible()
    assert not window.review.doubts.reasons.isVisible()

    qtbot.keyClick(window, Qt.Key.Key_F11)  # though there is no menu
    assert not window.isFullScreen()
    assert all(widget.isVisible() for widget in hidden)
    assert not band_of(window).isVisible()


def test_the_band_is_as_wide_as_the_window_and_buttons_fit_fingers(window: MainWindow, qtbot: QtBot) -> None:
    switch(window)
    band = band_of(window)
    view, buttons = window.review.viewer.main_view, window.review.verdict_bar.buttons.values()

    def is_below() -> bool:
        return view.mapTo(window, view.rect().bottomLeft()).y() < band.mapTo(window, band.rect().topLeft()).y()

    qtbot.waitUntil(lambda: band.width() >= window.width() - 2 and is_below())
    assert band.height() >= 60
    assert min(button.height() for button in buttons) >= 60
    assert min(button.width() for button in buttons) >= 120
    switch(window)
    assert max(button.height() for button in buttons) < 50


def test_the_band_says_ok_or_ng_of_each_part(window: MainWindow, qtbot: QtBot) -> None:
    switch(window)
    band = band_of(window)
    assert (band.sign, band.why, band.final) == ("NG", "flagged", False)
    qtbot.keyClick(window, Qt.Key.Key_X)
    assert (band.sign, band.why, band.final) == ("OK", "not flagged", False)
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert (band.sign, band.why, band.final) == ("NG", "rejected", True)
    assert band.grab().toImage().pixelColor(band.width() // 2, 8) == QColor(LIGHT.rejected)
    wait_for_photo(window, qtbot)
    window.review.verdict_bar.buttons["accepted"].click()
    window.review.list.step(-1)
    assert (band.sign, band.why, band.final) == ("OK", "accepted", True)
    window.review.list.show(6)
    assert (band.sign, band.why, band.final) == ("NG", "unreadable", False)


def test_letters_can_be_read_from_two_metres(window: MainWindow) -> None:
    """8 mm of capital height at 2 m (DIN 1450, signs); a screen has at least 96 pixels an inch or is scaled so."""
    switch(window)
    band = band_of(window)
    band.leave_button.hide()
    band.tell("NG", "", True)
    drawn = band.grab().toImage()
    ground = drawn.pixelColor(2, 2)
    rows = [
        y for y in range(drawn.height())
        if any(drawn.pixelColor(x, y) != ground for x in range(10, 120))
    ]  # fmt: skip
    assert (rows[-1] - rows[0] + 1) / drawn.devicePixelRatio() * 25.4 / 96 >= 8


def test_nothing_can_be_set_up_by_operators(window: MainWindow) -> None:
    def possible() -> set[str]:
        return {name for name, action in window.menus.actions.items() if action.isEnabled()}

    before = possible()
    switch(window)
    assert {"accept", "reject", "next"} < possible()
    assert not {"scan", "export", "keys", "shared", "contour", "regions", "start"} & possible()
    switch(window)
    assert possible() == before


def test_another_screen_ends_the_mode(window: MainWindow) -> None:
    switch(window)
    window.show_start()
    assert not window.isFullScreen()
    assert window.menuBar().isVisible()


def test_no_class_is_asked_for_where_there_is_none_to_choose(window: MainWindow) -> None:
    window.review.class_bar.ask("part_0.png", [], "")
    assert window.review.class_bar.isVisible()  # with a button to make a list
    switch(window)
    assert not window.review.class_bar.isVisible()
