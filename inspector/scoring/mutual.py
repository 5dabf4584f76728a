"""Mutual Scoring Mechanism (MSM): every patch is judged by how well the other samples can explain it.

The product of two samples' features serves both directions: the largest value of each row is the nearest patch
seen from one sample, the largest value of each column the nearest seen from the other.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from inspector.errors import InputError

BLOCK_VALUES = 1 << 18
"""Inner products computed at a time: 1 MB in float32, so that the maxima are taken while the block is in cache."""

UNIT = 1e-6
"""Features whose squared lengths are all this near to 1 count as L2-normalised; the lengths then drop out."""

NEAR = 1e-4
"""Squared distances below this, relative to the squared lengths, are computed anew as a difference: the difference
of inner products has lost its digits there (an error of 1e-7 in a square near 0 is 3e-4 in the distance)."""

CANDIDATES = 4
"""How many of the nearest patches by inner product are measured anew where distances are near 0."""


class Distances(NamedTuple):
    """Nearest-patch distances of one sample: `to_others` (N-1, P) float32, other samples in batch order."""

    sample: int
    to_others: Tensor


def mutual_scores(features: Tensor, *, share: float = 0.3) -> Tensor:
    """Score every patch of a batch against all other samples (MuSc, "Mutual Scoring Mechanism").

    The distance of a patch to another sample is that to the sample's nearest patch. A patch's score is the mean of
    the smallest `share` of its N-1 distances: int((N-1) x share) of them, at least one.

    Args:
        features: (N, P, C) floating, any lengths; computed in float32 on the tensor's device.
        share: 0..1, exclusive of 0.

    Returns:
        (N, P) float32, distances >= 0; 0 for a patch that every judging sample holds too.

    Raises:
        InputError: fewer than two samples.
        ValueError: wrong shape, or a share outside 0..1.

    Example:
        Two samples of one patch (1, 0) and (0, 1): both score sqrt(2).
    """
    scores = features.new_empty(features.shape[:2], dtype=torch.float32)
    for sample, to_others in nearest_distances(features):
        scores[sample] = lowest_mean(to_others, share)
    return scores


def nearest_distances(features: Tensor) -> Iterator[Distances]:
    """Yield, for each sample, the distance of its patches to the nearest patch of each other sample.

    Args:
        features: (N, P, C) floating, N >= 2.

    Yields:
        `Distances`, in batch order.

    Raises:
        InputError: fewer than two samples.
        ValueError: not three dimensions.
    """
    if features.ndim != 3:
        raise ValueError(f"expected features of shape (N, P, C), but got {tuple(features.shape)}")
    count, patches, _ = features.shape
    if count < 2:
        raise InputError("mutual scoring compares samples with each other: give at least two")
    features = features.float()
    half_squares = features.square().sum(dim=2) / 2  # (N, P)
    unit = bool(((half_squares - 0.5).abs() < UNIT / 2).all())
    table = features.new_empty(count, count, patches)  # [i, j, p]: -d^2/2 of patch p of sample i to sample j
    step = max(1, BLOCK_VALUES // patches**2)
    for first in range(count):
        for start in range(first + 1, count, step):
            others = slice(start, min(start + step, count))
            halves = None if unit else (half_squares[first], half_squares[others])
            forward, backward = _pair_maxima(features[first], features[others], halves)
            table[first, others] = forward
            table[others, first] = backward
        to_others = torch.cat([table[first, :first], table[first, first + 1 :]])
        yield Distances(first, to_others.mul_(-2).clamp_(min=0).sqrt_())


def lowest_mean(to_others: Tensor, share: float) -> Tensor:
    """Average the smallest `share` of each patch's distances, at least one: (K, P) -> (P,)."""
    if not 0 < share <= 1:
        raise ValueError(f"expected a share above 0 and up to 1, but got {share}")
    count = max(1, int(len(to_others) * share))
    return to_others.topk(count, dim=0, largest=False, sorted=False).values.mean(dim=0)


def _pair_maxima(own: Tensor, others: Tensor, halves: tuple[Tensor, Tensor] | None) -> tuple[Tensor, Tensor]:
    """Measure one sample against some others, both ways, as -d^2/2 to the nearest patch.

    Args:
        own: (P, C). others: (B, P, C). halves: half the squared lengths, (P,) and (B, P); None = all are 1/2.

    Returns:
        (B, P) from own patches to each other sample, (B, P) from the others' patches to the own sample.
    """
    size, patches, _ = others.shape
    block = own @ others.flatten(0, 1).T  # (P, B P)
    offset = 1.0
    if halves is not None:
        block -= halves[0][:, None]
        block -= halves[1].flatten()
        offset = 0.0
    cube = block.view(patches, size, patches)
    forward = cube.amax(dim=2).T - offset  # (B, P)
    backward = cube.amax(dim=0) - offset  # (B, P)
    largest_half = 0.5 if halves is None else max(float(half.max()) for half in halves)
    if forward.max() > -NEAR * largest_half:
        _measure_near(forward, cube.transpose(0, 1), own.expand_as(others), others, NEAR * largest_half)
        _measure_near(backward, cube.permute(1, 2, 0), others, own.expand_as(others), NEAR * largest_half)
    return forward, backward


def _measure_near(best: Tensor, products: Tensor, sources: Tensor, targets: Tensor, near: float) -> None:
    """Replace the values of `best` above -near, whose digits were lost, by measured ones.

    Args:
        best: (B, P) maxima of `products`. products: (B, P, P), searched patches last.
        sources, targets: (B, P, C).
    """
    sample, patch = (best > -near).nonzero(as_tuple=True)  # (K,), (K,)
    nearest = products[sample, patch].topk(min(CANDIDATES, products.shape[2]), dim=1).indices  # (K, 4)
    differences = targets[sample[:, None], nearest] - sources[sample, patch][:, None]
    best[sample, patch] = differences.square().sum(dim=2).amin(dim=1) / -2
