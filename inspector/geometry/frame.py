"""The square that a photo and its cloud are scored in: padding and resizing, each with its inverse. No torch."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.geometry.grid import Alignment, Pixels


class Span(NamedTuple):
    """Equally spaced places along a side: the first and the last one, in pixels, and their number."""

    first: float
    last: float
    number: int


@dataclass(frozen=True)
class Frame:
    """A square around an image: the one place where padding is made and undone.

    Attributes:
        side: of the square in pixels.
        top, left: place of the image's first pixel in it.
        size: (H, W) of the image.
    """

    side: int
    top: int
    left: int
    size: tuple[int, int]

    @classmethod
    def around(cls, size: tuple[int, int]) -> "Frame":
        """Centre an image in a square whose side is the longer one.

        Example:
            (400, 900) gives a side of 900 with 250 rows above and below.
        """
        side = max(size)
        return cls(side, (side - size[0]) // 2, (side - size[1]) // 2, size)

    def pad(self, image: NDArray[Any]) -> NDArray[Any]:
        """(H, W, ...) -> (side, side, ...), zeros around."""
        if image.shape[:2] != self.size:
            raise ValueError(f"expected an image of {self.size}, but got {image.shape[:2]}")
        padded = np.zeros((self.side, self.side, *image.shape[2:]), image.dtype)
        padded[self.top : self.top + self.size[0], self.left : self.left + self.size[1]] = image
        return padded

    def crop(self, padded: NDArray[Any]) -> NDArray[Any]:
        """(side, side, ...) -> (H, W, ...), the inverse of `pad`."""
        if padded.shape[:2] != (self.side, self.side):
            raise ValueError(f"expected an image of side {self.side}, but got {padded.shape[:2]}")
        return padded[self.top : self.top + self.size[0], self.left : self.left + self.size[1]].copy()

    def pad_pixels(self, pixels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Move pixels of the image (K,) int64, row x W + col, to their places in the square, row x side + col."""
        rows, cols = np.divmod(pixels, self.size[1])
        return (rows + self.top) * self.side + cols + self.left

    def crop_pixels(self, pixels: Pixels, side: int) -> Pixels:
        """Undo padding and resizing: move pixels of a resized square to their places in the image.

        Args:
            pixels: (K,) int64 array or tensor, row x side + col in the square resized to `side`. It was resized as
                clouds are: its row r is row floor(r x self.side / side).
            side: of the resized square in pixels.

        Returns:
            (K,) int64, row x W + col.

        Example:
            Pixel (1, 1) of a square of 100 resized to 50 is its pixel (2, 2), that is (0, 2) of an image of which it
            pads two rows above.
        """
        numbers: Any = pixels
        rows = numbers // side * self.side // side - self.top
        cols = numbers % side * self.side // side - self.left
        moved: Pixels = rows * self.size[1] + cols
        return moved

    def crop_spans(self, side: int, alignment: Alignment = "centres") -> tuple[Span, Span]:
        """Return where the values of the image's map lie in a map of the square.

        Args:
            side: values along a side of the map of the square.
            alignment: how both maps lie on what they are of.

        Returns:
            For rows and for columns, in pixels of the square, 0 = the edge of the first one (on corners its centre); as
            many as keep the map's density, at least two.
        """
        spans = []
        for start, length in zip((self.top, self.left), self.size, strict=True):
            number = max(2, round(length * side / self.side))
            if alignment == "corners":
                spans.append(Span(start, start + length - 1, number))
            else:
                half = length / number / 2
                spans.append(Span(start + half, start + length - half, number))
        return spans[0], spans[1]
