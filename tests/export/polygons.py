"""Reads polygons back as other programs do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Corners = Sequence[Sequence[float]]


def fill_evenly(corners: Corners, height: int, width: int) -> NDArray[np.bool_]:
    """Return the pixels whose middles lie in a polygon by the rule of even and odd, as COCO's tools have it."""
    path = np.asarray(corners, np.float64)
    filled = np.zeros((height, width), bool)
    columns = np.arange(width) + 0.5
    for (x0, y0), (x1, y1) in zip(path, np.roll(path, -1, axis=0), strict=True):
        for row in range(height):
            if (y0 > row + 0.5) != (y1 > row + 0.5):
                filled[row] ^= columns > x0 + (row + 0.5 - y0) / (y1 - y0) * (x1 - x0)
    return filled


def draw_with_line(corners: Corners, height: int, width: int) -> NDArray[np.bool_]:
    """Return the pixels of a polygon and of its line, as labelme has it."""
    picture = Image.new("1", (width, height))
    ImageDraw.Draw(picture).polygon([tuple(corner) for corner in corners], outline=1, fill=1)
    return np.asarray(picture)
