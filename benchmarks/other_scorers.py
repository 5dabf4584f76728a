"""What mutual scoring is worth beside scorers that grow linearly with the batch; prints a markdown table.

python -m benchmarks.other_scorers DATASET [DATASET ...] [--threads 2]

All score the same features, those of the preset `fast` (two passes of stage 3 at 256 px), and make maps and image
scores of them in the same way:

- mutual: mean of a patch's 30 % smallest distances to the other photos (MSM).
- nearest: a patch's distance to the nearest patch of all other photos together, as AnomalyDINO scores by a memory bank
  (Damm et al., WACV 2025), with the batch as its bank.
- subspace 95, 99: length of what is left of a patch after projection on the principal components that hold so many
  percent of the variance of all patches of the batch, as SubspaceAD scores by those of normal photos.

Figures are image AUROC after re-scoring, before it, and pixel AP.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.labelled import Figures, features, figures
from inspector.presets import FAST
from inspector.scoring.distances import distances
from inspector.scoring.judges import all_others
from inspector.scoring.mutual import lowest_mean


def score_mutually(patches: Tensor) -> Tensor:
    """(N, P, C) -> (N, P): mean of the lowest distances to other photos."""
    return _compare(patches, lambda to_others: lowest_mean(to_others, FAST.share))


def score_by_nearest(patches: Tensor) -> Tensor:
    """(N, P, C) -> (N, P): distance to the nearest patch of any other photo."""
    return _compare(patches, lambda to_others: to_others.min(dim=0).values)


def score_by_subspace(patches: Tensor, kept: float) -> Tensor:
    """(N, P, C) -> (N, P): length of the residual of the principal components that hold `kept` of the variance."""
    flat = patches.flatten(0, 1).double()
    centred = flat - flat.mean(dim=0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(flat))
    shares = values.flip(0).cumsum(0) / values.sum()
    number = int((shares < kept).sum()) + 1
    rest = vectors.flip(1)[:, number:]
    lengths: Tensor = torch.linalg.vector_norm(centred @ rest, dim=1)
    return lengths.float().view(patches.shape[:2])


def _compare(patches: Tensor, combine: Callable[[Tensor], Tensor]) -> Tensor:
    count = len(patches)
    scores = torch.empty(patches.shape[:2])
    for sample, to_others in distances(patches.__getitem__, range(count), all_others(count)):
        scores[sample] = combine(to_others)
    return scores


SCORERS: dict[str, Callable[[Tensor], Tensor]] = {
    "mutual": score_mutually,
    "nearest": score_by_nearest,
    "subspace 95": lambda patches: score_by_subspace(patches, 0.95),
    "subspace 99": lambda patches: score_by_subspace(patches, 0.99),
}


def measure(dataset: Dataset) -> dict[str, tuple[Figures, float]]:
    """Score a set with each scorer: figures in percent, and seconds of scoring."""
    compared = features(dataset, FAST.image_size or 256, (3,))
    found = {}
    for name, score in SCORERS.items():
        start = time.perf_counter()
        scores = torch.stack([score(each) for each in compared.sets]).mean(dim=0)
        spent = time.perf_counter() - start
        found[name] = (figures(dataset, scores, compared), spent)
    return found


def main() -> None:
    """Measure all scorers on all datasets and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    results = {folder.name: measure(Dataset(folder)) for folder in arguments.datasets}
    print(f"| scorer | {' | '.join(results)} | mean | seconds in all |\n|---|{'---|' * len(results)}---|---:|")
    for name in SCORERS:
        rows = np.array([found[name][0] for found in results.values()])
        cells = [" ".join("-" if np.isnan(value) else f"{value:.1f}" for value in row) for row in rows]
        seconds = sum(found[name][1] for found in results.values())
        means = " ".join(f"{value:.1f}" for value in np.nanmean(rows, axis=0))
        print(f"| {name} | {' | '.join(cells)} | {means} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
