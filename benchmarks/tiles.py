"""Whole photos, tiles, and both averaged, on labelled datasets; prints one markdown table.

python -m benchmarks.tiles DATASET [DATASET ...] [--photos 80] [--references 32] [--threads 1]

A dataset is a folder in a layout with labels. Each cell: image AUROC before and after re-scoring, and pixel AP at 256 x
256, in percent. Looks are those of the preset `embedded`: 256 pixels in two passes, 384 in one, at each of which the
map is divided by the median patch score of the batch; maps of several looks are averaged. Of larger datasets so many
photos are taken, evenly spread, and each is judged by so many others.
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import SIDE, _mask, _read_labelled
from benchmarks.leave_out import Result
from inspector.data.photos import cut_tiles, read_image
from inspector.evaluation.metrics import pixel_metrics
from inspector.features.aggregation import join_layers
from inspector.features.backbones import Backbone, load_backbone
from inspector.features.metric import lnamd_learnt
from inspector.geometry.tiles import Tiling, spread_tiles
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import ring
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.rescoring import rescore
from inspector.tile_numbers import MOST_TILES

PATCH = 16
"""Pixels of the network's input along a patch."""

SMALL, LARGE = (256, 2), (384, 1)
"""Side of the network's input, and passes."""

ROWS = {
    "whole photo (`embedded`)": [("whole", SMALL), ("whole", LARGE)],
    "`tiles` = 2": [("two", SMALL), ("two", LARGE)],
    "`tiles` = 2 and the whole photo": [("two", SMALL), ("two", LARGE), ("whole", SMALL), ("whole", LARGE)],
    "`tiles` = 2 and the whole photo at 256 px": [("two", SMALL), ("two", LARGE), ("whole", SMALL)],
    "`tiles` = 2, at 256 px alone": [("two", SMALL)],
    "`tiles` = 2x2, at 256 px alone": [("square", SMALL)],
}
"""Looks that are averaged; the embedding for re-scoring is that of the first."""


@dataclass(frozen=True)
class Look:
    """Maps (N, SIDE, SIDE) of all photos, divided by the median patch score, and embeddings (N, D)."""

    maps: Tensor
    embeddings: Tensor


def look(photos: list[NDArray[np.uint8]], size: int, passes: int, tiling: Tiling, references: int) -> Look:
    """Score photos at one size, in tiles."""
    network = load_backbone("efficientnet-lite0", image_size=size, layers=(2, 3))
    squares = [cut_tiles(photo, tiling, size) for photo in photos]
    scores, embeddings = [], []
    for tile in range(math.prod(tiling)):
        inputs = torch.from_numpy(np.stack([of_photo[tile] for of_photo in squares])).permute(0, 3, 1, 2)
        of_passes = []
        for index in range(passes):
            features, embedding = _extract(network, inputs, PATCH // 2 * index)
            of_passes.append(_compare(features, references))
            embeddings += [embedding] if not index else []
        scores.append(torch.stack(of_passes))
    by_pass = torch.cat(scores, dim=2)  # (passes, N, K x P)
    grid = (size // PATCH,) * 2
    planes = [tile_maps(each, grid, tiling, phases=2, shift=0.5 * index) for index, each in enumerate(by_pass)]
    coarse = torch.stack(planes).mean(dim=0) / by_pass.mean(dim=0).median()
    maps = grid_maps(coarse.flatten(1), (coarse.shape[1], coarse.shape[2]), (SIDE, SIDE))
    return Look(maps, torch.cat(embeddings, dim=1) / math.sqrt(len(embeddings)))


def _extract(network: Backbone, inputs: Tensor, step: int) -> tuple[Tensor, Tensor]:
    """Features (N, P, C) of squares moved by so many pixels to the lower right, and embeddings."""
    side, found = inputs.shape[-1], []
    for group in torch.split(inputs, 8):
        moved = F.pad(group.float() / 255, (step, 0, step, 0), mode="reflect")[..., :side, :side]
        layers, embedding = network.tokens(moved)
        joined = join_layers([layer.half().float() for layer in layers])
        found.append((lnamd_learnt(joined, EMBEDDED.degrees), embedding))
    features, embeddings = (torch.cat(each) for each in zip(*found, strict=True))
    return features, embeddings


def _compare(features: Tensor, references: int) -> Tensor:
    scores, count = features.new_empty(features.shape[:2]), len(features)
    for sample, to_others in distances(features.__getitem__, range(count), ring(count, references)):
        scores[sample] = lowest_mean(to_others, EMBEDDED.share)
    return scores


def measure(folder: Path, photos: int, references: int) -> dict[str, Result]:
    """Score one dataset with each row that differs there."""
    samples = [sample for sample in _read_labelled(folder).samples if sample.image is not None]
    if len(samples) > photos:
        samples = [samples[index * len(samples) // photos] for index in range(photos)]
    pictures = [read_image(sample.image) for sample in samples if sample.image is not None]
    labels = np.array([bool(sample.label) for sample in samples])
    masks = [_mask(sample.mask if sample.label else None) for sample in samples]
    height, width = (float(np.median([picture.shape[axis] for picture in pictures])) for axis in (0, 1))
    tilings = {"whole": (1, 1), "two": spread_tiles(2, (height, width), MOST_TILES), "square": (2, 2)}
    looks: dict[tuple[Tiling, int], Look] = {}
    results = {}
    for row, wanted in ROWS.items():
        for name, (size, passes) in wanted:
            if (tilings[name], size) not in looks:
                looks[tilings[name], size] = look(pictures, size, passes, tilings[name], references)
        chosen = [looks[tilings[name], size] for name, (size, _) in wanted]
        maps = torch.stack([each.maps for each in chosen]).mean(dim=0)
        raw = image_scores(maps, share=EMBEDDED.score_share).double()
        final = rescore(raw, chosen[0].embeddings, EMBEDDED.windows)
        pixel = pixel_metrics(masks, maps.numpy()).ap
        results[row] = Result(labels, raw.numpy(), final.numpy(), float("nan") if pixel is None else 100 * pixel)
    return results


def main() -> None:
    """Measure all rows on all datasets and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--photos", type=int, default=80)
    parser.add_argument("--references", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    found = {folder.name: measure(folder, arguments.photos, arguments.references) for folder in arguments.datasets}
    print(f"| looks | {' | '.join(found)} |\n|---|{'---|' * len(found)}")
    for row in ROWS:
        cells = [f"{of[row].auroc(raw=True):.1f} {of[row].auroc():.1f} {of[row].pixel:.1f}" for of in found.values()]
        print(f"| {row} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
