"""What is grey says why."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.shell.labels import WrappedLabel
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


def find_unexplained(window: MainWindow) -> list[str]:
    return [
        name
        for name, action in window.menus.actions.items()
        if not action.isEnabled() and action.toolTip() in ("", action.text().rstrip("…"))
    ]


def test_every_command_that_is_grey_says_why(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(done=False)
    store.runs.end(run_id, "cancelled", "stopped")
    store.close()
    window = make_window()
    actions, menus = window.menus.actions, window.menus.menus
    assert actions["accept"].toolTip() == "Open a run first."
    assert find_unexplained(window) == []

    window.open_run(run_id)
    assert actions["scan_again"].toolTip() == actions["export"].toolTip() == "The run is being read."
    qtbot.waitUntil(lambda: window.review.session is not None)
    window._show_session()
    assert actions["export"].toolTip().startswith("The run was not finished")
    assert actions["undo"].toolTip().startswith("No verdict was given")
    assert find_unexplained(window) == []
    assert menus["file"].toolTipsVisible()
    assert menus["edit"].toolTipsVisible()


def test_no_verdict_is_offered_where_no_part_is_listed(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run()
    store.close()
    window = make_window(str(run_id))
    wait_for_photo(window, qtbot)
    buttons = window.review.verdict_bar.buttons.values()

    def offered() -> set[tuple[bool, str]]:
        return {(button.isEnabled(), button.toolTip()) for button in buttons}

    window.review.filters.search.setText("no such part")
    qtbot.waitUntil(lambda: offered() == {(False, "No part is listed.")})
    window.review.filters.search.clear()
    qtbot.waitUntil(lambda: offered() == {(True, "")})


def test_what_cannot_be_copied_says_why(qtbot: QtBot) -> None:
    label = WrappedLabel("a sentence")
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def offer() -> tuple[bool, str]:
        label.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(1, 1), QPoint(1, 1)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        (copy,) = menu.actions()
        menu.close()
        return copy.isEnabled(), copy.toolTip()

    assert offer() == (False, "Mark some text first.")
    label.setSelection(0, 3)
    assert offer()[0]
