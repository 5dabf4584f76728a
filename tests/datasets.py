"""Tiny labelled datasets in the layouts of the public ones: a bright disc on grey with noise, some with a dark spot."""

from pathlib import Path

import numpy as np
from PIL import Image

SIZE = 64

PATHS = {
    "mvtec-ad": ("test/good/{}.png", "test/spot/{}.png", "ground_truth/spot/{}_mask.png"),
    "visa": ("Data/Images/Normal/{}.JPG", "Data/Images/Anomaly/{}.JPG", "Data/Masks/Anomaly/{}.png"),
    "btad": ("test/ok/{}.bmp", "test/ko/{}.bmp", "ground_truth/ko/{}.png"),
    "mvtec-3d": ("test/good/rgb/{}.png", "test/spot/rgb/{}.png", "test/spot/gt/{}.png"),
    "eyecandies": tuple(f"test_public/data/{{}}_{part}.png" for part in ("image_4", "image_4", "mask")),
    "folder": ("ok/{}.png", "spot/{}.png", "masks/spot/{}.png"),
}
"""Of a good photo, of a defective one, and of its mask."""

CORNERS = ((8, 8), (40, 40), (8, 40), (40, 8))


def make_category(folder: Path, layout: str, *, good: int = 4, defective: int = 2, masks: bool = True) -> None:
    """Write a category; defect n has its spot, 16 pixels wide, in corner n."""
    noise = np.random.default_rng(sum(map(ord, folder.name)))
    for number in range(defective + good):
        corner = CORNERS[number] if number < defective else None
        photo, mask = _part(noise, corner)
        pattern = PATHS[layout][0 if corner is None else 1]
        _save(folder / pattern.format(f"{number:02}"), photo)
        if masks and (corner is not None or layout == "eyecandies"):
            _save(folder / PATHS[layout][2].format(f"{number:02}"), mask)


def _part(noise, corner):
    rows, cols = np.mgrid[:SIZE, :SIZE] - SIZE // 2
    disc = np.where(rows**2 + cols**2 < (SIZE / 2.2) ** 2, 180, 90)[..., None]
    pixels = disc + noise.normal(0, 4, (SIZE, SIZE, 3))
    mask = np.zeros((SIZE, SIZE), np.uint8)
    if corner is not None:
        row, col = corner
        mask[row : row + 16, col : col + 16] = 255
        pixels[mask > 0] = 10
    return pixels.clip(0, 255).astype(np.uint8), mask


def _save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
