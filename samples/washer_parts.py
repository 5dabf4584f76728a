"""Renders one turned steel washer with a keyway and a stamped size, lying on a conveyor belt.

Lengths are pixels of the finished photo; all fields are drawn `SUPER` times finer. x points right, y down,
z to the camera. The part frame (u, v) is centred on the washer and turned with it.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from textures import Field, blend, distance_to_path, photograph, smooth_noise, smoothstep

WIDTH, HEIGHT, SUPER = 360, 320, 3
SHAPE = (HEIGHT * SUPER, WIDTH * SUPER)
OUTER, INNER = 128.0, 54.0
BEVEL = 4.0
LIGHTS = (((-0.52, -0.58, 0.63), 1.0), ((0.70, 0.15, 0.70), 0.35))
STEEL = np.array((0.385, 0.39, 0.40), np.float32)
STAMP = (
    ((-21, 7), (-21, -7), (-15, 1), (-9, -7), (-9, 7)),
    ((-2, -4), (1, -7), (1, 7)),
    ((17, -7), (12, -5), (9, 1), (10, 6), (14, 7.5), (18, 5), (18, 1), (14, -1), (10, 1)),
)


@dataclass(frozen=True)
class Washer:
    """One washer before it is lit: fields of SHAPE, float32.

    `u`, `v`: part coordinates; `edge`: distance to the rim, positive on metal; `relief`: height over the
    plain face; `tint` (..., 3): colour factor; `gloss`: factor on mirror-like reflection; `cover` and
    `cover_light`: opacity and light (..., 3) of something on top; `shade`: factor for shadows on the face.
    """

    u: Field
    v: Field
    edge: Field
    relief: Field
    tint: Field
    gloss: Field
    cover: Field
    cover_light: Field
    shade: Field


def good_washer(rng: np.random.Generator) -> Washer:
    """A flawless washer at a random pose: shifted up to 8 pixels, turned up to 4 degrees."""
    u, v = part_frame(shift=rng.uniform(-8, 8, 2), turn=np.radians(rng.uniform(-4, 4)))
    zeros = np.zeros(SHAPE, np.float32)
    washer = Washer(
        u=u,
        v=v,
        edge=rim_distance(u, v),
        relief=zeros,
        tint=np.ones((*SHAPE, 3), np.float32),
        gloss=zeros + 1,
        cover=zeros,
        cover_light=np.zeros((*SHAPE, 3), np.float32),
        shade=zeros + 1,
    )
    return stamp_size(washer, depth=rng.uniform(1.0, 1.3))


def part_frame(*, shift: np.ndarray, turn: float) -> tuple[Field, Field]:
    """Part coordinates (u, v) of every fine pixel, for a washer `shift` = (dx, dy) off the image centre."""
    rows, cols = np.indices(SHAPE, dtype=np.float32)
    x = (cols + 0.5) / SUPER - WIDTH / 2 - shift[0]
    y = (rows + 0.5) / SUPER - HEIGHT / 2 - shift[1]
    u = np.cos(turn) * x + np.sin(turn) * y
    v = np.cos(turn) * y - np.sin(turn) * x
    return u.astype(np.float32), v.astype(np.float32)


def rim_distance(u: Field, v: Field) -> Field:
    """Signed distance to the rim of the ring with its keyway (a slot at the top of the hole)."""
    radius = np.hypot(u, v)
    beside, above = np.abs(u) - 10, np.abs(v + INNER) - 13
    slot = np.hypot(np.maximum(beside, 0), np.maximum(above, 0)) + np.minimum(np.maximum(beside, above), 0)
    return np.asarray(np.minimum(OUTER - radius, np.minimum(radius - INNER, slot)), np.float32)


def stamp_size(washer: Washer, *, depth: float) -> Washer:
    """Press "M16" into the lower half of the face, bent along the ring."""
    middle = (OUTER + INNER) / 2
    along = np.arctan2(washer.u, washer.v) * middle
    across = np.hypot(washer.u, washer.v) - middle
    distance = np.full(SHAPE, np.inf, np.float32)
    for stroke in STAMP:
        points = np.array(stroke, float) * 1.15
        distance = np.minimum(distance, distance_to_path(along, across, points))
    groove = 1 - smoothstep(0.7, 2.4, distance)
    tint = washer.tint * (1 - 0.30 * groove[..., None])
    return replace(washer, relief=washer.relief - depth * groove, tint=tint)


def render(washer: Washer, rng: np.random.Generator) -> np.ndarray:
    """Light and photograph the washer: (HEIGHT, WIDTH, 3) uint8 RGB."""
    on_metal = np.clip(washer.edge * SUPER + 0.5, 0, 1)
    light = blend(belt(rng) * cast_shadow(on_metal)[..., None], metal(washer, rng), on_metal)
    light = blend(light, washer.cover_light, washer.cover)
    return photograph(light * lamp_falloff()[..., None], rng, shrink=SUPER, blur=0.5, noise=0.012)


def metal(washer: Washer, rng: np.random.Generator) -> Field:
    """Light leaving the metal: turning grooves, bevels, the bow-tie highlight of a turned face."""
    radius = np.hypot(washer.u, washer.v) + 1e-6
    out_u, out_v = washer.u / radius, washer.v / radius
    fine, broad = turning_marks(washer, rng)
    flat = smoothstep(0, BEVEL, washer.edge)
    slope_x, slope_y = surface_slope(washer)
    slope_x += (0.085 * fine + 0.022 * broad) * flat * out_u * washer.gloss
    slope_y += (0.085 * fine + 0.022 * broad) * flat * out_v * washer.gloss
    diffuse, mirror = np.full(SHAPE, 0.44, np.float32), np.zeros(SHAPE, np.float32)
    for direction, strength in LIGHTS:
        lx, ly, lz = direction
        diffuse -= 0.50 * strength * (slope_x * lx + slope_y * ly) / np.sqrt(1 + slope_x**2 + slope_y**2)
        hx, hy = lx / (1 + lz), ly / (1 + lz)
        along = (-out_v * hx + out_u * hy) / 0.17
        across = (out_u * (hx + slope_x) + out_v * (hy + slope_y)) / 0.36
        mirror += strength * np.exp(-(along**2) - across**2)
    grain = 1 + 0.045 * fine + 0.03 * broad
    total = np.clip(diffuse, 0.06, None) * grain + 1.75 * mirror * washer.gloss * grain
    return STEEL * 1.12 * (total * washer.shade)[..., None] * washer.tint


def surface_slope(washer: Washer) -> tuple[Field, Field]:
    """dz/dx and dz/dy of the bevelled, stamped and possibly damaged face."""
    inward = np.clip(washer.edge / BEVEL, 0, 1)
    height = washer.relief + 0.8 * BEVEL * (inward - 0.15 * inward**2)
    height = np.asarray(cv2.GaussianBlur(height.astype(np.float32), (0, 0), 1.2), np.float32)
    slope_y, slope_x = np.gradient(height, 1 / SUPER)
    return np.clip(slope_x, -1.5, 1.5), np.clip(slope_y, -1.5, 1.5)


def turning_marks(washer: Washer, rng: np.random.Generator) -> tuple[Field, Field]:
    """Concentric tool marks, fine and broad: noise, quick along the radius, slow along the angle."""
    turn = np.arctan2(washer.v, washer.u) / (2 * np.pi) + 0.5
    radius = np.hypot(washer.u, washer.v)
    marks: list[Field] = []
    for pitch, length in ((2.2, 110), (7.0, 160)):
        drawn = rng.standard_normal((512, int(OUTER * SUPER / pitch) + 8), dtype=np.float32)
        strip = cv2.GaussianBlur(np.concatenate([drawn, drawn, drawn]), (0, 0), sigmaX=0.7, sigmaY=length)
        strip = strip[512 : 2 * 512 + 1] / strip.std()
        cols = radius * SUPER / pitch
        mark = cv2.remap(strip, cols, (turn * 512).astype(np.float32), cv2.INTER_LINEAR)
        marks.append(np.asarray(mark, np.float32))
    return marks[0], marks[1]


def belt(rng: np.random.Generator) -> Field:
    """A worn, woven rubber belt: linear light of SHAPE, three channels."""
    rows, cols = np.indices(SHAPE, dtype=np.float32) / SUPER
    x, y = cols + rng.uniform(0, 50), rows + rng.uniform(0, 50)
    x = x + 0.5 * smooth_noise(rng, SHAPE, 12)
    y = y + 0.5 * smooth_noise(rng, SHAPE, 12)
    over = np.sin(np.pi * x / 4.6) * np.sin(np.pi * y / 4.6)
    weave = np.where(over > 0, np.abs(np.sin(np.pi * x / 4.6)), np.abs(np.sin(np.pi * y / 4.6)))
    wear = 0.10 * smooth_noise(rng, SHAPE, 60) + 0.05 * smooth_noise(rng, SHAPE, 14)
    grain = 0.12 * smooth_noise(rng, SHAPE, 1.5)
    dust = 0.35 * smoothstep(3.4, 4.4, smooth_noise(rng, SHAPE, 2.0))
    level = 0.052 * np.clip(0.50 + 0.75 * weave + wear + grain, 0.2, None) + 0.16 * dust
    return np.asarray(level[..., None] * np.array((0.92, 1.02, 1.0), np.float32))


def cast_shadow(on_metal: Field) -> Field:
    """Factor 0..1 on the belt: dark where the washer touches it, soft and shifted away from the lamp."""
    shadow = np.zeros(SHAPE, np.float32)
    for shift, spread, weight in ((2, 1.5, 0.45), (7, 5, 0.35), (12, 16, 0.25)):
        move = np.array([[1, 0, 0.7 * shift * SUPER], [0, 1, 0.75 * shift * SUPER]], np.float32)
        moved = cv2.warpAffine(on_metal, move, (SHAPE[1], SHAPE[0]))
        shadow = 1 - (1 - shadow) * (1 - weight * cv2.GaussianBlur(moved, (0, 0), spread * SUPER))
    return 1 - shadow


def lamp_falloff() -> Field:
    """The lamp at the upper left is brighter there; the lens darkens the corners."""
    rows, cols = np.indices(SHAPE, dtype=np.float32)
    x, y = cols / SHAPE[1] - 0.5, rows / SHAPE[0] - 0.5
    return (1.05 - 0.34 * x - 0.30 * y) * (1 - 0.38 * (x**2 + y**2))
