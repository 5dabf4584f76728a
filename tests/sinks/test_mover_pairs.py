"""Photo and cloud of one part are moved together, also where the program was killed between them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.data.layouts.pairing import pair_clouds
from inspector.data.samples import Sample
from inspector.sinks import mover
from inspector.sinks.mover import find_sha256
from inspector.sinks.register import make_sink
from inspector.sinks.sink import RefusedError, SinkError
from tests.sinks.parts import make_result

PHOTO, CLOUD = "rgb/a.png", "xyz/a.ply"


class Killed(BaseException):
    """Ends the program between two steps."""


@pytest.fixture
def line(tmp_path):
    return tmp_path / "line"


@pytest.fixture
def sink(tmp_path):
    return make_sink(f"move:{tmp_path / 'judged'}")


def come(line, position, verdict="ok", photo=PHOTO, cloud=CLOUD):
    """A part of photo and cloud comes and is judged."""
    for name, what in ((photo, "photo"), (cloud, "cloud")):
        (line / name).parent.mkdir(parents=True, exist_ok=True)
        (line / name).write_text(f"{what} {position}")
    result = make_result(position, verdict, line / photo)
    sums = find_sha256(line / photo), find_sha256(line / cloud)
    return replace(result, sha256=sums[0], cloud=str(line / cloud), cloud_sha256=sums[1])


def list_files(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_both_files_go_where_the_verdict_says_and_have_one_number(line, sink):
    told = []
    sink.tell_moved = lambda result, *paths: told.append((result.position, *paths))
    (sink.folder / "ok").mkdir(parents=True)
    (sink.folder / "ok" / "a.ply").write_text("somebody's")

    sink.take(come(line, 1))
    sink.take(come(line, 2))
    sink.take(come(line, 3, "ng"))

    assert list_files(sink.folder) == {
        "ok/a.ply": "somebody's",
        "ok/a (2).png": "photo 1",
        "ok/a (2).ply": "cloud 1",
        "ok/a (3).png": "photo 2",
        "ok/a (3).ply": "cloud 2",
        "ng/a.png": "photo 3",
        "ng/a.ply": "cloud 3",
    }
    assert told[0] == (1, sink.folder / "ok" / "a (2).png", sink.folder / "ok" / "a (2).ply")
    assert list_files(line) == {}


@pytest.mark.parametrize(
    ("photo", "cloud"),
    [(PHOTO, CLOUD), ("a_rgb.png", "a_xyz.tiff"), ("rgb/a.tiff", "xyz/a.tiff"), ("rgb.png", "z.ply")],
)
def test_moved_files_are_found_to_be_of_one_part_as_before(line, sink, photo, cloud):
    for position in range(3):
        sink.take(come(line, position, photo=photo, cloud=cloud))

    there = {name: sink.folder / name for name in list_files(sink.folder)}
    clouds = {name for name, path in there.items() if path.read_text().startswith("cloud")}
    alone = [
        Sample(name, None if name in clouds else path, path if name in clouds else None) for name, path in there.items()
    ]
    joined = pair_clouds(alone, sink.folder, has_camera=False).samples
    contents = [(part.image and part.image.read_text(), part.cloud and part.cloud.read_text()) for part in joined]
    assert sorted(contents) == [(f"photo {position}", f"cloud {position}") for position in range(3)]


def die(*_args):
    raise Killed


def die_at(patch, step):
    """Have the program die before one of its steps, counted from 0."""
    left = [step]

    def counted(call):
        def take_step(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return call(*args, **kwargs)

        return take_step

    places = [
        (mover.Journal, "note"),
        (mover.os, "link"),
        (shutil, "copy2"),
        (Path, "unlink"),
        (mover.os, "fsync"),
        (mover, "sync_folder"),
    ]
    for owner, name in places:
        patch.setattr(owner, name, counted(getattr(owner, name)))


@pytest.mark.parametrize("one_disk", [True, False])
def test_pair_is_moved_once_wherever_the_program_was_killed(tmp_path, one_disk, monkeypatch):
    monkeypatch.setattr(mover, "are_on_one_disk", lambda *_: one_disk)
    killed, step = True, 0
    while killed:
        line, address = tmp_path / f"line {step}", f"move:{tmp_path / f'judged {step}'}"
        there = tmp_path / f"judged {step}" / "ok" / "a.ply"
        there.parent.mkdir(parents=True)
        there.write_text("somebody's")
        part, killed = come(line, 1), False
        with monkeypatch.context() as patch:
            die_at(patch, step)
            try:
                make_sink(address).take(part)
            except Killed:
                killed = True

        told = []
        again = make_sink(address)
        again.tell_moved = lambda _result, *paths, told=told: told.append([path.name for path in paths])
        again.take(part)

        expected = {"ok/a.ply": "somebody's", "ok/a (2).png": "photo 1", "ok/a (2).ply": "cloud 1"}
        assert list_files(again.folder) == expected, step
        assert (list_files(line), told) == ({}, [["a (2).png", "a (2).ply"]])
        step += 1
    assert step > 10


def test_neither_is_moved_while_one_is_another_file(line, sink):
    first = come(line, 1)
    (line / CLOUD).write_text("the next one")

    with pytest.raises(RefusedError, match="another file has the name of "):
        sink.take(first)

    assert list_files(line) == {PHOTO: "photo 1", CLOUD: "the next one"}
    assert list_files(sink.folder) == {}


def test_photo_alone_that_was_moved_is_told_where_its_cloud_cannot_follow(line, sink, monkeypatch):
    """And the cloud follows when it can."""
    part, told = come(line, 1), []
    sink.tell_moved = lambda _result, *paths: told.append(paths)
    move = mover.move_to_free_name

    def move_photos(source, target):
        if source.suffix == ".ply":
            raise OSError(28, "No space left on device")
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(mover, "move_to_free_name", move_photos)
        with pytest.raises(SinkError, match="No space left on device"):
            sink.take(part)
    sink.take(part)

    ok = sink.folder / "ok"
    assert told == [(ok / "a.png", line / CLOUD), (ok / "a.png", ok / "a.ply")]
    assert list_files(line) == {}


def test_name_that_another_program_takes_is_left_to_it_also_after_a_kill(line, sink, monkeypatch):
    part = come(line, 1)
    with monkeypatch.context() as patch:
        patch.setattr(mover, "move_to_free_name", die)
        with pytest.raises(Killed):
            sink.take(part)
    (sink.folder / "ok" / "a.png").write_text("somebody's")

    make_sink(f"move:{sink.folder}").take(part)

    moved = {"ok/a.png": "somebody's", "ok/a (2).png": "photo 1", "ok/a (2).ply": "cloud 1"}
    assert list_files(sink.folder) == moved


def test_cloud_follows_its_photo_also_where_that_was_taken_away_before_the_program_goes_on(line, sink, monkeypatch):
    part, told = come(line, 1), []
    move = mover.move_to_free_name

    def move_photos(source, target):
        if source.suffix == ".ply":
            raise Killed
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(mover, "move_to_free_name", move_photos)
        with pytest.raises(Killed):
            sink.take(part)
    (sink.folder / "ok" / "a.png").unlink()

    again = make_sink(f"move:{sink.folder}")
    again.tell_moved = lambda _result, *paths: told.append(paths)
    again.take(part)

    assert (list_files(line), list_files(sink.folder)) == ({}, {"ok/a.ply": "cloud 1"})
    assert told == [(sink.folder / "ok" / "a.png", sink.folder / "ok" / "a.ply")]
