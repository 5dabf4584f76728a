"""What a camera is: gives photos one by one."""

from abc import ABC, abstractmethod
from typing import Any

from numpy.typing import NDArray

CameraPhoto = NDArray[Any]
"""(H, W) grey or (H, W, 3) RGB, uint8 or uint16, as the camera gave it."""


class CameraError(Exception):
    """A camera is not there, or gave no photo; it is tried again."""


class FilmEndedError(Exception):
    """A film has no further photo."""


class Camera(ABC):
    """Gives the photos of one camera. All its methods are called by one thread, which may wait in them.

    Attributes:
        name: its address; what people see.
        waits: whether no photo passes while nobody reads, as in a film.
        runs_free: whether it gives photos all the time, whether or not a part is there: it needs a trigger.
    """

    waits = False
    runs_free = False

    def __init__(self, name: str) -> None:
        """Set the name that people are shown; nothing is opened yet."""
        self.name = name

    @abstractmethod
    def open(self) -> None:
        """Connect, up to where photos are fit to be used; called again after each `CameraError`.

        Raises:
            CameraError: it is not there.
        """

    @abstractmethod
    def read(self) -> CameraPhoto | None:
        """Return the next photo; None where none came within about a second.

        Raises:
            CameraError: it is gone.
            FilmEndedError: there will be no further one.
        """

    def take_lost(self) -> int:
        """Return how many photos came damaged, so that `read` did not return them, since this was asked last."""
        return 0

    @abstractmethod
    def close(self) -> None:
        """Close the camera; called after each `CameraError` and at the end."""
