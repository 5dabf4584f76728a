"""Copies of files that may be overwritten before they are read."""

import errno
import os
import stat

import pytest

from inspector.data.found_files import read_stamp
from inspector.data.held_files import HeldFiles
from inspector.jobs.losses import Losses


@pytest.fixture
def held(tmp_path):
    return HeldFiles(tmp_path, tmp_path / "held", most=2)


@pytest.fixture
def hold(held, tmp_path):
    def write_and_hold(content, name="a/b.png", *, again=True):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(len(content), len(content)))
        return held.hold(name, read_stamp(path), again=again)

    return write_and_hold


def test_copies_keep_what_was_overwritten_and_are_found_again(hold, tmp_path):
    first, second = hold(b"one"), hold(b"other")
    left = HeldFiles(tmp_path, tmp_path / "held")

    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"other")
    assert [(name, copy) for name, _, copy in left.take_left()] == [("a/b.png", first), ("a/b.png", second)]
    assert read_stamp(first) == (3, 3)
    left.release(first)
    assert HeldFiles(tmp_path, tmp_path / "held").take_left() == [("a/b.png", tmp_path / "a/b.png", second)]


def test_only_names_that_came_before_and_files_that_are_due_are_held_and_not_too_many(held, hold):
    assert hold(b"one", again=False) is None
    held.due = 1
    copies = [hold(b"one", again=False), hold(b"two", again=False), hold(b"three"), hold(b"four")]
    assert [copy is not None for copy in copies] == [True, False, True, False]
    held.release(copies[0])
    assert hold(b"five") is not None


def test_copy_of_a_file_that_was_still_being_written_goes(hold):
    half, whole = hold(b"ha"), hold(b"half and half")
    assert (half.exists(), whole.exists()) == (False, True)


def test_file_that_changed_meanwhile_or_is_gone_is_not_held(held, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"one")
    stamp = read_stamp(path)
    path.write_bytes(b"other")
    assert held.hold("a.png", stamp, again=True) is None
    path.unlink()
    assert held.hold("a.png", stamp, again=True) is None
    assert [*(tmp_path / "held").iterdir()] == []


def test_copy_that_a_kill_cuts_short_is_not_found_again(hold, held, tmp_path, monkeypatch):
    """It was judged as a part of its own, which never was."""

    def copy_half(source, target):
        target.write_bytes(source.read_bytes()[:2])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("inspector.data.held_files.shutil.copyfile", copy_half)
        with pytest.raises(KeyboardInterrupt):
            hold(b"whole")

    assert HeldFiles(tmp_path, tmp_path / "held").take_left() == []
    assert hold(b"next", "b.png").read_bytes() == b"next"


def test_copy_is_kept_where_the_one_before_is_released_at_that_moment(hold, held, monkeypatch):
    first = hold(b"one")
    begins = "inspector.data.held_files._begins_with"
    monkeypatch.setattr(begins, lambda _, before: (held.release(first), before.stat()))

    second = hold(b"other")

    assert second.read_bytes() == b"other"


def test_copy_is_on_the_disk_before_it_has_its_number(hold, tmp_path, monkeypatch):
    """The file is overwritten next: after a power cut it was lost, or half."""
    steps = []
    rename, fsync = type(tmp_path).rename, os.fsync

    def sync(handle):
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(type(tmp_path), "rename", lambda *both: (steps.append("rename"), rename(*both)))

    assert hold(b"one") is not None
    assert [step for step in steps if step != "folder"] == ["file", "rename"]
    assert os.name == "nt" or steps == ["file", "folder", "rename", "folder"]


def test_full_disk_under_copies_is_told_until_there_is_room(hold, held, monkeypatch):
    def fill(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("inspector.data.held_files.shutil.copyfile", fill)
        assert hold(b"one") is None
        assert held.trouble.endswith("held: No space left on device")
    told, kept = [], []
    losses = Losses(told.append, lambda *told: kept.append(told))
    for trouble in (held.trouble, held.trouble):
        losses.tell({}, trouble)

    assert hold(b"two") is not None
    losses.tell({}, held.trouble)
    assert ["make room" in event.message for event in told] == [True, False]
    assert kept == []


def test_what_was_overwritten_unseen_is_told_at_1_2_4_and_so_on():
    told, kept = [], []
    losses = Losses(told.append, lambda now, before: kept.append((now, before)))
    for _ in range(9):
        losses.tell({"a.png": 1}, "")
    assert [event.total for event in told] == [1, 2, 4, 8]

    losses.tell_rest()
    losses.tell_rest()
    assert [event.total for event in told[4:]] == [9]
    assert "9, the last one as a.png" in told[-1].message

    losses.tell({"a.png": 9}, "")
    assert [event.total for event in told[5:]] == [18]
    assert len(kept) == len(told)
    assert [before for _, before in kept] == ["", *(now for now, _ in kept[:-1])]  # each takes the place of the last
