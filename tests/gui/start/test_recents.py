from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.start.runs import find_run, mark_stopped, resumable
from gui.start.screen import StartScreen
from inspector.data.samples import Batch, Sample
from inspector.settings import ScanSettings
from inspector.store.claims import WATCHED
from inspector.store.workspace import Workspace


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
            mark_stopped(store, run_id, "failed", "killed")
        assert [store.runs.get(running).status, store.runs.get(running).message] == ["failed", "killed"]
        assert store.runs.get(done).status == "done"


def test_find_run(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as store:
        run_id = stopped_run(store, tmp_path / "one", "done")
        assert find_run(store, str(run_id)) == run_id
        assert find_run(store, "99") is None
        assert find_run(store, "/some/folder") is None


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
