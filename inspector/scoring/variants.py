"""Variants: groups of parts in one batch (colours, finishes, products), found without labels and judged apart."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist, squareform
from torch import Tensor

from inspector.scoring.batch import BatchScores
from inspector.scoring.fusion import LEAST_USUAL

GAP = 2.0
"""Between variants lie so many times the distance at which parts of one variant have their nearest neighbour. Nine sets
of one product each, and halves of them, come to at most 1.7 (docs/decisions/0022-variants.md)."""

LEAST_PARTS, LEAST_SHARE = 10, 0.1
"""A variant has so many parts, and such a share of the batch. Fewer have too few judges of their own, and are as likely
parts with the same large defect."""

LEAST_TOLD = 5
"""Parts that lie as far from the others are told from so many on, though they are judged with them."""

LEAST_DISTANCE = 0.1
"""Neighbours of one variant count as no nearer: photos of one part taken twice are no measure of parts."""

ORDINARY = 0.9
"""Share of a variant's parts whose nearest neighbour lies within its usual distance; the others are odd ones."""

GOOD_SHARE = 0.25
"""Share of a variant's parts, lowest scores first, up to what is usual in it: up to three quarters may be defective."""

MOST = 2000
"""Parts of which groups are made; further ones go with the nearest of these."""


class Variants(NamedTuple):
    """Which part belongs to which variant.

    Attributes:
        numbers: (N,) int64, from 1, the largest variant first; all 0 where the batch is of one kind.
        apart: places of parts that lie apart as a variant does, too few to be one: they count to the nearest variant.
    """

    numbers: NDArray[np.int64]
    apart: list[list[int]]

    @property
    def members(self) -> list[list[int]]:
        """The places of each variant's parts, ascending, the largest first; none where the batch is of one kind."""
        return [np.flatnonzero(self.numbers == number).tolist() for number in np.unique(self.numbers) if number]

    def describe(self, names: Sequence[str]) -> list[str]:
        """Say what was found, by the names of the samples: a line for the variants, one for each few that lie apart."""
        told = [
            f"{len(places)} parts, {names[places[0]]} first, differ from the others as a whole, but are too few to be "
            f"judged apart: it takes {LEAST_PARTS}, and a tenth of the batch"
            for places in self.apart
        ]
        if not self.members:
            return told
        listed = "; ".join(f"{len(places)} parts, {names[places[0]]} first" for places in self.members)
        variants = (
            f"the batch holds {len(self.members)} variants ({listed}); each is judged among its own, by what is usual "
            "there. If one of them is a defect that many parts share, switch `variants` off"
        )
        return [variants, *told]


def one_kind(count: int) -> Variants:
    """Return that a batch of so many samples holds no variants."""
    return Variants(np.zeros(count, dtype=np.int64), [])


def find_variants(embeddings: Tensor) -> Variants:
    """Find groups of parts that lie apart from each other, if there are any.

    Parts are linked to their nearest neighbour, the nearest pairs first (single linkage). Where two groups are linked
    over more than `GAP` times the distance at which nine in ten parts of either find their nearest neighbour, they are
    variants; each is then looked at in the same way. Good and bad parts of one kind are not parted: a defect moves a
    part away from the others in a direction of its own, and parts in between bridge the gap. Parts that all have the
    same large defect, in so many a number as `LEAST_PARTS`, are a group like any other.

    Args:
        embeddings: (N, D) floating, one a photo; only their directions count.

    Returns:
        The variants, each of at least `LEAST_PARTS` parts and of `LEAST_SHARE` of the batch.

    Example:
        Ten embeddings near (1, 0) and ten near (0, 1): numbers 1 and 2. Nine and eleven: all 0, and nine apart.
    """
    count = len(embeddings)
    units = torch.nn.functional.normalize(embeddings.double(), dim=1)
    chosen = np.sort(torch.randperm(count, generator=torch.Generator().manual_seed(0))[:MOST].numpy())
    distances = squareform(pdist(units[chosen].numpy()))
    least = max(LEAST_PARTS, round(LEAST_SHARE * count)) * len(chosen) / count
    found = sorted(_part(distances, np.arange(len(chosen))), key=len, reverse=True)
    large = [group for group in found if len(group) >= least]
    apart = [chosen[group].tolist() for group in found if len(group) < least]
    if len(large) < 2:
        return one_kind(count)._replace(apart=apart if large else [])
    nearest = np.empty(count, dtype=np.int64)
    known = chosen[np.concatenate(large)]
    of_known = np.repeat(np.arange(1, len(large) + 1), [len(group) for group in large])
    for some in np.array_split(np.arange(count), -(-count // MOST)):
        nearest[some] = of_known[torch.cdist(units[some], units[known]).argmin(dim=1).numpy()]
    return Variants(nearest, apart)


def find_gap(distances: NDArray[np.float64], least: int = LEAST_TOLD) -> tuple[float, list[list[int]]]:
    """Find the widest gap between two groups of samples: over how many times their usual distances they are linked.

    Args:
        distances: (N, N), symmetric.
        least: samples in each group.

    Returns:
        The gap, 0 where samples come one by one, and the places in each of the two groups; those that are linked later
        than the two are in neither.
    """
    widest, sides = 0.0, list[list[int]]()
    for height, left, right in _link(distances, least):
        usual = max(LEAST_DISTANCE, *(_usual_neighbour(distances, side) for side in (left, right)))
        if height > widest * usual:
            widest, sides = height / usual, [left, right]
    return widest, sides


def _part(distances: NDArray[np.float64], members: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Part some of the samples into groups that lie apart; ascending places of each."""
    within = distances[np.ix_(members, members)]
    gap, sides = find_gap(within)
    if gap <= GAP:
        return [members]
    to_sides = np.stack([within[:, side].min(axis=1) for side in sides])
    second = to_sides[1] < to_sides[0]  # those that were linked later go with the nearest
    return [group for side in (members[~second], members[second]) for group in _part(distances, side)]


def _link(distances: NDArray[np.float64], least: int) -> Iterator[tuple[float, list[int], list[int]]]:
    """Yield the links between two groups of at least so many samples: length, places of each."""
    count = len(distances)
    if count < 2 * least:
        return
    groups = {place: [place] for place in range(count)}
    for step, (first, second, height, _) in enumerate(linkage(squareform(distances, checks=False), "single")):
        left, right = groups.pop(int(first)), groups.pop(int(second))
        groups[count + step] = left + right
        if min(len(left), len(right)) >= least:
            yield float(height), left, right


def _usual_neighbour(distances: NDArray[np.float64], group: Sequence[int]) -> float:
    """The distance within which most of a group find their nearest neighbour in it."""
    within = distances[np.ix_(group, group)].copy()
    np.fill_diagonal(within, np.inf)
    return float(np.quantile(within.min(axis=1), ORDINARY))


def join_scores(groups: Sequence[tuple[Sequence[int], BatchScores]]) -> BatchScores:
    """Join the scores of photos of variants that were scored apart, brought to one footing: that of the first.

    A variant's scores are divided by what a good part of it usually reaches at its highest patch: a glossy finish
    differs more from photo to photo than a dull one. The usual is the value below which a quarter of its parts lie.

    Args:
        groups: of each variant, the places of its parts in the batch and its scores, by place in the variant.

    Returns:
        Scores by place in the batch.

    Example:
        Highest patches usually 0.4 in the first and 0.2 in the second: the scores of the second are doubled.
    """
    usual = [max(LEAST_USUAL, _find_usual_peak(scores)) for _, scores in groups]
    patches: dict[int, Tensor] = {}
    phases: dict[int, Tensor] = {}
    footing: dict[int, float] = {}
    for (places, scores), own in zip(groups, usual, strict=True):
        for into, found in ((patches, scores.patches), (phases, scores.phases)):
            into.update({int(places[place]): values * (usual[0] / own) for place, values in found.items()})
        footing.update({int(at): scores.footing.get(place, 1.0) * usual[0] / own for place, at in enumerate(places)})
    return BatchScores(patches, phases=phases, footing=footing)


def _find_usual_peak(scores: BatchScores) -> float:
    return float(torch.stack([values.max() for values in scores.patches.values()]).quantile(GOOD_SHARE))
