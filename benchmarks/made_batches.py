"""Made-up batches to learn from: surfaces and parts that nobody photographed, a part of them with planted defects."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.made_surfaces import Plane, Surface, draw_log, make_noise, shade
from benchmarks.planted import SIDE, Mask, Photo
from benchmarks.subspace import KINDS, plant_half, plant_whole

Canvas = NDArray[np.floating[Any]]
"""A photo (SIDE, SIDE, 3) that is being made, 0 to 255."""

SHAPES = ("rect", "ellipse", "ring", "polygon", "line", "round", "comb", "print")
LETTERS = "ABCDEFGHKLMNPRSTUXZ0123456789"
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
    (row, col), radius = chance.uniform(SIDE * 0.22, SIDE * 0.78, 2), draw_log(chance, 10, 60)
    rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    angle, flat = chance.uniform(0, np.pi), chance.uniform(0.4, 1)
    down, right = rows - row, cols - col
    long = right * np.cos(angle) + down * np.sin(angle)
    wide = (down * np.cos(angle) - right * np.sin(angle)) / flat
    far = np.hypot(long, wide) * (1 + 0.25 * make_noise(chance, 12))
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
        other = whole + (make_noise(chance, chance.uniform(0.5, 3)) * chance.uniform(10, 40))[..., None]
    elif kind == "tone":
        other = whole * chance.uniform(0.6, 1.4) + chance.uniform(-25, 25)
    else:
        ring = np.clip(1 - np.abs(far - radius * 0.6) / 3, 0, 1)
        other = whole + (ring * chance.choice([-1, 1]) * chance.uniform(20, 80))[..., None]
    mixed = whole * (1 - soft[..., None]) + np.asarray(other) * soft[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8), soft > 0.5


class _Piece:
    """A shape with a surface of its own; `reach`: how far from the middle of the part it lies, in pixels."""

    def __init__(self, chance: np.random.Generator, reach: float = 110) -> None:
        """Draw its shape, size, place, relief and surface."""
        self.shape = str(chance.choice(SHAPES))
        self.at = chance.uniform(-reach, reach, 2)
        self.size = np.exp(chance.uniform(np.log(10), np.log(90), 2))
        self.angle, self.loose = np.deg2rad(chance.uniform(0, 180)), float(chance.choice([0, 0, 0, 3]))
        self.corners = chance.uniform(0.5, 1, int(chance.integers(3, 8)))
        self.bars, self.words = int(chance.integers(3, 9)), "".join(chance.choice(list(LETTERS), 5))
        self.surface, self.edge, self.shade = Surface(chance), chance.uniform(0.4, 2), chance.uniform(0, 60)
        self.bevel = draw_log(chance, 2, 40)
        self.print = int(chance.integers(1 << 30)) if chance.random() < 0.3 else None

    def mask(self, chance: np.random.Generator, pose: NDArray[np.float64]) -> Plane:
        """Return where it lies on one photo, (SIDE, SIDE) 0 to 1."""
        turn = np.array([[np.cos(self.angle), np.sin(self.angle)], [-np.sin(self.angle), np.cos(self.angle)]])
        at = self.at + chance.normal(0, 1, 2) * self.loose
        plane = np.zeros((SIDE, SIDE), np.float32)
        if self.shape == "print":
            height = float(self.size.min() / 20 + 0.4)
            letters = np.zeros((SIDE, SIDE), np.uint8)
            cv2.putText(letters, self.words, (20, SIDE // 2), cv2.FONT_HERSHEY_SIMPLEX, height, 255, 3, cv2.LINE_AA)
            placed = pose[:, :2] @ turn.T
            matrix = np.column_stack([placed, pose[:, :2] @ at + pose[:, 2] - placed @ [120, SIDE / 2]])
            plane = np.asarray(cv2.warpAffine(letters / np.float32(255), matrix, (SIDE, SIDE)), np.float32)
        for outline, value in self._outlines():
            points = (outline @ turn + at) @ pose[:, :2].T + pose[:, 2]
            cv2.fillPoly(plane, [np.round(points * 16).astype(np.int32)], value, shift=4, lineType=cv2.LINE_AA)
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), self.edge), np.float32)

    def _outlines(self) -> list[tuple[NDArray[np.float64], float]]:
        """Return the corners of what is filled, (M, 2) around the piece's middle, and with what."""
        square = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
        if self.shape == "print":
            return []
        if self.shape == "rect":
            return [(square * self.size, 1.0)]
        if self.shape == "line":
            return [(square * np.array([self.size.max() * 1.3, self.size.min() * 0.25 + 2]), 1.0)]
        if self.shape == "comb":
            thin = np.array([self.size[0] / self.bars / 2, self.size[1]])
            places = np.linspace(-1, 1, self.bars) * self.size[0]
            return [(square * thin + np.array([place, 0]), 1.0) for place in places]
        turns = np.linspace(0, 2 * np.pi, len(self.corners) if self.shape == "polygon" else 60, endpoint=False)
        circle = np.stack([np.cos(turns), np.sin(turns)], axis=1)
        if self.shape == "polygon":
            return [(circle * self.corners[:, None] * self.size, 1.0)]
        outline = circle * (self.size if self.shape == "ellipse" else self.size.mean())
        return [(outline, 1.0), (outline * 0.6, 0.0)] if self.shape == "ring" else [(outline, 1.0)]

    def paint(self, photo: Canvas, chance: np.random.Generator, pose: NDArray[np.float64], light: float) -> Plane:
        """Return the photo (SIDE, SIDE, 3) with it; its surface turns with the part, the light does not."""
        mask = self.mask(chance, pose)
        own = chance if self.print is None else np.random.default_rng(self.print)
        middle = np.full(2, SIDE / 2)
        matrix = np.column_stack([pose[:, :2], pose[:, 2] - pose[:, :2] @ middle])
        facing = light - np.arctan2(pose[1, 0], pose[0, 0])
        surface = cv2.warpAffine(self.surface.draw(own, facing), matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT)
        inside = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
        dome = np.sqrt(np.clip(1 - (1 - np.clip(inside / self.bevel, 0, 1)) ** 2, 0, 1)) * self.bevel
        bright = shade(np.asarray(cv2.GaussianBlur(dome, (0, 0), 1.5), np.float32), light)
        shiny = np.clip(bright - 0.6, 0, None) * 2 if self.surface.gloss else 0
        return np.asarray(
            photo * (1 - mask[..., None])
            + surface * mask[..., None]
            + (mask * (self.shade * bright + 120 * self.surface.gloss * shiny))[..., None],
            np.float32,
        )


class _Part:
    """Pieces on a ground, and how their photos vary: pose, light, colour, dust, noise."""

    def __init__(self, chance: np.random.Generator) -> None:
        """Draw what it consists of."""
        self.ground, self.pieces = Surface(chance), list[_Piece]()
        if chance.random() > 0.35:
            body = _Piece(chance, 30)
            body.size = chance.uniform(70, 150, 2)
            body.shape = str(chance.choice(["rect", "ellipse", "round", "polygon", "ring"]))
            self.pieces = [body, *(_Piece(chance) for _ in range(int(chance.integers(1, 9))))]
            if chance.random() < 0.3:
                self.ground.pattern = "plain"
        self.shift, self.turn = float(chance.choice([0, 2, 8, 20])), float(chance.choice([0, 2, 8, 180]))
        self.zoom, self.fall = float(chance.choice([0, 0, 0.02, 0.06])), chance.uniform(0, 0.15)
        self.light, self.sway = chance.uniform(0, 2 * np.pi), float(chance.choice([0, 0.1, 0.5]))
        self.tone, self.noise = float(chance.choice([0, 0, 0.05, 0.15, 0.3])), chance.uniform(0, 6)
        self.blur, self.grey = float(chance.choice([0, 0, 0.7, 1.2])), bool(chance.random() < 0.35)
        self.fixed = int(chance.integers(1 << 30)) if chance.random() < 0.4 else None
        self.dust = float(chance.choice([0, 0, 0.5, 1]))
        self.finishes = [chance.uniform(0.6, 1.5, 3) for _ in range(int(chance.choice([1, 1, 1, 2, 3])))]

    def draw(self, chance: np.random.Generator) -> Photo:
        """Return one photo of it."""
        angle = np.deg2rad(chance.uniform(-1, 1) * self.turn)
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned = turned * (1 + chance.normal() * self.zoom)
        pose = np.column_stack([turned, SIDE / 2 + chance.normal(0, 1, 2) * self.shift])
        light = self.light + self.sway * chance.normal()
        own = chance if self.fixed is None else np.random.default_rng(self.fixed)
        photo: Canvas = self.ground.draw(own, light)
        finish = self.finishes[int(chance.integers(len(self.finishes)))] if len(self.finishes) > 1 else 1.0
        for number, piece in enumerate(self.pieces):
            photo = piece.paint(photo, chance, pose, light)
            if number == 0:
                photo = photo * finish
        photo = self._add_dust(photo, chance)
        rows, cols = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
        down, right = chance.normal(0, self.fall, 2)
        photo = photo * ((1 + down * rows + right * cols) * np.exp(chance.normal() * self.tone))[..., None]
        if self.tone > 0.1:
            photo = photo * (1 + chance.normal(0, 0.06, 3))
        if self.blur:
            photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), self.blur))
        photo = photo + chance.normal(0, 1, (SIDE, SIDE, 1 if self.grey else 3)) * self.noise
        if self.grey:
            photo = np.repeat(photo.mean(axis=2, keepdims=True), 3, axis=2)
        return np.asarray(np.clip(photo, 0, 255), np.uint8)

    def _add_dust(self, photo: Canvas, chance: np.random.Generator) -> Plane:
        """Add faint specks and streaks, as good parts have them too."""
        plane = np.zeros((SIDE, SIDE), np.float32)
        for _ in range(int(chance.poisson(4 * self.dust))):
            col, row = (int(value) for value in chance.integers(0, SIDE, 2))
            if chance.random() < 0.5:
                cv2.circle(plane, (col, row), int(chance.integers(1, 5)), float(chance.normal(0, 20)), -1)
            else:
                end = (col + int(chance.normal(0, 40)), row + int(chance.normal(0, 40)))
                cv2.line(plane, (col, row), end, float(chance.normal(0, 15)), int(chance.integers(1, 3)))
        return np.asarray(photo + cv2.GaussianBlur(plane, (0, 0), 1)[..., None], np.float32)
