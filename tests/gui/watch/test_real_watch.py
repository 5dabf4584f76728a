"""A folder is watched with the real engine, from the dialog to the verdict."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.watch.dialog import WatchDialog
from gui.window import MainWindow


def test_parts_that_arrive_are_judged_and_shown(
    make_window: Callable[..., MainWindow], make_photos: Callable[..., list[Path]], qtbot: QtBot, tmp_path: Path
) -> None:
    good = make_photos(tmp_path / "stock", 5)
    (bad, *_) = make_photos(tmp_path / "bad", 1, spot=True)
    folder = tmp_path / "line"
    folder.mkdir()
    for photo in good:
        shutil.copy(photo, folder)
    window = make_window()
    window.asks_before_closing = False
    window.menus.actions["watch"].trigger()
    (dialog,) = window.findChildren(WatchDialog)
    dialog.path.setText(str(folder))
    dialog.warm_up.setValue(4)
    dialog.start_button.click()
    screen = window.watching.screen
    qtbot.waitUntil(lambda: screen.state.judged == 5, timeout=60_000)

    shutil.copy(bad, folder / "odd.png")
    qtbot.waitUntil(lambda: screen.view.part is not None and screen.view.part.name == "odd.png", timeout=60_000)
    assert screen.band.word() == "NG"
    assert screen.view.view.picture() is not None
    assert window.store is not None
    assert [row.flagged for row in window.store.runs.samples(1)][-1]

    window.watching.job.stop()
    qtbot.waitUntil(lambda: not window.watching.job.active, timeout=60_000)
    assert window.store.runs.get(1).status == "done"
