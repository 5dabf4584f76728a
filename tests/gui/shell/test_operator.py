"""Who judges is seen all the time, is not taken over silently from the day before, and is signed out when idle."""

from collections.abc import Callable
from threading import Event, Timer

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QInputDialog
from pytestqt.qtbot import QtBot

from gui.shell.operator import Operator
from gui.shell.preferences import Preferences
from gui.window import MainWindow
from inspector.store.workspace import Workspace


@pytest.fixture
def window(make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow]) -> MainWindow:
    make_run()[0].close()
    return make_window("1")


def told(window: MainWindow) -> tuple[str, str]:
    return window.operator_bar.told.text(), window.operator_bar.button.text()


def test_the_name_is_on_the_screen_and_can_be_changed(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    assert window.operator_bar.isVisible()
    assert told(window) == ("Signed in as Mia", "Change…")

    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Ann", True))
    window.operator_bar.button.click()

    assert told(window) == ("Signed in as Ann", "Change…")
    window.show_start()
    assert window.operator_bar.isVisible()


def test_after_a_start_the_last_name_is_offered_and_asked(
    window: MainWindow, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Operator(preferences, window)
    offered: list[str] = []

    def answer(*_: object, text: str) -> tuple[str, bool]:
        offered.append(text)
        return text, True

    monkeypatch.setattr(QInputDialog, "getText", answer)
    assert again.name == ""
    assert again.ask() == "Mia"
    assert offered == ["Mia"]
    assert again.ask() == "Mia"
    assert len(offered) == 1


def test_who_is_idle_is_signed_out(window: MainWindow) -> None:
    assert window.operator.idle.interval() == 15 * 60_000
    assert window.operator.idle.isActive()

    window.operator.idle.timeout.emit()

    assert window.operator.name == ""
    assert told(window) == ("Nobody is signed in", "Sign in…")
    assert not window.operator.idle.isActive()


def test_keys_put_the_sign_out_off(window: MainWindow) -> None:
    window.operator.idle.start(10_000_000)
    window.operator.idle.setInterval(15 * 60_000)
    window.operator.idle.stop()

    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N)

    assert window.operator.idle.isActive()


def test_keys_in_a_dialog_put_the_sign_out_off_too(window: MainWindow, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
    window.operator.idle.stop()

    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_N)

    assert window.operator.idle.isActive()
    dialog.reject()


def test_the_time_can_be_set_and_switched_off(window: MainWindow, preferences: Preferences) -> None:
    [choices] = [
        action.menu() for action in window.menus.menus["edit"].actions() if action.text() == "Sign out when idle"
    ]
    by_text = {action.text(): action for action in choices.actions()}
    by_text["After 5 minutes"].trigger()
    assert window.operator.idle.interval() == 5 * 60_000

    by_text["Never"].trigger()

    assert not window.operator.idle.isActive()
    assert preferences.text("idle_minutes") == "0"


def test_the_window_closes_while_the_users_role_is_asked_of_a_server_that_is_away(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, gate = Event(), Event()
    assert window.store is not None

    def find(_name: str) -> None:
        asked.set()
        gate.wait()

    monkeypatch.setattr(window.store.users, "find", find)
    window.operator.sign_in("Ann", "engineer")
    in_the_end = Timer(20, gate.set)
    in_the_end.start()
    window.operator.look_again()
    assert asked.wait(20)

    assert window.close()

    assert not gate.is_set()
    gate.set()
    in_the_end.cancel()
