"""The three defects planted in housings: one for the photo, one for the cloud, one for both.

Each takes a good housing and returns the damaged one and its mask, a boolean field of `housing_parts.MAP`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from housing_parts import BODY, MAP, PITCH, Housing, rounded_box
from textures import Field, distance_to_path, smooth_noise, smoothstep

Damaged = tuple[Housing, np.ndarray]
SITES = ((-1.0, -19.5), (1.0, 19.5), (-26.0, 0.0))


def stain(housing: Housing, rng: np.random.Generator) -> Damaged:
    """Burnt release agent: a brownish patch with an irregular outline. The shape is perfect."""
    distance, radius = from_site(housing, rng), rng.uniform(5.5, 7.0)
    film = smoothstep(-0.1, 0.25, 1 - distance / radius + 0.22 * smooth_noise(rng, MAP, 2.5 / PITCH))
    film *= np.clip(0.85 + 0.12 * smooth_noise(rng, MAP, 0.8 / PITCH), 0.4, 1)
    colour = np.array((0.52, 0.38, 0.24), np.float32)
    albedo = housing.albedo * (1 - film[..., None] * (1 - colour))
    return replace(housing, albedo=albedo, gloss=housing.gloss * (1 - 0.6 * film)), film > 0.12


def dent(housing: Housing, rng: np.random.Generator) -> Damaged:
    """A smooth dip or bump 3-4 mm high. Under the tent's soft light a camera does not see it.

    Only the scanned shape has it, so that the photo is the flawless part's, to the bit.
    """
    distance, radius = from_site(housing, rng), rng.uniform(7.5, 9.0)
    bell = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / radius, 0, 1))
    height = rng.uniform(3.0, 4.0) * rng.choice([-1, 1])
    scanned = (housing.scanned + height * bell).astype(np.float32)
    return replace(housing, scanned=scanned), np.abs(height) * bell > 0.4


def crack(housing: Housing, rng: np.random.Generator) -> Damaged:
    """A jagged crack from the boss to the wall, one bank pressed in: seen by camera and scanner alike."""
    side = rng.choice([-1, 1])
    t = np.linspace(0, 1, 14)
    start, end = np.array([rng.uniform(-4, 4), 13 * side]), np.array([rng.uniform(-16, 16), 31 * side])
    path = start + t[:, None] * (end - start)
    path[1:-1] += rng.normal(0, 0.55, (12, 2))
    distance = distance_to_path(housing.u, housing.v, path)
    forward = (end - start) / np.linalg.norm(end - start)
    across = (housing.u - start[0]) * forward[1] - (housing.v - start[1]) * forward[0]
    on_body = rounded_box(housing.u, housing.v, BODY, corner=14) > 0.5
    bank = 2.8 * np.clip(1 - distance / 7, 0, 1) * (across > 0)
    gap = 1 - smoothstep(0.35, 1.0, distance)
    relief = np.where(on_body, housing.relief - bank - 4.5 * gap, housing.relief).astype(np.float32)
    albedo = housing.albedo * (1 - 0.7 * (gap * on_body)[..., None])
    mask = on_body & ((distance < 1.4) | (bank > 0.4))
    return replace(housing, relief=relief, scanned=relief, albedo=albedo), mask


def from_site(housing: Housing, rng: np.random.Generator) -> Field:
    """Distance of every map point from a place on the flat top of the body."""
    x, y = np.array(SITES[rng.integers(len(SITES))]) + rng.uniform(-1.5, 1.5, 2)
    return np.asarray(np.hypot(housing.u - x, housing.v - y))


DEFECTS: dict[str, Callable[[Housing, np.random.Generator], Damaged]] = {
    "crack": crack,
    "dent": dent,
    "stain": stain,
}
