"""Work in the background that fails is told to the operator, where it matters."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.store.workspace import Workspace


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    problems: list[str],
) -> MainWindow:
    """The review of a run of six samples."""
    store, run_id = make_run(6)
    store.close()
    made = make_window(str(run_id))
    qtbot.waitUntil(lambda: bool(made.review.photo.defects.regions))
    return made


def fail(*_: object) -> None:
    raise RuntimeError("boom")


def test_a_search_for_regions_that_fails_is_told(
    window: MainWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pictures.picture_cache.find_defects", fail)
    window.review.threshold.move(0.1)
    qtbot.waitUntil(lambda: bool(problems))
    assert problems == ["The defect regions of this sample cannot be shown: RuntimeError: boom"]


def test_a_search_for_a_companion_that_fails_is_told_in_its_place(
    window: MainWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pictures.side_view.find_most_similar", fail)
    window.review.viewer.compare.click()
    qtbot.waitUntil(lambda: window.review.viewer.second_view._message == "RuntimeError: boom")
    assert problems == []


def test_a_picture_that_cannot_be_made_is_told_in_its_place(
    window: MainWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pictures.picture_cache.load_picture", fail)
    window.review.gallery.select_sample(5)
    expected = "This photo cannot be shown.\nRuntimeError: boom"
    qtbot.waitUntil(lambda: window.review.viewer.main_view._message == expected)
    assert problems == []


def test_thumbnails_that_cannot_be_made_are_told_once(
    window: MainWindow, qtbot: QtBot, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.review.gallery_model.read_thumbnail", fail)
    model = window.review.gallery.samples
    model.open(model.session)
    for sample in range(3):
        assert model.thumbnail(sample) is None
    qtbot.waitUntil(lambda: all(model.thumbnail(sample) is not None for sample in range(3)))
    assert problems == ["Thumbnails cannot be shown: RuntimeError: boom"]


def test_a_workspace_that_cannot_be_read_for_the_target_is_told(
    make_window: Callable[..., MainWindow], problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the drive is gone")

    monkeypatch.setattr("gui.start.runs.find_run", fail)
    make_window("1")
    assert problems == ["the drive is gone"]


def test_without_a_workspace_each_button_says_why_it_does_nothing(
    make_window: Callable[..., MainWindow], tmp_path: Path, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workspace").write_text("no folder")
    told: list[str] = []
    monkeypatch.setattr("gui.shell.dialogs.show_problem", lambda _window, sentence: told.append(sentence))
    monkeypatch.setattr("gui.window.QFileDialog.getExistingDirectory", lambda *_: "")
    window = make_window()

    window.start.scan_button.click()
    window.start.watch_button.click()
    window.ask_scan(tmp_path)
    for name in ("statistics", "check"):
        window.menus.actions[name].trigger()
    assert told == problems * 5
    assert len(problems) == 1
