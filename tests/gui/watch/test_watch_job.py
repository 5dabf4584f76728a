"""A watched folder is begun, paused, stopped, and taken up again when the engine or the app ended."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from gui.watch.choice import RememberedWatch, WatchChoice
from gui.window import MainWindow
from inspector.errors import StoreAway
from inspector.store.claims import name_owner
from inspector.store.records import RunStatus
from inspector.store.runs import Runs
from inspector.store.tables import RunRow
from inspector.store.workspace import Workspace
from tests.gui.watch.conftest import RUN

Station = Callable[..., MainWindow]
Calls = Callable[[], list[list[str]]]
GOES_ON = {"events": [RUN]}

pytestmark = pytest.mark.usefixtures("line")


def begin(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.watching.begin(WatchChoice(str(tmp_path / "line"), warm_up=5, sinks=("file:/x",)))
    qtbot.waitUntil(lambda: window.watching.job.run_id == 1 and window.watching.screen.state.judged == 6)


def test_engine_is_called_as_on_the_command_line(
    make_station: Station, line: Workspace, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(make_station(GOES_ON), tmp_path, qtbot)

    words = ["watch", str(tmp_path / "line"), "--preset", "fast", "--warm-up", "5", "--on-result", "file:/x"]
    assert calls() == [[*words, "--workspace", str(line.folder), "--events", "jsonl"]]


def test_engine_that_ends_is_started_again_and_that_is_said(
    make_station: Station, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_station({"events": [RUN], "fails": "no space left"}, {"events": [], "fails": "still none"}, GOES_ON)
    begin(window, tmp_path, qtbot)
    qtbot.waitUntil(lambda: len(calls()) == 3 and window.watching.job.mode == "going")
    qtbot.waitUntil(lambda: "it goes on" in window.watching.screen.notices.toPlainText())

    assert ["--resume" in words for words in calls()] == [False, True, True]
    assert all("file:/x" in words for words in calls())
    told = window.watching.screen.notices.toPlainText()
    assert "The engine ended and is started again in 0 s. No space left" in told
    assert "The engine had ended; it goes on. Still none" in told
    assert window.watching.screen.alarms.texts() == []


def test_watch_that_cannot_be_begun_is_told_and_not_tried_again(
    make_station: Station, calls: Calls, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    window = make_station({"events": [], "fails": "there is no sink 'x:y'"})
    window.watching.begin(WatchChoice(str(tmp_path / "line")))
    qtbot.waitUntil(lambda: bool(problems))

    assert problems == ["There is no sink 'x:y'"]
    assert window.watching.job.mode == "off"
    assert window.screens.currentWidget() is window.start
    assert len(calls()) == 1


def test_paused_line_goes_on_with_the_same_run(
    make_station: Station, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_station(GOES_ON)
    begin(window, tmp_path, qtbot)
    screen = window.watching.screen

    screen.pause.click()
    qtbot.waitUntil(lambda: window.watching.job.mode == "paused")
    assert (screen.title.text(), screen.pause.text()) == ("Paused, run 1", "Go on")
    screen.pause.click()
    qtbot.waitUntil(lambda: len(calls()) == 2)

    assert "--resume" in calls()[1]
    assert (screen.title.text(), screen.pause.text()) == ("Watching, run 1", "Pause")


def test_stop_is_asked_for_and_ends_the_watch(
    make_station: Station, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_station(GOES_ON)
    begin(window, tmp_path, qtbot)
    monkeypatch.setattr("gui.watch.control.confirm", lambda *_: False)
    window.watching.screen.stop.click()
    assert window.watching.job.mode == "going"

    monkeypatch.setattr("gui.watch.control.confirm", lambda *_: True)
    window.watching.screen.stop.click()
    qtbot.waitUntil(lambda: window.watching.job.mode == "off")

    assert window.screens.currentWidget() is window.start
    kept = RememberedWatch.from_json(window.preferences.text("watch"))
    assert kept is not None
    assert not kept.going
    qtbot.waitUntil(window.start.resume_button.isEnabled)  # the run can be taken up from the list


def test_window_stays_alive_while_a_line_ends_and_the_server_does_not_answer(
    make_station: Station, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[str]
) -> None:
    """It stood still for up to half a minute."""
    monkeypatch.setattr("gui.engine.marking.SILENCE", 0)
    window = make_station(GOES_ON)
    begin(window, tmp_path, qtbot)
    is_back = threading.Event()

    def answer_late(*_: object) -> None:
        is_back.wait(3)
        raise StoreAway("the server is away")

    monkeypatch.setattr("inspector.store.location.is_address", lambda _: True)
    monkeypatch.setattr("gui.start.runs.mark_stopped", answer_late)
    monkeypatch.setattr(Runs, "all", answer_late)
    window.watching.job.stop()
    qtbot.waitUntil(lambda: bool(window.watching.screen.alarms.texts()))
    told = window.watching.screen.alarms.texts()
    assert (told, window.watching.job.mode) == (["⚠  Stopping; the server does not answer."], "stopping")
    is_back.set()
    qtbot.waitUntil(lambda: window.watching.job.mode == "off")

    assert window.screens.currentWidget() is window.start
    assert problems == ["the server is away"]  # by the one that ended alone: the list of runs is not asked for


def let_another_station_take_up(
    line: Workspace, owner: str = "program 7 (1.00) on other", status: RunStatus = "running"
) -> None:
    with line.database.session() as session:
        held = {"status": status, "owner": owner, "heartbeat": line.database.now()}
        session.execute(update(RunRow).values(**held))


@pytest.mark.parametrize("status", ["running", "done"])
def test_line_that_another_station_took_up_ends_here_and_is_not_fought_for(
    make_station: Station,
    line: Workspace,
    calls: Calls,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    problems: list[str],
    status: RunStatus,
) -> None:
    """The app took it up again as soon as it was stopped there, also where that was before it had heard of it."""
    let_another_station_take_up(line, status=status)
    monkeypatch.setattr("gui.start.runs.find_owner", lambda *_: "program 8 (1.00) on this")
    window = make_station({"events": [RUN], "fails": "run 1 was taken up by another"}, GOES_ON)
    window.watching.begin(WatchChoice(str(tmp_path / "line")))
    qtbot.waitUntil(lambda: bool(problems))

    assert problems == ["Run 1 was taken up by another"]
    assert (window.watching.job.mode, len(calls())) == ("off", 1)
    kept = window.watching.job.recall()
    assert kept is not None
    assert not kept.going


@pytest.mark.parametrize("status", ["running", "done"])
def test_line_that_another_station_took_up_while_it_was_to_start_again_is_left_to_it(
    make_station: Station,
    line: Workspace,
    calls: Calls,
    qtbot: QtBot,
    tmp_path: Path,
    problems: list[str],
    status: RunStatus,
) -> None:
    window = make_station({"events": [RUN], "fails": "no space left"}, GOES_ON)
    job = window.watching.job
    job.turned.connect(lambda _: job.mode != "restarting" or let_another_station_take_up(line, status=status))
    window.watching.begin(WatchChoice(str(tmp_path / "line")))
    qtbot.waitUntil(lambda: bool(problems) or len(calls()) == 2)
    assert problems == ["Run 1 was taken up at another station meanwhile, and is left to it."]
    assert (job.mode, len(calls()), line.runs.get(1).status) == ("off", 1, status)
    assert '"going": false' in window.preferences.text("watch")


def test_line_that_another_station_took_up_in_a_pause_is_not_fought_for(
    make_station: Station, line: Workspace, calls: Calls, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    window = make_station(GOES_ON, {"events": [], "fails": "run 1 is being scanned by another"}, GOES_ON)
    begin(window, tmp_path, qtbot)
    window.watching.job.pause()
    qtbot.waitUntil(lambda: window.watching.job.mode == "paused")
    let_another_station_take_up(line)
    window.watching.job.go_on()
    qtbot.waitUntil(lambda: bool(problems))

    assert (window.watching.job.mode, len(calls())) == ("off", 2)


@pytest.mark.parametrize(("is_here", "turns"), [(False, 2), (True, 3)])
def test_line_that_another_station_took_up_while_the_app_was_closed_is_not_fought_for(
    make_station: Station,
    line: Workspace,
    calls: Calls,
    qtbot: QtBot,
    tmp_path: Path,
    problems: list[str],
    is_here: bool,
    turns: int,
) -> None:
    """On this computer it may be the engine of an app that was killed, which ends by itself."""
    play = (GOES_ON, {"events": [], "fails": "run 1 is being scanned by another"}, GOES_ON)
    before = make_station(*play)
    begin(before, tmp_path, qtbot)
    before.close()
    let_another_station_take_up(line, name_owner() if is_here else "program 7 (1.00) on other")

    window = make_station(*play)
    qtbot.waitUntil(lambda: bool(problems) or len(calls()) == 3)

    assert (window.watching.job.active, bool(problems), len(calls())) == (is_here, not is_here, turns)
    assert line.runs.get(1).status == "running"


def test_line_that_another_station_ended_while_the_app_was_closed_is_left_so(
    make_station: Station, line: Workspace, calls: Calls, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    before = make_station(GOES_ON)
    begin(before, tmp_path, qtbot)
    before.close()
    let_another_station_take_up(line, status="done")

    window = make_station(GOES_ON)
    qtbot.waitUntil(lambda: bool(problems) or len(calls()) == 2)

    assert problems == ["Run 1 was taken up at another station and has been ended there. It is left so."]
    assert (window.watching.job.active, len(calls())) == (False, 1)
    kept = window.watching.job.recall()
    assert kept is not None
    assert not kept.going


def test_line_of_a_computer_that_is_called_otherwise_by_now_goes_on(
    make_station: Station, line: Workspace, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    before = make_station(GOES_ON)
    begin(before, tmp_path, qtbot)
    before.close()
    kept = before.preferences.text("watch")
    before.preferences.remember("watch", kept.replace(f'"{socket.gethostname()}"', '"before"'))
    let_another_station_take_up(line, "program 7 (1.00) on before", "done")
    make_station(GOES_ON)
    qtbot.waitUntil(lambda: len(calls()) == 2)


def test_line_of_the_list_that_another_station_holds_is_not_fought_for(
    make_station: Station, line: Workspace, calls: Calls, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    let_another_station_take_up(line)
    window = make_station({"events": [], "fails": "run 1 is being scanned by another"}, GOES_ON)
    window.watching.resume(line.runs.get(1).root)
    qtbot.waitUntil(lambda: bool(problems) or len(calls()) == 2)

    assert (window.watching.job.mode, len(calls())) == ("off", 1)


def test_window_does_not_ask_a_server_that_is_away_when_a_line_that_starts_again_is_stopped(
    make_station: Station, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[str]
) -> None:
    """It stood still for up to half a minute."""

    def fail(*_: object) -> None:
        raise StoreAway("the server is away")

    window = make_station({"events": [RUN], "fails": "the server is away"}, GOES_ON)
    monkeypatch.setattr("gui.watch.job.FIRST_WAIT", 60_000)
    monkeypatch.setattr("gui.start.runs.mark_stopped", fail)
    window.watching.begin(WatchChoice(str(tmp_path / "line")))
    qtbot.waitUntil(lambda: window.watching.job.mode == "restarting")
    monkeypatch.setattr(Runs, "all", fail)  # would be told
    window.watching.job.stop()

    assert (window.watching.job.mode, problems) == ("off", [])
    assert window.screens.currentWidget() is window.start


def test_app_that_starts_again_goes_on_and_says_so(
    make_station: Station, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    before = make_station(GOES_ON)
    begin(before, tmp_path, qtbot)
    before.close()

    window = make_station(GOES_ON)
    qtbot.waitUntil(lambda: "it goes on" in window.watching.screen.notices.toPlainText())

    assert "--resume" in calls()[1]
    told = window.watching.screen.notices.toPlainText()
    assert "The app was ended while this folder was watched; it goes on." in told
    assert window.screens.currentWidget() is window.watching.screen


def test_paused_line_is_not_taken_up_by_itself_but_from_the_list_of_runs(
    make_station: Station, calls: Calls, qtbot: QtBot, tmp_path: Path
) -> None:
    before = make_station(GOES_ON)
    begin(before, tmp_path, qtbot)
    before.watching.job.pause()
    qtbot.waitUntil(lambda: before.watching.job.mode == "paused")
    before.close()

    window = make_station(GOES_ON)
    assert not window.watching.job.active

    window.start.resume_button.click()
    qtbot.waitUntil(lambda: len(calls()) == 2)
    assert calls()[1][:2] == ["watch", str(tmp_path / "line")]
    assert {"--resume", "file:/x"} <= set(calls()[1])


def test_second_folder_is_refused_while_one_is_watched(
    make_station: Station, qtbot: QtBot, tmp_path: Path, problems: list[str]
) -> None:
    window = make_station(GOES_ON)
    begin(window, tmp_path, qtbot)
    window.show_start()

    window.start.watch_button.click()

    assert problems == ["A folder is watched already. Stop that first."]
    assert window.screens.currentWidget() is window.watching.screen


def test_closing_asks_while_a_folder_is_watched(
    make_station: Station, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_station(GOES_ON)
    begin(window, tmp_path, qtbot)
    asked: list[str] = []
    monkeypatch.setattr("gui.shell.dialogs.confirm", lambda _window, question: asked.append(question))
    window.asks_before_closing = True

    window.close()

    assert asked == ["A folder is watched. Close all the same? It goes on when the app is started again."]
    assert window.isVisible()
    window.asks_before_closing = False
