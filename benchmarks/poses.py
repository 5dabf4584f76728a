"""Does a tenth of the judges serve batches whose parts lie in many poses, and are these told? Prints markdown tables.

python -m benchmarks.poses DATASET [DATASET ...] [--most N] [--turned] [--metric FILE] [--draws 1000] [--threads 2]

A dataset is a folder in a layout with labels. For the features of the default: in how far patches favour the same
judges (`measure_favour`, in the mean), image AUROC after re-scoring, before it, and pixel AP, judged by three tenths of
the others and by one, and the difference with the 95 % interval of a paired bootstrap over photos. With `--most`,
of so many photos of each set; with `--turned`, of photos each turned by a random angle first, without masks; with
`--metric`, of features that are multiplied by a matrix, as the default's are by `inspector/features/metric.npy`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import SIDE, Choice, Dataset, Features, _normalised, _on_grid
from benchmarks.leave_out import AFTER, CHOICES, Result, draw_pixel_aps
from inspector.data.photos import fit_photo
from inspector.evaluation.metrics import pixel_metrics
from inspector.features.aggregation import lnamd
from inspector.presets import EMBEDDED
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.poses import FEW, MOST_PARTS, measure_favour
from inspector.scoring.rescoring import rescore

SHARES = (EMBEDDED.share, FEW)

TURNED_SIDE = 384


def keep(dataset: Dataset, most: int) -> None:
    """Keep so many photos of a set, evenly taken, first of the good ones, then of the others."""
    order = np.concatenate([np.flatnonzero(~dataset.labels), np.flatnonzero(dataset.labels)])
    kept = order[np.linspace(0, len(order) - 1, min(most, len(order))).round().astype(int)]
    dataset.photos, dataset.masks = ([held[place] for place in kept] for held in (dataset.photos, dataset.masks))
    dataset.labels = dataset.labels[kept]


def turn(dataset: Dataset) -> None:
    """Turn each photo of a set by a random angle; masks are dropped."""
    chance, middle = np.random.default_rng(0), ((TURNED_SIDE - 1) / 2,) * 2
    dataset.photos = [
        np.asarray(
            cv2.warpAffine(
                fit_photo(photo, TURNED_SIDE),
                cv2.getRotationMatrix2D(middle, float(chance.uniform(0, 360)), 0.9),
                (TURNED_SIDE, TURNED_SIDE),
                borderMode=cv2.BORDER_REPLICATE,
            ),
            dtype=np.uint8,
        )
        for photo in dataset.photos
    ]
    dataset.masks = [np.zeros((SIDE, SIDE), dtype=bool)] * len(dataset.photos)


def load_features(dataset: Dataset, wanted: Features) -> Tensor:
    """Load (N, P, C) of what a scan compares."""
    grid = wanted.size // wanted.patch
    stages = [dataset.tokens(wanted.size, stage, wanted.phase)[0] for stage in wanted.stages]
    joined = torch.cat([_normalised(_on_grid(stage, grid), wanted.norm) for stage in stages], dim=3)
    features = sum((lnamd(joined, d) for d in wanted.degrees), torch.zeros(()))
    return F.normalize(features if dataset.metric is None else F.normalize(features, dim=2) @ dataset.metric, dim=2)


def compare(dataset: Dataset, wanted: Features) -> tuple[list[Tensor], float]:
    """Patch scores (N, P) by each of SHARES, and the mean favour of `MOST_PARTS` drawn at random."""
    features = load_features(dataset, wanted)
    count = len(features)
    drawn = set(torch.randperm(count, generator=torch.Generator().manual_seed(0))[:MOST_PARTS].tolist())
    scores, favours, judges = torch.zeros(len(SHARES), count, features.shape[1]), [], all_others(count)
    for sample, to_others in distances(features.__getitem__, range(count), judges):
        for index, share in enumerate(SHARES):
            scores[index, sample] = lowest_mean(to_others, share)
        if sample in drawn:
            favours.append(measure_favour(to_others[[other in drawn for other in judges.of_one(sample).tolist()]]))
    return list(scores), float(np.mean(favours))


def measure(dataset: Dataset, sizes: Sequence[Choice]) -> tuple[list[Result], float]:
    """Score a set by each of SHARES; and the favour of the first features."""
    planes: list[list[Tensor]] = [[] for _ in SHARES]
    favour = 0.0
    for size in sizes:
        passes, favours = zip(*(compare(dataset, wanted) for wanted in size.features()), strict=True)
        favour = favour or favours[0]
        for index, found in enumerate(zip(*passes, strict=True)):
            planes[index].append(map_passes(found, size))
    embeddings = dataset.tokens(sizes[0].size, 3)[1]
    return [summarise(dataset, torch.stack(each).mean(dim=0), embeddings) for each in planes], favour


def map_passes(passes: Sequence[Tensor], size: Choice) -> Tensor:
    """Make maps (N, SIDE, SIDE) of patch scores (N, P) of each pass at one size, divided by their median."""
    grid = (size.size // size.patch,) * 2
    placed = [tile_maps(s, grid, (1, 1), phases=len(passes), shift=0.5 * i) for i, s in enumerate(passes)]
    coarse = torch.stack(placed).mean(dim=0) / torch.stack(list(passes)).median()
    return grid_maps(coarse.flatten(1), (coarse.shape[1], coarse.shape[2]), (SIDE, SIDE))


def summarise(dataset: Dataset, maps: Tensor, embeddings: Tensor) -> Result:
    """Score photos by their maps (N, SIDE, SIDE), which are kept where there are masks."""
    known = any(mask.any() for mask in dataset.masks)
    raw = image_scores(maps, share=EMBEDDED.score_share).double()
    final = rescore(raw, embeddings, EMBEDDED.windows).numpy()
    pixel = pixel_metrics(dataset.masks, maps.numpy()).ap if known else None
    kept = (maps.half().numpy(), np.stack(dataset.masks)) if known else None
    return Result(dataset.labels, raw.numpy(), final, float("nan") if pixel is None else 100 * pixel, kept)


def write_row(name: str, results: Sequence[Result], sign: str, draws: int) -> str:
    """Write one row of the table: `sign` is what tells the set from others."""
    before, after = results
    drawn = draw_photos(before.labels, draws)
    cells = [name, sign, *(_figures(each) for each in results)]
    for raw in (False, True):
        apart = np.array([after.auroc(places, raw=raw) - before.auroc(places, raw=raw) for places in drawn])
        cells.append(write_difference(after.auroc(raw=raw) - before.auroc(raw=raw), apart))
    if before.pixels is not None:
        some = [places for places in drawn[: draws // 5] if before.pixels[1][places].any()]
        cells.append(
            write_difference(after.pixel - before.pixel, draw_pixel_aps(after, some) - draw_pixel_aps(before, some))
        )
    else:
        cells.append("-")
    return f"| {' | '.join(cells)} |"


def draw_photos(labels: NDArray[np.bool_], draws: int) -> list[NDArray[np.intp]]:
    """Draw photos of a set with replacement, as many as there are, good and defective ones among them."""
    chance, count = np.random.default_rng(0), len(labels)
    drawn = [chance.integers(0, count, count) for _ in range(draws)]
    return [places for places in drawn if 0 < labels[places].sum() < count]


def _figures(result: Result) -> str:
    values = (result.auroc(), result.auroc(raw=True), result.pixel)
    return " ".join("-" if np.isnan(value) else f"{value:.1f}" for value in values)


def write_difference(step: float, drawn: NDArray[np.float64]) -> str:
    """Write a difference with the 95 % interval of those of photos that were drawn."""
    low, high = np.percentile(drawn, (2.5, 97.5))
    return f"{step:+.1f} ({low:+.1f} to {high:+.1f})"


def read_metric(file: str) -> Tensor:
    """Read a matrix (C, C) from a file of numpy."""
    return torch.from_numpy(np.load(file))


def make_parser(about: str) -> argparse.ArgumentParser:
    """Return the options that tables of sets share."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--most", type=int)
    parser.add_argument("--turned", action="store_true")
    parser.add_argument("--metric", type=read_metric, metavar="FILE")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    return parser


def main() -> None:
    """Print one table."""
    arguments = make_parser(__doc__).parse_args()
    torch.set_num_threads(arguments.threads)
    print("| set | favour | three tenths | one tenth | after re-scoring | before | pixel AP |")
    print("|---|---:|---|---|---|---|---|")
    for folder in arguments.datasets:
        dataset = Dataset(folder)
        dataset.metric = arguments.metric
        if arguments.most:
            keep(dataset, arguments.most)
        if arguments.turned:
            turn(dataset)
        results, favour = measure(dataset, CHOICES[AFTER])
        print(write_row(folder.name, results, f"{favour:.1f}", arguments.draws), flush=True)


if __name__ == "__main__":
    main()
