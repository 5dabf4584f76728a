"""Takes photos with a camera and writes them into a watched folder, beside the watch: one thread takes, one writes."""

import threading
import time
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from queue import Full, Queue
from types import TracebackType

from inspector.cameras.camera import Camera, CameraError, CameraPhoto, FilmEndedError
from inspector.cameras.photo_files import encode_photo, name_photo, write_photo
from inspector.cameras.tallies import Due, LossTally
from inspector.cameras.triggers import Trigger
from inspector.errors import InputError, SettingsError, say_why
from inspector.events import Event, Report, silent
from inspector.sinks.delivery import MessageQueue

WAITING = 8
"""Photos that may wait to be written; further ones are dropped, and told."""

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds before a camera is opened, or a photo written, again: the first, then twice as long each time."""

PATIENCE = 5.0
"""Seconds without a photo that was asked for, after which a camera is taken to be gone; and that threads get to end."""

LOOK_AGAIN = 0.2
"""Seconds after which a waiting thread looks whether it is to end."""


class Grabber:
    """Writes a photo into a folder at each trigger, or each photo that the camera gives.

    Nothing that goes wrong ends it: a camera that is gone is opened again, a photo that cannot be written is written
    later. Photos that are dropped, or were due and not taken, are counted and told.

    Example:
        with Grabber(make_camera("0"), Timer(2.0), "photos", report) as grabber:
            watch("photos", settings, options, workspace, report, grabber=grabber)
    """

    def __init__(self, camera: Camera, trigger: Trigger | None, folder: str | Path, report: Report = silent) -> None:
        """Prepare; entering it opens the camera, `start` begins.

        Args:
            camera: which is not open yet.
            trigger: when photos are taken; None = each that the camera gives, as where a wire triggers it.
            folder: which is there.
            report: is told, in the thread that calls `tell` or leaves it, what people should know.

        Raises:
            SettingsError: a camera that gives photos all the time has no trigger.
        """
        if trigger is None and camera.runs_free:
            raise SettingsError(f"camera {camera.name} gives photos all the time: name what makes it take one")
        self._camera, self._trigger, self._folder, self._report = camera, trigger, Path(folder), report
        self._messages = MessageQueue()
        self._waiting: Queue[tuple[CameraPhoto, datetime] | None] = Queue(WAITING)
        self._go, self._stop = threading.Event(), threading.Event()
        self._due, self._wanted, self._asked = Due(), 0, 0.0
        self._opened: Future[None] = Future()
        self._taken = self._written = 0
        self._failing = self._is_full = False
        self._dropped = LossTally(self._hear, "dropped, for they come faster than they can be written")
        self._missed = LossTally(self._hear, "not taken when they were due")
        self._damaged = LossTally(self._hear, "lost on their way from the camera")
        self._threads = [
            threading.Thread(target=work, name=camera.name, daemon=True) for work in (self._take_all, self._write_all)
        ]

    def __enter__(self) -> "Grabber":
        """Open the camera; raises InputError where it cannot be opened."""
        for thread in self._threads:
            thread.start()
        try:
            self._opened.result()
        except Exception as error:
            self._waiting.put(None)
            raise InputError(f"camera {self._camera.name}: {say_why(error)}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Take photos from now on; raises SettingsError where the trigger cannot begin."""
        if self._trigger is not None:
            self._trigger.start(self._due.add, self._hear)
        self._go.set()

    def tell(self) -> None:
        """Report what there was to say since it was told last."""
        for sentence in self._messages.take():
            self._report(Event("warning", "camera", message=sentence))

    def close(self) -> None:
        """Take no further photo, write those that wait, and tell what was lost."""
        if self._trigger is not None:
            self._trigger.stop()
        self._stop.set()
        taking, writing = self._threads
        taking.join(2 * PATIENCE)
        try:
            self._waiting.put(None, timeout=PATIENCE)
            writing.join(PATIENCE)
        except Full:  # the disk hangs
            pass
        LossTally(self._hear, "lost at the end: they could not be written").add(self._taken - self._written)
        for tally in (self._dropped, self._missed, self._damaged):
            tally.tell_total()
        self.tell()

    def _hear(self, sentence: str) -> None:
        self._messages.add(f"camera {self._camera.name}: {sentence}")

    def _take_all(self) -> None:
        """Take photos until the end; open the camera again where it fails."""
        wait, is_open = FIRST_WAIT, False
        while not self._stop.is_set():
            try:
                if not is_open:
                    self._camera.open()
                    is_open = True
                    self._miss()  # what was due meanwhile
                    if not self._opened.done():
                        self._opened.set_result(None)
                photo = self._take()
            except FilmEndedError as end:
                self._hear(say_why(end))
                break
            except Exception as error:  # whatever a driver says, the camera is tried again
                self._camera.close()
                is_open = False
                if not self._opened.done():
                    self._opened.set_exception(error)
                    return
                self._tell_failure(error)
                self._stop.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            self._tell_success()
            if photo is not None:
                wait = FIRST_WAIT
                self._hand_on(photo)
        self._camera.close()

    def _take(self) -> CameraPhoto | None:
        """Return the next photo that is wanted; None where there is none yet."""
        if self._camera.waits:
            is_due = self._go.wait(LOOK_AGAIN) and (self._trigger is None or self._due.take_one(LOOK_AGAIN))
            return self._camera.read() if is_due else None
        if not self._wanted and (due := self._due.take_all()):
            self._wanted, self._asked = 1, time.monotonic()  # before it is read: what was under way is older
            self._missed.add(due - 1)
        photo = self._camera.read()
        self._damaged.add(self._camera.take_lost())
        if self._trigger is None:
            return photo if self._go.is_set() else None
        if photo is None or not self._wanted:
            if self._wanted and time.monotonic() - self._asked > PATIENCE:
                raise CameraError("the camera gives no photo")
            return None
        self._wanted = 0
        return photo

    def _miss(self) -> None:
        if not self._camera.waits:
            self._missed.add(self._wanted + self._due.take_all())
            self._wanted = 0

    def _tell_failure(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            self._hear(f"{say_why(error)}; it is tried again until it is there")

    def _tell_success(self) -> None:
        if self._failing:
            self._failing = False
            self._hear("it is there again")

    def _hand_on(self, photo: CameraPhoto) -> None:
        """Give a photo to the thread that writes; a film waits for it, a camera does not."""
        item = (photo, datetime.now(UTC))
        while True:
            try:
                self._waiting.put(item, timeout=LOOK_AGAIN if self._camera.waits else 0)
            except Full:
                if self._camera.waits and not self._stop.is_set():
                    continue
                self._dropped.add(1)
            else:
                self._taken += 1
            return

    def _write_all(self) -> None:
        number = 0
        while (item := self._waiting.get()) is not None:
            number += 1
            photo, taken = item
            if self._write(name_photo(taken, number), encode_photo(photo)):
                self._written += 1

    def _write(self, name: str, encoded: bytes) -> bool:
        """Write a photo, again and again; once where it is the end. Return whether it is on the disk."""
        wait = FIRST_WAIT
        while True:
            try:
                write_photo(self._folder, name, encoded)
            except OSError as error:
                if not self._is_full:
                    self._is_full = True
                    self._hear(f"photos cannot be written: {error.strerror or error}; they wait")
                if self._stop.wait(wait):
                    return False
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                if self._is_full:
                    self._is_full = False
                    self._hear("photos are written again")
                return True
