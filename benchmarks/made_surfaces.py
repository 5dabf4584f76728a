"""Surfaces that a program draws: grains, grindings, crystals, weaves, leather; flat or in relief under a light."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.planted import SIDE

Plane = NDArray[np.float32]

PATTERNS = (
    "grain",
    "stripes",
    "grid",
    "plain",
    "spots",
    "clouds",
    "fractal",
    "ground",
    "crystals",
    "weave",
)


def draw_log(chance: np.random.Generator, low: float, high: float) -> float:
    """Draw a number whose logarithm is spread evenly."""
    return float(np.exp(chance.uniform(np.log(low), np.log(high))))


def make_noise(chance: np.random.Generator, grain: float, stretch: float = 1, angle: float = 0) -> Plane:
    """Make noise (SIDE, SIDE) of mean 0 and deviation 1, with a grain in pixels, perhaps stretched along an angle."""
    noise = chance.standard_normal((SIDE, SIDE)).astype(np.float32)
    if stretch > 1:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigmaX=max(0.3, grain * stretch), sigmaY=max(0.3, grain)))
        turned = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, 1)
        noise = np.asarray(cv2.warpAffine(noise, turned, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT_101))
    elif grain > 0.3:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), grain))
    return _standardise(noise)


def make_fractal(chance: np.random.Generator, power: float, stretch: float, angle: float) -> Plane:
    """Make noise (SIDE, SIDE) of mean 0 and deviation 1 whose amplitude falls with the frequency to a power.

    With a stretch it changes more slowly along the angle (degrees), as on ground or drawn metal.
    """
    rows, cols = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    along, across = cols * cos + rows * sin, rows * cos - cols * sin
    rate = np.hypot(along * stretch, across) + 1 / (2 * SIDE)
    waves = np.fft.rfft2(chance.standard_normal((SIDE, SIDE))) * rate**-power
    return _standardise(np.fft.irfft2(waves, s=(SIDE, SIDE)).astype(np.float32))


def _standardise(plane: Plane) -> Plane:
    return np.asarray((plane - plane.mean()) / (plane.std() + 1e-6), np.float32)


def shade(height: Plane, light: float) -> Plane:
    """Shade a relief (SIDE, SIDE), height in pixels, lit from an angle in radians: -1 away from it to 1 towards it."""
    down, right = np.gradient(height)
    slope = right * np.cos(light) + down * np.sin(light)
    return np.asarray(slope / np.sqrt(1 + slope**2), np.float32)


class Surface:
    """What a surface looks like; its grain is new on each photo."""

    def __init__(self, chance: np.random.Generator) -> None:
        """Draw its pattern, colours and grain."""
        self.pattern = str(chance.choice(PATTERNS))
        self.angle, self.turn = chance.uniform(0, 180), float(chance.choice([0, 0, 3, 180]))
        self.grain, self.stretch = draw_log(chance, 0.6, 12), float(chance.choice([1, 1, 3, 8]))
        self.dark = chance.uniform(20, 235, 3) if chance.random() < 0.5 else np.full(3, chance.uniform(20, 235))
        if chance.random() < 0.5:  # most things are not gaudy
            self.dark = self.dark.mean() + 0.3 * (self.dark - self.dark.mean())
        other = chance.normal(0, 45, 3) if chance.random() < 0.3 else np.full(3, chance.normal(0, 45))
        self.light = np.clip(self.dark + other, 5, 250)
        self.period, self.contrast, self.rough = chance.uniform(8, 48), chance.uniform(0.2, 1), chance.uniform(0, 0.5)
        self.drift, self.power = chance.uniform(0, 1), chance.uniform(0.6, 1.8)
        self.vary = float(chance.choice([0, 0.2, 0.5]))
        self.gloss = float(chance.choice([0, 0, 0.5, 1]))
        self.relief = chance.uniform(1, 6) if chance.random() < 0.3 else 0.0

    def draw(self, chance: np.random.Generator, light: float) -> Plane:
        """Return one look at it, (SIDE, SIDE, 3), lit from an angle in radians."""
        turned = self.angle + chance.uniform(-1, 1) * self.turn
        drawn = self._draw_pattern(chance, turned)
        if self.relief:
            drawn = 0.3 * drawn + 1.5 * shade(np.asarray(cv2.GaussianBlur(drawn, (0, 0), 1)) * self.relief, light)
        contrast = self.contrast * np.exp(self.vary * chance.normal())
        pattern = np.clip(0.5 + 0.5 * contrast * drawn, 0, 1)
        pattern = np.clip(pattern + 0.3 * self.rough * make_noise(chance, 0.7), 0, 1)[..., None]
        return np.asarray(self.dark * (1 - pattern) + self.light * pattern, np.float32)

    def _draw_pattern(self, chance: np.random.Generator, angle: float) -> Plane:
        if self.pattern == "grain":
            return 0.5 * make_noise(chance, self.grain, self.stretch, angle)
        if self.pattern == "clouds":
            return 0.5 * make_noise(chance, self.grain * 4) + 0.2 * make_noise(chance, self.grain)
        if self.pattern == "spots":
            return np.asarray((make_noise(chance, self.grain + 1) > 1.2) * 1.5, np.float32)
        if self.pattern == "plain":
            return np.zeros((SIDE, SIDE), np.float32)
        if self.pattern == "fractal":
            return 0.6 * make_fractal(chance, self.power, self.stretch, angle)
        if self.pattern == "ground":
            streaks = make_fractal(chance, self.power * 0.6, 30 * self.stretch, angle)
            return 0.5 * streaks + 0.3 * make_fractal(chance, self.power, 2, angle)
        if self.pattern == "crystals":
            return self._draw_crystals(chance)
        return self._draw_waves(chance, angle)

    def _draw_crystals(self, chance: np.random.Generator) -> Plane:
        """Draw cells around points, each of a grey of its own."""
        count = round((SIDE / (4 * self.grain + 12)) ** 2)
        seeds, greys = chance.uniform(0, SIDE, (count, 2)), chance.normal(0, 0.6, count)
        canvas = np.full((SIDE, SIDE), 255, np.uint8)
        canvas[tuple(seeds.astype(int).T)] = 0
        _, cells = cv2.distanceTransformWithLabels(canvas, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
        return np.asarray(np.resize(greys, cells.max() + 1)[cells], np.float32)

    def _draw_waves(self, chance: np.random.Generator, angle: float) -> Plane:
        """Draw stripes, a grid, or threads that lie over and under each other."""
        rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
        period = self.period * (1 + 0.02 * chance.normal())
        off = chance.uniform(0, 1, 2) * self.drift * period + 0.08 * period * make_noise(chance, 20)[..., None]
        first = np.sin(2 * np.pi * (cols * cos + rows * sin + off[..., 0]) / period)
        if self.pattern == "stripes":
            return np.asarray(first, np.float32)
        second = np.sin(2 * np.pi * (rows * cos - cols * sin + off[..., 1]) / period)
        if self.pattern == "weave":
            over = first * second > 0
            return np.asarray(2 * np.where(over, np.abs(first), np.abs(second)) - 1, np.float32)
        return np.asarray(first * second, np.float32)
