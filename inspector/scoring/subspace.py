"""What is left of patches when the ways in which parts commonly differ at their place are taken off (SubspaceAD)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

import torch
from torch import Tensor

from inspector.scoring.batch import BatchScores
from inspector.scoring.distances import Load
from inspector.scoring.enhanced import Step
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.fusion import LEAST_USUAL
from inspector.scoring.judges import draw_samples

KEPT = 0.9
"""Share of the variance that the principal components hold which are taken off."""

WORST = 0.1
"""Share of the patches that the components are found a second time without: those of which most was left."""

ALIGNED = 0.4
"""Parts lie alike where places explain more of the variance of their patches (docs/decisions/0046-subspace.md)."""

LEAST_PARTS = 20
"""Of fewer, what parts have in common is not known."""

MOST_PARTS = 200
"""Parts that components are found on, drawn at random, the same ones each time."""


class Subspace(NamedTuple):
    """What patches of a batch have in common: `mean` (P, C) of each place, and `rest` (C, R), the directions in which
    they hardly differ from it."""

    mean: Tensor
    rest: Tensor

    def measure(self, patches: Tensor) -> Tensor:
        """Return how far patches (P, C) of one sample lie from what is common: (P,) lengths, on the CPU."""
        lengths: Tensor = torch.linalg.vector_norm((patches - self.mean) @ self.rest, dim=1)
        return lengths.cpu()


def lie_alike(features: BatchFeatures) -> bool:
    """Tell whether the parts of a batch lie alike, so that a place in the photo is the same place on each part.

    The share of the variance of all patches that is that of the means of the places tells it: of the first set of
    features of each tile, in the mean.

    Returns:
        Whether they do; never of fewer than `LEAST_PARTS` photos.
    """
    if len(features.photos) < LEAST_PARTS:
        return False
    chosen = draw_samples(features.photos, MOST_PARTS)
    shares = [measure_alignment(sets[0], chosen) for sets in features.tiles]
    return sum(shares) / len(shares) > ALIGNED


def measure_alignment(load: Load, samples: Sequence[int]) -> float:
    """Measure which share of the variance of patches lies between the places in the photo, 0..1.

    Args:
        load: gives the features (P, C) of a sample.
        samples: at least one.

    Example:
        1 where all samples are the same; near 0 where any patch may lie in any place. 0 where all patches are the same.
    """
    total, squares = torch.zeros(()), 0.0
    for sample in samples:
        patches = load(sample).double()
        total = total + patches
        squares += float(patches.square().sum())
    mean = total / len(samples)
    spread = squares - len(samples) * len(mean) * float(mean.mean(dim=0).square().sum())
    within = squares - len(samples) * float(mean.square().sum())
    return 1 - within / spread if spread > LEAST_USUAL**2 * len(samples) * len(mean) else 0.0


def add_residuals(features: BatchFeatures, scores: BatchScores, weight: float, *, step: Step) -> BatchScores:
    """Add to the scores of patches what is left of them by the subspace of their batch, brought to the same scale.

    Each set of features has a subspace of its own. What is left is multiplied so that its median is that of the scores.

    Args:
        features: those of the batch: photos alone.
        scores: of their patches.
        weight: of what is left, 0..1; the scores have the rest of it.
        step: called now and then; may raise `Cancelled`.

    Returns:
        Scores of the same samples; those given where there are fewer than `LEAST_PARTS`.

    Example:
        Scores of usually 0.4, of one patch 0.6; left is usually 0.1, of that patch 0.3: a weight of 0.25 gives 0.75.
    """
    if len(features.photos) < LEAST_PARTS:
        return scores
    left = _measure_left(features, step)
    usual = float(torch.stack([found.mean(dim=0) for found in left.values()]).median())
    factor = weight * float(scores.typical_patch) / max(LEAST_USUAL, usual)
    patches = {sample: (1 - weight) * own + factor * left[sample].mean(dim=0) for sample, own in scores.patches.items()}
    phases = {sample: (1 - weight) * own + factor * left[sample] for sample, own in scores.phases.items()}
    return replace(scores, patches=patches, phases=phases, footing=dict.fromkeys(patches, 1 - weight))


def find_subspace(load: Load, samples: Sequence[int]) -> Subspace:
    """Find what the patches of some samples have in common.

    The principal components of what patches differ by from the mean of their place; found a second time without the
    tenth of the patches of which most was left, so that defects have less of a say.

    Args:
        load: gives the features (P, C) of a sample; asked for them three times, so that few are held at a time.
        samples: at least one.
    """
    first = load(samples[0])
    mean = first.new_zeros(first.shape, dtype=torch.float64)
    for sample in samples:
        mean += load(sample)
    mean = (mean / len(samples)).to(first)
    every = Subspace(mean, _find_rest(_multiply(load(sample) - mean) for sample in samples))
    left = torch.stack([every.measure(load(sample)) for sample in samples])
    usual = (left <= left.flatten().kthvalue(max(1, int((1 - WORST) * left.numel()))).values).to(first.device)
    kept = (_multiply((load(sample) - mean)[own]) for sample, own in zip(samples, usual, strict=True))
    return Subspace(mean, _find_rest(kept))


def _multiply(deviations: Tensor) -> Tensor:
    """Multiply deviations (M, C) of a sample with each other: (C, C) float64, the sum over its patches."""
    return (deviations.T @ deviations).double()


def _find_rest(products: Iterable[Tensor]) -> Tensor:
    """Find the directions (C, R) beside the fewest principal components that hold `KEPT` of the variance.

    Args:
        products: of the deviations of each sample, see `_multiply`.
    """
    total = reduce(torch.add, products)
    values, vectors = torch.linalg.eigh(total.cpu())
    held = values.flip(0).cumsum(0)
    number = int((held < KEPT * held[-1]).sum()) + 1
    rest: Tensor = vectors.flip(1)[:, number:].to(total.device, torch.float32)
    return rest


def _measure_left(features: BatchFeatures, step: Step) -> dict[int, Tensor]:
    """Measure what is left of the patches of each photo: (phases, K x P) float32, tile by tile, mean of its sets."""
    patches, phases = features.grid[0] * features.grid[1], features.phases
    left = {sample: torch.zeros(phases, len(features.tiles) * patches) for sample in features.photos}
    for tile, sets in enumerate(features.tiles):
        columns = slice(tile * patches, (tile + 1) * patches)
        for index, load in enumerate(sets):
            subspace = find_subspace(load, draw_samples(features.photos, MOST_PARTS))
            for place, sample in enumerate(features.photos):
                if place % MOST_PARTS == 0:
                    step()
                left[sample][index * phases // len(sets), columns] += subspace.measure(load(sample)) * (
                    phases / len(sets)
                )
    return left
