"""Tiles of a photo: where they lie, and how their patches make up one map. No torch."""

from math import gcd, log

import numpy as np
from numpy.typing import NDArray

from inspector.geometry.grid import Alignment

OVERLAP_PARTS = 4
"""Neighbours share one part in so many of a tile's side. A patch at a tile's border is described without its
neighbours beyond it: with an overlap of four patches of 16, one tile fades out before its last patch and the other sees
the place from within. A wider overlap would cost resolution: T tiles span T - (T-1)/4 sides, so that is how much closer
they look."""

FINE = 4
"""Values a patch along a side of a map whose patches lie off each other's grid by parts of a patch: each has its centre
within an eighth of a patch of a value."""

SQUARE = 1.4
"""Photos up to so many times as long as wide, as most cameras take them, have as many tiles along both sides."""

Tiling = tuple[int, int]
"""(rows, columns) of tiles; (1, 1) = the photo as a whole."""

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in pixels, (0, 0) the upper left corner of the photo's first pixel."""


def spread_tiles(shorter: int, size: tuple[float, float], most: int) -> Tiling:
    """Return rows and columns of tiles: so many along the shorter side of a photo, of a long one as many along the
    longer side as make a tile most nearly square.

    Args:
        shorter: T >= 1, tiles along the shorter side.
        size: (H, W) in pixels.
        most: tiles along the longer side, at most.

    Example:
        Two tiles along 500 pixels are 286 pixels high; 1260 pixels wide, 6 of them have 265 pixels, 5 would have 315:
        (2, 6).
    """
    if max(size) <= SQUARE * min(size):
        return shorter, shorter
    side = min(size) / count_patches(shorter, 1)
    longer = min(
        range(shorter, max(shorter, most) + 1), key=lambda count: abs(log(max(size) / count_patches(count, 1) / side))
    )
    return (shorter, longer) if size[0] <= size[1] else (longer, shorter)


def count_patches(tiles: int, patches: int) -> float:
    """Return how many patches lie one after the other along a side of a photo: of T tiles with P patches each.

    Example:
        Two tiles of 16 patches, the second 12 patches on: 28.
    """
    return _last(tiles, patches) + 1


def tile_boxes(size: tuple[int, int], tiles: Tiling) -> list[Box]:
    """Return where the tiles of a photo lie, row by row.

    Borders may fall within pixels: so tiles of photos of any size, even of one pixel, show the same share of them.

    Args:
        size: (H, W) in pixels.
        tiles: (rows, columns).

    Returns:
        As many boxes; the first begins in the photo's upper left corner, the last ends in its lower right one.

    Example:
        A photo of 1 x 7 pixels in 2 x 2 tiles: columns 0 to 4 and 3 to 7, rows 0 to 4/7 and 3/7 to 1.
    """
    (tops, bottoms), (lefts, rights) = (_spans(length, count) for length, count in zip(size, tiles, strict=True))
    return [
        (left, top, right, bottom)
        for top, bottom in zip(tops, bottoms, strict=True)
        for left, right in zip(lefts, rights, strict=True)
    ]


def map_length(tiles: int, patches: int, alignment: Alignment = "centres", *, phases: int = 1) -> int:
    """Return how many values along one side of a map give each patch of each tile a value of its own.

    Args:
        tiles: T >= 1, tiles along this side.
        patches: P >= 1, patches of a tile along this side.
        alignment: how the map lies on the photo.
        phases: 2 = the map is made of two passes of the photo, half a patch aside.

    Example:
        Two tiles of 16 patches, the second 12 patches on: 28.
    """
    if alignment == "centres":
        on_one_grid = phases == 1 and (tiles == 1 or patches % OVERLAP_PARTS == 0)
        return round((_last(tiles, patches) + 1) * (1 if on_one_grid else FINE))
    parts = OVERLAP_PARTS // gcd(OVERLAP_PARTS, patches) if tiles > 1 else 1  # of a patch, from value to value
    return round(parts * _last(tiles, patches)) + 1


def blend_weights(
    tiles: int, patches: int, length: int, alignment: Alignment = "centres", *, shift: float = 0.0
) -> NDArray[np.float64]:
    """Return what each patch of each tile contributes to the values along one side of a map, without seams.

    Between the centres of the patches of a tile values are linear, beyond the outermost they stay. Where two tiles
    overlap, one fades out linearly from the first patch of the other to its own last one (at least over the width of a
    patch, where patches are few); all rows sum to 1.

    Args:
        tiles: T >= 1, tiles along this side.
        patches: P >= 1, patches of a tile along this side.
        length: M >= 1, values along this side of the map.
        alignment: "corners" = the centres of the outermost patches lie on the map's ends.
        shift: patches by which the photo had been moved to the lower right.

    Returns:
        (M, T x P) float64, patches tile by tile: weights @ patch values = map values.

    Example:
        One tile, two patches, length 3: rows (1, 0), (1/2, 1/2), (0, 1), whatever the alignment.
    """
    step = _step(patches)
    width = min(max(patches - 1 - step, 1.0), step)
    last = _last(tiles, patches)
    places = np.linspace(0, last, length)[:, None]  # in patches, 0 = the centre of the first one
    if alignment == "centres":
        places = ((np.arange(length) + 0.5) * (last + 1) / length - 0.5 + shift)[:, None]
    middles = (np.arange(tiles - 1) + 0.5) * step + (patches - 1) / 2  # of the overlaps
    gone_over = np.clip((places - middles) / width + 0.5, 0, 1)  # (M, T - 1), from each tile to the next
    shares = -np.diff(gone_over, axis=1, prepend=1, append=0)  # (M, T)
    within = np.clip(places - np.arange(tiles) * step, 0, patches - 1)  # (M, T)
    linear = np.clip(1 - np.abs(within[..., None] - np.arange(patches)), 0, 1)  # (M, T, P)
    return np.asarray((shares[..., None] * linear).reshape(length, -1))


def _spans(length: int, tiles: int) -> tuple[list[float], list[float]]:
    """Where tiles begin and end along a side of so many pixels."""
    sides = 1 + (tiles - 1) * (OVERLAP_PARTS - 1) / OVERLAP_PARTS  # that all tiles span together
    starts = [index * (OVERLAP_PARTS - 1) / OVERLAP_PARTS * length / sides for index in range(tiles)]
    return starts, [length - start for start in reversed(starts)]


def _step(patches: int) -> float:
    """From one tile to the next, in patches."""
    return patches * (OVERLAP_PARTS - 1) / OVERLAP_PARTS


def _last(tiles: int, patches: int) -> float:
    """From the centre of the first patch of the first tile to that of the last of the last, in patches."""
    return (tiles - 1) * _step(patches) + patches - 1
