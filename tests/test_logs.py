"""The log in the workspace: one number a program, what failed with its traceback, a few files and no more."""

import logging
import re
from pathlib import Path

import pytest

from inspector import logs
from inspector.events import Event
from inspector.logs import end_log, keep_log, log_event
from inspector.store.workspace import Workspace

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\w+) (\w{8}) (-|run \d+) inspector[\w.]*: (.*)")


@pytest.fixture
def workspace(tmp_path):
    end_log()  # commands that other tests run in this process leave theirs open
    (tmp_path / "workspace").mkdir()
    yield tmp_path / "workspace"
    end_log()


def read(workspace):
    return (workspace / "logs" / "inspector.log").read_text(encoding="utf-8")


def test_scan_leaves_a_log_of_one_program_and_its_run(run, tmp_path, make_photos):
    make_photos(tmp_path / "batch", 3)
    (tmp_path / "batch" / "bad.png").write_text("no image")

    code, _, told = run("scan", tmp_path / "batch", "--image-size", 64)

    assert code == 0
    assert "inspector.jobs" not in told
    lines = [LINE.fullmatch(line).groups() for line in read(tmp_path / "workspace").splitlines()]
    assert len({program for _, program, _, _ in lines}) == 1
    assert lines[0][2:] == ("-", f"begins: scan {tmp_path / 'batch'} --image-size 64")
    assert {of for _, _, of, _ in lines[1:]} == {"run 1"}
    assert [message[:10] for level, _, _, message in lines if level == "WARNING"] == ["bad.png is"]
    assert [message for *_, message in lines if message.startswith("seconds: {'read'")]
    assert lines[-1][3] == "is done"


def test_a_share_that_fails_just_then_ends_nothing_by_its_log(workspace, failing):
    keep_log(workspace)
    failing.add(workspace)
    log_event(Event("fact", message="while it failed"))
    failing.clear()
    log_event(Event("fact", message="when it is back"))

    told = read(workspace)
    assert told.index("while it failed") < told.index("when it is back")


def test_verbose_prints_the_log(run, tmp_path, make_photos):
    make_photos(tmp_path / "batch", 2)

    _, _, told = run("scan", tmp_path / "batch", "--image-size", 64, "--more-sizes", "none", "-v")

    assert "INFO" in told
    assert "run 1 inspector.jobs.scan: 2 samples, 2d, cpu" in told


def test_parts_of_a_line_are_in_it(run, tmp_path, make_photos):
    make_photos(tmp_path / "batch", 4)
    fast = ("--image-size", 64, "--settle", 0, "--idle", 0.1, "--warm-up", 3)

    code, _, told = run("watch", tmp_path / "batch", *fast, "-v")

    assert code == 0
    assert len(re.findall(r"INFO \w{8} run 1 inspector.logs: (?:OK|NG) ", told)) == 4
    assert "part_3.png" in read(tmp_path / "workspace")


def test_errors_land_in_it_with_their_traceback(run, tmp_path, monkeypatch):
    Workspace(tmp_path / "workspace").close()
    code, _, told = run("export", 7, "--out", tmp_path / "out")
    assert (code, told.count("\n")) == (1, 1)
    assert "ERROR" in read(tmp_path / "workspace")
    assert "RunMissing: there is no run 7" in read(tmp_path / "workspace")

    def fail(_):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("inspector.store.runs.Runs.all", fail)
    with pytest.raises(ZeroDivisionError):
        run("runs")
    text = read(tmp_path / "workspace")
    assert "CRITICAL" in text
    assert text.endswith("ZeroDivisionError: a mistake of ours\n")
    assert len(set(re.findall(r"Z \w+ (\w{8}) ", text))) == 2  # the first one had nothing to say


def test_no_workspace_is_made_for_a_log(run, tmp_path):
    run("scan", tmp_path / "missing")

    assert not (tmp_path / "workspace").exists()


def test_log_does_not_grow_without_end(workspace, monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 1000)
    keep_log(workspace)
    for index in range(200):
        log_event(Event("warning", message=f"part_{index}.png cannot be read"))

    files = sorted(path.name for path in (workspace / "logs").iterdir())
    assert files == ["inspector.log", *(f"inspector.log.{n}" for n in range(1, 5))]
    assert max(path.stat().st_size for path in (workspace / "logs").iterdir()) <= 1000
    assert "part_199.png" in read(workspace)


def test_log_that_cannot_be_written_stops_nothing(workspace, capsys):
    (workspace / "logs").write_text("in its place")
    keep_log(workspace)
    log_event(Event("warning", message="x"))

    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
def test_log_on_a_full_disk_changes_no_ending(run, workspace, tmp_path):
    Workspace(workspace).close()
    (workspace / "logs").mkdir()
    (workspace / "logs" / "inspector.log").symlink_to("/dev/full")

    code, _, told = run("export", 1, "--out", tmp_path / "out")

    assert (code, told) == (1, f"inspector: there is no run 1 in {workspace}; `inspector runs` lists them\n")


def test_log_that_another_program_holds_goes_on(workspace, monkeypatch):
    """As on Windows, where a file that is open cannot be renamed."""
    monkeypatch.setattr(logs, "MOST_BYTES", 300)

    def refuse(*_):
        raise PermissionError("used by another program")

    monkeypatch.setattr("os.rename", refuse)
    keep_log(workspace)
    for index in range(20):
        log_event(Event("warning", message=f"part_{index}.png"))

    assert len(re.findall("part_", read(workspace))) == 20


def test_ended_log_leaves_nothing_behind(workspace):
    before = list(logging.getLogger("inspector").handlers)
    keep_log(workspace)
    end_log()

    assert logging.getLogger("inspector").handlers == before
