"""Menus: lines between groups, ticks for what is on, a menu under the right button; and the icon of the app."""

from collections.abc import Callable, Iterator
from itertools import groupby, pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QIcon
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gui.app import ICON
from gui.shell.keys import COMMANDS, MENUS
from gui.shell.theme import apply_theme
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    problems: list[str],
) -> Iterator[MainWindow]:
    store, run_id = make_run()
    store.close()
    made = make_window(str(run_id))
    wait_for_photo(made, qtbot)
    yield made
    assert problems == []


@pytest.mark.parametrize("name", MENUS)
def test_lines_part_the_groups_of_a_menu(window: MainWindow, name: str) -> None:
    lines = [action.isSeparator() for action in window.menus.menus[name].actions()]
    longest = max(len(list(group)) for is_line, group in groupby(lines) if not is_line)
    assert longest <= 6
    assert (lines[0], lines[-1]) == (False, False)
    assert (True, True) not in pairwise(lines)


def test_menus_tick_what_is_on(window: MainWindow) -> None:
    viewer, actions = window.review.viewer, window.menus.actions
    view = window.menus.menus["view"]
    view.aboutToShow.emit()
    on = {command.name: actions[command.name].isChecked() for command in COMMANDS if command.ticks}
    assert on == {**on, "heat": True, "contour": True, "regions": False, "compare": False, "cloud": False}

    viewer.contour.click()  # not by the menu
    actions["heat"].trigger()
    actions["compare"].trigger()
    view.aboutToShow.emit()
    assert (viewer.heat_shown, viewer.compare.isChecked()) == (False, True)
    assert [actions[name].isChecked() for name in ("heat", "contour", "compare")] == [False, False, True]


def test_the_right_button_offers_what_can_be_done(window: MainWindow) -> None:
    def offered(widget: QWidget) -> set[str]:
        assert widget.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
        return {action.objectName() or action.text() for action in widget.actions()}

    assert {"accept", "reject", "compare", "fit"} < offered(window.review.viewer.main_view)
    assert {"accept", "reject", "export"} < offered(window.review.gallery)
    assert {"Open", "Resume"} == offered(window.start.runs)


def test_runs_offer_only_what_their_buttons_do(window: MainWindow) -> None:
    window.show_start()
    run_opened = []
    window.start.run_chosen.connect(run_opened.append)
    open_it, resume_it = window.start.runs.actions()
    assert (open_it.isEnabled(), resume_it.isEnabled()) == (True, False)
    open_it.trigger()
    assert run_opened == [1]


def test_grey_entries_under_the_right_button_say_why(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    """As grey buttons do; what is possible says nothing more than its own words."""
    apply_theme(qapp, "light")
    told: list[dict[str, tuple[bool, str]]] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        told.append({})
        for action in menu.actions() if menu.toolTipsVisible() else ():
            QToolTip.hideText()
            place = menu.actionGeometry(action).center()
            qapp.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, place, menu.mapToGlobal(place)))
            told[-1][action.text()] = action.isEnabled(), QToolTip.text()
        QToolTip.hideText()
        menu.close()

    window.menus.hold_back("export", "Open a run first.")
    for widget in (window.review.gallery, window.start.runs):
        QTimer.singleShot(0, look)
        qapp.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    apply_theme(qapp, "system")

    photos, runs = told
    assert photos["Export…"] == (False, "Open a run first.")
    assert photos["Accept"] == (True, "")
    assert runs == {"Open": (True, ""), "Resume": (False, "Only a run that was stopped can be resumed.")}


def test_the_app_has_an_icon(qapp: object) -> None:
    drawn = QIcon(str(ICON)).pixmap(32, 32).toImage()
    colours = {drawn.pixel(x, y) for x in range(32) for y in range(32)}
    assert len(colours) > 10
