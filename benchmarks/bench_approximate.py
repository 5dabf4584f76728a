"""Would comparing fewer dimensions pay? Features are projected before scoring; time and accuracy against all of them.

python -m benchmarks.bench_approximate [CATEGORY ...] [--networks 256:3 512:2,3,4] [--dimensions 16 32 64 128]

A category is a folder in a layout with labels and masks, recognised by what is in it; a network is SIZE:LAYERS of the
embedded one. Each layer and phase is projected on its own. PCA is fitted on a sample of the batch's patches, centred or
not; a mean need not be subtracted, distances do not depend on it. "length 1": L2-normalised again after projection,
which spares scoring the lengths. "random": a random orthonormal basis. A layer that has no more channels than
asked for is left as it is.

Seconds are those of scoring, of fitting and of projecting together; the contenders take turns, and the table has
medians. A last table is of random features of the shape of a ViT-L: time only.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.accuracy import Dataset
from benchmarks.labelled import Figures, features, figures
from inspector.scoring.mutual import mutual_scores

SAMPLE = 10_000
"""Patches that a basis is fitted on."""

ENOUGH, LOSS = 3.0, 0.3
"""What would pay: so many times faster for so many points of image AUROC."""

VIT_L = (16, 1369, 1024)

Fit = Callable[[Tensor, int], Tensor]
"""Finds a basis (C, D) for patches (K, C)."""


def pca(patches: Tensor, dimensions: int, *, centred: bool) -> Tensor:
    """Return the directions of the greatest spread, or of the greatest mean square where not centred."""
    if centred:
        patches = patches - patches.mean(dim=0)
    _, directions = torch.linalg.eigh(patches.T @ patches)
    found: Tensor = directions[:, -dimensions:]
    return found


def random_basis(patches: Tensor, dimensions: int) -> Tensor:
    """Return orthonormal directions that do not depend on the patches."""
    drawn = torch.randn(patches.shape[1], dimensions, generator=torch.Generator().manual_seed(0))
    basis: Tensor = torch.linalg.qr(drawn).Q
    return basis


def projected(features: Tensor, dimensions: int, fit: Fit, *, unit: bool = False) -> Tensor:
    """Project features (N, P, C) to (N, P, D)."""
    if features.shape[2] <= dimensions:
        return features
    patches = features.flatten(0, 1)
    chosen = torch.randperm(len(patches), generator=torch.Generator().manual_seed(0))[:SAMPLE]
    result = features @ fit(patches[chosen], dimensions)
    return F.normalize(result, dim=2) if unit else result


Project = Callable[[Tensor], Tensor]

METHODS = {
    "PCA": partial(projected, fit=partial(pca, centred=False)),
    "PCA, length 1": partial(projected, fit=partial(pca, centred=False), unit=True),
    "PCA centred": partial(projected, fit=partial(pca, centred=True)),
    "random": partial(projected, fit=random_basis),
}

UNPROJECTED = "unprojected"


def contenders(methods: Sequence[str], dimensions: Sequence[int], channels: int) -> dict[str, Project]:
    """Methods with all numbers of dimensions that leave out at least one channel of the widest layer."""
    found: dict[str, Project] = {UNPROJECTED: lambda features: features}
    for name, count in product(methods, sorted(dimensions)):
        if count < channels:
            found[f"{name}, {count}"] = partial(METHODS[name], dimensions=count)
    return found


def take_turns(sets: Sequence[Tensor], arguments: argparse.Namespace) -> dict[str, tuple[Tensor, float]]:
    """Score by each contender: patch scores (N, P), the mean over the sets, and median seconds."""
    projects = contenders(arguments.methods, arguments.dimensions, max(each.shape[2] for each in sets))
    scores, seconds = {}, defaultdict(list)
    mutual_scores(sets[0][:3])
    for _, (name, project) in product(range(arguments.repeats), projects.items()):
        start = time.perf_counter()
        scores[name] = torch.stack([mutual_scores(project(each)) for each in sets]).mean(dim=0)
        seconds[name].append(time.perf_counter() - start)
    return {name: (scores[name], statistics.median(seconds[name])) for name in projects}


def measure(dataset: Dataset, network: str, arguments: argparse.Namespace) -> dict[str, tuple[Figures, float]]:
    """Figures and seconds of each contender on one category."""
    size, _, layers = network.partition(":")
    compared = features(dataset, int(size), [int(layer) for layer in layers.split(",")])
    found = take_turns(compared.sets, arguments)
    return {name: (figures(dataset, scores, compared), seconds) for name, (scores, seconds) in found.items()}


def table(found: dict[str, dict[str, tuple[Figures, float]]]) -> Iterator[str]:
    """Yield the lines for one network: times faster, image AUROC, pixel AP; then which settings would pay."""
    yield f"| compared | {' | '.join(found)} | least speed-up | most AUROC lost |"
    yield "|---|" + "---|" * len(found) + "---:|---:|"
    worth = []
    for name in next(iter(found.values())):
        speed = {key: rows[UNPROJECTED][1] / rows[name][1] for key, rows in found.items()}
        lost = max(rows[UNPROJECTED][0].image - rows[name][0].image for rows in found.values())
        cells = (
            f"{speed[key]:.2f} x {rows[name][0].image:.1f} {rows[name][0].pixel:.1f}" for key, rows in found.items()
        )
        yield f"| {name} | {' | '.join(cells)} | {min(speed.values()):.2f} | {lost:.1f} |"
        if min(speed.values()) >= ENOUGH and lost <= LOSS:
            worth.append(name)
    seconds = ", ".join(f"{key} {rows[UNPROJECTED][1]:.2f} s" for key, rows in found.items())
    yield f"\nUnprojected: {seconds}."
    paid = "; ".join(worth) or "none"
    yield f"At least {ENOUGH:g} x faster on all for at most {LOSS} points of image AUROC: {paid}.\n"


def vit_table(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the lines for the shape of a ViT-L."""
    drawn = torch.randn(VIT_L, generator=torch.Generator().manual_seed(0))
    found = take_turns([F.normalize(drawn, dim=2)], arguments)
    yield "| compared | seconds | times faster |\n|---|---:|---:|"
    for name, (_, seconds) in found.items():
        yield f"| {name} | {seconds:.2f} | {found[UNPROJECTED][1] / seconds:.2f} |"


def main() -> None:
    """Print one table a network, and one of the shape of a ViT-L."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("categories", nargs="*", type=Path)
    parser.add_argument("--networks", nargs="+", default=["256:3", "512:2,3,4"], help="SIZE:LAYERS")
    parser.add_argument("--dimensions", type=int, nargs="+", default=[16, 32, 64, 128])
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(
        f"{arguments.threads} threads, medians of {arguments.repeats}; times faster, image AUROC, pixel AP in percent\n"
    )
    datasets = [Dataset(folder) for folder in arguments.categories]
    for network in arguments.networks if datasets else ():
        found = {dataset.name: measure(dataset, network, arguments) for dataset in datasets}
        print(f"Network {network}\n")
        print("\n".join(table(found)), flush=True)
    print(f"Random features {VIT_L}\n")
    print("\n".join(vit_table(arguments)))


if __name__ == "__main__":
    main()
