"""Which stages and sizes of the embedded network hold on sets that they were not chosen on; prints markdown tables.

python -m benchmarks.leave_out DATASET [DATASET ...] [--threads 2] [--draws 2000] [--pixel-draws 200]

A dataset is a folder in a layout with labels. The first table has each choice on each set: image AUROC after
re-scoring, before it, and pixel AP at 256 x 256. The second one leaves out a set at a time, takes the choice that is
best on the others (mean image AUROC, then mean pixel AP within half a point of it) and says what it does on the set
left out. The third and the fourth compare the default with the one before on each set, image AUROC and pixel AP, with
the 95 % interval of a paired bootstrap over photos.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.accuracy import PHASE, SIDE, Choice, Dataset
from inspector.evaluation.metrics import image_metrics, pixel_metrics
from inspector.presets import EMBEDDED
from inspector.scoring.maps import grid_maps, image_scores, tile_maps
from inspector.scoring.rescoring import rescore

JOINED = ((2, 3),)

TWICE = (0, PHASE)

NEAR = 0.5
"""Points of image AUROC within which pixel AP decides."""


def _choose(size: int, layers: tuple[tuple[int, ...], ...], phases: tuple[int, ...] = (0,)) -> Choice:
    return Choice(size=size, layers=layers, patch=16, degrees=((1, 3),), phases=phases)


BEFORE, AFTER = (
    "stage 3 at 256 px, two passes (`fast`)",
    "2 and 3 joined at 256 px, two passes, and 384 px (`embedded`)",
)

CHOICES: dict[str, list[Choice]] = {
    BEFORE: [_choose(256, ((3,),), TWICE)],
    "stages 2 and 3 joined at 256 px, two passes": [_choose(256, JOINED, TWICE)],
    "stage 3 at 384 px": [_choose(384, ((3,),))],
    "stages 2 and 3 joined at 384 px": [_choose(384, JOINED)],
    "stage 3 at 256 px, two passes, and at 384 px": [_choose(256, ((3,),), TWICE), _choose(384, ((3,),))],
    AFTER: [_choose(256, JOINED, TWICE), _choose(384, JOINED)],
}
"""Sizes that are scored and averaged, each map divided by the median patch score at its size."""


@dataclass(frozen=True)
class Result:
    """Scores of the photos of one set, before and after re-scoring (N,), pixel AP in percent (NaN = no masks), and maps
    and masks (N, SIDE, SIDE), where they are kept."""

    labels: NDArray[np.bool_]
    raw: NDArray[np.float64]
    final: NDArray[np.float64]
    pixel: float
    pixels: tuple[NDArray[np.float16], NDArray[np.bool_]] | None = None

    def auroc(self, chosen: NDArray[np.intp] | None = None, *, raw: bool = False) -> float:
        """Image AUROC in percent, of some photos or all."""
        places = np.arange(len(self.labels)) if chosen is None else chosen
        scores = (self.raw if raw else self.final)[places]
        found = image_metrics(self.labels[places], scores).auroc
        return float("nan") if found is None else 100 * found


def measure(dataset: Dataset, sizes: Sequence[Choice], *, keep: bool = False) -> Result:
    """Score a set with one choice; `keep` its maps."""
    planes = [_map_size(dataset, size) for size in sizes]
    maps = torch.stack(planes).mean(dim=0)
    raw = image_scores(maps, share=EMBEDDED.score_share).double()
    final = rescore(raw, dataset.tokens(sizes[0].size, 3)[1], EMBEDDED.windows)
    known = any(mask.any() for mask in dataset.masks)
    pixel = pixel_metrics(dataset.masks, maps.numpy()).ap if known else None
    pixels = (maps.half().numpy(), np.stack(dataset.masks)) if keep and known else None
    return Result(dataset.labels, raw.numpy(), final.numpy(), float("nan") if pixel is None else 100 * pixel, pixels)


def _map_size(dataset: Dataset, size: Choice) -> Tensor:
    """Maps (N, SIDE, SIDE) at one size, divided by the median patch score."""
    grid = (size.size // size.patch,) * 2
    passes = [dataset.scores(wanted)[0][EMBEDDED.share] for wanted in size.features()]
    placed = [tile_maps(scores, grid, (1, 1), phases=len(passes), shift=0.5 * i) for i, scores in enumerate(passes)]
    coarse = torch.stack(placed).mean(dim=0) / torch.stack(passes).median()
    return grid_maps(coarse.flatten(1), (coarse.shape[1], coarse.shape[2]), (SIDE, SIDE))


def print_choices(results: Mapping[str, Mapping[str, Result]], names: Sequence[str]) -> None:
    """Print all choices on all sets."""
    print(f"| choice | {' | '.join(names)} | mean |\n|---|{'---|' * (len(names) + 1)}")
    for choice, by_set in results.items():
        rows = np.array([(found.auroc(), found.auroc(raw=True), found.pixel) for found in by_set.values()])
        cells = [" ".join("-" if np.isnan(value) else f"{value:.1f}" for value in row) for row in rows]
        print(f"| {choice} | {' | '.join(cells)} | {' '.join(f'{value:.1f}' for value in np.nanmean(rows, axis=0))} |")


def print_left_out(results: Mapping[str, Mapping[str, Result]], names: Sequence[str]) -> None:
    """Print what the choice that is best on the other sets does on each."""
    print(
        "\n| left out | best on the others | image AUROC | before | pixel AP | before |\n|---|---|---:|---:|---:|---:|"
    )
    rows = []
    for name in names:
        others = {choice: [by_set[other] for other in names if other != name] for choice, by_set in results.items()}
        auroc = {choice: float(np.mean([found.auroc() for found in known])) for choice, known in others.items()}
        near = [choice for choice in results if auroc[choice] >= max(auroc.values()) - NEAR]
        best = max(near, key=lambda choice: float(np.nanmean([found.pixel for found in others[choice]])))
        found, before = results[best][name], results[BEFORE][name]
        rows.append((found.auroc(), before.auroc(), found.pixel, before.pixel))
        print(f"| {name} | {best} | {' | '.join('-' if np.isnan(v) else f'{v:.1f}' for v in rows[-1])} |")
    print(f"| mean | | {' | '.join(f'{value:.1f}' for value in np.nanmean(rows, axis=0))} |")


def print_differences(results: Mapping[str, Mapping[str, Result]], names: Sequence[str], draws: int) -> None:
    """Print the default less the one before, with intervals."""
    print("\n| set | image AUROC | 95 % | new less before | 95 % |\n|---|---:|---|---:|---|")
    for name in names:
        new, before = results[AFTER][name], results[BEFORE][name]
        chance = np.random.default_rng(0)
        drawn = [chance.integers(0, len(new.labels), len(new.labels)) for _ in range(draws)]
        drawn = [places for places in drawn if 0 < new.labels[places].sum() < len(places)]
        pairs = np.array([(new.auroc(places), before.auroc(places)) for places in drawn])
        ends = np.percentile(pairs[:, 0], (2.5, 97.5))
        apart = np.percentile(pairs[:, 0] - pairs[:, 1], (2.5, 97.5))
        step = new.auroc() - before.auroc()
        print(
            f"| {name} | {new.auroc():.1f} | {ends[0]:.1f} to {ends[1]:.1f} | {step:+.1f} | {apart[0]:+.1f} to "
            f"{apart[1]:+.1f} |"
        )


def draw_pixel_aps(result: Result, draws: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
    """Pixel AP in percent of each draw of photos, without sorting the pixels again for each."""
    assert result.pixels is not None
    maps, masks = result.pixels
    maps, masks = maps.reshape(len(maps), -1), masks.reshape(len(masks), -1)
    order = np.argsort(-maps, axis=None, kind="stable")
    photos, defective = order // maps.shape[1], masks.ravel()[order]
    found = []
    for places in draws:
        weights = np.bincount(places, minlength=len(maps)).astype(np.float64)[photos]
        hits = np.where(defective, weights, 0)
        precision = np.cumsum(hits) / np.maximum(np.cumsum(weights), 1)
        found.append(100 * (precision * hits).sum() / hits.sum())
    return np.array(found)


def print_pixel_differences(results: Mapping[str, Mapping[str, Result]], names: Sequence[str], draws: int) -> None:
    """Print pixel AP of the default less that of the one before, with intervals."""
    print("\n| set | pixel AP | 95 % | new less before | 95 % |\n|---|---:|---|---:|---|")
    for name in names:
        new, before = results[AFTER][name], results[BEFORE][name]
        if new.pixels is None:
            continue
        chance = np.random.default_rng(0)
        drawn = [chance.integers(0, len(new.labels), len(new.labels)) for _ in range(draws)]
        drawn = [places for places in drawn if new.pixels[1][places].any()]
        aps, others = draw_pixel_aps(new, drawn), draw_pixel_aps(before, drawn)
        ends, apart = np.percentile(aps, (2.5, 97.5)), np.percentile(aps - others, (2.5, 97.5))
        print(
            f"| {name} | {new.pixel:.1f} | {ends[0]:.1f} to {ends[1]:.1f} | {new.pixel - before.pixel:+.1f} | "
            f"{apart[0]:+.1f} to {apart[1]:+.1f} |"
        )


def main() -> None:
    """Measure all choices on all datasets and print four tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--pixel-draws", type=int, default=200)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    results: dict[str, dict[str, Result]] = {choice: {} for choice in CHOICES}
    for folder in arguments.datasets:
        dataset = Dataset(folder)
        for choice, sizes in CHOICES.items():
            results[choice][dataset.name] = measure(dataset, sizes, keep=choice in (BEFORE, AFTER))
    names = [folder.name for folder in arguments.datasets]
    print_choices(results, names)
    print_left_out(results, names)
    print_differences(results, names, arguments.draws)
    print_pixel_differences(results, names, arguments.pixel_draws)


if __name__ == "__main__":
    main()
