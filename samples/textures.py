"""Noise and blending shared by both sample batches. Everything random comes from the generator passed in."""

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating[Any]]
"""Values on a grid: float32 as drawn, float64 where a formula made them so."""


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Field:
    """Gaussian noise blurred by `sigma` pixels: (rows, cols) float32, mean 0, standard deviation 1.

    Wide blurs are made on a coarse grid and enlarged: they hold no detail that the coarse grid would lose.
    """
    step = max(1, int(sigma / 2))
    coarse_shape = (shape[0] // step + 2, shape[1] // step + 2)
    drawn = rng.standard_normal(coarse_shape, dtype=np.float32)
    noise = cv2.GaussianBlur(drawn, (0, 0), sigma / step, borderType=cv2.BORDER_REFLECT)
    if step > 1:
        noise = cv2.resize(noise, (shape[1] + 2 * step, shape[0] + 2 * step), interpolation=cv2.INTER_CUBIC)
    noise = noise[: shape[0], : shape[1]]
    return np.asarray((noise - noise.mean()) / noise.std(), np.float32)


def smoothstep(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, an S-curve between; float32 of the shape of `value`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def blend(below: Field, above: Field, alpha: Field) -> Field:
    """`above` over `below`, (rows, cols, 3) float32 each; `alpha` (rows, cols) in 0..1."""
    return below + (above - below) * alpha[..., None]


def distance_to_path(x: Field, y: Field, points: NDArray[np.float64]) -> Field:
    """Distance of each (x, y) to the open polyline `points` (n, 2); same units in and out."""
    nearest = np.full(x.shape, np.inf, np.float32)
    for (ax, ay), (bx, by) in pairwise(points):
        along_x, along_y = bx - ax, by - ay
        length = max(along_x**2 + along_y**2, 1e-9)
        t = np.clip(((x - ax) * along_x + (y - ay) * along_y) / length, 0, 1)
        squared = (x - ax - t * along_x) ** 2 + (y - ay - t * along_y) ** 2
        np.minimum(nearest, squared, out=nearest, casting="same_kind")
    return np.sqrt(nearest)


def photograph(light: Field, rng: np.random.Generator, *, shrink: int, blur: float, noise: float) -> NDArray[np.uint8]:
    """What a camera makes of linear light (rows, cols, 3), 1.0 = white: uint8 RGB, `shrink` times smaller.

    Area-averaged, blurred by `blur` output pixels, glow around what is too bright, exposure within 4 %,
    shot and read noise (`noise` = standard deviation at white), display gamma 2.2.
    """
    size = (light.shape[1] // shrink, light.shape[0] // shrink)
    image = cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), blur), np.float32)
    image += 0.25 * cv2.GaussianBlur(np.maximum(image - 0.75, 0), (0, 0), 5)
    image *= np.asarray(rng.uniform(0.96, 1.04), np.float32)
    shot = rng.standard_normal(image.shape, dtype=np.float32)
    image += shot * noise * np.sqrt(np.clip(image, 0, 1) + 0.02)
    shoulder = np.where(image > 0.8, 0.8 + 0.2 * np.tanh((image - 0.8) / 0.2), image)
    return np.round(255 * np.clip(shoulder, 0, 1) ** (1 / 2.2)).astype(np.uint8)
