"""The station that sees the housings: one tilted camera, its lamp, and a scanner that shares its view.

A ray through pixel (row, col) is followed down to the map of the table, so photo and cloud are aligned to the
pixel. Map lengths are millimetres; the cloud is in metres, in the camera's frame: x right, y down, z = depth.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from housing_parts import BOSS_TOP, MAP, PITCH, Housing
from textures import Field, photograph, smooth_noise

ROWS, COLS, SUPER = 184, 208, 3
DISTANCE = 500.0
FOCAL = 714.0
TILT = math.radians(3.0)
STEPS = 70
QUANTUM = 2.0**-15
LAMPS = [(-0.42, -0.46, 0.78), (-0.30, -0.58, 0.76), (-0.55, -0.32, 0.77)]
PROJECTOR = (0.16, 0.0, 0.99)


@dataclass(frozen=True)
class Hits:
    """Where the rays of a view meet the shape: map column and row, float32, and depth in millimetres."""

    col: Field
    row: Field
    depth: Field

    def sample(self, field: Field) -> Field:
        """The value of a map field at every hit."""
        value = cv2.remap(field, self.col, self.row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(value, np.float32)


def photo_of(housing: Housing, rng: np.random.Generator) -> np.ndarray:
    """What the camera sees: (ROWS, COLS, 3) uint8 RGB."""
    hits = trace(housing.relief, fineness=SUPER)
    light = hits.sample(lit_surface(housing))
    return photograph(light, rng, shrink=SUPER, blur=0.45, noise=0.012)


def cloud_of(housing: Housing, rng: np.random.Generator) -> np.ndarray:
    """What the scanner measures: (ROWS, COLS, 3) float32 metres, 0 0 0 where it measures nothing.

    Depth noise of about 0.1 mm; holes where the surface is steep, where the projector does not reach, and in
    a few specks. Values are multiples of 2**-15 m, finer than the noise, so that they compress.
    """
    hits = trace(housing.scanned, fineness=1)
    noise = 0.07 * smooth_noise(rng, (ROWS, COLS), 0.6) + 0.07 * rng.standard_normal((ROWS, COLS))
    depth = (hits.depth + noise) / 1000
    x, y = view(fineness=1)
    cloud = np.stack([x * depth, y * depth, depth], axis=-1)
    cloud = (np.round(cloud / QUANTUM) * QUANTUM).astype(np.float32)
    cloud[missing(housing.scanned, hits, rng)] = 0
    return cloud


def view(*, fineness: int) -> tuple[Field, Field]:
    """Slopes x/z and y/z of the ray through each pixel centre, `fineness` rays per pixel and axis."""
    rows, cols = np.indices((ROWS * fineness, COLS * fineness), dtype=np.float32)
    x = ((cols + 0.5) / fineness - COLS / 2) / FOCAL
    y = ((rows + 0.5) / fineness - ROWS / 2) / FOCAL
    return x.astype(np.float32), y.astype(np.float32)


def trace(relief: Field, *, fineness: int) -> Hits:
    """Lower a plane from above the part to the table; a ray has hit once the shape is not below the plane."""
    x, y = view(fineness=fineness)
    down = math.cos(TILT) - y * math.sin(TILT)
    forward = y * math.cos(TILT) + math.sin(TILT)
    levels = np.linspace(BOSS_TOP + 2, 0, STEPS)
    level = np.full(x.shape, levels[0], np.float32)
    gap_before = np.full(x.shape, np.inf, np.float32)
    open_rays = np.ones(x.shape, bool)
    for upper, lower in zip(levels[:1].tolist() + levels[:-1].tolist(), levels, strict=True):
        gap = lower - at_level(relief, x, forward, down, np.full(x.shape, lower, np.float32))[0]
        hit = open_rays & (gap <= 0)
        share = gap_before[hit] / np.maximum(gap_before[hit] - gap[hit], 1e-6)
        level[hit] = upper + share * (lower - upper)
        open_rays &= ~hit
        gap_before = gap
    level[open_rays] = 0
    _, col, row, depth = at_level(relief, x, forward, down, level)
    return Hits(col=col, row=row, depth=depth)


def at_level(relief: Field, x: Field, forward: Field, down: Field, level: Field) -> tuple[Field, Field, Field, Field]:
    """Shape height, map column, map row and depth where each ray passes the height `level`."""
    depth = (DISTANCE - level) / down
    col = x * depth / PITCH + (MAP[1] - 1) / 2
    row = (forward * depth - DISTANCE * math.tan(TILT)) / PITCH + (MAP[0] - 1) / 2
    height = cv2.remap(relief, col, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(height, np.float32), col, row, depth


def lit_surface(housing: Housing) -> Field:
    """Light leaving every map point: a large lamp at the upper left, a white tent around, corners shaded."""
    relief = housing.relief
    slope_y, slope_x = np.gradient(relief, PITCH)
    length = np.sqrt(1 + slope_x**2 + slope_y**2)
    light = 0.42 * tent(relief) * (0.55 + 0.45 / length)
    sheen = np.zeros(MAP, np.float32)
    for lamp in LAMPS:
        lx, ly, lz = lamp
        facing = np.clip((lz - slope_x * lx - slope_y * ly) / length, 0, None) * (1 - shadow(relief, lamp))
        half = np.array([lx, ly, lz + 1]) / np.sqrt(2 + 2 * lz)
        mirror = np.clip((half[2] - slope_x * half[0] - slope_y * half[1]) / length, 0, None)
        light += facing * 0.85 / len(LAMPS)
        sheen += mirror**24 * (facing > 0) / len(LAMPS)
    rows, cols = np.indices(MAP, dtype=np.float32)
    falloff = 1.02 - 0.18 * (cols / MAP[1] - 0.5) - 0.16 * (rows / MAP[0] - 0.5)
    total = housing.albedo * light[..., None] + (housing.gloss * sheen)[..., None]
    return np.asarray(total * falloff[..., None], np.float32)


def tent(relief: Field) -> Field:
    """How much of the white tent a point sees, 0..1: less beside what stands higher around it."""
    seen = np.ones(MAP, np.float32)
    for spread in (1.5, 4.0, 10.0):
        above = cv2.GaussianBlur(relief, (0, 0), spread / PITCH) - relief
        seen *= 1 / (1 + np.clip(0.55 * above / spread, -0.12, None))
    return seen


def shadow(relief: Field, lamp: tuple[float, float, float]) -> Field:
    """1 where the shape blocks the way to a far lamp in this direction, 0 where it does not."""
    lx, ly, lz = np.array(lamp) / np.hypot(lamp[0], lamp[1])
    highest = np.full(MAP, -np.inf, np.float32)
    for reach in np.arange(0.5, BOSS_TOP / lz + 0.5, 0.5):
        move = np.array([[1, 0, -reach * lx / PITCH], [0, 1, -reach * ly / PITCH]], np.float32)
        moved = cv2.warpAffine(relief, move, (MAP[1], MAP[0]))
        highest = np.maximum(highest, moved - reach * lz)
    return np.clip((highest - relief - 0.15) / 0.5, 0, 1)


def missing(relief: Field, hits: Hits, rng: np.random.Generator) -> np.ndarray:
    """Pixels (ROWS, COLS) without a measurement."""
    slope_y, slope_x = np.gradient(relief, PITCH)
    slope = hits.sample(np.hypot(slope_x, slope_y).astype(np.float32))
    unlit = hits.sample(shadow(relief, PROJECTOR)) > 0.5
    steep = slope > 3.0 + 0.4 * rng.standard_normal((ROWS, COLS))
    specks = smooth_noise(rng, (ROWS, COLS), 0.8) > 3.2
    return unlit | steep | specks
