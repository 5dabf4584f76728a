"""Photos that were moved after the scan are found again where the operator says they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.records import SampleReading
from inspector.store.relocation import relocate_run
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

MakeRun = Callable[..., tuple[Workspace, int]]


@pytest.fixture
def moved(make_run: MakeRun, tmp_path: Path) -> tuple[Workspace, int]:
    """A run whose photos were moved to another folder."""
    store, run_id = make_run()
    (tmp_path / "photos").rename(tmp_path / "archive")
    return store, run_id


@pytest.fixture
def window(moved: tuple[Workspace, int], make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    moved[0].close()
    made = make_window("1")
    wait_for_photo(made, qtbot)
    return made


def test_a_button_leads_to_the_folder(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = window.review
    assert review.photo.sight() == "unseen"
    assert review.viewer.locate.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "archive"))
    review.viewer.locate.click()
    qtbot.waitUntil(lambda: review.photo.sight() == "drawn")
    assert not review.viewer.locate.isVisible()
    assert window.store is not None
    (entry,) = window.store.audit.entries()
    assert (entry.kind, '"operator":"Mia"' in entry.fields) == ("folder", True)
    assert str(tmp_path / "archive") in window.windowTitle()
    review.list.step(1)
    wait_for_photo(window, qtbot)
    assert review.photo.sight() == "drawn"


def test_a_folder_without_the_photos_is_refused(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("gui.review.relocating.show_problem", lambda _, sentence: told.append(sentence))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.menus.actions["locate"].trigger()
    assert told == [f"none of the 6 files of run 1 lies in {tmp_path}; choose another folder"]
    assert window.review.viewer.locate.isVisible()


def test_photos_that_are_there_need_no_folder(
    make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    make_run()[0].close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    assert not window.review.viewer.locate.isVisible()


def test_other_files_of_the_same_names_are_refused(moved: tuple[Workspace, int], tmp_path: Path) -> None:
    store, run_id = moved
    store.runs.keep_readings(run_id, [SampleReading(0, "ok", sha256="0" * 64, width=80, height=64)])
    with pytest.raises(StoreError, match=r"part_0.png is another file than the one that was scanned"):
        relocate_run(store, run_id, tmp_path / "archive")
    assert store.runs.get(run_id).root == str(tmp_path / "photos")
    store.close()


def test_what_is_not_moved_is_counted(moved: tuple[Workspace, int], tmp_path: Path) -> None:
    store, run_id = moved
    (tmp_path / "archive" / "part_3.png").unlink()
    assert relocate_run(store, run_id, tmp_path / "archive") == 5
    assert store.runs.samples(run_id)[0].image == str(tmp_path / "archive" / "part_0.png")
    store.close()


def test_a_photo_that_was_replaced_is_not_shown_under_the_map_of_the_one_before(
    make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run()
    store.runs.keep_readings(run_id, [SampleReading(0, "ok", sha256="0" * 64, width=80, height=64)])
    store.close()
    window = make_window("1")
    wait_for_photo(window, qtbot)
    review = window.review
    assert review.photo.sight() == "unseen"
    assert "part_0.png is another file than the one that was scanned" in review.viewer.main_view._message
    review.list.step(1)
    wait_for_photo(window, qtbot)
    assert review.photo.sight() == "drawn"
