"""Which places of a photo are looked at: shapes that are drawn on it, and the mask that they make. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.geometry.frame import Frame
from inspector.geometry.grid import Alignment, limit_size

LONGEST = 2048
"""Longer side of the mask that shapes are drawn into, in pixels: finer than any map."""

SAME_SHAPE = 0.01
"""Photos are of one shape where their proportions differ by no more than this share."""

FRACTION = 16
"""OpenCV takes places in so many parts of a pixel."""

FARTHEST = 4 * LONGEST
"""Pixels of the mask that places lie away, and a brush is wide, at most: more makes no difference."""

BRUSH_SHARE = 8
"""A disc of so many rows takes about as long to draw as one row takes to cross a border."""

Use = Literal["include", "ignore"]


@dataclass(frozen=True)
class Shape:
    """A polygon, or the line of a brush, that is looked at or ignored.

    Attributes:
        use: "include" or "ignore".
        lines: of (x, y) places. A polygon: its border, and those of its holes; a brush: the way it went.
        width: of the brush; 0 = a polygon.
    """

    use: Use
    lines: tuple[tuple[tuple[float, float], ...], ...]
    width: float = 0.0


@dataclass(frozen=True)
class Drawing:
    """Shapes on a photo. What is ignored stays so whatever includes it; without any that includes, all else is seen.

    Attributes:
        shapes: in pixels of the photo, or in fractions of its width and height (a brush's width in those of the width).
        size: (H, W) of the photo in pixels; None = any.
        unit: what the shapes are measured in.
    """

    shapes: tuple[Shape, ...]
    size: tuple[int, int] | None = None
    unit: Literal["pixels", "fractions"] = "pixels"

    def to_roi(self) -> "Roi":
        """Draw it into a mask."""
        (rows, cols), scale = self._fit()
        seen = np.zeros((rows, cols), np.uint8)
        seen[:] = not any(shape.use == "include" for shape in self.shapes)
        for use in ("include", "ignore"):
            for shape in self.shapes:
                if shape.use == use:
                    _draw(seen, shape, scale)
        return Roi(seen.astype(bool), self.size)

    def count_crossings(self) -> float:
        """Return how many borders a row of the mask crosses on average; a brush counts at each place by its width."""
        (rows, _), scale = self._fit()
        crossed = 0.0
        for shape in self.shapes:
            for line in shape.lines:
                heights = np.clip([y * scale[1] for _, y in line], 0, rows)
                ends = _find_thickness(shape, scale) * len(line) / BRUSH_SHARE if shape.width else 2 * len(line)
                crossed += float(np.abs(np.diff(heights, append=heights[:1])).sum()) + ends
        return crossed / rows

    def _fit(self) -> tuple[tuple[int, int], NDArray[np.float64]]:
        """Return the size (h, w) of the mask, and its pixels for one unit of the shapes, in x and y."""
        rows, cols = limit_size(self.size or (LONGEST, LONGEST), LONGEST)
        height, width = self.size if self.size is not None and self.unit == "pixels" else (1, 1)
        return (rows, cols), np.array([cols / width, rows / height])


@dataclass(frozen=True, eq=False)
class Roi:
    """A region of interest.

    Attributes:
        mask: (h, w) bool over the whole photo, True = looked at.
        size: (H, W) in pixels of the photo it was drawn on: it fits photos of the same proportions; None = any.
    """

    mask: NDArray[np.bool_] = field(repr=False)
    size: tuple[int, int] | None = None

    def fits(self, size: tuple[int, int]) -> bool:
        """Whether a photo (H, W) has the proportions of the one that it was drawn on.

        Example:
            One of 3000 x 4000 fits photos of 1500 x 2000, and no upright ones.
        """
        if self.size is None:
            return True
        (height, width), (own_height, own_width) = size, self.size
        return abs(width * own_height - height * own_width) <= SAME_SHAPE * width * own_height

    def contains(self, places: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        """Tell which places, (..., 2) x and y from 0 to 1, are looked at; none outside the photo is."""
        rows, cols = self.mask.shape
        inside = ((places >= 0) & (places <= 1)).all(axis=-1)
        pixels = np.clip(places * (cols, rows), 0, (cols - 1, rows - 1)).astype(int)
        return np.asarray(inside & self.mask[pixels[..., 1], pixels[..., 0]], np.bool_)

    def cover(
        self, shape: tuple[int, int], alignment: Alignment = "centres", frame: Frame | None = None
    ) -> NDArray[np.bool_]:
        """Tell which values of a map are looked at: those whose middle is, and the nearest one where none is.

        Args:
            shape: (h, w) of the map.
            alignment: how it lies on the photo.
            frame: the square around the photo, where the map is of that.

        Returns:
            (h, w) bool, at least one True where the mask has one.
        """
        height, width = frame.size if frame is not None else (1, 1)
        side, top, left = (frame.side, frame.top, frame.left) if frame is not None else (1, 0, 0)
        y = (_list_places(shape[0], alignment) * side - top) / height
        x = (_list_places(shape[1], alignment) * side - left) / width
        seen = self.contains(np.stack(np.meshgrid(x, y), axis=-1))
        if not seen.any() and self.mask.any():
            pixels = np.argwhere(self.mask)
            row, col = (pixels[len(pixels) // 2] + 0.5) / self.mask.shape
            seen[np.abs(y - row).argmin(), np.abs(x - col).argmin()] = True
        return seen


def _list_places(length: int, alignment: Alignment) -> NDArray[np.float64]:
    """Where values along a side lie, 0 to 1."""
    if alignment == "corners":
        return np.linspace(0, 1, length) if length > 1 else np.full(1, 0.5)
    return (np.arange(length) + 0.5) / length


def _draw(seen: NDArray[np.uint8], shape: Shape, scale: NDArray[np.float64]) -> None:
    """Draw a shape; `scale` = pixels of the mask for one of its units, in x and y."""
    value = int(shape.use == "include")
    lines = [_to_fixed(line, scale) for line in shape.lines]
    shift = FRACTION.bit_length() - 1
    if shape.width:
        thick = _find_thickness(shape, scale)
        cv2.polylines(seen, lines, isClosed=False, color=value, thickness=thick, shift=shift)
        if thick > 2:  # a line ends flat at its first and last place, and one of a single place is none
            for line in lines:
                for x, y in line[[0, -1], 0]:
                    cv2.circle(seen, (int(x), int(y)), thick * FRACTION // 2, value, cv2.FILLED, shift=shift)
    else:
        cv2.fillPoly(seen, lines, value, shift=shift)


def _find_thickness(shape: Shape, scale: NDArray[np.float64]) -> int:
    """Return the width of a brush in pixels of the mask."""
    return max(1, round(min(shape.width * float(scale[0]), FARTHEST)))


def _to_fixed(line: Sequence[tuple[float, float]], scale: NDArray[np.float64]) -> NDArray[np.int32]:
    places = (np.array(line, np.float64) * scale - 0.5) * FRACTION  # pixels have their middles on whole numbers here
    limit = FARTHEST * FRACTION
    return np.asarray(np.clip(places, -limit, limit).round(), np.int32)[:, None]
