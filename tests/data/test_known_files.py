"""Of the files of a line little is kept, and only while they lie in the folder; what was judged is asked for."""

import os
import shutil
import tracemalloc

import pytest

from inspector.data import known_files
from inspector.data.arrivals import Arrivals, list_stamps
from inspector.data.found_files import read_stamp
from inspector.data.known_files import FORGOTTEN, SWEEP, KnownFiles, Stamp
from tests.data.test_arrivals import names, write


class Line:
    """A folder, and what was judged of it: all that is found, at once."""

    def __init__(self, folder):
        self.folder, self.now, self.judged, self.asked = folder, 0.0, [], 0
        self.begin()

    def begin(self, known=None):
        self.arrivals = Arrivals(self.folder, 0, known, self.ask, clock=lambda: self.now)

    def ask(self, stamps):
        self.asked += len(stamps)
        latest = dict(self.judged)
        return [(name, stamp) for name, stamp in self.judged if stamp in stamps and latest[name] == stamp]

    def look(self, *told):
        found = self.arrivals.poll(set(told) or None).arrivals
        self.judged += [(arrival.name, arrival.stamp) for arrival in found]
        return [arrival.name for arrival in found]

    def forget(self):
        """Let so much time pass that what is gone is forgotten."""
        known = self.arrivals._known
        for _ in range(int(FORGOTTEN // SWEEP) + 2):
            self.now += SWEEP
            assert self.look() == []
        return len(known)


@pytest.fixture
def line(folder):
    folder.mkdir()
    return Line(folder)


def test_little_is_kept_of_a_file():
    known = KnownFiles({})
    for number in range(1000):
        known.add(f"folder/{number}", Stamp(1, number))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(5000):
            known.add(f"folder/part_{number:060}.png", Stamp(1_000_000, 10**18 + number))
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert len(known) == 6000
    assert kept < 200 * 5000


def test_a_look_at_everything_holds_no_list_of_what_lies_there(line, folder, monkeypatch):
    monkeypatch.setattr("inspector.data.arrivals.TOGETHER", 10)
    for number in range(2000):
        (folder / f"part_{number:060}.png").touch()
    assert len(line.look()) == 2000
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        assert line.look() == []
        most = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()

    assert most < 50 * 2000


def test_gone_files_are_forgotten_and_none_of_them_comes_again(line, folder):
    for number in range(9):
        write(folder / f"{number // 3}" / f"{number}.png", time=number + 1)
    assert len(line.look()) == 9
    shutil.move(folder / "1", folder.parent / "away")
    known = line.arrivals._known
    line.now += SWEEP
    assert (line.look(), len(known)) == ([], 9)

    assert line.forget() == 6
    assert [len(kept) for kept in (known._files, known._places, known._prefixes, known._missing)] == [6, 6, 2, 0]
    shutil.move(folder.parent / "away", folder / "1")
    assert line.look() == []
    assert len(known) == 9


def test_file_that_was_forgotten_is_known_in_another_place_and_its_place_is_free(line, folder):
    write(folder / "a.png", time=1)
    assert line.look() == ["a.png"]
    shutil.move(folder / "a.png", folder.parent / "a.png")
    assert line.forget() == 0
    shutil.copytree(folder.parent, folder / "ok", ignore=shutil.ignore_patterns(folder.name))
    os.utime(folder / "ok" / "a.png", ns=(1, 1))
    assert line.look() == []
    write(folder / "a.png", time=1)  # the same time again, while the other is there

    assert line.look() == ["a.png"]


def test_share_that_is_empty_for_a_while_brings_nothing_twice(line, folder):
    write(folder / "given.png", time=1)
    line.begin(list_stamps(folder))
    for number in range(3):
        write(folder / f"{number}.png", time=2)
    assert len(line.look()) == 3
    away = folder.rename(folder.parent / "away")
    folder.mkdir()
    assert line.forget() == 1  # what is ignored is never forgotten
    folder.rmdir()
    away.rename(folder)

    assert line.look() == []


def test_restart_knows_what_was_judged_also_what_was_moved_since(line, folder, monkeypatch):
    monkeypatch.setattr("inspector.data.arrivals.TOGETHER", 2)
    monkeypatch.setattr("inspector.data.found_files.TOGETHER", 2)
    write(folder / "a.png", time=1)
    assert line.look() == ["a.png"]
    (folder / "ok").mkdir()
    (folder / "a.png").rename(folder / "ok" / "a.png")
    assert line.look() == []
    for number in range(5):
        write(folder / f"{number}.png", time=2)
    write(folder / "a.png", time=1)
    assert len(line.look()) == 6
    (folder / "0.png").rename(folder / "ok" / "0.png")
    line.begin()
    write(folder / "new.png", time=3)

    assert line.look() == ["new.png"]
    assert line.look() == []
    assert len(line.arrivals._known) == 8


def test_name_whose_files_came_and_went_comes_again_with_the_time_of_an_earlier_one(line, folder):
    """As where a clock is set back, and all photos of a camera are of one size."""
    for time in (10, 20, 10):
        write(folder / "current.png", time=time)
        assert line.look() == ["current.png"]
        (folder / "current.png").unlink()
        line.forget()


def test_file_that_is_moved_and_replaced_before_it_is_complete_elsewhere_is_not_found_again(folder):
    clock = type("Clock", (), {"now": 0.0, "__call__": lambda self: self.now})()
    folder.mkdir()
    arrivals = Arrivals(folder, 0.5, clock=clock)
    write(folder / "current.png", b"first", time=1)
    arrivals.poll()
    clock.now = 1.0
    assert names(arrivals.poll()) == ["current.png"]
    write(folder / "next.tmp", b"second", time=2)
    arrivals.poll()
    (folder / "done").mkdir()
    (folder / "current.png").rename(folder / "done" / "current.png")
    (folder / "next.tmp").rename(folder / "current.png")
    clock.now = 1.1
    assert names(arrivals.poll()) == ["current.png"]
    clock.now = 2.0

    assert names(arrivals.poll()) == []
    assert arrivals.poll().arrivals == []


def test_copies_of_a_file_that_was_moved_are_new_but_for_one(line, folder):
    write(folder / "a.png", time=1)
    assert line.look() == ["a.png"]
    for copy in ("p", "q"):
        write(folder / copy / "a.png", time=1)
    (folder / "a.png").unlink()

    assert len(line.look()) == 1
    assert line.look() == []


def test_what_lies_there_is_not_asked_for_at_each_look(line, folder):
    for number in range(5):
        write(folder / f"{number}.png", time=number + 1)
    line.look()
    asked = line.asked
    line.look()
    line.forget()

    assert line.asked == asked


def test_look_that_fails_forgets_nothing(line, folder, monkeypatch):
    monkeypatch.setattr(known_files, "FORGOTTEN", 0.0)
    write(folder / "a.png", time=1)
    line.look()
    stamp = read_stamp(folder / "a.png")
    folder.rename(folder.parent / "away")
    line.now += SWEEP
    with pytest.raises(OSError, match="No such file"):
        line.look()

    assert line.arrivals._known.holds("a.png", stamp)
