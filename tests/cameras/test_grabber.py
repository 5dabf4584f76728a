"""What a camera takes comes into the folder once, or is counted and told."""

import errno
import threading
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from inspector.cameras import grabber as grabbing
from inspector.cameras import photo_files
from inspector.cameras.camera import CameraError, FilmEndedError
from inspector.cameras.grabber import WAITING, Grabber
from inspector.cameras.photo_files import encode_photo, name_photo, write_photo
from inspector.cameras.tallies import LossTally
from inspector.cameras.triggers import Trigger
from inspector.errors import InputError, SettingsError
from tests.cameras.cameras import make_photo, read_numbers
from tests.sinks.parts import wait_for


class Hand(Trigger):
    """Fires when a test does."""

    def start(self, fire, tell):
        self.fire = fire

    def stop(self):
        pass


def test_each_photo_of_a_camera_is_a_file_once_in_its_order(camera, line, report, told):
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        for number in range(5):
            camera.coming.put(make_photo(number))
        wait_for(lambda: len(list(line.glob("*.png"))) == 5)

    assert read_numbers(line) == [0, 1, 2, 3, 4]
    assert [path.name[-10:] for path in sorted(line.iterdir())] == [f"{number:06d}.png" for number in range(1, 6)]
    assert (told, camera.calls) == ([], ["open", "close"])


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_files_hold_what_the_camera_gave(line, kind, shape):
    photo = np.random.default_rng(3).integers(0, np.iinfo(kind).max, shape, dtype=kind)

    write_photo(line, "a.png", encode_photo(photo))

    read = cv2.imread(str(line / "a.png"), cv2.IMREAD_UNCHANGED)
    assert read.dtype == kind
    assert np.array_equal(read if photo.ndim == 2 else read[..., ::-1], photo)


def test_names_say_when_and_which():
    assert name_photo(datetime(2026, 3, 1, 6, 12, 9, 250_999, UTC), 42) == "20260301T061209.250Z-000042.png"


def test_a_failed_write_leaves_nothing_and_a_folder_that_is_away_is_not_made(line, monkeypatch):
    monkeypatch.setattr(photo_files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        write_photo(line, "a.png", b"x")
    with pytest.raises(FileNotFoundError, match="is away"):
        write_photo(line / "share", "a.png", b"x")

    assert list(line.iterdir()) == []


def test_what_a_camera_shows_before_the_watch_began_is_no_part(camera, line, report):
    with Grabber(camera, None, line, report) as grabber:
        camera.coming.put(make_photo(1))
        wait_for(camera.coming.empty)
        reads = camera.reads
        wait_for(lambda: camera.reads > reads + 1)
        grabber.start()
        camera.coming.put(make_photo(2))
        wait_for(lambda: list(line.glob("*.png")))

    assert read_numbers(line) == [2]


def test_a_trigger_takes_one_photo_that_was_not_under_way_before(camera, line, report, told):
    hand = Hand()
    with Grabber(camera, hand, line, report) as grabber:
        grabber.start()
        for number in range(3):
            camera.coming.put(make_photo(number))
        wait_for(camera.coming.empty)
        reads = camera.reads
        wait_for(lambda: camera.reads > reads + 1)
        hand.fire()
        reads = camera.reads
        wait_for(lambda: camera.reads > reads + 1)
        camera.coming.put(make_photo(7))
        camera.coming.put(make_photo(8))
        wait_for(lambda: list(line.glob("*.png")) and camera.coming.empty())

    assert read_numbers(line) == [7]
    assert told == []


def test_triggers_faster_than_the_camera_are_counted(camera, line, report, told):
    hand = Hand()
    grabber = Grabber(camera, hand, line, report)
    with grabber:
        grabber.start()
        grabber._due.take_all()
        with grabber._due._changed:  # as if all came between two photos
            for _ in range(4):
                hand.fire()
        wait_for(lambda: grabber._wanted)
        camera.coming.put(make_photo(1))
        wait_for(lambda: list(line.glob("*.png")))

    assert read_numbers(line) == [1]
    assert told[-1] == "camera fake: 3 photos not taken when they were due"


def test_a_film_gives_a_photo_for_each_trigger_and_drops_none(camera, line, report, told, monkeypatch):
    camera.waits, hand, writing = True, Hand(), threading.Event()
    count = WAITING + 6
    monkeypatch.setattr(grabbing, "write_photo", lambda *words: (writing.wait(60), write_photo(*words)))
    for number in range(count):
        camera.coming.put(make_photo(number))
    camera.coming.put(FilmEndedError("the film is at its end"))
    with Grabber(camera, hand, line, report) as grabber:
        grabber.start()
        for _ in range(count + 1):
            hand.fire()
        wait_for(lambda: grabber._waiting.full())
        writing.set()
        wait_for(lambda: len(list(line.glob("*.png"))) == count)
        wait_for(lambda: camera.calls[-1] == "close")

    assert read_numbers(line) == list(range(count))
    assert told == ["camera fake: the film is at its end"]


def test_photos_that_a_slow_disk_cannot_take_are_counted(camera, line, report, told, monkeypatch):
    writing = threading.Event()
    monkeypatch.setattr(grabbing, "write_photo", lambda *words: (writing.wait(60), write_photo(*words)))
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        for number in range(WAITING + 8):
            camera.coming.put(make_photo(number))
        wait_for(lambda: camera.coming.empty() and grabber._taken + grabber._dropped.count == WAITING + 8)
        writing.set()

    kept = len(read_numbers(line))
    assert kept in (WAITING, WAITING + 1)  # one may have been in the writer's hand before the others came
    assert told[0] == "camera fake: 1 photo dropped, for they come faster than they can be written"
    assert told[-1].startswith(f"camera fake: {WAITING + 8 - kept} photos dropped, for they come faster")


def test_a_camera_that_is_unplugged_is_opened_again_and_what_was_due_is_told(camera, line, report, told):
    hand = Hand()
    with Grabber(camera, hand, line, report) as grabber:
        grabber.start()
        camera.is_away = True
        camera.coming.put(CameraError("the camera gives no photo"))
        wait_for(lambda: camera.calls.count("open") >= 4)
        hand.fire()
        hand.fire()
        camera.is_away = False
        wait_for(lambda: grabber._missed.count == 2 and not grabber._failing)
        hand.fire()
        wait_for(lambda: grabber._wanted)
        camera.coming.put(make_photo(9))
        wait_for(lambda: list(line.glob("*.png")))
        grabber.tell()

    assert read_numbers(line) == [9]
    assert told == [
        "camera fake: the camera gives no photo; it is tried again until it is there",
        "camera fake: 2 photos not taken when they were due",
        "camera fake: it is there again",
    ]


def test_a_camera_that_gives_nothing_though_asked_is_opened_again(camera, line, report, told, monkeypatch):
    monkeypatch.setattr(grabbing, "PATIENCE", 0.02)
    hand = Hand()
    with Grabber(camera, hand, line, report) as grabber:
        grabber.start()
        hand.fire()
        wait_for(lambda: camera.calls.count("open") >= 2)

    assert told[0] == "camera fake: the camera gives no photo; it is tried again until it is there"


def test_any_error_of_a_driver_is_one_of_the_camera(camera, line, report, told):
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        camera.coming.put(RuntimeError("GC_ERR_IO"))
        camera.coming.put(make_photo(3))
        wait_for(lambda: list(line.glob("*.png")))

    assert "GC_ERR_IO" in told[0]
    assert read_numbers(line) == [3]


def test_photos_that_came_damaged_are_told(camera, line, report, told):
    camera.lost = 2
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        wait_for(lambda: camera.reads > 1)

    assert told == ["camera fake: 2 photos lost on their way from the camera"]


def test_a_full_disk_is_told_and_the_photo_written_when_there_is_room(camera, line, report, told, monkeypatch):
    errors = [OSError(errno.ENOSPC, "No space left on device")] * 3

    def write(*words):
        if errors:
            raise errors.pop()
        write_photo(*words)

    monkeypatch.setattr(grabbing, "write_photo", write)
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        camera.coming.put(make_photo(1))
        camera.coming.put(make_photo(2))
        wait_for(lambda: len(list(line.glob("*.png"))) == 2)

    assert read_numbers(line) == [1, 2]
    assert told == [
        "camera fake: photos cannot be written: No space left on device; they wait",
        "camera fake: photos are written again",
    ]


def test_what_cannot_be_written_at_the_end_is_told(camera, line, report, told, monkeypatch):
    def write(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(grabbing, "write_photo", write)
    with Grabber(camera, None, line, report) as grabber:
        grabber.start()
        for number in range(3):
            camera.coming.put(make_photo(number))
        wait_for(lambda: grabber._taken == 3)

    assert told == [
        "camera fake: photos cannot be written: No space left on device; they wait",
        "camera fake: 3 photos lost at the end: they could not be written",
    ]


def test_a_camera_that_is_not_there_at_the_start_is_refused(camera, line):
    camera.is_away = True
    with (
        pytest.raises(InputError, match="camera fake: there is no such camera"),
        Grabber(camera, None, line),
    ):
        pass


def test_a_camera_that_runs_free_needs_a_trigger(camera, line):
    camera.runs_free = True
    with pytest.raises(SettingsError, match="name what makes it take one"):
        Grabber(camera, None, line)


def test_losses_are_told_when_they_double():
    told = []
    tally = LossTally(told.append, "dropped")
    for count in (1, 0, 1, 1, 2, 1):
        tally.add(count)
    tally.tell_total()

    assert told == ["1 photo dropped", "2 photos dropped", "5 photos dropped", "6 photos dropped"]
