"""Do the parts of a batch lie in many poses, so that each has few others that lie as it does?"""

import torch
from torch import Tensor

from inspector.events import Event, Report, silent
from inspector.scoring.distances import MEMORY, distances
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.judges import all_others
from inspector.scoring.nearest import EVERYTHING, Comparison

FEW = 0.1
"""Share of the others that a patch names, the nearest ones; where parts lie in many poses, these alone judge it."""

FAVOURED = 5.0
"""Parts lie in many poses where `measure_favour` is above this in the mean (docs/decisions/0045-poses.md)."""

LEAST_PARTS = 40
"""Of fewer, which ones are nearest is chance."""

MOST_PARTS = 64
"""Parts of a batch that are compared to find it out, drawn at random, the same ones each time."""


def lie_in_many_poses(
    features: BatchFeatures, *, memory: int = MEMORY, comparison: Comparison = EVERYTHING, report: Report = silent
) -> bool:
    """Tell whether the parts of a batch lie in many poses: in several poses, or at any angle.

    Then the patches of a part find their like in the same few others, those that lie as it does.

    Args:
        features: those of the batch; the first set of each tile's is compared.
        memory: bytes that comparing may take.
        comparison: precision, and which patches are compared.
        report: receives the progress; may raise `Cancelled`.

    Returns:
        Whether they do; never of fewer than `LEAST_PARTS` photos.
    """
    if len(features.photos) < LEAST_PARTS:
        return False
    order = torch.randperm(len(features.photos), generator=torch.Generator().manual_seed(0))[:MOST_PARTS]
    chosen = [features.photos[place] for place in sorted(order.tolist())]
    favours: list[float] = []
    total = len(chosen) * len(features.tiles)
    report(Event("progress", "look", 0, total))
    for sets in features.tiles:
        own, judges = sets[0].choose(chosen), all_others(len(chosen))
        for _, to_others in distances(own, range(len(chosen)), judges, memory=memory, comparison=comparison):
            favours.append(measure_favour(to_others))
            report(Event("progress", "look", len(favours), total))
    return sum(favours) / len(favours) > FAVOURED


def measure_favour(to_others: Tensor) -> float:
    """Measure whether the patches of a sample have their nearest judges in common.

    Each patch names the nearest tenth of the judges, at least one. The squares of the shares of names that the judges
    get are summed up and multiplied by the number of judges.

    Args:
        to_others: (K, P) float32, distances of its P patches to the nearest patch of each of K judges.

    Returns:
        1 where all judges are named as often, up to 10 where all patches name the same tenth.

    Example:
        Two patches and ten judges: 5 where they name two of them, 10 where they name the same one.
    """
    judges = len(to_others)
    named = to_others.topk(max(1, int(FEW * judges)), dim=0, largest=False, sorted=False).indices
    shares = torch.bincount(named.flatten(), minlength=judges).double() / named.numel()
    return judges * float(shares.square().sum())
