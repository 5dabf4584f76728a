"""Mutual Scoring Mechanism (MSM): every patch is judged by how well the other samples can explain it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from inspector.decision.recurring import BurntOut
from inspector.scoring.burnout import BurnoutFinder
from inspector.scoring.distances import MEMORY, Load, distances
from inspector.scoring.judges import Judges, ring
from inspector.scoring.nearest import EVERYTHING, Comparison


class Scored(NamedTuple):
    """What one sample got by one set of features.

    Attributes:
        sample: its number.
        scores: (P,) float32.
        burnt_out: which patches run out of near samples; None where nothing looks for them.
    """

    sample: int
    scores: Tensor
    burnt_out: BurntOut | None


class ScoreSamples(Protocol):
    """How `score_samples` is called, be it in this process or on several machines."""

    def __call__(
        self,
        load: Load,
        samples: Sequence[int],
        judges: Judges,
        *,
        share: float,
        memory: int,
        comparison: Comparison,
        finder: BurnoutFinder | None,
    ) -> Iterator[Scored]:
        """Yield the scores of each sample once, in the order of `distances`."""
        ...


def score_samples(
    load: Load,
    samples: Sequence[int],
    judges: Judges,
    *,
    share: float,
    memory: int = MEMORY,
    comparison: Comparison = EVERYTHING,
    finder: BurnoutFinder | None = None,
) -> Iterator[Scored]:
    """Yield the scores of each sample by one set of features, in the order of `distances`.

    Args:
        load, samples, judges, memory, comparison: as for `distances`.
        share: as for `mutual_scores`.
        finder: finds the burnt-out patches of each sample; None = they are not looked for.

    Raises:
        InputError: as for `distances`.
    """
    for sample, to_others in distances(load, samples, judges, memory=memory, comparison=comparison):
        yield score_sample(sample, to_others, share, finder)


def score_sample(sample: int, to_others: Tensor, share: float, finder: BurnoutFinder | None) -> Scored:
    """Score one sample by its distances to its judges.

    Args:
        sample: its number.
        to_others: (K, P) float32, distances of its P patches to the nearest patch of each of K judges.
        share: as for `mutual_scores`.
        finder: finds its burnt-out patches; None = they are not looked for.
    """
    scores = lowest_mean(to_others, share)
    return Scored(sample, scores, None if finder is None else finder.find(sample, to_others, scores))


def mutual_scores(
    features: Tensor,
    *,
    share: float = 0.3,
    references: int | None = None,
    seed: int = 0,
    memory: int = MEMORY,
    comparison: Comparison = EVERYTHING,
) -> Tensor:
    """Score every patch of a batch against the other samples (MuSc, "Mutual Scoring Mechanism").

    The distance of a patch to another sample is that to the sample's nearest patch. A patch's score is the mean of
    the smallest `share` of its N-1 distances: int((N-1) x share) of them, at least one.

    Args:
        features: (N, P, C) floating, any lengths; computed on the tensor's device.
        share: 0..1, exclusive of 0.
        references: how many other samples judge each one (rounded up to an even number); None = all. The cost then
            grows with N instead of its square.
        seed: draws the references.
        memory: bytes that the distances and copies of features may take.
        comparison: precision of the comparisons, and which patches are compared.

    Returns:
        (N, P) float32, distances >= 0; 0 for a patch that every judging sample holds too.

    Raises:
        InputError: fewer than two samples, or even one at a time does not fit into the machine's memory.
        ValueError: wrong shape, a share outside 0..1, or a grid that does not fit.

    Example:
        Two samples of one patch (1, 0) and (0, 1): both score sqrt(2).
    """
    if features.ndim != 3:
        raise ValueError(f"expected features of shape (N, P, C), but got {tuple(features.shape)}")
    scores = features.new_empty(features.shape[:2], dtype=torch.float32)
    samples, judges = range(len(features)), ring(len(features), references, seed)
    found = distances(features.__getitem__, samples, judges, memory=memory, comparison=comparison)
    for sample, to_others in found:
        scores[sample] = lowest_mean(to_others, share)
    return scores


def lowest_mean(to_others: Tensor, share: float) -> Tensor:
    """Average the smallest `share` of each patch's distances, at least one: (K, P) -> (P,)."""
    if not 0 < share <= 1:
        raise ValueError(f"expected a share above 0 and up to 1, but got {share}")
    count = max(1, int(len(to_others) * share))
    return to_others.topk(count, dim=0, largest=False, sorted=False).values.mean(dim=0)
