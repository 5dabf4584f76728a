"""The shapes that somebody draws on a photo, step by step. No Qt."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inspector.geometry.roi import Drawing, Shape, Use

Place = tuple[float, float]
"""(x, y) in pixels of the photo."""


class Sketch:
    """Shapes that are done, and one that is being drawn; each step can be taken back.

    Attributes:
        size: (H, W) of the photo in pixels.
        begun: the places of the shape that is being drawn.
    """

    def __init__(self, size: tuple[int, int], drawing: Drawing | None = None) -> None:
        """Begin with what was drawn before, on a photo of any size."""
        self.size = size
        self.begun: list[Place] = []
        self._states: list[tuple[Shape, ...]] = [() if drawing is None else scale_shapes(drawing, size)]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that are done."""
        return self._states[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to be taken back."""
        return bool(self.begun) or len(self._states) > 1

    def add(self, use: Use, places: Sequence[Place], width: float = 0.0) -> None:
        """Finish a shape: a polygon, or with a width the line of a brush; one of no area or length is none."""
        self.begun = []
        if width or len(set(places)) >= 3:
            self._states.append((*self.shapes, Shape(use, (tuple(places),), width)))

    def clear(self) -> None:
        """Take all shapes away; that can be taken back, too."""
        self.begun = []
        if self.shapes:
            self._states.append(())

    def undo(self) -> None:
        """Take the last step back: the last place of the shape that is being drawn, or the last shape."""
        if self.begun:
            self.begun.pop()
        elif len(self._states) > 1:
            self._states.pop()

    def drawing(self) -> Drawing:
        """Return what is drawn."""
        return Drawing(self.shapes, self.size)

    def is_usable(self) -> bool:
        """Whether it leaves something to be looked at, and not all."""
        seen = self.drawing().to_roi().mask
        return bool(seen.any()) and not bool(seen.all())


def make_rectangle(one: Place, other: Place) -> list[Place]:
    """Return the corners of a rectangle between two opposite ones; none where it has no area."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    if right - left < 1 or bottom - top < 1:
        return []
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def scale_shapes(drawing: Drawing, size: tuple[int, int]) -> tuple[Shape, ...]:
    """Return the shapes of a drawing in pixels of a photo (H, W) of another size."""
    height, width = size
    own_height, own_width = drawing.size if drawing.size is not None and drawing.unit == "pixels" else (1, 1)
    x, y = width / own_width, height / own_height
    return tuple(
        Shape(shape.use, tuple(tuple((px * x, py * y) for px, py in line) for line in shape.lines), shape.width * x)
        for shape in drawing.shapes
    )


def shade(sketch: Sketch) -> NDArray[np.uint8]:
    """Return what lies over the photo: (h, w, 4) uint8 RGBA, dark where nothing is looked at."""
    seen = sketch.drawing().to_roi().mask
    layer = np.zeros((*seen.shape, 4), np.uint8)
    layer[~seen] = (20, 20, 20, 165)
    return layer
