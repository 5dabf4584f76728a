"""Long photos: squeezed into a square, or cut into one row of nearly square tiles. Prints one markdown table.

python -m benchmarks.long_photos DATASET [DATASET ...] [--lengths 2 3] [--seeds 2] [--photos 60] [--threads 1]

A dataset is a folder in a layout with labels. Few sets of long photos are at hand, so they are made: so many photos of
a set, drawn without replacement, stand side by side, at most one of them defective; up to half of the long photos are
defective. A set whose own photos are longer than 1.4 times their width is measured as it is. Looks are those of the
preset `embedded` (see benchmarks.tiles). Each cell: image AUROC before and after re-scoring, pixel AP at 256 x 256, in
percent; the interval is that of a paired bootstrap over photos (2,000 draws) of the difference after re-scoring.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.accuracy import SIDE, _mask, _read_labelled
from benchmarks.leave_out import Result
from benchmarks.tiles import LARGE, SMALL, look
from inspector.data.photos import read_image
from inspector.evaluation.metrics import pixel_metrics
from inspector.geometry.tiles import SQUARE, Tiling, spread_tiles
from inspector.presets import EMBEDDED
from inspector.scoring.maps import image_scores
from inspector.scoring.rescoring import rescore
from inspector.tile_numbers import MOST_TILES

HEIGHT = 320
"""Pixels of a made photo from top to bottom."""

Photo = tuple[NDArray[np.uint8], NDArray[np.bool_], bool]
"""Picture (H, W, 3), mask (SIDE, SIDE), defective."""


def read_photos(folder: Path) -> list[Photo]:
    """Read a dataset."""
    samples = [sample for sample in _read_labelled(folder).samples if sample.image is not None]
    return [
        (read_image(s.image), _mask(s.mask if s.label else None), bool(s.label)) for s in samples if s.image is not None
    ]


def join_photos(photos: Sequence[Photo], length: int, seed: int) -> list[Photo]:
    """Stand photos side by side, `length` each."""
    chance = np.random.default_rng(seed)
    good, bad = ([photo for photo in photos if photo[2] == label] for label in (False, True))
    good, bad = ([kind[index] for index in chance.permutation(len(kind))] for kind in (good, bad))
    count = min(len(bad), len(good) // (2 * length - 1))
    made: list[Photo] = []
    for index in range(count + (len(good) - count * (length - 1)) // length):
        pieces = [bad[index]] if index < count else []
        while len(pieces) < length:
            pieces.append(good.pop())
        pieces = [pieces[place] for place in chance.permutation(length)]
        squares = [cv2.resize(piece[0], (HEIGHT, HEIGHT), interpolation=cv2.INTER_AREA) for piece in pieces]
        picture = np.asarray(np.hstack(squares), np.uint8)
        mask = np.hstack([piece[1] for piece in pieces]).astype(np.uint8)
        small = cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST).astype(bool)
        made.append((picture, small, index < count))
    return made


def spread(photos: Sequence[Photo], most: int) -> list[Photo]:
    """Take so many photos, evenly spread."""
    return [photos[index * len(photos) // min(len(photos), most)] for index in range(min(len(photos), most))]


def measure(photos: Sequence[Photo], tiling: Tiling, references: int) -> Result:
    """Score photos with both looks of the default, in tiles."""
    pictures, masks = [photo[0] for photo in photos], [photo[1] for photo in photos]
    labels = np.array([photo[2] for photo in photos])
    looks = [look(pictures, size, passes, tiling, references) for size, passes in (SMALL, LARGE)]
    maps = torch.stack([each.maps for each in looks]).mean(dim=0)
    raw = image_scores(maps, share=EMBEDDED.score_share).double()
    final = rescore(raw, looks[0].embeddings, EMBEDDED.windows)
    pixel = pixel_metrics(masks, maps.numpy()).ap if any(mask.any() for mask in masks) else None
    return Result(labels, raw.numpy(), final.numpy(), float("nan") if pixel is None else 100 * pixel)


def print_row(name: str, photos: Sequence[Photo], tiling: Tiling, references: int) -> list[float]:
    """Measure photos squeezed and in tiles and print a row."""
    squeezed, cut = (measure(photos, each, references) for each in ((1, 1), tiling))
    chance = np.random.default_rng(0)
    draws = [chance.integers(0, len(photos), len(photos)) for _ in range(2000)]
    gains = [cut.auroc(draw) - squeezed.auroc(draw) for draw in draws]
    low, high = np.nanpercentile(gains, (2.5, 97.5))
    cells = [(r.auroc(raw=True), r.auroc(), r.pixel) for r in (squeezed, cut)]
    texts = [" ".join("-" if np.isnan(value) else f"{value:.1f}" for value in values) for values in cells]
    bad = sum(photo[2] for photo in photos)
    shape = f"{tiling[0]}x{tiling[1]}"
    print(f"| {name} | {len(photos)} / {bad} | {shape} | {' | '.join(texts)} | {low:+.1f} to {high:+.1f} |", flush=True)
    return [*cells[0], *cells[1]]


def main() -> None:
    """Measure all datasets and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--lengths", nargs="+", type=int, default=[2, 3])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--references", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print("| set | long photos / defective | tiles | squeezed | in tiles | tiles less squeezed, 95 % |")
    print("|---|---|---|---|---|---|")
    rows = []
    for folder in arguments.datasets:
        photos = read_photos(folder)
        height, width = (float(np.median([photo[0].shape[axis] for photo in photos])) for axis in (0, 1))
        if max(height, width) > SQUARE * min(height, width):
            tiling = spread_tiles(1, (height, width), MOST_TILES)
            chosen = spread(photos, arguments.photos)
            rows.append(print_row(f"{folder.name}, as it is", chosen, tiling, arguments.references))
            continue
        for length in arguments.lengths:
            for seed in range(arguments.seeds):
                made = spread(join_photos(photos, length, seed), arguments.photos)
                tiling = spread_tiles(1, (1, length), MOST_TILES)
                rows.append(print_row(f"{folder.name}, {length}, {seed}", made, tiling, arguments.references))
    means = [f"{value:.1f}" for value in np.nanmean(rows, axis=0)]
    print(f"| mean | | | {' '.join(means[:3])} | {' '.join(means[3:])} | |")


if __name__ == "__main__":
    main()
