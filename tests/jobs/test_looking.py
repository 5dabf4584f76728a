"""A watched folder is looked at as a whole often where nobody tells of its files, and seldom where the system does."""

import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector.data.arrivals import Arrivals
from inspector.data.found_files import LookResult
from inspector.data.notices import Notices
from inspector.jobs import looking
from inspector.jobs.looking import (
    CHECK_INTERVAL,
    DISTRUST_TIME,
    NOTICE_DELAY,
    POLL_INTERVAL,
    RETRY_INTERVAL,
    FolderPoller,
    Looker,
)

PNG = b"\x89PNG\r\n\x1a\n"


class Told:
    """Stands for the system: tells what a test says, and lets the time that is waited for pass at once."""

    def __init__(self, monkeypatch):
        self.names, self.now, self.begun, self.replaced = set(), 100.0, 0, {}
        monkeypatch.setattr(looking, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(looking, "Notices", lambda folder, stop: self)

    def begin_anew(self):
        self.begun += 1

    def take_replaced(self):
        return self.replaced

    def wait(self, seconds):
        if not self.names:
            self.now += seconds
        names, self.names = self.names, set()
        return names


class Rests(threading.Event):
    """Lets the time of a rest pass at once."""

    def wait(self, timeout=None):
        return self.is_set()


class Looks(Arrivals):
    """Counts looks at everything."""

    whole = 0

    def poll(self, names=None, *, everything=False):
        self.whole += everything
        return super().poll(names, everything=everything)


@pytest.fixture
def told(monkeypatch):
    return Told(monkeypatch)


@pytest.fixture
def arrivals(folder):
    folder.mkdir()
    return Looks(folder, 0)


@pytest.fixture
def look(arrivals, told):
    look = FolderPoller(arrivals, Rests())
    assert look().arrivals == []
    return look


def add(arrivals, name):
    (arrivals.folder / name).write_bytes(PNG)


def count_looks(look, told, arrivals, seconds):
    until, before = told.now + seconds, arrivals.whole
    while told.now < until:
        look()
    return arrivals.whole - before


def list_found(look):
    return [arrival.name for arrival in look().arrivals]


def tell_first(arrivals, told, look):
    """Let the system tell of a file, which shows that it does."""
    add(arrivals, "first.png")
    told.names = {"first.png"}
    assert list_found(look) == ["first.png"]


def test_everything_is_looked_at_often_until_a_file_was_told_of(arrivals, told, look):
    assert count_looks(look, told, arrivals, 10) == pytest.approx(10 / POLL_INTERVAL, rel=0.1)
    tell_first(arrivals, told, look)

    assert count_looks(look, told, arrivals, 20) == pytest.approx(20 / CHECK_INTERVAL, abs=2)


def test_what_is_told_of_is_found_without_a_look_at_everything(arrivals, told, look):
    tell_first(arrivals, told, look)
    look()
    whole = arrivals.whole
    add(arrivals, "b.png")
    told.names = {"b.png"}

    assert list_found(look) == ["b.png"]
    assert arrivals.whole == whole


def test_a_file_that_is_told_to_have_been_overwritten_unseen_is_counted(arrivals, told, look):
    tell_first(arrivals, told, look)
    told.names, told.replaced = {"first.png"}, {"first.png": 2}

    assert look().missed == {"first.png": 2}


def test_a_file_that_was_found_first_and_told_of_a_little_later_counts_as_told(arrivals, told, look):
    add(arrivals, "a.png")
    assert list_found(look) == ["a.png"]
    told.names = {"a.png"}
    look()

    assert count_looks(look, told, arrivals, NOTICE_DELAY + 10) < 10
    assert told.begun == 0


def test_a_file_nobody_told_of_has_everything_looked_at_often_for_a_while(arrivals, told, look):
    tell_first(arrivals, told, look)
    add(arrivals, "from_another_machine.png")
    looks = [list_found(look) for _ in range(3)]
    assert ["from_another_machine.png"] in looks
    count_looks(look, told, arrivals, NOTICE_DELAY + CHECK_INTERVAL)
    assert told.begun == 1

    assert count_looks(look, told, arrivals, 10) == pytest.approx(10 / POLL_INTERVAL, rel=0.1)
    told.now += DISTRUST_TIME
    look()
    assert count_looks(look, told, arrivals, 20) == pytest.approx(20 / CHECK_INTERVAL, abs=2)


@pytest.mark.parametrize("settle", [0, 0.2])
def test_folder_that_is_moved_in_is_told_of_with_all_that_is_in_it(folder, told, settle):
    folder.mkdir()
    arrivals = Looks(folder, settle, clock=lambda: told.now)
    look = FolderPoller(arrivals, Rests())
    look()
    for name in ("first", "second"):
        (folder / name / "deep").mkdir(parents=True)
        for number in range(3):
            add(arrivals, f"{name}/deep/{number}.png")
        told.names = {name}
        assert len([found for _ in range(20) for found in list_found(look)]) == 3
        count_looks(look, told, arrivals, NOTICE_DELAY + CHECK_INTERVAL)

    assert told.begun == 0
    assert count_looks(look, told, arrivals, 20) == pytest.approx(20 / CHECK_INTERVAL, abs=2)


def test_listening_is_begun_anew_once_in_a_doubt(arrivals, told, look):
    """On a share nobody tells of anything, and listening begins by walking all folders there."""
    for number in range(5):
        add(arrivals, f"{number}.png")
        count_looks(look, told, arrivals, NOTICE_DELAY + 1)
    assert told.begun == 1
    told.now += DISTRUST_TIME
    add(arrivals, "later.png")
    count_looks(look, told, arrivals, CHECK_INTERVAL + NOTICE_DELAY + 1)

    assert told.begun == 2


def test_replaced_file_that_is_told_of_when_everything_is_due_is_found(arrivals, told, look, monkeypatch):
    monkeypatch.setattr("inspector.data.arrivals.LOOKED_AT", 1)
    photos = [f"{number}.png" for number in range(8)]
    for name in photos:
        add(arrivals, name)
    look()
    for name in photos:
        (arrivals.folder / name).write_bytes(PNG + b"anew")
    told.names, told.now = set(photos), told.now + 1

    assert sorted(list_found(look)) == photos


def test_what_lay_there_from_the_start_says_nothing(folder, told):
    folder.mkdir()
    arrivals = Looks(folder, 0.2, clock=lambda: told.now)
    add(arrivals, "old.png")
    look = FolderPoller(arrivals, Rests())
    found = [name for _ in range(10) for name in list_found(look)]

    assert found == ["old.png"]
    count_looks(look, told, arrivals, NOTICE_DELAY + 1)
    assert told.begun == 0
    assert count_looks(look, told, arrivals, 10) == pytest.approx(10 / POLL_INTERVAL, rel=0.1)


def test_folder_that_is_away_is_listened_to_anew(arrivals, told, look):
    tell_first(arrivals, told, look)
    (arrivals.folder / "first.png").unlink()
    arrivals.folder.rmdir()
    told.now += CHECK_INTERVAL
    assert isinstance(look(), FileNotFoundError)
    assert told.begun == 1
    begun = told.now
    arrivals.folder.mkdir()
    add(arrivals, "back.png")

    assert list_found(look) == ["back.png"]
    assert told.now - begun == pytest.approx(RETRY_INTERVAL)
    assert count_looks(look, told, arrivals, 10) == pytest.approx(10 / POLL_INTERVAL, rel=0.1)


def test_a_long_look_is_followed_by_a_long_rest(arrivals, told, look, monkeypatch):
    slow = arrivals.poll

    def poll(names, *, everything):
        told.now += 1.0
        return slow(names, everything=everything)

    monkeypatch.setattr(arrivals, "poll", poll)
    assert count_looks(look, told, arrivals, 50) == pytest.approx(10, abs=1)
    tell_first(arrivals, told, look)

    assert count_looks(look, told, arrivals, 210) == pytest.approx(10, abs=2)


def test_the_system_tells_of_files_on_this_disk_and_falls_silent_when_stopped(folder):
    (folder / "below").mkdir(parents=True)
    stop = threading.Event()
    notices = Notices(folder, stop)
    notices.wait(0)
    (folder / "below" / "ä.png").write_bytes(PNG)
    heard, until = set(), time.monotonic() + 20
    while "below/ä.png" not in heard and time.monotonic() < until:
        heard |= notices.wait(1)
    assert "below/ä.png" in heard
    stop.set()

    assert notices.wait(60) == set()


def test_files_are_told_of_by_their_place_in_a_folder_that_is_a_link_or_a_drive(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for root, real in ((tmp_path / "link", tmp_path / "real"), (Path("/"), Path("/"))):
        changes = {(1, str(real / "below" / "a.png"))}
        monkeypatch.setattr("inspector.data.notices.watch", lambda *_, told=changes, **__: iter([told]))

        assert Notices(root, threading.Event()).wait(1) == {"below/a.png"}


def test_where_nothing_can_be_heard_waiting_only_takes_its_time(folder):
    stop = threading.Event()
    notices = Notices(folder / "nowhere", stop)

    assert notices.wait(0.01) == set()
    assert notices.wait(0.01) == set()
    stop.set()


def test_what_was_found_is_taken_in_order_and_looks_that_find_nothing_do_not_pile_up(monkeypatch):
    found, nothing, told = LookResult(unnamed=["a"]), LookResult(), []
    looks = deque([nothing, nothing, found, nothing, OSError("away"), nothing, ValueError("end")])

    def look():
        if isinstance(looks[0], ValueError):
            raise looks[0]
        return looks.popleft()

    monkeypatch.setattr("inspector.jobs.looking.FolderPoller", lambda *_: look)
    with Looker(None) as looker:
        looker._thread.join()
        with pytest.raises(ValueError, match="end"):
            told.extend(looker.take())

    assert [str(each) if isinstance(each, OSError) else each for each in told] == [nothing, found, "away"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a rename from a change")
def test_files_that_were_renamed_onto_another_are_counted(tmp_path, monkeypatch):
    (tmp_path / "a.png").touch()
    path, other = str(tmp_path / "a.png"), str(tmp_path / "b.png")
    told = [{(1, path)}, {(2, path)}, {(1, path)}, {(1, path), (1, other)}, {(3, path)}, {(1, path)}, {(1, other)}]
    monkeypatch.setattr("inspector.data.notices.watch", lambda *_, **__: iter(told))
    notices = Notices(tmp_path, threading.Event())
    heard = set()
    while len(told) and "b.png" not in heard:
        heard |= notices.wait(0.1)

    assert notices.take_replaced() == {"a.png": 2, "b.png": 1}
    assert notices.take_replaced() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a rename from a change")
def test_of_many_names_those_that_came_last_are_remembered(tmp_path, monkeypatch):
    """A camera's one name was forgotten as the oldest, however often it came."""
    monkeypatch.setattr("inspector.data.notices.REMEMBERED", 2)
    told = [{(1, str(tmp_path / f"{name}.png"))} for name in "abacabd"]
    monkeypatch.setattr("inspector.data.notices.watch", lambda *_, **__: iter(told))
    notices, heard = Notices(tmp_path, threading.Event()), set()
    while "d.png" not in heard:
        heard |= notices.wait(0.1)

    assert notices.take_replaced() == {"a.png": 2}  # b was forgotten for c
