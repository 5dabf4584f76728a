import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.sinks import mover
from inspector.sinks.mover import find_sha256
from inspector.sinks.register import make_sink
from inspector.sinks.sink import RefusedError, SinkError
from tests.sinks.parts import make_result


@pytest.fixture
def line(tmp_path):
    (tmp_path / "line").mkdir()
    return tmp_path / "line"


@pytest.fixture
def sink(tmp_path):
    return make_sink(f"move:{tmp_path / 'judged'}")


def come(line, position, content, verdict="ok", name="a.png"):
    """A part comes and is judged."""
    (line / name).write_text(content)
    return replace(make_result(position, verdict, line / name), sha256=find_sha256(line / name))


def moved(sink):
    files = (path for path in sink.folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(sink.folder).as_posix(): path.read_text() for path in files}


@pytest.fixture(params=["same disk", "another disk", "no links"])
def disk(request, monkeypatch):
    """How the folder lies to the line's."""

    def refuse(*_args):
        raise PermissionError("no links here")

    if request.param == "another disk":
        monkeypatch.setattr(mover, "are_on_one_disk", lambda *_: False)
    if request.param == "no links":
        monkeypatch.setattr(mover.os, "link", refuse)
    return request.param


def test_files_go_where_their_verdict_says_and_never_onto_others(line, sink, disk):
    for position, verdict in enumerate(("ok", "ng", "ok", "ok", "unreadable"), start=1):
        sink.take(come(line, position, str(position), verdict))

    assert moved(sink) == {
        "ok/a.png": "1",
        "ng/a.png": "2",
        "ok/a (2).png": "3",
        "ok/a (3).png": "4",
        "unreadable/a.png": "5",
    }
    assert list(line.iterdir()) == []
    assert sorted(path.name for path in (sink.folder / "ok").iterdir()) == ["a (2).png", "a (3).png", "a.png"]


def test_the_new_path_is_told(line, sink):
    told = []
    sink.tell_moved = lambda result, path: told.append((result.position, path))

    sink.take(come(line, 7, "1", "ng"))

    assert told == [(7, sink.folder / "ng" / "a.png")]


def test_a_file_that_came_later_under_the_same_name_stays(line, sink):
    first = come(line, 1, "first")
    second = come(line, 2, "second")

    with pytest.raises(RefusedError, match="another file has the name"):
        sink.take(first)
    sink.take(second)

    assert moved(sink) == {"ok/a.png": "second"}


def test_a_file_that_is_gone_is_told(line, sink):
    result = come(line, 1, "1")
    (line / "a.png").unlink()

    with pytest.raises(RefusedError, match="is gone"):
        sink.take(result)


def test_a_name_that_another_program_takes_at_that_moment_is_left_to_it(line, sink, monkeypatch):
    note = sink._journal.note

    def take_name(**noted):
        note(**noted)
        if not (sink.folder / "ok" / "a.png").exists():
            (sink.folder / "ok" / "a.png").write_text("somebody's")

    monkeypatch.setattr(sink._journal, "note", take_name)
    sink.take(come(line, 1, "1"))

    assert moved(sink) == {"ok/a.png": "somebody's", "ok/a (2).png": "1"}


def test_a_link_to_nowhere_has_its_name(line, sink, disk, monkeypatch):
    note, tries = sink._journal.note, iter(range(3))
    monkeypatch.setattr(sink._journal, "note", lambda **noted: (next(tries), note(**noted)))
    (sink.folder / "ok").mkdir(parents=True)
    (sink.folder / "ok" / "a.png").symlink_to(line / "nowhere")
    sink.take(come(line, 1, "1"))

    assert moved(sink)["ok/a (2).png"] == "1"
    assert (sink.folder / "ok" / "a.png").is_symlink()


def test_a_folder_that_cannot_be_written_is_told(line, sink):
    sink.folder.touch()

    with pytest.raises(SinkError, match="cannot be moved to"):
        sink.take(come(line, 1, "1"))


def test_a_copy_that_does_not_end_leaves_nothing_behind(line, sink, monkeypatch):
    def fill(_source, target):
        Path(target).write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mover, "are_on_one_disk", lambda *_: False)
    monkeypatch.setattr(shutil, "copy2", fill)

    with pytest.raises(SinkError, match="No space left on device"):
        sink.take(come(line, 1, "1"))
    assert list((sink.folder / "ok").iterdir()) == []
    assert (line / "a.png").read_text() == "1"


def test_a_copy_leaves_alone_what_a_kill_left_beside(line, sink, monkeypatch):
    """Killed when the copy had both names: its reader may have moved it on under one of them since."""
    monkeypatch.setattr(mover, "are_on_one_disk", lambda *_: False)
    moved_on = line.parent / "moved_on.png"
    moved_on.write_text("first")
    (sink.folder / "ok").mkdir(parents=True)
    (sink.folder / "ok" / ".a.png.part").hardlink_to(moved_on)

    sink.take(come(line, 2, "second"))

    assert moved_on.read_text() == "first"
    assert moved(sink) == {"ok/a.png": "second"}


class Killed(BaseException):
    """Ends the program between two steps."""


@pytest.mark.parametrize("comes_again", [False, True])
@pytest.mark.parametrize("step", ["_note", "link", "unlink", "copy2", "fsync", "sync_folder"])
def test_a_file_is_moved_once_wherever_the_program_was_killed(line, sink, disk, step, comes_again, monkeypatch):
    """After it was killed before a step, a file of the same name may come before it goes on."""

    def die(*_args, **_kwargs):
        raise Killed

    sink.take(come(line, 0, "zero"))
    first = come(line, 1, "first")
    places = {
        "_note": (sink._journal, "note"),
        "link": (mover.os, "link"),
        "unlink": (Path, "unlink"),
        "copy2": (shutil, "copy2"),
        "fsync": (mover.os, "fsync"),
        "sync_folder": (mover, "sync_folder"),
    }
    killed = False
    with monkeypatch.context() as patch:
        patch.setattr(*places[step], die)
        if step in ("unlink", "fsync"):  # the journal does so, too
            patch.setattr(sink._journal, "note", lambda **noted: write_note(sink, noted))
        try:
            sink.take(first)
        except Killed:
            killed = True
    was_moved = not (line / "a.png").exists()
    second = come(line, 2, "second") if comes_again and killed and was_moved else None

    again = make_sink(f"move:{sink.folder}")
    again.take(first)
    assert second is None or (line / "a.png").read_text() == "second"
    if second:
        again.take(second)

    expected = ["zero", "first", *(["second"] if second else [])]
    assert sorted(moved(sink).values()) == sorted(expected)
    assert list(line.iterdir()) == []


def write_note(sink, noted):
    sink._journal.path.write_text(json.dumps(noted))
