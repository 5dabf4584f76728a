"""What is said of a group moves the scores, where the scan kept how: by the engine, while the window stays alive."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.engine.following import Following
from gui.review.shared_regions import SharedRegions
from gui.window import MainWindow
from inspector.store.groups import FoundGroup
from inspector.store.workspace import Workspace

REGION = (0.4, 0.4, 0.6, 0.6)

MEMBERS = (1, 3, 4)

ENGINE = """
import sqlite3, sys
print(sys.argv[1:])
with sqlite3.connect(sys.argv[4] + "/inspector.db") as database:
    database.execute("UPDATE sample SET final = 0.875 WHERE run_id = ? AND position = 3", (sys.argv[2],))
    database.execute("UPDATE recurring_group SET corrected = 1")
"""
"""Stands for `inspector groups RUN --workspace FOLDER --operator NAME`."""

BROKEN = "import sys; sys.exit('inspector: the map 000003.npy is missing or damaged; scan the batch again')"


@pytest.fixture
def open_dialog(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], tuple[MainWindow, SharedRegions]]:
    """Open a run with a group of half its parts, and the dialog; `script` stands for the engine."""

    def make(script: str) -> tuple[MainWindow, SharedRegions]:
        engine = partial(Following, command=[sys.executable, "-c", script])
        monkeypatch.setattr("gui.review.shared_regions.Following", engine)
        store, run_id = make_run()
        group = FoundGroup(dict.fromkeys(MEMBERS, REGION), False, dict.fromkeys(MEMBERS, 0.9))
        store.groups.keep(run_id, [group], dict.fromkeys(range(6), 0.5))
        store.close()
        window = make_window("1")
        qtbot.waitUntil(lambda: window.review.session is not None)
        window.review.panel.shared.click()
        dialog = window.review.findChild(SharedRegions)
        assert dialog is not None
        return window, dialog

    return make


def test_scores_follow_a_mark_and_the_window_shows_them(
    open_dialog: Callable[[str], tuple[MainWindow, SharedRegions]], qtbot: QtBot
) -> None:
    window, dialog = open_dialog(ENGINE)
    session = window.review.session
    assert session is not None
    assert not dialog.following.busy
    group = dialog.groups[0].id

    dialog.buttons[group]["defect"].click()

    assert dialog.following.busy
    assert dialog._wait.isVisible()
    qtbot.waitUntil(lambda: session.finals[3] == 0.875, timeout=20_000)
    assert not dialog._wait.isVisible()
    assert dialog._headings[group].text().endswith("scores are as if they could not vouch for one another")
    dialog.close()


def test_scores_that_lag_behind_a_mark_follow_when_the_groups_are_shown(
    open_dialog: Callable[[str], tuple[MainWindow, SharedRegions]], qtbot: QtBot
) -> None:
    window, dialog = open_dialog(BROKEN)
    group = dialog.groups[0].id
    dialog.close()
    assert window.store is not None
    window.store.groups.mark(group, "Mia", "defect")  # and the power went

    window.review.show_shared()

    again = window.review.findChildren(SharedRegions)[-1]
    assert again.following.busy
    again.close()
    assert not again.following.busy


def test_why_scores_cannot_follow_is_told(
    open_dialog: Callable[[str], tuple[MainWindow, SharedRegions]], problems: list[str], qtbot: QtBot, tmp_path: Path
) -> None:
    _, dialog = open_dialog(BROKEN)

    dialog.buttons[dialog.groups[0].id]["defect"].click()

    qtbot.waitUntil(lambda: bool(problems), timeout=20_000)
    assert "000003.npy is missing or damaged" in problems[0]
    assert not dialog._wait.isVisible()
    dialog.close()
