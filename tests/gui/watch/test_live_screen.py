"""A watched folder in the window; the engine plays a script."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.shell.numbers import use_numbers_of
from gui.shell.texts import translate_sentence
from gui.shell.theme import DARK, apply_theme
from gui.watch.alarm_bar import AlarmBar
from gui.watch.band import Band
from gui.watch.choice import WatchChoice
from gui.watch.counters import Counters
from gui.watch.line_state import LineState, ListedPart
from gui.watch.part_list import PartList
from gui.watch.part_view import LoadedPart, PartView
from gui.watch.screen import LiveScreen
from gui.window import MainWindow
from inspector.events import Event
from inspector.export.isolates import remove_isolates
from inspector.sinks.backlog import Backlog
from inspector.sinks.result import PartResult
from inspector.store.workspace import Workspace
from tests.gui.watch.conftest import RUN, tell_part

ALARM = {"kind": "warning", "stage": "alarm", "done": 9, "total": 30, "message": "alarm: 30%"}
CHANGE = {"kind": "warning", "stage": "change", "message": "change of product?"}
SINKS = {"kind": "waiting", "message": "mqtt://broker", "total": 12}

Station = Callable[..., MainWindow]


def begin(window: MainWindow, tmp_path: Path) -> LiveScreen:
    window.watching.begin(WatchChoice(str(tmp_path / "line")))
    return window.watching.screen


def rows(screen: LiveScreen) -> list[list[str]]:
    items = [screen.list.topLevelItem(row) for row in range(screen.list.topLevelItemCount())]
    return [[item.text(column) for column in range(1, 5)] for item in items if item is not None]


def wait_for_part(screen: LiveScreen, qtbot: QtBot, position: int) -> None:
    qtbot.waitUntil(lambda: screen.view.part is not None and screen.view.part.position == position)


def test_parts_appear_with_verdict_and_counts(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_station({"events": [RUN, tell_part(6, "ng", 0.75), {"kind": "alive", "done": 7, "total": 9}]})
    screen = begin(window, tmp_path)
    qtbot.waitUntil(lambda: screen.state.waiting == 2 and screen.state.judged == 7)

    assert window.screens.currentWidget() is screen
    assert screen.title.text() == "Watching, run 1"
    assert rows(screen)[:2] == [["part_6.png", "0.750", "NG", ""], ["part_5.png", "0.200", "OK", ""]]
    assert screen.band.word() == "NG"
    assert screen.band.part is not None
    assert screen.band.part.name == "part_6.png"
    numbers = {name: label.text() for name, label in screen.counters.values.items()}
    assert numbers == {"judged": "7", "flagged": "2", "rate": "28.6 %", "unreadable": "0", "waiting": "2"}
    assert not screen.counters.bar.isVisible()


def test_photo_of_the_newest_part_is_shown_with_its_map(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)

    picture = screen.view.view.picture()
    assert picture is not None
    assert picture.size == (64, 80)
    assert picture.heat is not None
    assert screen.view.caption.text() == "part_5.png   0.200"


def test_warm_up_is_told(make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path) -> None:
    window = make_station({"events": [{"kind": "progress", "stage": "warm-up", "done": 12, "total": 20}]})
    screen = begin(window, tmp_path)
    qtbot.waitUntil(lambda: screen.counters.bar.isVisible())

    assert screen.counters.learning.text() == "Learning 12 of 20"
    assert screen.counters.bar.value() == 12


def test_alarms_stand_at_the_top_until_they_are_over(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = begin(make_station({"events": [RUN, ALARM, CHANGE, SINKS]}), tmp_path)
    qtbot.waitUntil(lambda: len(screen.alarms.texts()) == 3)

    alarm, change, sinks = screen.alarms.texts()
    assert alarm == "⚠  Alarm: 9 of the last 30 parts flagged."
    assert change.startswith("⚠  Change of product?")
    assert sinks == "⚠  mqtt://broker: 12 results wait to be sent. None is lost."
    assert "  Change of product?" in screen.notices.toPlainText()

    for stage in ("calm", "over"):
        screen.take(Event("warning", stage, message="it is over"))
    screen.take(Event("waiting", message="mqtt://broker", total=3))
    assert screen.alarms.texts() == []
    assert "Parts are good again: the pool goes on learning." in screen.notices.toPlainText()
    assert screen.counters.sinks.text() == "Waiting to be sent – mqtt://broker: 3"


def test_part_that_is_held_is_rejected_and_the_newest_cannot_be(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)
    reject = screen.view.verdicts.buttons["rejected"]
    assert not reject.isEnabled()

    item = screen.list.topLevelItem(3)
    assert item is not None
    place = screen.list.visualItemRect(item).center()
    QTest.mouseClick(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_for_part(screen, qtbot, 2)
    QTest.mouseClick(reject, Qt.MouseButton.LeftButton)

    (said,) = line.verdicts.of_run(1)
    assert (said.sample_id, said.new, said.operator) == (line.runs.samples(1)[2].id, "rejected", "Mia")
    assert rows(screen)[3] == ["part_2.png", "0.200", "OK", "rejected"]
    assert line.watches.rejected(1, range(9)) == {2}  # so the engine takes it out of the pool
    qtbot.waitUntil(lambda: reject.isChecked())
    QTest.mouseClick(screen.view.hold, Qt.MouseButton.LeftButton)
    wait_for_part(screen, qtbot, 5)
    assert screen.held is None
    assert not reject.isEnabled()


def test_held_part_stays_while_others_come(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)
    screen.hold(1)
    wait_for_part(screen, qtbot, 1)

    screen.take(Event(**tell_part(6, "ng", 0.8)))

    assert screen.band.word() == "NG"
    assert screen.view.part is not None
    assert screen.view.part.position == 1


def test_verdict_of_another_station_stands_and_is_told(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)
    screen.hold(2)
    wait_for_part(screen, qtbot, 2)
    line.verdicts.add(line.runs.samples(1)[2].id, "Bob", "accepted")

    screen.view.given.emit("rejected")

    assert len(line.verdicts.of_run(1)) == 1
    assert problems[0].startswith("Bob decided this part meanwhile: accepted")
    qtbot.waitUntil(lambda: screen.view.part is not None and screen.view.part.verdict == "accepted")


def test_who_thinks_better_of_it_at_once_is_no_other_station(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)
    screen.hold(2)
    wait_for_part(screen, qtbot, 2)

    screen.view.given.emit("rejected")
    screen.view.given.emit("accepted")  # what stands has not been read again yet

    assert [said.new for said in line.verdicts.of_run(1)] == ["rejected", "accepted"]
    assert problems == []
    assert screen.view.verdicts.buttons["accepted"].isChecked()


def test_part_is_put_into_the_pool_when_that_is_confirmed(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)
    screen.hold(5)
    qtbot.waitUntil(lambda: screen.view.into_pool.isEnabled())
    monkeypatch.setattr("gui.watch.screen.confirm", lambda *_: False)
    screen.view.into_pool.click()
    assert line.pools.changes(1) == []

    monkeypatch.setattr("gui.watch.screen.confirm", lambda *_: True)
    screen.view.into_pool.click()

    (change,) = line.pools.changes(1)
    assert (change.position, change.operator, change.new) == (5, "Mia", "put in")


def test_what_cannot_be_read_is_not_counted_as_judged(qtbot: QtBot) -> None:
    counters = Counters()
    qtbot.addWidget(counters)
    counters.show_state(LineState(judged=9, unreadable=2))
    assert counters.values["judged"].text() == "7"


def test_line_is_told_in_the_status_bar_while_something_else_is_shown(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_station({"events": [RUN, tell_part(6, "ng", 0.75)]})
    screen = begin(window, tmp_path)
    qtbot.waitUntil(lambda: screen.state.judged == 7)
    assert not window.watching.bar.isVisible()

    window.show_start()
    assert window.watching.bar.isVisible()
    assert window.watching.bar.text() == "Watching. Judged: 7, flagged: 2"

    window.watching.bar.click()
    assert window.screens.currentWidget() is screen
    screen.review.click()
    qtbot.waitUntil(lambda: window.review.session is not None)
    assert window.review.session is not None
    assert window.review.session.run.id == 1


def test_the_band_tells_why_a_part_is_unreadable_without_its_name_again(qtbot: QtBot) -> None:
    band = Band()
    qtbot.addWidget(band)
    reason = "a.png is empty (0 bytes); copy it again from the camera"
    band.show_part(ListedPart(6, "lot/a.png", "unreadable", None, datetime(2026, 3, 1, tzinfo=UTC), reason))

    assert band.about() == "is empty (0 bytes); copy it again from the camera"


def test_an_alarm_that_lasts_stays_whatever_it_names(qtbot: QtBot) -> None:
    bar = AlarmBar()
    qtbot.addWidget(bar)
    engine = translate_sentence("the folder קבוצה 2 cannot be listed: it is gone")
    bar.show_state(LineState(), engine)
    (first,) = bar._labels
    bar.show_state(LineState(), engine)

    assert remove_isolates(engine) != engine
    assert bar._labels == [first]


def test_scores_of_a_line_are_written_as_in_the_language_of_the_app(qtbot: QtBot) -> None:
    part = ListedPart(6, "part_6.png", "ng", 0.75, datetime(2026, 3, 1, tzinfo=UTC))
    use_numbers_of(QLocale("de"))
    try:
        listed = PartList()
        qtbot.addWidget(listed)
        listed.add(part)
        view = PartView()
        qtbot.addWidget(view)
        view.show_part(LoadedPart(6, 7, "part_6.png", 0.75, "undecided", reason="gone"), held=False)
    finally:
        use_numbers_of(QLocale("en"))
    assert listed.topLevelItem(0).text(2) == "0,750"
    assert view.caption.text() == "part_6.png   0,750"


def test_buttons_of_a_line_do_not_touch(make_station: Station, line: Workspace, tmp_path: Path, qtbot: QtBot) -> None:
    screen = begin(make_station({"events": [RUN]}), tmp_path)
    qtbot.waitUntil(screen.isVisible)
    assert screen.stop.x() - screen.pause.geometry().right() > 4


def test_a_bad_part_is_read_in_another_theme_too(qtbot: QtBot, qapp: QApplication) -> None:
    listed = PartList()
    qtbot.addWidget(listed)
    apply_theme(qapp, "light")
    listed.add(ListedPart(6, "part_6.png", "ng", 0.75, datetime(2026, 3, 1, tzinfo=UTC)))
    apply_theme(qapp, "dark")
    colour = listed.topLevelItem(0).foreground(3).color().name()
    apply_theme(qapp, "system")
    assert colour == DARK.rejected


def test_in_a_narrow_list_the_time_gives_way_to_the_names(qtbot: QtBot) -> None:
    listed = PartList()
    qtbot.addWidget(listed)
    listed.add(ListedPart(6, "a_part_with_a_name_000127.png", "unreadable", 0.75, datetime(2026, 3, 1, tzinfo=UTC)))
    listed.show_verdict(6, "rejected")
    listed.show()

    listed.setMinimumWidth(0)
    listed.resize(300, 200)
    assert listed.columnWidth(1) >= 16 * listed.fontMetrics().averageCharWidth()
    assert listed.isColumnHidden(0)
    listed.resize(600, 200)
    assert not listed.isColumnHidden(0)


def test_a_part_with_an_end_of_a_line_in_its_name_is_one_row(qtbot: QtBot) -> None:
    listed, named = PartList(), PartList()
    for each, name in ((listed, "part\n7.png"), (named, "part_7.png")):
        qtbot.addWidget(each)
        each.add(ListedPart(6, name, "ng", 0.75, datetime(2026, 3, 1, tzinfo=UTC)))

    assert listed.topLevelItem(0).text(1) == "part↵7.png"
    assert listed.sizeHintForRow(0) == named.sizeHintForRow(0)


def test_how_many_results_were_refused_is_told_when_a_line_is_taken_up(
    make_station: Station, line: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    backlog = Backlog(line.artefacts.run_folder(1), ["mqtt://b"])
    backlog.keep([PartResult(1, 0, "a", "/a", "ok", 0.1, 0.2, None, datetime.now(UTC), 0.1, "")])
    backlog.mark_taken("mqtt://b", 1, "too large")
    backlog.close()

    screen = begin(make_station({"events": [RUN]}), tmp_path)
    wait_for_part(screen, qtbot, 5)

    assert screen.notices.toPlainText().count("Results that mqtt://b refused for good: 1; ") == 1
    assert "they are not sent again. The latest: a (too large)" in screen.notices.toPlainText()
