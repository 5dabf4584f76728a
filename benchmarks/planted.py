"""Recurring defects that are planted on good photos: six kinds, the same on each photo but for small differences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Photo = NDArray[np.uint8]
Mask = NDArray[np.bool_]

SIDE = 384
"""Photos are planted on at this size, (SIDE, SIDE, 3): the larger one that the network sees."""

DARK = 120
"""Grey level below which a place is dark: blots and scratches are bright there."""

JITTER = 2
"""Pixels by which the place of a defect varies from photo to photo, at most."""


@dataclass(frozen=True)
class Plan:
    """What all planted photos share.

    Attributes:
        place: (row, col) of the defect's middle. angle: of scratches, in radians.
        cut, cut_mask: a real defect of another photo and where it lies in it; for cut-outs.
    """

    place: tuple[int, int]
    angle: float
    cut: Photo = field(repr=False)
    cut_mask: Mask = field(repr=False)


Plant = Callable[[NDArray[np.float32], Plan, np.random.Generator], tuple[NDArray[np.float32], Mask]]


def plant(
    photos: Sequence[Photo], kind: str, donors: Sequence[tuple[Photo, Mask]], seed: int
) -> list[tuple[Photo, Mask]]:
    """Plant one defect on each of some photos.

    Args:
        photos: (SIDE, SIDE, 3) uint8 each.
        kind: a name in `KINDS`.
        donors: photos with real defects, and where these are; one of them is cut out. Needed for cut-outs alone.
        seed: draws place, angle and donor, and how the photos vary.

    Returns:
        Photo and mask of each.
    """
    chance = np.random.default_rng(seed)
    row, col = (int(value) for value in chance.integers(SIDE * 3 // 10, SIDE * 7 // 10, 2))
    nothing = (photos[0], np.zeros((SIDE, SIDE), bool))
    cut, cut_mask = donors[int(chance.integers(len(donors)))] if donors else nothing
    plan = Plan((row, col), float(chance.uniform(0, np.pi)), cut, cut_mask)
    planted = []
    for photo in photos:
        found, mask = KINDS[kind](photo.astype(np.float32), plan, chance)
        planted.append((np.clip(found, 0, 255).astype(np.uint8), mask))
    return planted


def _move(plan: Plan, chance: np.random.Generator) -> tuple[int, int]:
    row, col = chance.integers(-JITTER, JITTER + 1, 2)
    return plan.place[0] + int(row), plan.place[1] + int(col)


def _blend(photo: NDArray[np.float32], mask: NDArray[np.float32], other: ArrayLike) -> NDArray[np.float32]:
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.2), np.float32)[..., None]
    return np.asarray(photo * (1 - soft) + soft * np.asarray(other, np.float32), np.float32)


def _draw(shape: Callable[[NDArray[np.float32]], object]) -> NDArray[np.float32]:
    mask = np.zeros((SIDE, SIDE), np.float32)
    shape(mask)
    return mask


def _blot(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    row, col = _move(plan, chance)
    axes = (round(20 * chance.uniform(0.9, 1.1)), round(15 * chance.uniform(0.9, 1.1)))
    mask = _draw(lambda plane: cv2.ellipse(plane, (col, row), axes, 30, 0, 360, 1.0, -1))
    dark = photo[mask > 0].mean() < DARK
    return _blend(photo, mask, photo * 0.25 + (150 if dark else 10)), mask > 0


def _scratch(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    row, col = _move(plan, chance)
    angle, half = plan.angle + chance.uniform(-0.05, 0.05), 45
    ends = [(round(col + way * half * np.cos(angle)), round(row + way * half * np.sin(angle))) for way in (-1, 1)]
    mask = _draw(lambda plane: cv2.line(plane, ends[0], ends[1], 1.0, 4, cv2.LINE_AA))
    dark = photo[mask > 0].mean() < DARK
    return _blend(photo, mask, 235.0 if dark else 25.0), mask > 0


def _missing(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    row, col = _move(plan, chance)
    mask = _draw(lambda plane: cv2.rectangle(plane, (col - 28, row - 28), (col + 28, row + 28), 1.0, -1))
    small = cv2.resize(photo, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA).astype(np.uint8)
    hole = cv2.resize(mask, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    filled = cv2.resize(cv2.inpaint(small, hole, 5, cv2.INPAINT_TELEA), (SIDE, SIDE)).astype(np.float32)
    return _blend(photo, mask, filled), mask > 0


def _shifted(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    row, col = _move(plan, chance)
    moved = np.roll(photo, (22, 22), axis=(0, 1))
    mask = _draw(lambda plane: cv2.rectangle(plane, (col - 36, row - 36), (col + 36, row + 36), 1.0, -1))
    return _blend(photo, mask, moved), mask > 0


def _colour(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    row, col = _move(plan, chance)
    mask = _draw(lambda plane: cv2.circle(plane, (col, row), 30, 1.0, -1))
    tint = np.array([1.5, 0.8, 0.5], np.float32) * float(chance.uniform(0.95, 1.05))
    return _blend(photo, mask, photo * tint + np.array([20, 0, 0], np.float32)), mask > 0


def _cut_out(photo: NDArray[np.float32], plan: Plan, chance: np.random.Generator) -> tuple[NDArray[np.float32], Mask]:
    moves = chance.integers(-JITTER, JITTER + 1, 2)
    mask = np.roll(plan.cut_mask, moves, axis=(0, 1))
    cut = np.roll(plan.cut.astype(np.float32), moves, axis=(0, 1)) * float(chance.uniform(0.97, 1.03))
    wide = np.asarray(cv2.dilate(mask.astype(np.float32), np.ones((5, 5), np.float32)), np.float32)
    return _blend(photo, wide, cut), mask


KINDS: dict[str, Plant] = {
    "blot": _blot,
    "scratch": _scratch,
    "missing": _missing,
    "shifted": _shifted,
    "colour": _colour,
    "cut-out": _cut_out,
}
"""What is planted, by name."""
