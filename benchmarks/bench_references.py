"""What fewer references cost in accuracy: the default settings with some numbers of references against all others.

python -m benchmarks.bench_references CATEGORY [CATEGORY ...] [--references 10 20 40 60] [--seeds 3] [--threads 2]

A category is a folder in a layout with labels and masks (mvtec-ad, mvtec-3d), recognised by what is in it. Samples are
judged by their neighbours on a ring; each seed is another order of the ring. Seconds are those of scoring alone.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.labelled import Features, Figures, features, figures
from inspector.scoring.mutual import mutual_scores

SIZE, LAYERS = 256, (3,)


def scores(sets: Sequence[Tensor], references: int | None, seed: int) -> Tensor:
    """Mean of the mutual scores over sets of features: (N, P)."""
    return torch.stack([mutual_scores(each, references=references, seed=seed) for each in sets]).mean(dim=0)


def measure(dataset: Dataset, compared: Features, references: int | None, seed: int) -> tuple[Figures, float]:
    """Score a batch once; return its figures and the seconds of scoring."""
    start = time.perf_counter()
    found = scores(compared.sets, references, seed)
    seconds = time.perf_counter() - start
    return figures(dataset, found, compared), seconds


def rows(folder: Path, references: Sequence[int], seeds: int) -> Iterator[str]:
    """Yield the lines of one category."""
    dataset = Dataset(folder)
    compared = features(dataset, SIZE, LAYERS)
    for count in sorted(references):
        if count >= len(dataset.labels) - 1:
            continue
        drawn = [measure(dataset, compared, count, seed) for seed in range(seeds)]
        seconds = statistics.median(seconds for _, seconds in drawn)
        cells = (spread(values) for values in zip(*(found for found, _ in drawn), strict=True))
        yield f"| {dataset.name} | {count} | {' | '.join(cells)} | {seconds:.2f} |"
    found, seconds = measure(dataset, compared, None, 0)
    cells = (f"{value:.1f}" for value in found)
    yield f"| {dataset.name} | all {len(dataset.labels) - 1} | {' | '.join(cells)} | {seconds:.2f} |"


def spread(values: Sequence[float]) -> str:
    """Write a mean, and the lowest and highest value."""
    return f"{statistics.mean(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("categories", nargs="+", type=Path)
    parser.add_argument("--references", type=int, nargs="+", default=[10, 20, 40, 60])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"Percent; mean (lowest to highest) of {arguments.seeds} seeds; {arguments.threads} threads\n")
    print("| category | references | image AUROC | before re-scoring | pixel AP | scoring, s |")
    print("|---|---:|---:|---:|---:|---:|")
    for folder in arguments.categories:
        for row in rows(folder, arguments.references, arguments.seeds):
            print(row, flush=True)


if __name__ == "__main__":
    main()
