import errno
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from pytestqt.qtbot import QtBot

from gui.start.runs import find_owner, find_run, mark_stopped, resumable
from gui.start.screen import StartScreen
from gui.watch.choice import WatchChoice
from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store.claims import SILENCE, WATCHED, is_alive, name_owner
from inspector.store.workspace import Workspace

NO_KEYS = Qt.KeyboardModifier.NoModifier


def stopped_run(store: Workspace, folder: Path, status: str) -> int:
    folder.mkdir(exist_ok=True)
    run_id = store.runs.create(Batch(folder, (Sample("a.png", image=folder / "a.png"),)), ScanSettings())
    store.runs.end(run_id, status, "")
    return run_id


def test_the_newest_unfinished_run_of_each_folder_can_be_resumed(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        stopped_run(store, tmp_path / "one", "cancelled")
        newer = stopped_run(store, tmp_path / "one", "failed")
        stopped_run(store, tmp_path / "two", "running")  # by this very program
        stopped_run(store, tmp_path / "three", "done")
        assert resumable(store.runs.all()) == {newer}


def test_a_run_whose_folder_is_gone_cannot_be_resumed(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        stopped_run(store, tmp_path / "one", "cancelled")
        (tmp_path / "one").rmdir()
        assert resumable(store.runs.all()) == set()


def test_a_run_without_engine_is_marked_but_a_closed_one_is_not_touched(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        running, done = (stopped_run(store, tmp_path / "one", status) for status in ("running", "done"))
        for run_id in (running, done):
            mark_stopped(store, run_id, "failed", "killed", find_owner(store, run_id))
        assert [store.runs.get(running).status, store.runs.get(running).message] == ["failed", "killed"]
        assert store.runs.get(done).status == "done"


def test_a_run_that_another_program_has_taken_up_is_not_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Workspace(tmp_path / "workspace") as store:
        with monkeypatch.context() as station:
            station.setattr("inspector.store.run_rows.name_owner", lambda: "program 7 (1.00) on elsewhere")
            run_id = stopped_run(store, tmp_path / "one", "running")
        mark_stopped(store, run_id, "failed", "killed", name_owner())
        assert store.runs.get(run_id).status == "running"


def test_a_run_that_another_station_took_up_and_ended_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace(tmp_path / "workspace") as store:
        here = stopped_run(store, tmp_path / "one", "done")
        monkeypatch.setattr("inspector.store.run_rows.name_owner", lambda: "program 7 (1.00) on elsewhere")
        there = stopped_run(store, tmp_path / "one", "done")
        first = "program 8 (1.00) on this"
        assert not mark_stopped(store, here, "failed", "killed", first)
        assert mark_stopped(store, there, "failed", "killed", first)
        assert not mark_stopped(store, there, "failed", "killed", find_owner(store, there))


def test_an_engine_that_has_not_quite_ended_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace(tmp_path / "workspace") as store:
        monkeypatch.setattr("inspector.store.run_rows.name_owner", lambda: "program 7 (1.00) on elsewhere")
        run_id = stopped_run(store, tmp_path / "one", "running")
        assert is_alive(store.runs.get(run_id))
        mark_stopped(store, run_id, "failed", "killed", find_owner(store, run_id))
        assert store.runs.get(run_id).status == "failed"


def test_the_owner_of_a_run_that_is_gone_is_unknown(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        assert find_owner(store, 7) == ""


def test_a_folder_that_cannot_be_looked_at_is_not_there(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat, asked = os.stat, []

    def fail(path: Path, *arguments: object, **named: object) -> os.stat_result:
        if not str(path).startswith(str(tmp_path / "stick")):
            return stat(path, *arguments, **named)
        asked.append(path)
        raise OSError(errno.EIO, "Input/output error")

    screen = StartScreen()
    qtbot.addWidget(screen)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "stick"))])
    with Workspace(tmp_path / "workspace") as store:
        stopped_run(store, tmp_path / "stick", "cancelled")
        monkeypatch.setattr("os.stat", fail)
        assert resumable(store.runs.all()) == set()
    drop = QDragEnterEvent(QPoint(), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, NO_KEYS)
    screen.dragEnterEvent(drop)
    assert WatchChoice(str(tmp_path / "stick")).find_problem() == "folder"
    assert len(asked) >= 3


def test_find_run(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        run_id = stopped_run(store, tmp_path / "one", "done")
        assert find_run(store, str(run_id)) == run_id
        assert find_run(store, "99") is None
        assert find_run(store, "/some/folder") is None
        shutil.rmtree(store.folder)
        store.close()
        with pytest.raises(StoreError, match="is gone; put it back"):
            find_run(store, str(run_id))


def test_a_run_that_is_being_scanned_is_told_from_one_that_stopped(tmp_path: Path, qtbot: QtBot) -> None:
    screen = StartScreen()
    qtbot.addWidget(screen)
    with Workspace(tmp_path / "workspace") as store:
        stopped_run(store, tmp_path / "one", "running")  # by this very program
        alive = store.runs.get(1)
        line = replace(alive, layout=WATCHED, flagged=3)
        screen.show_runs([alive, replace(alive, owner=""), line], set())
    told = [[item.text(4), item.text(6)] for row in range(3) if (item := screen.runs.topLevelItem(row))]
    assert told == [["", "being scanned"], ["", "unfinished"], ["3", "being watched"]]
    screen.show_runs([alive], set(), datetime.now(UTC) + 2 * SILENCE)
    assert [item.text(6) for item in [screen.runs.topLevelItem(0)] if item] == ["unfinished"]


def test_a_folder_is_shown_as_far_as_there_is_room_and_the_marked_run_stays(tmp_path: Path, qtbot: QtBot) -> None:
    screen = StartScreen()
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    screen.show()
    with Workspace(tmp_path / "workspace") as store:
        numbers = [stopped_run(store, tmp_path / name, "done") for name in ("one", "two", "three")]
        screen.show_runs([store.runs.get(number) for number in (2, 1)], set())
        widths = [screen.runs.columnWidth(column) for column in range(7)]
        assert 2 * widths[2] > sum(widths)

        screen.runs.setCurrentItem(screen.runs.topLevelItem(1))
        screen.show_runs([store.runs.get(number) for number in (2, 1)], set())
        assert screen.marked() == numbers[0]
        screen.show_runs([store.runs.get(number) for number in (3, 2, 1)], set())
        assert screen.marked() == numbers[2]


def test_a_folder_with_an_end_of_a_line_in_its_name_is_seen_whole(tmp_path: Path, qtbot: QtBot) -> None:
    screen = StartScreen()
    qtbot.addWidget(screen)
    with Workspace(tmp_path / "workspace") as store:
        stopped_run(store, tmp_path / "a\nb", "done")
        screen.show_runs(store.runs.all(), set())

    assert [item.text(2) for item in [screen.runs.topLevelItem(0)] if item] == [f"{tmp_path}/a↵b"]


def test_without_runs_everything_begins_at_the_top(qtbot: QtBot) -> None:
    screen = StartScreen()
    qtbot.addWidget(screen)
    screen.resize(1200, 900)
    screen.show()
    assert screen.open_button.mapTo(screen, QPoint()).y() < 500
