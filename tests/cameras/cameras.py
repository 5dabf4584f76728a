"""Cameras that tests unplug, and films that they make."""

import queue
from pathlib import Path

import cv2
import numpy as np

from inspector.cameras.camera import Camera, CameraError


def make_photo(number: int, height: int = 4, width: int = 6) -> np.ndarray:
    """A photo that says its number: (4, 6, 3) RGB."""
    return np.full((height, width, 3), (number, 2 * number, 200), dtype=np.uint8)


def read_number(path: Path) -> int:
    return int(cv2.imread(str(path))[0, 0, 2])


def read_numbers(folder: Path) -> list[int]:
    """The numbers of the photos in a folder, in the order of their names."""
    return [read_number(path) for path in sorted(folder.glob("*.png"))]


def make_film(path: Path, photos: list[np.ndarray]) -> Path:
    height, width = photos[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (width, height))
    for photo in photos:
        writer.write(cv2.cvtColor(photo, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


class FakeCamera(Camera):
    """Gives what is put into `coming`: photos, or errors, which it raises. While `is_away` it cannot be opened."""

    def __init__(self) -> None:
        super().__init__("fake")
        self.coming: queue.Queue[np.ndarray | Exception] = queue.Queue()
        self.is_away = False
        self.lost = 0
        self.reads = 0
        self.calls: list[str] = []

    def open(self) -> None:
        self.calls.append("open")
        if self.is_away:
            raise CameraError("there is no such camera")

    def read(self) -> np.ndarray | None:
        self.reads += 1
        try:
            next_one = self.coming.get(timeout=0.005)
        except queue.Empty:
            return None
        if isinstance(next_one, Exception):
            raise next_one
        return next_one

    def take_lost(self) -> int:
        lost, self.lost = self.lost, 0
        return lost

    def close(self) -> None:
        self.calls.append("close")
