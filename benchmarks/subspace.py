"""What a subspace of the batch adds to mutual scoring where parts lie alike; prints a markdown table.

python -m benchmarks.subspace DATASET [DATASET ...] [--most N] [--weight 0.25] [--planted SEED | --few SEED]
    [--always] [--turned] [--metric FILE] [--draws 1000] [--threads 2]

A dataset is a folder in a layout with labels. For the features of the default: the share of the variance of patches
that their places explain (at 256 px), image AUROC after re-scoring, before it, and pixel AP, by mutual scoring alone
and with the weight of what is left by the subspace, and the difference with the 95 % interval of a paired bootstrap
over photos. Where places explain too little, nothing is added; `--always` adds it all the same.

With `--most`, of so many photos of each set; with `--turned`, each turned by a random angle first; with `--metric`, of
features that are multiplied by a matrix, as the default's are by `inspector/features/metric.npy`. With `--planted`,
of up to 50 good photos, a fifth of them with a planted defect of their own, every second one at half the size; with
`--few`, of four fifths of the good photos and a tenth of defective ones.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from benchmarks.accuracy import SIDE, Dataset
from benchmarks.leave_out import AFTER, CHOICES, Result
from benchmarks.planted import SIDE as PLANTED_SIDE
from benchmarks.planted import Mask, Photo, plant
from benchmarks.poses import compare, keep, load_features, make_parser, map_passes, summarise, turn, write_row
from inspector.data.photos import fit_photo
from inspector.scoring.poses import FAVOURED, LEAST_PARTS
from inspector.scoring.subspace import ALIGNED, find_subspace, measure_alignment

KINDS = ("blot", "scratch", "missing", "shifted", "colour")


def plant_singly(dataset: Dataset, seed: int) -> None:
    """Keep up to 50 good photos of a set, drawn at random, and plant a defect of its own on every fifth."""
    chance = np.random.default_rng(100 + seed)
    good = [
        fit_photo(photo, PLANTED_SIDE) for photo, bad in zip(dataset.photos, dataset.labels, strict=True) if not bad
    ]
    dataset.photos = [good[place] for place in chance.permutation(len(good))[:50]]
    count = len(dataset.photos)
    dataset.masks = [np.zeros((SIDE, SIDE), bool)] * count
    dataset.labels = np.arange(count) < max(4, round(count / 5))
    for place in range(int(dataset.labels.sum())):
        make = plant_half if place % 2 else plant_whole
        photo, mask = make(dataset.photos[place], KINDS[place % len(KINDS)], chance)
        dataset.photos[place] = photo
        dataset.masks[place] = cv2.resize(mask.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST) > 0


def plant_whole(photo: Photo, kind: str, chance: np.random.Generator) -> tuple[Photo, Mask]:
    """Plant one defect on a photo (SIDE, SIDE, 3)."""
    return plant([photo], kind, [], int(chance.integers(1 << 30)))[0]


def plant_half(photo: Photo, kind: str, chance: np.random.Generator) -> tuple[Photo, Mask]:
    """Plant on a quarter of the photo, enlarged, and make it small again around the defect."""
    seed, half = int(chance.integers(1 << 30)), PLANTED_SIDE // 2
    row, col = chance.integers(PLANTED_SIDE // 8, PLANTED_SIDE * 3 // 8 + 1, 2)
    quarter = (slice(row, row + half), slice(col, col + half))
    large = np.asarray(cv2.resize(photo[quarter], (PLANTED_SIDE,) * 2, interpolation=cv2.INTER_CUBIC), np.uint8)
    done, mask = plant([large], kind, [], seed)[0]
    soft = cv2.GaussianBlur(cv2.dilate(mask.astype(np.float32), np.ones((9, 9))), (0, 0), 2)
    soft = np.asarray(cv2.resize(soft, (half, half), interpolation=cv2.INTER_AREA))[..., None]
    small = np.asarray(cv2.resize(done, (half, half), interpolation=cv2.INTER_AREA))
    found, covered = photo.copy(), np.zeros((PLANTED_SIDE, PLANTED_SIDE), bool)
    found[quarter] = (photo[quarter] * (1 - soft) + small * soft).round().astype(np.uint8)
    covered[quarter] = cv2.resize(mask.astype(np.uint8), (half, half), interpolation=cv2.INTER_NEAREST) > 0
    return found, covered


def keep_few(dataset: Dataset, seed: int) -> None:
    """Keep four fifths of the good photos of a set and so many defective ones that they are a tenth."""
    chance = np.random.default_rng(1000 + seed)
    good = chance.permutation(np.flatnonzero(~dataset.labels))
    good = good[: round(0.8 * len(good))]
    bad = chance.permutation(np.flatnonzero(dataset.labels))[: max(2, round(len(good) / 9))]
    kept = np.sort(np.concatenate([good, bad]))
    dataset.photos, dataset.masks = ([held[place] for place in kept] for held in (dataset.photos, dataset.masks))
    dataset.labels = dataset.labels[kept]


def add_draws(parser: argparse.ArgumentParser) -> None:
    """Add the options of what `load_drawn` draws."""
    parser.add_argument("--planted", type=int, metavar="SEED")
    parser.add_argument("--few", type=int, metavar="SEED")


def load_drawn(
    folder: Path,
    most: int | None,
    *,
    planted: int | None = None,
    few: int | None = None,
    turned: bool = False,
    metric: Tensor | None = None,
) -> Dataset:
    """Load a set, or `most` photos of it; with planted defects, or with few of its own, by their seed; its photos
    turned by random angles, and a metric for its features."""
    dataset = Dataset(folder)
    dataset.metric = metric
    if most:
        keep(dataset, most)
    if planted is not None:
        plant_singly(dataset, planted)
    if few is not None:
        keep_few(dataset, few)
    if turned:
        turn(dataset)
    return dataset


def load_chosen(folder: Path, arguments: argparse.Namespace) -> Dataset:
    """Load a set as the options of `make_parser` and `add_draws` say."""
    chosen = {name: getattr(arguments, name, None) for name in ("planted", "few", "metric")}
    return load_drawn(folder, arguments.most, turned=arguments.turned, **chosen)


def measure(dataset: Dataset, weight: float, *, always: bool) -> tuple[list[Result], float]:
    """Score a set by mutual scoring alone, and with the weight of what is left; and the share that places explain."""
    mutual, left, explained, index = list[Tensor](), list[Tensor](), -1.0, -1
    for size in CHOICES[AFTER]:
        passes, rests = [], []
        for wanted in size.features():
            scores, favour = compare(dataset, wanted)
            features = load_features(dataset, wanted)
            places = range(len(features))
            if index < 0:  # on the first features
                index = int(favour > FAVOURED and len(features) >= LEAST_PARTS)
                explained = measure_alignment(features.__getitem__, places)
            subspace = find_subspace(features.__getitem__, places)
            passes.append(scores[index])
            rests.append(torch.stack([subspace.measure(features[place]) for place in places]))
        mutual.append(map_passes(passes, size))
        left.append(map_passes(rests, size))
    weight = weight if always or explained > ALIGNED else 0
    alone = torch.stack(mutual).mean(dim=0)
    both = (1 - weight) * alone + weight * torch.stack(left).mean(dim=0)
    embeddings = dataset.tokens(CHOICES[AFTER][0].size, 3)[1]
    return [summarise(dataset, maps, embeddings) for maps in (alone, both)], explained


def main() -> None:
    """Print one table."""
    parser = make_parser(__doc__)
    parser.add_argument("--weight", type=float, default=0.25)
    add_draws(parser)
    parser.add_argument("--always", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print("| set | explained | mutual scoring | with subspace | after re-scoring | before | pixel AP |")
    print("|---|---:|---|---|---|---|---|")
    for folder in arguments.datasets:
        dataset = load_chosen(folder, arguments)
        results, explained = measure(dataset, arguments.weight, always=arguments.always)
        print(write_row(folder.name, results, f"{explained:.2f}", arguments.draws), flush=True)


if __name__ == "__main__":
    main()
