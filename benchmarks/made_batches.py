"""Made-up batches to learn from: surfaces and parts that nobody photographed, a part of them with planted defects."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.planted import SIDE, Mask, Photo
from benchmarks.subspace import KINDS, plant_half, plant_whole

Plane = NDArray[np.float32]

SPOILED = ("bend", "move", "smear", "rough", "tone", "edge")


def make_batch(seed: int, count: int = 24, share: float = 0.4) -> tuple[list[Photo], list[Mask], NDArray[np.bool_]]:
    """Make one batch: a part or surface, photographed `count` times, a share of it with a defect of its own.

    Returns:
        Photos (SIDE, SIDE, 3) uint8, where their defects lie, (SIDE, SIDE), and which photos have one.
    """
    chance = np.random.default_rng(seed)
    part = _Part(chance)
    photos = [part.draw(chance) for _ in range(count)]
    masks = [np.zeros((SIDE, SIDE), bool)] * count
    bad = np.arange(count) < round(count * share)
    for place in np.flatnonzero(bad):
        if chance.random() < 0.5:
            make = plant_half if chance.random() < 0.6 else plant_whole
            done, masks[place] = make(photos[place], KINDS[place % len(KINDS)], chance)
        else:
            done, masks[place] = _spoil(photos[place], chance)
        strength = 1.0 if chance.random() < 0.4 else chance.uniform(0.3, 1)
        photos[place] = (photos[place] * (1 - strength) + done * strength).round().astype(np.uint8)
    return photos, masks, bad


def _spoil(photo: Photo, chance: np.random.Generator) -> tuple[Photo, Mask]:
    """Bend, move, smear, roughen, tint or outline a place of a photo."""
    whole = photo.astype(np.float32)
    (row, col), radius = chance.uniform(SIDE * 0.22, SIDE * 0.78, 2), _draw_log(chance, 10, 60)
    rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    angle, flat = chance.uniform(0, np.pi), chance.uniform(0.4, 1)
    down, right = rows - row, cols - col
    long = right * np.cos(angle) + down * np.sin(angle)
    wide = (down * np.cos(angle) - right * np.sin(angle)) / flat
    far = np.hypot(long, wide) * (1 + 0.25 * _make_noise(chance, 12))
    soft = np.clip((radius - far) / (0.15 * radius + 2), 0, 1)
    kind = chance.choice(SPOILED)
    if kind == "bend":
        weight, turn = np.exp(-2 * (far / radius) ** 2), chance.uniform(0, 2 * np.pi)
        by = weight * chance.uniform(0.3, 0.8) * radius
        moved = ((cols + by * np.cos(turn)).astype(np.float32), (rows + by * np.sin(turn)).astype(np.float32))
        bent = cv2.remap(whole, *moved, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return np.clip(bent, 0, 255).astype(np.uint8), weight > 0.3
    if kind == "move":
        matrix = cv2.getRotationMatrix2D((float(col), float(row)), float(chance.uniform(20, 340)), 1)
        matrix = matrix + np.array([[0, 0, chance.uniform(-60, 60)], [0, 0, chance.uniform(-60, 60)]])
        other = cv2.warpAffine(whole, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT)
    elif kind == "smear":
        other = cv2.GaussianBlur(whole, (0, 0), chance.uniform(2, 8))
    elif kind == "rough":
        other = whole + (_make_noise(chance, chance.uniform(0.5, 3)) * chance.uniform(10, 40))[..., None]
    elif kind == "tone":
        other = whole * chance.uniform(0.6, 1.4) + chance.uniform(-25, 25)
    else:
        ring = np.clip(1 - np.abs(far - radius * 0.6) / 3, 0, 1)
        other = whole + (ring * chance.choice([-1, 1]) * chance.uniform(20, 80))[..., None]
    mixed = whole * (1 - soft[..., None]) + np.asarray(other) * soft[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8), soft > 0.5


def _draw_log(chance: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(chance.uniform(np.log(low), np.log(high))))


def _make_noise(chance: np.random.Generator, grain: float, stretch: float = 1, angle: float = 0) -> Plane:
    """Make noise (SIDE, SIDE) of mean 0 and deviation 1, with a grain in pixels, perhaps stretched along an angle."""
    noise = chance.standard_normal((SIDE, SIDE)).astype(np.float32)
    if stretch > 1:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigmaX=max(0.3, grain * stretch), sigmaY=max(0.3, grain)))
        turned = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, 1)
        noise = np.asarray(cv2.warpAffine(noise, turned, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT_101))
    elif grain > 0.3:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), grain))
    return np.asarray((noise - noise.mean()) / (noise.std() + 1e-6), np.float32)


class _Surface:
    """What a surface looks like; its grain is new on each photo."""

    def __init__(self, chance: np.random.Generator) -> None:
        """Draw its kind, colours and grain."""
        self.kind = str(chance.choice(["grain", "stripes", "grid", "plain", "spots", "clouds"]))
        self.angle, self.turn = chance.uniform(0, 180), float(chance.choice([0, 0, 3, 180]))
        self.grain, self.stretch = _draw_log(chance, 0.6, 12), float(chance.choice([1, 1, 3, 8]))
        self.dark = chance.uniform(20, 235, 3) if chance.random() < 0.6 else np.full(3, chance.uniform(20, 235))
        other = chance.normal(0, 45, 3) if chance.random() < 0.5 else np.full(3, chance.normal(0, 45))
        self.light = np.clip(self.dark + other, 5, 250)
        self.period, self.contrast, self.rough = chance.uniform(8, 48), chance.uniform(0.2, 1), chance.uniform(0, 0.5)
        self.drift = chance.uniform(0, 1)

    def draw(self, chance: np.random.Generator) -> Plane:
        """Return one look at it, (SIDE, SIDE, 3)."""
        turned = self.angle + chance.uniform(-1, 1) * self.turn
        pattern = np.clip(0.5 + 0.5 * self.contrast * self._draw_pattern(chance, turned), 0, 1)
        pattern = np.clip(pattern + 0.3 * self.rough * _make_noise(chance, 0.7), 0, 1)[..., None]
        return np.asarray(self.dark * (1 - pattern) + self.light * pattern, np.float32)

    def _draw_pattern(self, chance: np.random.Generator, angle: float) -> Plane:
        if self.kind == "grain":
            return 0.5 * _make_noise(chance, self.grain, self.stretch, angle)
        if self.kind == "clouds":
            return 0.5 * _make_noise(chance, self.grain * 4) + 0.2 * _make_noise(chance, self.grain)
        if self.kind == "spots":
            return np.asarray((_make_noise(chance, self.grain + 1) > 1.2) * 1.5, np.float32)
        if self.kind == "plain":
            return np.zeros((SIDE, SIDE), np.float32)
        rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
        period = self.period * (1 + 0.02 * chance.normal())
        off = chance.uniform(0, 1, 2) * self.drift * period + 0.08 * period * _make_noise(chance, 20)[..., None]
        waves = np.sin(2 * np.pi * (cols * cos + rows * sin + off[..., 0]) / period)
        if self.kind == "grid":
            waves = waves * np.sin(2 * np.pi * (rows * cos - cols * sin + off[..., 1]) / period)
        return np.asarray(waves, np.float32)


class _Piece:
    """A shape with a surface of its own; `reach`: how far from the middle of the part it lies, in pixels."""

    def __init__(self, chance: np.random.Generator, reach: float = 110) -> None:
        """Draw its shape, size, place and surface."""
        self.shape = str(chance.choice(["rect", "ellipse", "ring", "polygon", "line", "round"]))
        self.at = chance.uniform(-reach, reach, 2)
        self.size = np.exp(chance.uniform(np.log(10), np.log(90), 2))
        self.angle, self.loose = np.deg2rad(chance.uniform(0, 180)), float(chance.choice([0, 0, 0, 3]))
        self.corners = chance.uniform(0.5, 1, int(chance.integers(3, 8)))
        self.surface, self.edge, self.shade = _Surface(chance), chance.uniform(0.4, 2), chance.uniform(0, 60)

    def mask(self, chance: np.random.Generator, pose: NDArray[np.float64]) -> Plane:
        """Return where it lies on one photo, (SIDE, SIDE) 0 to 1."""
        at = self.at + chance.normal(0, 1, 2) * self.loose
        turn = np.array([[np.cos(self.angle), np.sin(self.angle)], [-np.sin(self.angle), np.cos(self.angle)]])
        plane = np.zeros((SIDE, SIDE), np.float32)
        outline = self._outline()
        for scale, value in ((1.0, 1.0), (0.6, 0.0)) if self.shape == "ring" else ((1.0, 1.0),):
            points = (outline * scale @ turn + at) @ pose[:, :2].T + pose[:, 2]
            cv2.fillPoly(plane, [np.round(points * 16).astype(np.int32)], value, shift=4, lineType=cv2.LINE_AA)
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), self.edge), np.float32)

    def _outline(self) -> NDArray[np.float64]:
        square = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
        if self.shape == "rect":
            return np.asarray(square * self.size)
        if self.shape == "line":
            return np.asarray(square * np.array([self.size.max() * 1.3, self.size.min() * 0.25 + 2]))
        turns = np.linspace(0, 2 * np.pi, len(self.corners) if self.shape == "polygon" else 60, endpoint=False)
        circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
        if self.shape == "polygon":
            return np.asarray(circle * self.corners[:, None] * self.size)
        return np.asarray(circle * (self.size if self.shape == "ellipse" else self.size.mean()))


class _Part:
    """Pieces on a ground, and how their photos vary: pose, light, colour, noise."""

    def __init__(self, chance: np.random.Generator) -> None:
        """Draw what it consists of."""
        self.ground, self.pieces = _Surface(chance), list[_Piece]()
        if chance.random() > 0.35:
            body = _Piece(chance, 30)
            body.size = chance.uniform(70, 150, 2)
            body.shape = str(chance.choice(["rect", "ellipse", "round", "polygon", "ring"]))
            self.pieces = [body, *(_Piece(chance) for _ in range(int(chance.integers(1, 9))))]
            if chance.random() < 0.3:
                self.ground.kind = "plain"
        self.shift, self.turn = float(chance.choice([0, 2, 8, 20])), float(chance.choice([0, 2, 8, 180]))
        self.zoom, self.light = float(chance.choice([0, 0, 0.02, 0.06])), chance.uniform(0, 0.15)
        self.tone, self.noise = float(chance.choice([0, 0, 0.05, 0.15])), chance.uniform(0, 6)
        self.blur, self.grey = float(chance.choice([0, 0, 0.7, 1.2])), bool(chance.random() < 0.35)
        self.fixed = int(chance.integers(1 << 30)) if chance.random() < 0.4 else None

    def draw(self, chance: np.random.Generator) -> Photo:
        """Return one photo of it."""
        angle = np.deg2rad(chance.uniform(-1, 1) * self.turn)
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        pose = np.column_stack(
            [turned * (1 + chance.normal() * self.zoom), SIDE / 2 + chance.normal(0, 1, 2) * self.shift]
        )
        photo = np.asarray(self.ground.draw(chance if self.fixed is None else np.random.default_rng(self.fixed)), float)
        for piece in self.pieces:
            mask = piece.mask(chance, pose)
            soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 2))
            photo = photo * (1 - mask[..., None]) + piece.surface.draw(chance) * mask[..., None]
            photo = photo + (piece.shade * (np.roll(soft, 2, 0) - np.roll(soft, -2, 0)))[..., None]
        rows, cols = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
        down, right = chance.normal(0, self.light, 2)
        photo = photo * ((1 + down * rows + right * cols) * (1 + chance.normal() * self.tone))[..., None]
        if self.tone > 0.1:
            photo = photo * (1 + chance.normal(0, 0.06, 3))
        if self.blur:
            photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), self.blur))
        photo = photo + chance.normal(0, 1, (SIDE, SIDE, 1 if self.grey else 3)) * self.noise
        if self.grey:
            photo = np.repeat(photo.mean(axis=2, keepdims=True), 3, axis=2)
        return np.asarray(np.clip(photo, 0, 255), np.uint8)
