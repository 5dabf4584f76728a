"""What reaches the terminal, whatever files are called; and when they will be done."""

import pytest

from inspector.cli import progress
from inspector.events import Event
from inspector.terminal import escape_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("größe 零件 é.png", "größe 零件 é.png"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("two\nlines\r", r"two\nlines\r"),
        ("gpj.\u202exe", r"gpj.\u202exe"),
        ("\u2028\x9b\x00", r"\u2028\x9b\x00"),
    ],
)
def test_signs_that_act_on_a_terminal_are_written_out(text, shown):
    assert escape_text(text) == shown


def test_warnings_are_one_line(capsys):
    with progress.reporting("auto") as report:
        report(Event("warning", "read", message="a\x1b]0;owned\x07\n.png: it is empty"))

    assert capsys.readouterr().err == "warning: a\\x1b]0;owned\\x07\\n.png: it is empty\n"


def test_first_sample_does_not_spoil_the_estimate(monkeypatch, capsys):
    """It takes 100 s, as it loads what all need; the others take 1 s each."""
    times = iter([0.0, 100.0, 106.0, 112.0, 140.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    with progress.reporting("auto") as report:
        for done in (0, 1, 7, 13, 41):
            report(Event("progress", "read", done, 41, "clouds"))

    assert capsys.readouterr().err.splitlines() == [
        "Reading clouds: 1/41",
        "Reading clouds: 7/41, about 34 s left",
        "Reading clouds: 13/41, about 28 s left",
        "Reading clouds: 41/41, 140.0 s",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", ".", "--roi", "roi_\udcff.json"),
        ("export", "1", "--out=o\udcff"),
        ("runs", "--workspace", "w\ud800"),
        ("recipes", "export", "lid", "--out", "\udcff"),
    ],
)
def test_paths_that_are_no_text_are_refused(run, arguments):
    code, _, told = run(*arguments)

    assert code == 1
    assert told.startswith("inspector: '")
    assert told.endswith("' is no valid text; rename the file or folder\n")


def test_a_stop_while_libraries_load_is_told(run, monkeypatch):
    def stop(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr("inspector.cli.runs.Workspace", stop)
    monkeypatch.setattr("inspector.cli.options.require_workspace", stop)

    code, _, told = run("runs")

    assert (code, told.strip()) == (130, "inspector: stopped before it was done")


@pytest.mark.parametrize("command", [("scan",), ("recipes", "list"), ()])
def test_help_shows_flags_as_flags(run, command):
    code, told, _ = run(*command, "--help")

    assert code == 0
    assert "--help" in told
    assert "<bool>" not in told
    assert "BOOLEAN" not in told
