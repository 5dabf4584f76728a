import shlex
import sys
from dataclasses import replace

import pytest

from inspector.errors import SettingsError
from inspector.sinks import command
from inspector.sinks.register import make_sink
from inspector.sinks.sending import Sending
from inspector.sinks.sink import RefusedError, SinkError
from tests.sinks.parts import RESULT, make_result, wait_for

WRITE = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"


def python(code, *arguments):
    return f"command:{shlex.join([sys.executable, '-c', code])} {' '.join(arguments)}"


def test_the_program_gets_the_fields_as_whole_words(tmp_path):
    sink = make_sink(python(WRITE, shlex.quote(str(tmp_path / "out")), "{verdict}", "{score}", "[{peak}]", "{path}"))

    sink.take(replace(RESULT, path="/line/a b; $(rm) {score}.png"))
    sink.take(replace(RESULT, verdict="unreadable", score=None, peak=None, path="b.png"))

    assert (tmp_path / "out").read_text().splitlines() == [
        "ng 0.71 [301,88.5] /line/a b; $(rm) {score}.png",
        "unreadable  [] b.png",
    ]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("no-such-program {path}", "there is no such program"),
        (f"{sys.executable} {{colour}}", r"there is no \{colour\}; choose from: .*id, name, path"),
        ("'open", "close the quote"),
        (" ", "there is no such program"),
    ],
)
def test_a_command_that_cannot_be_is_refused_at_once(rest, told):
    with pytest.raises(SettingsError, match=told):
        make_sink(f"command:{rest}")


def test_what_the_program_said_last_is_told():
    with pytest.raises(SinkError, match=r"ended with 3: no paper$"):
        make_sink(python("import sys; sys.stderr.write('starts\\nno paper\\n'); sys.exit(3)")).take(RESULT)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "TIMEOUT", 2.0)
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HANG!r}, {str(tmp_path / 'pid')!r}])"

    with pytest.raises(SinkError, match="took longer than 2 s"):
        make_sink(python(start)).take(RESULT)

    pid = int((tmp_path / "pid").read_text())
    wait_for(lambda: not is_running(pid))


HANG = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"


def is_running(pid):
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_program_may_refuse_a_part():
    with pytest.raises(RefusedError, match="ended with 65"):
        make_sink(python("import sys; sys.exit(65)")).take(RESULT)


def test_a_program_that_fails_at_first_gets_the_part_again(tmp_path, report, told):
    """It fails until a file is there."""
    fail = f"import os, sys; os.path.exists({str(tmp_path / 'door')!r}) or sys.exit('closed'); {WRITE}"
    sink = make_sink(python(fail, shlex.quote(str(tmp_path / "out")), "{position}"))
    with Sending([sink], tmp_path / "run", report) as sending:
        sending.send(make_result(1), make_result(2))
        wait_for(lambda: sending.tell() or told)
        (tmp_path / "door").touch()
        wait_for(lambda: (tmp_path / "out").exists() and (tmp_path / "out").read_text() == "1\n2\n")

    assert told[0].endswith("ended with 1: closed; results are kept and sent again")
