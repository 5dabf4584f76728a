"""Files of a folder are found once each, when they are complete."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile

from inspector.data.arrivals import Arrivals, list_stamps
from inspector.data.found_files import read_stamp
from inspector.data.known_files import REACH, Stamp
from tests import clouds

PNG = b"\x89PNG\r\n\x1a\n"


def write(path, content=b"", time=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PNG + content)
    if time is not None:
        os.utime(path, ns=(time, time))


def names(found):
    return [arrival.name for arrival in found.arrivals]


def test_file_is_found_once_when_it_has_not_moved_for_a_while(watched, folder, clock):
    write(folder / "a.png")
    assert names(watched.poll()) == []
    clock.now = 0.4
    write(folder / "a.png", b"more")
    assert names(watched.poll()) == []
    clock.now = 0.8
    assert names(watched.poll()) == []
    clock.now = 0.9

    (arrival,) = watched.poll().arrivals

    assert (arrival.name, arrival.path, arrival.complete) == ("a.png", folder / "a.png", 0.9)
    assert arrival.stamp == read_stamp(folder / "a.png") == Stamp(12, (folder / "a.png").stat().st_mtime_ns)
    assert not arrival.has_changed()
    clock.now = 9
    assert names(watched.poll()) == []
    write(folder / "a.png", b"longer")
    assert arrival.has_changed()
    (folder / "a.png").unlink()
    assert not arrival.has_changed()


def test_file_renamed_from_an_unfinished_name_is_found_at_once(watched, folder):
    for spare in ("a.png.tmp", "b.part", ".c.png.Xy12"):
        write(folder / spare)
    assert names(watched.poll()) == []
    (folder / "a.png.tmp").rename(folder / "a.png")
    (folder / "b.part").rename(folder / "b.png")
    (folder / ".c.png.Xy12").rename(folder / "c.png")

    assert sorted(names(watched.poll())) == ["a.png", "b.png", "c.png"]


def test_unfinished_and_hidden_names_copies_and_other_files_are_not_found(watched, folder, clock):
    for name in ("a.png.part", "b.tmp", ".hidden.png", "c.png~", "~$d.png", "e.crdownload", "Thumbs.db", ".git/f.png"):
        write(folder / name)
    (folder / "notes.txt").write_text("no photo")
    watched.poll()
    clock.now = 1

    found = watched.poll()

    assert found.arrivals == []


def test_a_name_whose_file_is_replaced_comes_again(watched, folder, clock):
    write(folder / "a.png", b"first", time=10)
    watched.poll()
    clock.now = 1
    assert names(watched.poll()) == ["a.png"]
    write(folder / "a.png", b"other", time=20)
    watched.poll()
    clock.now = 2

    assert names(watched.poll()) == ["a.png"]


def test_the_oldest_comes_first_and_sub_folders_count(watched, folder, clock):
    write(folder / "b" / "part_10.png", time=5)
    write(folder / "b" / "part_2.png", time=5)
    write(folder / "z.png", time=1)
    watched.poll()
    clock.now = 1

    assert names(watched.poll()) == ["z.png", "b/part_2.png", "b/part_10.png"]


def test_files_that_are_known_are_not_found_unless_they_changed(folder, clock):
    write(folder / "old.png", time=1)
    write(folder / "replaced.png", time=1)
    known = list_stamps(folder)
    watched = Arrivals(str(folder), 0, known, clock=clock)
    assert names(watched.poll()) == []
    write(folder / "replaced.png", b"anew", time=2)
    write(folder / "new.png", time=3)

    assert names(watched.poll()) == ["replaced.png", "new.png"]


def test_file_that_is_moved_within_the_folder_is_no_new_one(folder, clock):
    folder.mkdir()
    watched = Arrivals(folder, 0, clock=clock)
    write(folder / "a.png", time=1)
    assert names(watched.poll()) == ["a.png"]
    (folder / "ok").mkdir()
    (folder / "a.png").rename(folder / "ok" / "a.png")
    assert names(watched.poll()) == []
    write(folder / "a.png", time=1)  # the same time again, while the other is still there

    assert names(watched.poll()) == ["a.png"]


def test_copy_of_a_file_that_is_still_there_is_found(folder, clock):
    watched = Arrivals(folder, 0, clock=clock)
    write(folder / "a.png", time=1)
    watched.poll()
    write(folder / "again" / "a.png", time=1)

    assert names(watched.poll()) == ["again/a.png"]


def test_replaced_files_among_many_are_found_in_turns_and_new_ones_at_once(folder, clock, monkeypatch):
    monkeypatch.setattr("inspector.data.arrivals.LOOKED_AT", 3)
    for index in range(10):
        write(folder / f"{index}.png", time=1)
    watched = Arrivals(folder, 0, list_stamps(folder), clock=clock)
    for index in range(0, 10, 2):
        write(folder / f"{index}.png", b"anew", time=2)
    write(folder / "new.png", time=3)

    looks = [names(watched.poll()) for _ in range(4)]

    assert "new.png" in looks[0]
    assert sorted(name for found in looks for name in found) == ["0.png", "2.png", "4.png", "6.png", "8.png", "new.png"]


def test_links_are_followed_each_folder_once_and_own_files_are_none(folder, clock, tmp_path):
    write(tmp_path / "elsewhere" / "a.png")
    write(folder / "b.png")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "round").symlink_to(folder)
    (folder / "lost.png").symlink_to(folder / "nowhere.png")
    os.mkfifo(folder / "pipe.png")
    write(folder / "cache" / "of_ours.png")
    (folder / "inspector.db").write_bytes(b"SQLite format 3\0")

    assert sorted(names(Arrivals(folder, 0, clock=clock).poll())) == ["b.png", "linked/a.png"]


def test_clouds_are_told_from_photos(folder, clock):
    folder.mkdir()
    watched = Arrivals(folder, 0, clock=clock)
    clouds.save_tiff(folder / "grid.tiff", clouds.organised(0))
    (folder / "points.ply").write_bytes(b"ply\n")
    tifffile.imwrite(folder / "photo.tiff", np.zeros((8, 8, 3), np.uint8))

    found = watched.poll()

    kinds = {arrival.name: arrival.kind for arrival in found.arrivals}
    assert kinds == {"photo.tiff": "photo", "grid.tiff": "cloud", "points.ply": "cloud"}
    assert watched.poll().arrivals == []


def test_folder_that_is_away_is_told_and_looked_at_again(watched, folder, clock):
    folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        watched.poll()
    write(folder / "a.png")
    watched.poll()
    clock.now = 1

    assert names(watched.poll()) == ["a.png"]


def test_file_that_is_moved_while_another_one_takes_its_place_is_no_new_one(folder, clock):
    watched = Arrivals(folder, 0, clock=clock)
    write(folder / "a.png", time=1)
    watched.poll()
    (folder / "ok").mkdir()
    (folder / "a.png").rename(folder / "ok" / "a.png")
    write(folder / "a.png", b"next", time=2)

    assert names(watched.poll()) == ["a.png"]


def test_only_what_is_told_of_and_what_is_incomplete_is_looked_at(watched, folder, clock):
    watched.poll()
    for name in ("a.png", "b.png"):
        write(folder / name)
    assert names(watched.poll({"a.png", "gone.png", ".hidden.png"})) == []
    assert set(watched.incomplete) == {"a.png"}
    clock.now = 1

    assert names(watched.poll({"notes.txt"})) == ["a.png"]
    assert names(watched.poll(set())) == []
    assert not watched.incomplete
    assert names(watched.poll({"b.png"})) == []
    clock.now = 2
    assert names(watched.poll()) == ["b.png"]


def test_rename_that_is_told_of_is_found_at_once_and_only_once(watched, folder):
    watched.poll()
    write(folder / "a.tmp")
    watched.poll({"a.tmp"})
    (folder / "a.tmp").rename(folder / "a.png")

    assert names(watched.poll({"a.tmp", "a.png"})) == ["a.png"]
    assert names(watched.poll({"a.tmp", "a.png"})) == []


@pytest.mark.parametrize("told", ["new/a.png", "new", "deep/er/a.png"])
def test_folder_that_is_told_of_is_entered(folder, clock, told):
    folder.mkdir()
    watched = Arrivals(folder, 0, clock=clock)
    watched.poll()
    for name in ("new/a.png", "deep/er/a.png"):
        write(folder / name)

    assert sorted(names(watched.poll({told}))) == ["deep/er/a.png", "new/a.png"]


def test_own_files_are_not_looked_at_when_they_are_told_of(folder, clock):
    folder.mkdir()
    (folder / "inspector.db").write_bytes(b"SQLite format 3\0")
    write(folder / "cache" / "of_ours.png")
    watched = Arrivals(folder, 0, clock=clock)
    watched.poll()
    write(folder / "b.png")

    assert names(watched.poll({"cache/of_ours.png", "inspector.db-wal", ".git/x.png"})) == []
    assert names(watched.poll({"cache/of_ours.png", "b.png"})) == ["b.png"]


def test_workspace_that_comes_later_is_known_by_its_database(folder, clock):
    folder.mkdir()
    watched = Arrivals(folder, 0, clock=clock)
    watched.poll()
    write(folder / "cache" / "of_ours.png")
    (folder / "inspector.db").write_bytes(b"SQLite format 3\0")

    assert names(watched.poll({"inspector.db", "cache/of_ours.png"})) == []


def test_folder_that_is_away_is_told_of_too_when_a_new_folder_is_told_of(watched, folder):
    watched.poll()
    folder.rmdir()

    with pytest.raises(OSError, match="No such file"):
        watched.poll({"new/a.png"})


@pytest.mark.parametrize("told", [{"new"}, set()])
def test_replaced_files_that_are_told_of_are_found_at_once_where_all_are_looked_at(folder, clock, monkeypatch, told):
    monkeypatch.setattr("inspector.data.arrivals.LOOKED_AT", 1)
    photos = {f"{index}.png" for index in range(10)}
    for name in photos:
        write(folder / name, time=1)
    watched = Arrivals(folder, 0, list_stamps(folder), clock=clock)
    watched.poll()
    for name in photos:
        write(folder / name, b"anew", time=2)
    (folder / "new").mkdir()

    assert set(names(watched.poll(photos | told, everything=not told))) == photos


def test_short_name_that_windows_tells_of_has_everything_looked_at(folder, clock):
    folder.mkdir()
    watched = Arrivals(folder, 0, clock=clock)
    watched.poll()
    write(folder / "long name.png")

    assert names(watched.poll({"LONGNA~1.PNG"})) == ["long name.png"]


def test_file_that_the_system_does_not_answer_for_ends_no_look(watched, folder):
    watched.poll()
    write(folder / "a.png")
    watched.poll({f"{300 * 'x'}.png", "a.png"})  # longer than any name may be

    assert set(watched.incomplete) == {"a.png"}


@pytest.mark.parametrize("year", [1601, 2400])
def test_times_that_no_database_holds_are_taken_as_the_farthest_it_does(year):
    time = (year - 1970) * 365 * 86_400 * 10**9

    stamp = Stamp.of(SimpleNamespace(st_size=3, st_mtime_ns=time))

    assert stamp == (3, REACH if year > 1970 else -REACH)
    assert REACH < 2**63


def test_file_that_is_never_complete_is_told_once_until_it_is(watched, folder, clock):
    told = []
    for second in range(129):
        clock.now = second * 0.5 if second < 128 else 64 + second
        if second < 128:
            write(folder / "current.png", time=second)
        found = watched.poll()
        told += found.restless

    assert (told, names(found)) == (["current.png"], ["current.png"])


def test_photo_of_a_name_that_came_before_is_told_where_it_is_overwritten_too_soon(watched, folder, clock):
    told = []
    for second, length in enumerate([9, 0, 0, 0, 8, 7, 6]):
        clock.now = second * 0.3
        if length:
            write(folder / "current.png", bytes(length), time=second)
            write(folder / f"{second}.png", bytes(length), time=second)
        told.append(watched.poll().restless)

    assert told == [[], [], [], [], [], ["current.png"], []]
