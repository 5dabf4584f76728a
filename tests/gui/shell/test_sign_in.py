"""Where the workspace has users, the app asks for a password and refuses what the role may not do."""

import os
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from gui.engine.process import engine_process
from gui.shell.permits import needs
from gui.shell.preferences import Preferences
from gui.shell.sign_in import SignIn
from gui.window import MainWindow
from inspector.roles import OPERATOR, PASSWORD
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

SECRET = "correct horse"

REFUSAL = "Ann is signed in as operator and may not do that. Who may: engineer."

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    preferences: Preferences,
    qtbot: object,
    problems: list[str],
) -> Iterator[MainWindow]:
    """A run open in a workspace with an engineer, Eve, and an operator, Ann; nobody is signed in."""
    store, _ = make_run()
    store.users.add("Eve", "engineer", SECRET)
    store.users.sign_in("Eve", SECRET)
    store.users.add("Ann", "operator", SECRET)
    store.close()
    preferences.remember("operator", "")
    opened = make_window("1")
    wait_for_photo(opened, qtbot)
    yield opened
    opened.operator.sign_out()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Have passwords typed in turn where they are asked; then the dialog is given up. Gives what it told."""

    def prepare(name: str, *passwords: str) -> list[str]:
        told: list[str] = []

        def answer(dialog: SignIn) -> int:
            dialog.name.setText(name)
            for password in passwords:
                dialog.password.setText(password)
                dialog.accept()
                told.append(dialog.told.text() if dialog.role is None else f"{dialog.role}")
                if dialog.role is not None:
                    return 1
            dialog.reject()
            return 0

        monkeypatch.setattr(SignIn, "exec", answer)
        return told

    return prepare


def test_a_verdict_asks_for_a_password_and_is_of_who_signed_in(
    window: MainWindow, type_in: Callable[..., list[str]], problems: list[str]
) -> None:
    told = type_in("Ann", "wrong", SECRET)

    window.menus.actions["reject"].trigger()

    assert told == ["The name or the password is wrong.", "operator"]
    assert window.operator_bar.told.text() == "Signed in as Ann"
    assert [(said.operator, said.new) for said in window.store.verdicts.of_run(1)] == [("Ann", "rejected")]
    assert (os.environ[OPERATOR], os.environ[PASSWORD], problems) == ("Ann", SECRET, [])


def test_the_engine_is_told_who_is_signed_in(window: MainWindow, type_in: Callable[..., list[str]]) -> None:
    type_in("Eve", SECRET)
    window.operator.change()
    told = []

    for _ in range(2):
        process = engine_process(window)
        process.start(sys.executable, ["-S", "-c", f"import os; print(os.environ.get('{OPERATOR}'))"])
        assert process.waitForFinished()
        told.append(process.readAllStandardOutput().data().decode().strip())
        window.operator.sign_out()

    assert told == ["Eve", "None"]


def test_who_knows_no_password_says_nothing(window: MainWindow, type_in: Callable[..., list[str]]) -> None:
    type_in("Ann", "wrong")

    window.menus.actions["reject"].trigger()

    assert (window.operator.name, window.store.verdicts.of_run(1)) == ("", [])
    assert PASSWORD not in os.environ


def test_who_is_idle_is_signed_out_of_the_store_too(window: MainWindow, type_in: Callable[..., list[str]]) -> None:
    type_in("Eve", SECRET)
    window.operator.change()
    assert window.store.users.signed_in == "Eve"

    window.operator.idle.timeout.emit()

    assert (window.store.users.signed_in, window.operator.name) == ("", "")
    assert OPERATOR not in os.environ
    assert PASSWORD not in os.environ


def test_an_operator_sets_nothing_up(
    window: MainWindow, type_in: Callable[..., list[str]], problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("nothing further is asked")

    monkeypatch.setattr(QInputDialog, "getText", never)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", never)
    type_in("Ann", SECRET)
    before = window.review.session.threshold

    window.review.threshold.move(before / 2)
    window.review.threshold._keep()
    for command in ("classes", "roi", "locate", "watch"):
        window.menus.actions[command].trigger()  # grey by now
    window.ask_scan(window.store.folder)

    assert problems == [REFUSAL] * 2
    assert window.review.session.threshold == before
    assert window.store.runs.threshold_changes(1) == []


def test_an_engineer_moves_the_threshold(
    window: MainWindow, type_in: Callable[..., list[str]], problems: list[str]
) -> None:
    type_in("Eve", SECRET)

    window.review.threshold.move(window.review.session.threshold / 2)
    window.review.threshold._keep()

    assert ([move.operator for move in window.store.runs.threshold_changes(1)], problems) == (["Eve"], [])


def test_what_a_role_may_not_do_is_grey_and_says_why(window: MainWindow, type_in: Callable[..., list[str]]) -> None:
    panel, actions = window.review.panel, window.menus.actions
    widgets = (panel.threshold, panel.plot, panel.reset_button, window.review.viewer.locate, window.start.scan_button)
    tips = [widget.toolTip() for widget in widgets]
    assert all(widget.isEnabledTo(window) for widget in widgets)
    explained = window.menus.menus["file"].toolTipsVisible()  # why the open run cannot be scanned again
    type_in("Ann", SECRET)

    window.operator.change()
    panel.show_threshold(0.5, 1, 2)  # as when another run is opened

    assert [(widget.isEnabledTo(window), widget.toolTip()) for widget in widgets] == [(False, REFUSAL)] * len(widgets)
    for name in ("scan", "watch", "locate", "classes", "roi"):
        assert (actions[name].isEnabled(), actions[name].toolTip()) == (False, REFUSAL)
    assert window.menus.menus["file"].toolTipsVisible()
    assert actions["accept"].isEnabled()
    assert window.review.verdict_bar.buttons["accepted"].isEnabled()
    panel.show_threshold(None, 0, 0)
    window.operator.sign_out()
    none = "This run has no threshold yet."
    assert [widget.toolTip() for widget in widgets] == [none, tips[1], none, *tips[3:]]
    assert [widget.isEnabledTo(window) for widget in widgets] == [False, True, False, True, True]  # without a threshold
    assert actions["scan"].isEnabled()
    assert window.menus.menus["file"].toolTipsVisible() == explained


def test_who_moves_no_threshold_sets_none_by_verdicts_but_is_asked(
    window: MainWindow, type_in: Callable[..., list[str]]
) -> None:
    panel = window.review.panel
    type_in("Ann", SECRET)
    window.operator.change()

    panel.show_verdicts(2, possible=True)  # as after a verdict

    assert (panel.by_verdicts.isEnabled(), panel.by_verdicts.toolTip()) == (False, REFUSAL)
    assert panel.next.isEnabled()
    assert window.menus.actions["ask"].isEnabled()
    window.operator.sign_out()
    assert panel.by_verdicts.isEnabled()
    assert panel.by_verdicts.toolTip().startswith("Set the threshold by the verdicts so far (parts: 2)")


def test_classes_of_each_part_are_grey_for_who_gives_no_verdicts(window: MainWindow) -> None:
    bar = window.review.class_bar
    bar.ask("part_0.png", ["burr"], "")
    assert bar.buttons[0].isEnabled()
    window.operator.sign_in("Bob", "auditor")
    assert not bar.buttons[0].isEnabled()
    bar.ask("part_1.png", ["burr", "dent"], "dent")
    assert not any(button.isEnabled() for button in (*bar.buttons, bar.edit))
    window.operator.sign_in("Ann", "operator")
    assert [button.isEnabled() for button in (*bar.buttons, bar.edit)] == [True, True, False]


def test_who_only_looks_ends_nothing_that_runs(window: MainWindow) -> None:
    live = window.watching.screen
    buttons = (live.pause, live.stop, window.progress.cancel_button)
    window.operator.sign_in("Bob", "auditor")
    window.progress.begin("/parts")  # a scan that somebody else began goes on
    assert [button.isEnabledTo(window) for button in buttons] == [False] * 3
    window.operator.sign_in("Ann", "operator")
    assert [button.isEnabledTo(window) for button in buttons] == [True] * 3
    window.progress.end()


def test_buttons_of_a_dialog_that_opens_are_grey_too(
    window: MainWindow, type_in: Callable[..., list[str]], qtbot: QtBot
) -> None:
    type_in("Ann", SECRET)
    window.operator.change()
    dialog, button = QDialog(window), QPushButton("Defect")
    button.setParent(dialog)
    needs("mark", button)

    dialog.open()

    qtbot.waitUntil(lambda: button.toolTip() == REFUSAL)
    assert not button.isEnabled()
    dialog.reject()


def test_a_role_that_somebody_else_changes_holds_without_signing_in_again(
    window: MainWindow, type_in: Callable[..., list[str]], problems: list[str], qtbot: QtBot
) -> None:
    type_in("Ann", SECRET)
    window.operator.change()
    assert not window.menus.actions["scan"].isEnabled()
    told = window.statusBar()
    with Workspace(window.store.folder) as elsewhere:
        elsewhere.users.sign_in("Eve", SECRET)
        elsewhere.users.set_role("Ann", "engineer")
        window.operator.look_again()
        qtbot.waitUntil(lambda: window.menus.actions["scan"].isEnabled())
        assert told.currentMessage() == "Ann is engineer from now on."
        window.review.threshold.move(window.review.session.threshold / 2)
        window.review.threshold._keep()

        elsewhere.users.remove("Ann")
        window.operator.look_again()
        qtbot.waitUntil(lambda: not window.operator.name)

    assert told.currentMessage() == "Ann is no user any more and was signed out."
    assert [move.operator for move in window.store.runs.threshold_changes(1)] == ["Ann"]
    assert (window.store.users.signed_in, OPERATOR in os.environ, problems) == ("", False, [])
