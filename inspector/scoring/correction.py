"""Scores as if the members of a group could not vouch for one another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from inspector.decision.recurring import Group
from inspector.scoring.batch import BatchScores
from inspector.scoring.burnout import SetPlace
from inspector.scoring.feature_sets import BatchFeatures

Gains = dict[int, Tensor]
"""By sample, what is added to its scores: (F, K x P) float32 >= 0, the passes of the photos apart."""


def find_gains(groups: Sequence[Group], places: Sequence[SetPlace], features: BatchFeatures, first: int = 0) -> Gains:
    """Find by how much the patches of some groups' regions are odder without the other members.

    Args:
        groups: the groups; a patch in the regions of two counts with the larger gain.
        places: where each set of features of a batch, at one size, lies in its scores.
        features: those of the batch at this size.
        first: number of the first of these sets in the groups' regions.
    """
    patches = features.grid[0] * features.grid[1]
    shape = (features.phases, len(features.tiles) * patches)
    of_sets: dict[tuple[int, int], Tensor] = {}
    for region in (region for group in groups for region in group.regions):
        index = region.index - first
        if 0 <= index < len(places):
            gain = of_sets.setdefault((index, region.sample), torch.zeros(patches))
            at = torch.from_numpy(region.patches)
            gain[at] = torch.maximum(gain[at], torch.from_numpy(region.gain))
    gains: Gains = {}
    for (index, sample), gain in of_sets.items():
        place = places[index]
        total = gains.setdefault(sample, torch.zeros(shape))
        total[place.phase, place.tile * patches : (place.tile + 1) * patches] += gain / place.sets
    return gains


def correct_scores(scores: BatchScores, gains: Mapping[int, Tensor]) -> BatchScores:
    """Add gains to the scores of patches. All other scores and the usual ones stay, so that maps without gains do.

    Args:
        scores: of the batch, at one size of the photos.
        gains: (phases, patches) float32 by sample, as `find_gains` returns them.

    Example:
        A patch that scores 0.2 among twelve parts with the same blot, and 0.9 without them, scores 0.9.
    """
    patches = {sample: scores.patches[sample] + gain.mean(dim=0) for sample, gain in gains.items()}
    phases = {sample: scores.phases[sample] + gain for sample, gain in gains.items() if sample in scores.phases}
    return replace(
        scores,
        patches={**scores.patches, **patches},
        phases={**scores.phases, **phases},
        usual=scores.typical_patch,
    )
