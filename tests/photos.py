"""Photos of like parts."""

import functools
import io
from pathlib import Path

import numpy as np
from PIL import Image


def write_photos(folder: Path, count: int, *, size: tuple[int, int] = (64, 80), spot: bool = False) -> list[Path]:
    """Write photos of like parts (a bright disc on grey, noise) into a folder; part 0 may get a dark spot."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"part_{index}.png" for index in range(count)]
    for path, photo in zip(paths, _encode_photos(count, size, spot), strict=True):
        path.write_bytes(photo)
    return paths


@functools.cache
def _encode_photos(count: int, size: tuple[int, int], spot: bool) -> tuple[bytes, ...]:
    noise = np.random.default_rng(7)
    height, width = size
    rows, cols = np.mgrid[:height, :width]
    disc = (rows - height / 2) ** 2 + (cols - width / 2) ** 2 < (min(size) / 3) ** 2
    photos = []
    for index in range(count):
        pixels = np.where(disc, 180, 90)[..., None] + noise.normal(0, 4, (height, width, 3))
        if spot and index == 0:
            pixels[height // 2 - 6 : height // 2 + 6, width // 2 - 6 : width // 2 + 6] = 10
        file = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "PNG")
        photos.append(file.getvalue())
    return tuple(photos)
