"""Photos of a part on a plain ground, at any place and angle: a plate with a tab, so that no two angles look alike."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image


def draw_part(
    middle: tuple[float, float],
    angle: float,
    *,
    size: tuple[int, int] = (200, 240),
    scale: float = 1.0,
    spot: tuple[float, float] | None = None,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Draw a plate of 60 x 30 pixels with a tab at its right, turned clockwise about `middle` (x, y).

    `spot` is the place of a bright defect on the part, in pixels from its middle, before it is turned.
    """
    noise = np.random.default_rng(seed)
    rows, cols = np.indices(size) + 0.5
    turn = np.radians(angle)
    right, down = cols - middle[0], rows - middle[1]
    x = (right * np.cos(turn) + down * np.sin(turn)) / scale
    y = (-right * np.sin(turn) + down * np.cos(turn)) / scale
    pixels = np.full((*size, 3), 150.0)
    pixels[(abs(x) < 30) & (abs(y) < 15)] = (60, 70, 90)
    pixels[(x >= 25) & (x < 45) & (y > -15) & (y < -3)] = (60, 70, 90)
    pixels[(x + 18) ** 2 + (y - 4) ** 2 < 30] = (110, 60, 60)
    if spot is not None:
        pixels[(x - spot[0]) ** 2 + (y - spot[1]) ** 2 < 14] = (235, 235, 120)
    pixels = cv2.GaussianBlur(pixels, (0, 0), 0.8) + noise.normal(0, 2, (*size, 1))
    return np.asarray(pixels.clip(0, 255), np.uint8)


def write_parts(
    folder: Path, count: int, *, spots: dict[int, tuple[float, float]] | None = None
) -> list[tuple[float, ...]]:
    """Write photos of the part, each somewhere; return (x, y, angle) of each."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(1)
    places = []
    for index in range(count):
        x, y, angle = chance.uniform(70, 170), chance.uniform(65, 135), chance.uniform(0, 360)
        pixels = draw_part((x, y), angle, spot=(spots or {}).get(index), seed=index)
        Image.fromarray(pixels).save(folder / f"{index:02}.png")
        places.append((x, y, angle))
    return places
