"""What the station says where the workspace cannot be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

MakeRun = Callable[..., tuple[Workspace, int]]
MakeWindow = Callable[..., MainWindow]


def shown(window: MainWindow) -> str:
    session, current = window.review.session, window.review.current
    assert session is not None
    assert current is not None
    return session.rows[current].name


def test_a_workspace_that_cannot_be_written_is_told_and_nothing_changes(
    make_run: MakeRun, make_window: MakeWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run_id = make_run()
    store.close()
    window = make_window(str(run_id))

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("the workspace is read-only")

    qtbot.waitUntil(lambda: window.review.session is not None)
    assert window.store is not None
    monkeypatch.setattr(window.store.verdicts, "add", refuse)
    wait_for_photo(window, qtbot)
    window.review.verdicts.decide("accepted")
    assert problems == ["the workspace is read-only"]
    assert shown(window) == "part_0.png"
    assert window.review.session is not None
    assert window.review.session.verdict(0) == "undecided"


def test_a_workspace_that_cannot_be_made_is_told(make_window: MakeWindow, problems: list[str], tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file is in the way")
    window = make_window()
    assert "cannot make the workspace" in problems[0]
    assert window.isVisible()
