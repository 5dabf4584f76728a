"""The shape and surface of one die-cast housing cover: flange, domed body, boss, ribs, holes, cable stub.

Everything lies on a map of the table: a grid of MAP points `PITCH` millimetres apart, x right, y down, z up
from the table, the origin in the middle. Lengths are millimetres. The part frame (u, v) is centred on the
part and turned with it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from textures import Field, smooth_noise, smoothstep

PITCH = 0.25
MAP = (608, 704)
FLANGE, BODY = (54.0, 42.0), (43.0, 31.0)
FLANGE_TOP, BODY_TOP, BOSS_TOP = 10.0, 20.0, 27.0
SCREWS = [(x, y) for x in (-46.0, 46.0) for y in (-34.0, 34.0)]
RIBS = [(x, y) for x in (-35.0, 35.0) for y in (-24.0, 24.0)]
CENTRE = np.array([2.5, 0.0])
ALUMINIUM = np.array((0.43, 0.44, 0.45), np.float32)
TABLE = np.array((0.085, 0.095, 0.115), np.float32)


@dataclass(frozen=True)
class Housing:
    """One cover on the table: fields of MAP, float32.

    `u`, `v`: part coordinates; `relief`: the shape that is photographed; `scanned`: the shape that is scanned
    (they differ only where the scanner alone shall see a defect); `albedo` (..., 3): diffuse reflectance;
    `gloss`: strength of the sheen.
    """

    u: Field
    v: Field
    relief: Field
    scanned: Field
    albedo: Field
    gloss: Field


def good_housing(rng: np.random.Generator) -> Housing:
    """A flawless cover at a random pose: shifted up to 3 mm, turned up to 4 degrees."""
    u, v = part_frame(shift=CENTRE + rng.uniform(-3, 3, 2), turn=np.radians(rng.uniform(-4, 4)))
    relief = np.asarray(cv2.GaussianBlur(cover_relief(u, v), (0, 0), 0.45 / PITCH), np.float32)
    on_part = smoothstep(1.0, 3.0, relief)
    milled = np.maximum(boss_ring(u, v), screw_faces(u, v))
    albedo, gloss = surface(on_part, milled, rng)
    return Housing(u=u, v=v, relief=relief, scanned=relief, albedo=albedo, gloss=gloss)


def part_frame(*, shift: np.ndarray, turn: float) -> tuple[Field, Field]:
    """Part coordinates (u, v) of every map point, for a part `shift` = (dx, dy) off the middle."""
    rows, cols = np.indices(MAP, dtype=np.float32)
    x = (cols - (MAP[1] - 1) / 2) * PITCH - shift[0]
    y = (rows - (MAP[0] - 1) / 2) * PITCH - shift[1]
    u = np.cos(turn) * x + np.sin(turn) * y
    v = np.cos(turn) * y - np.sin(turn) * x
    return u.astype(np.float32), v.astype(np.float32)


def cover_relief(u: Field, v: Field) -> Field:
    """Height over the table of the flawless cover, edges still sharp."""
    height = FLANGE_TOP * wall(rounded_box(u, v, FLANGE, corner=12), run=1.2)
    height = np.maximum(height, BODY_TOP * wall(rounded_box(u, v, BODY, corner=14), run=3.5))
    height -= 1.4 * wall(rounded_box(u - 28, v, (7.5, 11.0), corner=2), run=0.6)
    for x, y in RIBS:
        on_body = wall(rounded_box(u, v, (BODY[0] - 3, BODY[1] - 3), corner=12), run=2)
        rib = wall(2.2 - distance_to_segment(u, v, x, y), run=1.2) * on_body
        height = np.maximum(height, (BODY_TOP + 3.2) * rib)
    stub = np.sqrt(np.clip(9.0**2 - v**2, 0, None)) * wall(rounded_box(u + 48, v, (11.0, 9.0), corner=1), run=1)
    height = np.maximum(height, (7 + stub) * (stub > 0))
    radius = np.hypot(u, v)
    height = np.maximum(height, BOSS_TOP * wall(11.5 - radius, run=2.0))
    height -= 4.5 * wall(6 - radius, run=1.5)
    for x, y in SCREWS:
        radius = np.hypot(u - x, v - y)
        height = np.maximum(height, (FLANGE_TOP + 3) * wall(6.3 - radius, run=1.0))
        height *= 1 - wall(2.9 - radius, run=0.6)
    return np.asarray(height, np.float32)


def wall(inside: Field, *, run: float) -> Field:
    """0 outside, 1 inside, the slope `run` millimetres wide."""
    return np.asarray(np.clip(inside / run, 0, 1))


def rounded_box(u: Field, v: Field, half: tuple[float, float], *, corner: float) -> Field:
    """Distance to the outline of a rounded rectangle, positive inside."""
    a, b = np.abs(u) - half[0] + corner, np.abs(v) - half[1] + corner
    return np.asarray(corner - np.hypot(np.maximum(a, 0), np.maximum(b, 0)) - np.minimum(np.maximum(a, b), 0))


def distance_to_segment(u: Field, v: Field, x: float, y: float) -> Field:
    """Distance to the line from the middle of the part to (x, y)."""
    t = np.clip((u * x + v * y) / (x * x + y * y), 0, 1)
    return np.hypot(u - t * x, v - t * y)


def boss_ring(u: Field, v: Field) -> Field:
    """1 on the milled top of the boss, 0 elsewhere."""
    radius = np.hypot(u, v)
    return wall(10.0 - radius, run=0.4) * wall(radius - 6.0, run=0.4)


def screw_faces(u: Field, v: Field) -> Field:
    """1 on the milled faces around the screw holes, 0 elsewhere."""
    faces = np.zeros(MAP, np.float32)
    for x, y in SCREWS:
        faces = np.maximum(faces, wall(5.4 - np.hypot(u - x, v - y), run=0.4))
    return faces


def surface(on_part: Field, milled: Field, rng: np.random.Generator) -> tuple[Field, Field]:
    """Albedo (..., 3) and gloss: mottled cast skin, bright milled faces, a speckled rubber mat below."""
    skin = 1 + 0.035 * smooth_noise(rng, MAP, 18) + 0.03 * smooth_noise(rng, MAP, 5)
    skin += 0.035 * smooth_noise(rng, MAP, 1.4)
    mat = 1 + 0.08 * smooth_noise(rng, MAP, 40) + 0.16 * smooth_noise(rng, MAP, 1.6)
    part = (skin * (1 + 0.22 * milled))[..., None] * ALUMINIUM
    albedo = mat[..., None] * TABLE * (1 - on_part[..., None]) + part * on_part[..., None]
    return albedo.astype(np.float32), (on_part * (0.10 + 0.30 * milled)).astype(np.float32)
