"""What a scan shows of itself: something moves at once, thumbnails come, and the time left is that of the whole."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.scanning.progress import ProgressScreen
from gui.scanning.time_left import Pace, seconds_left_in_all
from gui.shell.theme import apply_theme
from inspector.events import Event
from inspector.export.rendering import encode


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[ProgressScreen]:
    made = ProgressScreen()
    qtbot.addWidget(made)
    made.resize(800, 600)
    yield made
    made.end()
    made.arrivals.close_down()


def test_something_moves_before_the_engine_says_anything(
    screen: ProgressScreen, qtbot: QtBot, qapp: QApplication
) -> None:
    before = qapp.style().objectName()
    qapp.setStyle("Fusion")
    apply_theme(qapp, "light")
    screen.begin("/photos")
    screen.show()
    bar = screen.bars["read"]
    first = bar.grab().toImage()
    qtbot.waitUntil(lambda: bar.grab().toImage() != first, timeout=1000)
    screen.show_event(Event("progress", "read", 3, 12))
    assert (bar.maximum(), bar.value()) == (12, 3)
    apply_theme(qapp, "system")
    qapp.setStyle(before)


def test_stages_that_only_some_scans_have_show_when_they_begin(screen: ProgressScreen) -> None:
    screen.begin("/photos")
    screen.show()
    assert not screen.bars["look"].isVisible()

    screen.show_event(Event("progress", "look", 3, 64))
    screen.show_event(Event("progress", "look", 5, 64))

    assert screen.bars["look"].isVisible()
    assert (screen.labels["look"].text(), screen.counts["look"].text()) == ("Looking at parts", "5 / 64")
    screen.begin("/others")
    assert not screen.bars["look"].isVisible()
    assert not screen.bars["measure"].isVisible()


def test_nothing_moves_after_the_end(screen: ProgressScreen) -> None:
    screen.begin("/photos")
    screen.end()
    assert screen.bars["read"].maximum() == 1


def test_thumbnails_show_as_they_come(screen: ProgressScreen, qtbot: QtBot, tmp_path: Path) -> None:
    screen.begin("/photos")
    screen.show()
    screen.arrivals.open(tmp_path)
    for number, grey in enumerate((40, 200)):
        (tmp_path / f"{number:06d}.jpg").write_bytes(encode(np.full((20, 30, 3), grey, np.uint8), ".jpg"))
        screen.arrivals.look()
        qtbot.waitUntil(lambda number=number: len(screen.arrivals.images) == number + 1)
    (tmp_path / "000002.jpg").write_bytes(b"half")
    screen.arrivals.look()
    assert abs(screen.arrivals.grab().toImage().pixelColor(40, 45).red() - 200) < 60  # the newest is first
    screen.begin("/others")
    assert screen.arrivals.images == []


def test_the_time_left_is_that_of_all_stages() -> None:
    pace = Pace({"read": 10.0, "score": 4.0, "maps": 1.0}, 10)
    # 20 samples: usually 20 s of reading, 16 of scoring, 2 of maps; this machine is half as fast
    assert seconds_left_in_all("read", 10.0, 2.0, 20, pace) == pytest.approx(10 + 2 * (16 + 2))
    assert seconds_left_in_all("score", 5.0, 0.8, 20, pace) == pytest.approx(5 + 2)
    assert seconds_left_in_all("maps", 1.0, 0.1, 20, pace) == pytest.approx(1.0)
    assert seconds_left_in_all("read", 3.0, 1.0, 5, Pace({}, 0)) == 3.0
