"""Where the workspace has users, the app asks for a password and refuses what the role may not do."""

import os
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from gui.engine.process import engine_process
from gui.shell.preferences import Preferences
from gui.shell.sign_in import SignIn
from gui.window import MainWindow
from inspector.roles import OPERATOR, PASSWORD
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

SECRET = "correct horse"

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
        window.menus.actions[command].trigger()
    window.ask_scan(window.store.folder)

    assert problems == ["Ann is signed in as operator and may not do that. Who may: engineer."] * 6
    assert window.review.session.threshold == before
    assert window.store.runs.threshold_changes(1) == []


def test_an_engineer_moves_the_threshold(
    window: MainWindow, type_in: Callable[..., list[str]], problems: list[str]
) -> None:
    type_in("Eve", SECRET)

    window.review.threshold.move(window.review.session.threshold / 2)
    window.review.threshold._keep()

    assert ([move.operator for move in window.store.runs.threshold_changes(1)], problems) == (["Eve"], [])
