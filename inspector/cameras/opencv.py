"""`file:FILM`, and `0`, `1`, ... or `/dev/video0`: films, and cameras of V4L2 or UVC, through OpenCV."""

import sys
from pathlib import Path

import cv2

from inspector.cameras.camera import Camera, CameraError, CameraPhoto, FilmEndedError
from inspector.files import expand_home
from inspector.places import is_file, is_there

WARM_UP = 10
"""Photos of a camera that are thrown away after it was opened: exposure and white balance settle meanwhile."""


class Film(Camera):
    """A film, photo by photo, from its beginning; it stands still while nobody reads."""

    waits = True

    def __init__(self, address: str) -> None:
        """Read file:FILM, of any kind that OpenCV's FFmpeg knows."""
        super().__init__(address)
        self._path = Path(expand_home(address.partition(":")[2]))
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """Open the file; raises as `Camera.open`."""
        if not is_file(self._path):
            raise CameraError("there is no such file")
        self._capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise CameraError("it is no film that can be read")

    def read(self) -> CameraPhoto | None:
        """Return the next photo; raises as `Camera.read`."""
        return _grab(self._capture, FilmEndedError("the film is at its end"))

    def close(self) -> None:
        """Close the file."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


class Device(Camera):
    """A camera that the system knows: V4L2 on Linux, elsewhere what OpenCV finds."""

    runs_free = True

    def __init__(self, address: str) -> None:
        """Use the camera of a number, or on Linux of a path as /dev/video0 or /dev/v4l/by-id/..."""
        super().__init__(address)
        self._capture: cv2.VideoCapture | None = None

    def open(self) -> None:
        """Connect, and throw the first photos away; raises as `Camera.open`."""
        if sys.platform == "linux":
            path = f"/dev/video{self.name}" if self.name.isdecimal() else self.name
            if not is_there(path):  # OpenCV would say so on the terminal, many times
                raise CameraError("there is no such camera")
            self._capture = cv2.VideoCapture(path, cv2.CAP_V4L2)
        else:
            self._capture = cv2.VideoCapture(int(self.name))
        if not self._capture.isOpened():
            raise CameraError("the camera cannot be opened; another program may use it")
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        for _ in range(WARM_UP):
            self.read()

    def read(self) -> CameraPhoto | None:
        """Return the next photo; raises as `Camera.read`."""
        return _grab(self._capture, CameraError("the camera gives no photo"))

    def close(self) -> None:
        """Close the camera."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _grab(capture: cv2.VideoCapture | None, otherwise: Exception) -> CameraPhoto:
    assert capture is not None, "opened before"
    there, photo = capture.read()
    if not there:
        raise otherwise
    return photo if photo.ndim == 2 else cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)
