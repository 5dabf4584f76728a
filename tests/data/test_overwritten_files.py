"""Photos that are overwritten before they were looked at, or while it is asked what was judged."""

from inspector.data.arrivals import ONE_NAME, Arrivals
from inspector.data.found_files import leave_judged
from inspector.data.held_files import HeldFiles
from inspector.data.known_files import Stamp
from tests.data.test_arrivals import names, write


def test_photo_that_is_renamed_onto_another_is_complete_at_once_and_what_nobody_saw_is_counted(watched, folder, clock):
    """Of a camera that renames faster than `settle` one photo in a hundred was judged, and nothing was told."""
    missed = []
    for second, came in enumerate([0, 1, 3, 1]):
        clock.now = second * 0.1
        write(folder / "current.png", bytes(second), time=second)
        watched.note_replaced({"current.png": came} if came else {})
        found = watched.poll({"current.png"} if came else None)
        missed.append((names(found), found.missed))

    found = (["current.png"], {})
    assert missed == [([], {}), ([], {}), (["current.png"], {"current.png": 4}), found]


def test_photo_that_a_tool_writes_anew_before_it_is_complete_is_one_part(watched, folder, clock):
    """Each was told as one that was overwritten and is not judged."""
    looks = []
    for second, came in enumerate([{}, {"a.png": 1}, {}]):
        clock.now = second * 0.3
        if second < 2:
            write(folder / "a.png", bytes(second), time=second)
        watched.note_replaced(came)
        looks.append(watched.poll())
    clock.now = 1
    looks.append(watched.poll())

    assert [names(look) for look in looks] == [[], [], [], ["a.png"]]
    assert [look.missed for look in looks] == [{}] * 4


def test_other_files_that_are_overwritten_are_not_told_as_lost(watched, folder):
    (folder / ".thumbs").mkdir()
    others = ["state.csv", "next.png.tmp", ".thumbs/a.png", "._a.png"]
    for name in others:
        (folder / name).write_bytes(b"1, 2")
    watched.poll()
    watched.note_replaced(dict.fromkeys(others, 9))

    assert watched.poll(others).missed == {}


def test_photo_that_was_found_before_it_was_told_of_is_not_counted_as_lost(watched, folder, clock):
    write(folder / "current.png", time=1)
    watched.poll()
    clock.now = 1
    watched.poll()
    write(folder / "current.png", b"next", time=2)
    watched.poll()
    clock.now = 2
    assert names(watched.poll()) == ["current.png"]
    watched.note_replaced({"current.png": 1})

    assert watched.poll({"current.png"}).missed == {}


def test_photo_that_is_overwritten_in_place_before_it_is_complete_is_told_also_the_first_of_its_name(watched, folder):
    told = []
    for length in (9, 7):
        write(folder / "current.png", bytes(length))
        told += watched.poll().restless

    assert told == ["current.png"]


def test_who_judges_is_asked_by_whoever_takes_what_was_found(folder):
    """The thread that looks waited for a database, up to half a minute; photos were overwritten meanwhile."""
    write(folder / "a.png", time=1)
    asked = []
    watched = Arrivals(folder, 0, None, lambda stamps: asked.append(stamps) or (), asks=False)
    watched.poll()
    asked.clear()
    write(folder / "b.png", time=2)
    write(folder / "c.png", time=3)
    found = watched.poll()
    assert (names(found), asked) == (["b.png", "c.png"], [])
    (folder / "done").mkdir()

    back = leave_judged(found, lambda stamps: [("done/b.png", Stamp(8, 2))])

    assert ([arrival.name for arrival in back], names(found)) == (["b.png"], ["c.png"])


def test_smaller_photo_that_is_renamed_onto_another_is_complete_and_copied(folder, tmp_path):
    """It is no file that is written anew, and the next one will take its place, too."""
    watched = Arrivals(folder, 9, held=HeldFiles(folder, tmp_path / "held"))
    write(folder / "current.png", bytes(9), time=1)
    watched.poll()
    write(folder / "current.png", bytes(1), time=2)
    watched.note_replaced({"current.png": ONE_NAME})

    found = watched.poll()

    assert found.restless == []
    assert [arrival.copy.read_bytes() for arrival in found.arrivals] == [(folder / "current.png").read_bytes()]
