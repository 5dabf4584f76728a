"""Scores as if the members of a group could not vouch for one another."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from inspector.decision.recurring import Group
from inspector.scoring.batch import BatchScores
from inspector.scoring.burnout import SetPlace
from inspector.scoring.feature_sets import BatchFeatures


@dataclass(frozen=True)
class Gains:
    """What is added to scores, by sample.

    Attributes:
        patches: (F, K x P) float32 >= 0, the passes of the photos apart.
        groups: (G,) float32 >= 0.
    """

    patches: dict[int, Tensor] = field(default_factory=dict)
    groups: dict[int, Tensor] = field(default_factory=dict)

    @property
    def samples(self) -> list[int]:
        """The samples that gain something, ascending."""
        return sorted({*self.patches, *self.groups})


def find_gains(
    groups: Sequence[Group], places: Sequence[SetPlace], features: BatchFeatures, scores: BatchScores, first: int = 0
) -> Gains:
    """Find by how much the patches of some groups' regions are odder without the other members.

    Args:
        groups: the groups; a patch in the regions of two counts with the larger gain.
        places: where each set of features of a batch, at one size, lies in its scores.
        features, scores: those of the batch at this size.
        first: number of the first of these sets in the groups' regions.
    """
    of_sets: dict[tuple[int, int], Tensor] = {}
    patches = features.grid[0] * features.grid[1]
    for region in (region for group in groups for region in group.regions):
        index = region.index - first
        if 0 <= index < len(places):
            length = len(scores.groups[region.sample]) if places[index].tile is None else patches
            gain = of_sets.setdefault((index, region.sample), torch.zeros(length))
            at = torch.from_numpy(region.patches)
            footing = scores.footing.get(region.sample, 1.0)
            gain[at] = torch.maximum(gain[at], footing * torch.from_numpy(region.gain))
    gains, (of_photo, of_cloud) = Gains(), scores.divisors
    for (index, sample), gain in of_sets.items():
        tile, phase, sets = places[index]
        if tile is None:
            gains.groups[sample] = gains.groups.get(sample, 0) + gain / (sets * of_cloud)
            continue
        total = gains.patches.setdefault(sample, torch.zeros(features.phases, len(features.tiles) * patches))
        total[slice(None) if phase is None else phase, tile * patches : (tile + 1) * patches] += gain / (
            sets * of_photo
        )
    return gains


def correct_scores(scores: BatchScores, gains: Gains) -> BatchScores:
    """Add gains to the scores of patches. All other scores and the usual ones stay, so that maps without gains do.

    Args:
        scores: of the batch, at one size of the photos.
        gains: as `find_gains` returns them.

    Example:
        A patch that scores 0.2 among twelve parts with the same blot, and 0.9 without them, scores 0.9.
    """
    patches = {sample: scores.patches[sample] + gain.mean(dim=0) for sample, gain in gains.patches.items()}
    phases = {sample: scores.phases[sample] + gain for sample, gain in gains.patches.items() if sample in scores.phases}
    groups = {sample: scores.groups[sample] + gain for sample, gain in gains.groups.items()}
    return replace(
        scores,
        patches={**scores.patches, **patches},
        phases={**scores.phases, **phases},
        groups={**scores.groups, **groups},
        usual=scores.typical_patch,
        usual_group=scores.typical_group,
    )


def take_as_scores(gains: Gains, scores: BatchScores, sample: int) -> BatchScores:
    """Return the gains of one sample as scores, 0 where it has none: mapped, they show where it gained."""
    patches, groups, phases = (
        {sample: torch.zeros_like(kept[sample])} if sample in kept else {}
        for kept in (scores.patches, scores.groups, scores.phases)
    )
    own = ({sample: gained[sample]} if sample in gained else {} for gained in (gains.patches, gains.groups))
    return correct_scores(BatchScores(patches, groups, phases), Gains(*own))
