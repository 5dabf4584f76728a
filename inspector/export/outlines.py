"""Outlines of regions as polygons, along the edges of pixels or through their middles; holes are cut out."""

import cv2
import numpy as np
from numpy.typing import NDArray

Outline = tuple[tuple[float, float], ...]
"""Corners (x, y) in pixels, where the upper left corner of the photo is (0, 0)."""

Path = NDArray[np.int64]
"""Pixels (N, 2) of a border, x and y, each next to the one before."""


def outline_edges(own: NDArray[np.bool_]) -> Outline:
    """Return the polygon that holds exactly the pixels of a region, by the rule of even and odd.

    Args:
        own: (H, W) bool, what belongs to the region; all of it touches, corners included.
    """
    fine = np.repeat(np.repeat(own, 2, axis=0), 2, axis=1)  # the border pixels of halves lie at the edges of whole ones
    return _to_corners((_join_borders(fine) + 1) // 2)


def outline_middles(own: NDArray[np.bool_]) -> Outline:
    """Return the polygon through the middles of a region's outermost pixels, which is drawn with its line.

    Args:
        own: as of `outline_edges`.

    Returns:
        Three corners or more; of thin regions some lie on each other.
    """
    corners = tuple((x + 0.5, y + 0.5) for x, y in _to_corners(_join_borders(own)))
    return (corners + corners[:1] * 3)[:3] if len(corners) < 3 else corners


def _join_borders(own: NDArray[np.bool_]) -> Path:
    """Return one way along the outer border and all holes: from each hole it goes to the left, and back."""
    framed = np.pad(own, 1).astype(np.uint8)
    found, tree = cv2.findContours(framed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    _, marks = cv2.connectedComponents(1 - framed, connectivity=4)
    borders: dict[int, Path] = {}
    bridges: dict[int, list[tuple[int, int]]] = {}  # from which place of a border to which other one
    ways = []
    for border, (_, _, _, parent) in zip(found, tree[0].tolist(), strict=True):
        path = np.asarray(border, np.int64).reshape(-1, 2)
        x, y = path[path[:, 0].argmin()].tolist()
        inside = int(marks[y, x + 1] if parent >= 0 else marks[0, 0])
        borders[inside] = path
        if parent >= 0:
            ways.append((x, y, inside))
    for x, y, hole in ways:
        left = x - int(np.argmin(framed[y, x::-1]))  # the first pixel to the left that is not of the region
        outside = int(marks[y, left])
        place = np.flatnonzero((borders[outside] == (left + 1, y)).all(axis=1))[0]
        bridges.setdefault(outside, []).append((int(place), hole))
    return _walk(int(marks[0, 0]), borders, bridges) - 1


def _walk(first: int, borders: dict[int, Path], bridges: dict[int, list[tuple[int, int]]]) -> Path:
    """Follow a border; where a bridge begins, go round the hole at its end first."""
    pieces: list[Path] = []
    waiting: list[Path | int] = [first]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, int):
            pieces.append(item)
            continue
        path = borders[item]
        if item != first:
            start = int(path[:, 0].argmin())
            path = np.roll(path, -start, axis=0)
            path = np.concatenate([path, path[:1]])
        steps: list[Path | int] = []
        at = 0
        for place, hole in sorted(bridges.get(item, ())):
            if item != first:
                place = (place - start) % len(borders[item])
            steps += [path[at : place + 1], hole, path[place : place + 1]]
            at = place + 1
        waiting += reversed([*steps, path[at:]])
    return np.concatenate(pieces)


def _to_corners(path: Path) -> Outline:
    """Leave out the points between corners, and those that follow on themselves."""
    moved = np.any(path != np.roll(path, 1, axis=0), axis=1)
    path = path[moved] if moved.any() else path[:1]
    before, after = path - np.roll(path, 1, axis=0), np.roll(path, -1, axis=0) - path
    turns = (before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]) | ((before * after).sum(axis=1) < 0)
    return tuple((float(x), float(y)) for x, y in (path[turns] if turns.any() else path))
