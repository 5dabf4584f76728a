"""Where a part lies in its photo: a box around it, turned with it, and the way there and back. No torch."""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Placement:
    """A box laid around a part, in pixels of the photo; (0, 0) is the upper left corner of its first pixel.

    Attributes:
        x, y: its middle.
        width, height: its sides. It may reach beyond the photo.
        angle: degrees by which it is turned, from the x axis towards the y axis (clockwise, as one sees it).
    """

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    def corners(self) -> NDArray[np.float64]:
        """Return its corners in the photo, (4, 2) x and y: that of its own upper left, then clockwise.

        Example:
            Middle (5, 5), 4 wide and 2 high, no angle: (3, 4), (7, 4), (7, 6), (3, 6).
        """
        return self.to_photo(np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]))

    def to_photo(self, places: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Move places in the box, (..., 2) x and y from 0 to 1, to where they are in the photo."""
        moved = (places - 0.5) * (self.width, self.height) @ self._turn().T + (self.x, self.y)
        return np.asarray(moved, np.float64)

    def to_box(self, places: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Move places in the photo, (..., 2) x and y, into the box, where they lie from 0 to 1 each way."""
        moved = (places - (self.x, self.y)) @ self._turn() / (self.width, self.height) + 0.5
        return np.asarray(moved, np.float64)

    def _turn(self) -> NDArray[np.float64]:
        """Rotation (2, 2) from the box's axes to those of the photo."""
        turn = radians(self.angle)
        return np.array([(cos(turn), -sin(turn)), (sin(turn), cos(turn))])


def pixel_centres(size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the middles of the pixels of a picture (H, W): (H, W, 2) x and y."""
    rows, cols = np.indices(size)
    return np.asarray(np.stack([cols, rows], axis=-1) + 0.5, np.float64)
