import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.engine.process import EngineProcess
from inspector.settings import ScanSettings

SAY = "import json,sys,time,os,signal\ndef say(**e): print(json.dumps(e), flush=True)\n"


@pytest.fixture
def make_engine(tmp_path: Path, qtbot: QtBot) -> Callable[[str], tuple[EngineProcess, list[tuple[object, ...]]]]:
    """An engine that runs a few lines of Python instead of a scan; and a list that hears how it ends."""

    def make(lines: str) -> tuple[EngineProcess, list[tuple[object, ...]]]:
        script = tmp_path / "engine.py"
        script.write_text(SAY + lines)
        engine = EngineProcess(command=[sys.executable, str(script)], patience=300)
        ends: list[tuple[object, ...]] = []
        engine.finished.connect(lambda *what: ends.append(("finished", *what)))
        engine.failed.connect(lambda *what: ends.append(("failed", *what)))
        engine.cancelled.connect(lambda *what: ends.append(("cancelled", *what)))
        return engine, ends

    return make


def run_to_end(
    qtbot: QtBot, engine: EngineProcess, ends: list[tuple[object, ...]], tmp_path: Path
) -> tuple[object, ...]:
    engine.start(tmp_path, tmp_path, ScanSettings())
    qtbot.waitUntil(lambda: bool(ends) and not engine.busy, timeout=10_000)
    assert len(ends) == 1
    return ends[0]


def test_events_arrive_and_a_result_finishes(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine(
        "say(kind='run', message='7')\nprint('a library speaks')\nsay(kind='progress', stage='read', done=1, total=2)\n"
        "say(kind='result', message='7')"
    )
    heard = []
    engine.said.connect(lambda job, event: heard.append((job, event.kind)))

    end = run_to_end(qtbot, engine, ends, tmp_path)

    assert end == ("finished", 1, 7)
    assert heard == [(1, "run"), (1, "progress"), (1, "result")]


def test_the_command_names_folder_workspace_and_settings(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine(
        "settings = open(sys.argv[sys.argv.index('--settings') + 1]).read()\n"
        f"open({str(tmp_path / 'said')!r}, 'w').write(' '.join(sys.argv[1:]) + settings)\n"
        "say(kind='result', message='1')"
    )
    settings = ScanSettings(share=0.25)
    engine.start(tmp_path / "ä b", tmp_path / "w", settings, layout="plain", resume=True, recipe="lid 2", judged_by=7)
    qtbot.waitUntil(lambda: bool(ends), timeout=10_000)

    said = (tmp_path / "said").read_text()
    place = f"scan {tmp_path / 'ä b'} --layout plain --resume --recipe lid 2 --judged-by 7 --workspace {tmp_path / 'w'}"
    expected = f"{place} --events jsonl --settings "
    assert said.startswith(expected)
    assert " --resume" in said
    assert "share = 0.25" in said


def test_an_error_of_ours_is_told_with_its_sentence(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine("sys.stderr.write('inspector: no photo in /x; known kinds: .png\\n'); sys.exit(1)")
    end = run_to_end(qtbot, engine, ends, tmp_path)
    assert end == (
        "failed",
        1,
        None,
        "No photo in /x; known kinds: .png",
        "inspector: no photo in /x; known kinds: .png",
    )


def test_a_killed_engine_is_told_as_out_of_memory(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine("say(kind='run', message='3')\nos.kill(os.getpid(), signal.SIGKILL)")
    end = run_to_end(qtbot, engine, ends, tmp_path)
    assert end[:3] == ("failed", 1, 3)
    assert end[3] == "The system ended the engine, most likely because memory ran out."


def test_a_crash_names_the_signal(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine("os.kill(os.getpid(), signal.SIGSEGV)")
    assert run_to_end(qtbot, engine, ends, tmp_path)[3] == "The engine crashed (signal 11)."


def test_a_traceback_is_in_the_details(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine("raise RuntimeError('boom')")
    end = run_to_end(qtbot, engine, ends, tmp_path)
    assert end[3] == "The engine ended with code 1."
    assert "RuntimeError: boom" in str(end[4])


def test_an_engine_that_cannot_start_fails(qtbot: QtBot, tmp_path: Path) -> None:
    engine = EngineProcess(command=[str(tmp_path / "nothing")])
    with qtbot.waitSignal(engine.failed) as signal:
        engine.start(tmp_path, tmp_path, None)
    assert signal.args[2] == "The engine could not be started."
    assert not engine.busy


def test_cancel_interrupts_and_the_run_can_be_resumed(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine(
        "say(kind='run', message='4')\ntry:\n time.sleep(30)\nexcept KeyboardInterrupt:\n sys.exit(130)"
    )
    engine.start(tmp_path, tmp_path, None)
    qtbot.waitUntil(lambda: engine.run_id == 4, timeout=10_000)
    engine.cancel()
    engine.cancel()
    qtbot.waitUntil(lambda: bool(ends), timeout=10_000)
    assert ends == [("cancelled", 1, 4)]


def test_an_engine_that_does_not_listen_is_ended(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine(
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "say(kind='run', message='4')\ntime.sleep(30)"
    )
    engine.start(tmp_path, tmp_path, None)
    qtbot.waitUntil(lambda: engine.run_id == 4, timeout=10_000)
    engine.cancel()
    qtbot.waitUntil(lambda: bool(ends), timeout=10_000)
    assert ends == [("cancelled", 1, 4)]


def test_closing_waits_for_the_engine_to_end(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, ends = make_engine(
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nsay(kind='run', message='4')\ntime.sleep(30)"
    )
    engine.start(tmp_path, tmp_path, None)
    qtbot.waitUntil(lambda: engine.run_id == 4, timeout=10_000)
    engine.stop_and_wait()
    assert not engine.busy
    assert ends == [("cancelled", 1, 4)]


def test_a_second_scan_is_the_callers_mistake(make_engine, qtbot: QtBot, tmp_path: Path) -> None:
    engine, _ = make_engine("time.sleep(30)")
    engine.start(tmp_path, tmp_path, None)
    with pytest.raises(ValueError, match="no scan under way"):
        engine.start(tmp_path, tmp_path, None)
    engine.stop_and_wait()
    assert engine.job == 1
