"""Into how many tiles photos are cut: as the settings say, by the size of the batch's photos."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from inspector.data.photos import measure_size
from inspector.data.samples import Batch
from inspector.errors import InputError
from inspector.geometry.tiles import Tiling, count_patches, spread_tiles
from inspector.tile_numbers import MOST_TILES, read_tiles

LARGE_PATCH = 48
"""Pixels of a photo along a patch from which on it is told, and `tiles` = auto looks closer."""

AUTO_TILES = 16
"""Tiles of a photo that `tiles` = auto takes at most: a scan takes so many times as long as without."""

MEASURED = 64
"""Photos of a batch, evenly spread, whose size is looked up before a scan."""

Size = tuple[float, float]
"""(H, W) in pixels."""


def choose_tiling(batch: Batch, tiles: str, count_grid: Callable[[], int]) -> Tiling:
    """Choose the rows and columns of tiles for all photos of a batch.

    Args:
        batch: its photos' sizes decide, the median where they differ; those that cannot be read do not count.
        tiles: the setting: "auto", a number, or rows x columns.
        count_grid: patches along a side of the network's largest input; asked for with "auto" alone.

    Returns:
        (rows, columns). A number T > 1 gives T along the shorter side and as many along the longer as keep tiles nearly
        square. "auto" gives the fewest tiles, at most `AUTO_TILES`, with which a patch shows less than `LARGE_PATCH`
        pixels of a photo.
    """
    down, *across = (1,) if tiles == "auto" else read_tiles(tiles)
    if across:
        return down, across[0]
    size = _measure_photos(batch) if tiles != "1" else None
    if size is None:
        return down, down
    if tiles != "auto":
        return spread_tiles(down, size, MOST_TILES)
    patches = count_grid()
    return find_enough(size, [(patches, patches)], AUTO_TILES)


def find_enough(size: Size, grids: Sequence[tuple[int, int]], most: int) -> Tiling:
    """Return the fewest tiles with which a patch shows little of a photo; or as many as there may be.

    Args:
        size: of the photo.
        grids: (rows, cols), patches of a tile at each size of the network's input.
        most: tiles of a photo.

    Example:
        A photo of 2360 x 2360 pixels in patches of 1/24 of a tile takes 3 x 3: 60 patches of 39 pixels.
    """
    best = (1, 1)
    for tiling in _list_tilings(size):
        if tiling[0] * tiling[1] > most:
            break
        best = tiling
        if max(measure_patch(size, tiling, grids)) < LARGE_PATCH:
            break
    return best


def measure_patch(size: Size, tiling: Tiling, grids: Sequence[tuple[int, int]]) -> Size:
    """Return how much of a photo a patch shows, at the size of the network's input with the most patches."""
    height, width = (
        length / max(count_patches(tiles, grid[axis]) for grid in grids)
        for axis, (length, tiles) in enumerate(zip(size, tiling, strict=True))
    )
    return height, width


def write_tiling(tiling: Tiling, size: Size) -> str:
    """Return the setting that gives a tiling of photos of a size: a number where that does, else rows x columns."""
    shorter = min(tiling)
    short_form = shorter > 1 and spread_tiles(shorter, size, MOST_TILES) == tiling
    return str(shorter) if short_form or tiling == (1, 1) else f"{tiling[0]}x{tiling[1]}"


def _list_tilings(size: Size) -> Iterator[Tiling]:
    """Tilings for photos of a size, from the photo as a whole to the most tiles."""
    yield (1, 1)
    for shorter in range(1, MOST_TILES + 1):
        yield spread_tiles(shorter, size, MOST_TILES)


def _measure_photos(batch: Batch) -> Size | None:
    """Median height and width of photos of a batch; None where none can be read."""
    photos = [sample.image for sample in batch.samples if sample.image is not None]
    found = []
    for index in range(min(MEASURED, len(photos))):
        try:
            found.append(measure_size(photos[index * len(photos) // min(MEASURED, len(photos))]))
        except InputError:  # told when it is read
            continue
    if not found:
        return None
    height, width = (float(np.median(lengths)) for lengths in zip(*found, strict=True))
    return height, width
