"""The five defects planted in washers. Each takes a good washer and returns the damaged one and its mask.

Masks are boolean fields of `washer_parts.SHAPE`. Positions are polar: radius in pixels, angle in radians,
clockwise from the right.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from textures import Field, blend, distance_to_path, smooth_noise, smoothstep
from washer_parts import INNER, OUTER, SHAPE, SUPER, Washer

Damaged = tuple[Washer, np.ndarray]
MIDDLE = (OUTER + INNER) / 2


def scratch(washer: Washer, rng: np.random.Generator) -> Damaged:
    """Two or three nearly parallel grooves torn across the turning marks, each with a raised lip."""
    angle = free_angle(rng)
    centre = on_ring(MIDDLE + rng.uniform(-6, 6), angle)
    heading = angle + rng.uniform(0.5, 1.0) * rng.choice([-1, 1])
    relief, tint, mask = washer.relief.copy(), washer.tint.copy(), np.zeros(SHAPE, bool)
    for number in range(3):
        path = scratch_path(centre, heading, offset=6.5 * (number - 1), rng=rng)
        distance = distance_to_path(washer.u, washer.v, path)
        width = rng.uniform(0.8, 1.3)
        groove, lip = 1 - smoothstep(0.2, width, distance), np.exp(-(((distance - 1.6 * width) / 0.6) ** 2))
        relief += 0.7 * lip - 1.2 * groove
        tint *= (1 - 0.45 * groove + 0.25 * lip)[..., None]
        mask |= distance < 2.6 * width
    return replace(washer, relief=relief, tint=tint), mask & (washer.edge > 0)


def scratch_path(centre: np.ndarray, heading: float, *, offset: float, rng: np.random.Generator) -> np.ndarray:
    """A slightly bent stroke of 38-62 pixels, `offset` pixels beside `centre`: (9, 2) points."""
    forward = np.array([np.cos(heading), np.sin(heading)])
    sideways = np.array([-forward[1], forward[0]])
    length, bend = rng.uniform(38, 62), rng.uniform(-3, 3)
    t = np.linspace(-0.5, 0.5, 9)[:, None]
    start = centre + sideways * (offset + rng.uniform(-1.5, 1.5)) + forward * rng.uniform(-6, 6)
    wobble = rng.normal(0, 0.25, (9, 1))
    return start + forward * t * length + sideways * (bend * (4 * t**2) + wobble)


def dent(washer: Washer, rng: np.random.Generator) -> Damaged:
    """A pit pressed by something blunt: smooth hollow, thrown-up rim, turning marks flattened inside."""
    distance, radius = blob_distance(washer, MIDDLE + rng.uniform(-8, 8), rng.uniform(13, 15.5), 0.07, rng)
    inside = np.clip(1 - (distance / radius) ** 2, 0, None)
    rim = np.exp(-(((distance - 1.12 * radius) / (0.16 * radius)) ** 2))
    relief = washer.relief + 0.9 * rim - 5.5 * inside
    dark = 1 - 0.22 * smoothstep(0, 0.9, inside)
    gloss = washer.gloss * (1 - 0.65 * smoothstep(0, 0.3, inside))
    damaged = replace(washer, relief=relief, shade=washer.shade * dark, gloss=gloss)
    return damaged, (distance < 1.2 * radius) & (washer.edge > 0)


def stain(washer: Washer, rng: np.random.Generator) -> Damaged:
    """Rust (rough, brown, grainy) or dried oil (darker rim, dull film): colour and gloss only."""
    rusty = rng.random() < 0.5
    distance, radius = blob_distance(washer, MIDDLE + rng.uniform(-8, 8), rng.uniform(17, 21), 0.16, rng)
    film = smoothstep(-0.10, 0.22, 1 - distance / radius + 0.10 * smooth_noise(rng, SHAPE, 4 * SUPER))
    if rusty:
        grain = np.clip(0.8 + 0.22 * smooth_noise(rng, SHAPE, 1.3 * SUPER), 0.3, 1.1)
        alpha, colour, gloss = film * grain, np.array((0.66, 0.36, 0.19), np.float32), 0.25
    else:
        ring = np.exp(-(((film - 0.45) / 0.25) ** 2))
        alpha, colour, gloss = 0.62 * film + 0.30 * ring * film, np.array((0.42, 0.36, 0.22), np.float32), 0.7
    alpha = np.clip(alpha, 0, 1).astype(np.float32)
    tint = washer.tint * blend(np.ones_like(washer.tint), colour, alpha)
    damaged = replace(washer, tint=tint, gloss=washer.gloss * (1 - (1 - gloss) * film))
    return damaged, (film > 0.1) & (washer.edge > 0)


def chip(washer: Washer, rng: np.random.Generator) -> Damaged:
    """A piece broken out of the outer edge, with a rough fracture face sloping down to the gap."""
    distance, radius = blob_distance(washer, OUTER + rng.uniform(0, 2), rng.uniform(19, 22), 0.10, rng)
    distance = distance + 0.7 * smooth_noise(rng, SHAPE, 1.8 * SUPER)
    gap = distance - 0.72 * radius
    facet = smoothstep(0, 0.30 * radius, gap)
    broken = 1 - facet
    rough = smooth_noise(rng, SHAPE, 0.9 * SUPER)
    relief = washer.relief - 5 * broken + 0.9 * rough * broken
    edge = np.minimum(washer.edge, gap).astype(np.float32)
    gloss = washer.gloss * (1 - 0.75 * smoothstep(0.1, 0.6, broken))
    shade = washer.shade * (1 - 0.30 * broken)
    mask = (gap < 0.30 * radius) & (washer.edge > 0)
    return replace(washer, edge=edge, relief=relief, gloss=gloss, shade=shade), mask


def contamination(washer: Washer, rng: np.random.Generator) -> Damaged:
    """A curled lathe chip lying on the face: a bright helix with dark turns and its own shadow."""
    angle, lean = free_angle(rng), rng.uniform(0, np.pi)
    centre = on_ring(MIDDLE + rng.uniform(-5, 5), angle)
    t = np.linspace(0, 1, 60)
    length, coil, turns = rng.uniform(40, 48), rng.uniform(5.5, 7), rng.uniform(3.2, 4.4)
    phase = 2 * np.pi * turns * t
    along, across = (
        length * (t - 0.5) + 0.5 * coil * np.cos(phase),
        coil * np.sin(phase) + 14 * (t - 0.5) ** 2,
    )
    forward, sideways = np.array([np.cos(lean), np.sin(lean)]), np.array([-np.sin(lean), np.cos(lean)])
    path = centre + along[:, None] * forward + across[:, None] * sideways
    distance = distance_to_path(washer.u, washer.v, path)
    body = 1 - smoothstep(1.1, 1.6, distance)
    height = cv2.GaussianBlur(np.sqrt(np.clip(1.6**2 - distance**2, 0, None)), (0, 0), 1.0)
    slope_y, slope_x = np.gradient(height, 1 / SUPER)
    lit = np.clip(0.34 + 0.34 * (0.6 * slope_x + 0.7 * slope_y), 0.03, 1.1)
    colour = lit[..., None] * np.array((1.0, 0.93, 0.80), np.float32)
    shifted = distance_to_path(washer.u - 2.2, washer.v - 2.6, path)
    shade = washer.shade * (1 - 0.55 * (1 - smoothstep(0.5, 3.5, shifted)))
    return replace(washer, cover=body, cover_light=colour.astype(np.float32), shade=shade), distance < 3


def free_angle(rng: np.random.Generator) -> float:
    """A place on the ring away from the keyway (top) and the stamp (bottom)."""
    return float(rng.choice([0, np.pi]) + rng.uniform(-0.8, 0.8))


def on_ring(radius: float, angle: float) -> np.ndarray:
    """Part coordinates (2,) of a polar position."""
    return radius * np.array([np.cos(angle), np.sin(angle)])


def blob_distance(
    washer: Washer, ring: float, size: float, wobble: float, rng: np.random.Generator
) -> tuple[Field, float]:
    """Distance from a free place on the ring, stretched by an irregular outline; and the blob's radius."""
    centre = on_ring(ring, free_angle(rng))
    du, dv = washer.u - centre[0], washer.v - centre[1]
    around = np.arctan2(dv, du)
    outline = np.ones(SHAPE, np.float32)
    for wave in (2, 3, 4, 5):
        outline += wobble * rng.uniform(0.8, 2) / wave * np.sin(wave * around + rng.uniform(0, 2 * np.pi))
    return (np.hypot(du, dv) / outline).astype(np.float32), size


DEFECTS: dict[str, Callable[[Washer, np.random.Generator], Damaged]] = {
    "chip": chip,
    "contamination": contamination,
    "dent": dent,
    "scratch": scratch,
    "stain": stain,
}
