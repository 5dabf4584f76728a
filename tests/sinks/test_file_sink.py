import json
import os

import pytest

from inspector.errors import SettingsError
from inspector.sinks.journal import Journal
from inspector.sinks.register import make_sink
from inspector.sinks.sink import SinkError
from tests.sinks.parts import make_result


def test_each_part_has_its_file(tmp_path):
    sink = make_sink(f"file:{tmp_path / 'results'}")
    for position in (1, 2):
        sink.take(make_result(position))

    assert json.loads((tmp_path / "results" / "12-1.json").read_text(encoding="utf-8"))["position"] == 1
    assert sorted(path.name for path in sink.folder.glob("[!.]*")) == [
        "12-1.json",
        "12-2.json",
    ]


def test_a_file_that_was_taken_away_does_not_come_again(tmp_path):
    sink = make_sink(f"file:{tmp_path}")
    sink.take(make_result(1))
    (tmp_path / "12-1.json").unlink()

    make_sink(f"file:{tmp_path}").take(make_result(1))

    assert not (tmp_path / "12-1.json").exists()


@pytest.mark.parametrize("step", range(3))
def test_a_file_comes_once_wherever_the_program_was_killed(tmp_path, monkeypatch, step):
    """Killed when the hidden file is written, when it is noted, and when it has its name and was taken away."""

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    sink = make_sink(f"file:{tmp_path}")
    sink.take(make_result(0))
    seen = []
    with monkeypatch.context() as patch:
        place = [(Journal, "note"), (type(tmp_path), "replace"), (os, "fsync")][step]
        if step < 2:
            write = Journal.note
            if step == 1:  # the journal replaces its file, too
                patch.setattr(Journal, "note", lambda self, **noted: (write(self, **noted), patch.setattr(*place, die)))
            else:
                patch.setattr(*place, die)
        else:
            patch.setattr("inspector.sinks.files.sync_folder", die)
        with pytest.raises(Killed):
            sink.take(make_result(1))

    def look():
        for path in tmp_path.glob("[0-9]*.json"):
            seen.append(path.name)
            path.unlink()

    look()
    make_sink(f"file:{tmp_path}").take(make_result(1))
    look()

    assert sorted(seen) == ["12-0.json", "12-1.json"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    sink = make_sink(f"file:{tmp_path / 'file' / 'below'}")
    (tmp_path / "file").touch()

    with pytest.raises(SinkError, match="below cannot be written: Not a directory"):
        sink.take(make_result(1))


@pytest.mark.parametrize("kind", ["file", "move"])
def test_a_folder_that_begins_with_a_tilde_and_a_name_is_called_so(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert make_sink(f"{kind}:~nobody-of-this-name/out").folder == tmp_path / "~nobody-of-this-name/out"


@pytest.mark.parametrize("kind", ["file", "move"])
def test_a_file_is_no_folder(tmp_path, kind):
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="is a file; name a folder"):
        make_sink(f"{kind}:{tmp_path / 'file'}")
