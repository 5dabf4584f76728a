"""Re-scoring with the nearest neighbours in the batch: RsCIN (MuSc), RsCon (MuSc-V2), and by nearness."""

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.errors import InputError

BLOCK_VALUES = 1 << 20
"""Similarities held at a time, 12 MB with their copy in float64, 8 MB by nearness: up to 1024 samples in one go."""

WIDTH = 0.7
"""Width of the kernel of `rescore_near`, in usual distances to the nearest sample (docs/decisions/0054-nearness.md)."""

LEAST_WIDTH = 1e-6
"""Its width where most samples have an equal one: these alone are near."""

Kind = Literal["RsCIN", "RsCon", "nearness"]
"""How a batch is re-scored: over the windows of MuSc or MuSc-V2, or over all samples by how near they are."""


def rescore_as(
    kind: str, scores: Tensor, embeddings: Tensor, windows: Sequence[int], *, counts: Tensor | None = None
) -> Tensor:
    """Re-score a batch by a `Kind`, `windows` being those of the others than nearness; else as `rescore`."""
    if kind == "nearness":
        return rescore_near(scores, embeddings, counts=counts)
    return rescore(scores, embeddings, windows, counts=counts)


def rescore(
    scores: Tensor,
    embeddings: Tensor,
    windows: Sequence[int],
    *,
    counts: Tensor | None = None,
    block_values: int = BLOCK_VALUES,
) -> Tensor:
    """Smooth the scores of a batch over each sample's nearest neighbours.

    (MuSc, "Re-scoring with Constrained Image-level Neighborhood"; MuSc-V2, "Re-scoring with Constrained Neighborhood".)

    Scores are min-max scaled over the batch. For each window size k, a sample's new score is the mean of the scores
    of its k nearest samples (itself among them), weighted by similarity; the result is the mean over the windows.
    With class-token embeddings this is RsCIN, with features of the highest-scoring patch RsCon.

    Args:
        scores: (N,) floating.
        embeddings: (N, D) floating; similarities are their inner products.
        windows: sizes k >= 1; one larger than the batch means the whole batch.
        counts: (N,) bool, the samples whose scores set the scale; others may come to lie outside 0..1. None = all.
        block_values: similarities held in memory at a time, at least those of one sample.

    Returns:
        (N,) of the type of `scores`, about 0..1. Equal scores carry no ranking and give zeros; a sample whose
        neighbours have no similarity at all keeps its own scaled score.

    Raises:
        InputError: fewer than two samples.
        ValueError: shapes that do not go together, no window, or a window below 1.

    Example:
        Scores 0, 1 and orthogonal embeddings: nothing to share, the result is 0, 1.
    """
    _check(scores, embeddings)
    if not windows or min(windows) < 1:
        raise ValueError(f"expected window sizes of at least 1, but got {tuple(windows)}")
    scaled = _scale(scores, counts)
    rescored = torch.empty_like(scores)
    for block in _cut_blocks(len(scores), block_values):
        similarity = (embeddings[block] @ embeddings.T).to(scores.dtype)  # (B, N)
        of_windows = [_average_nearest(scaled, scaled[block], similarity, min(k, len(scores))) for k in windows]
        rescored[block] = torch.stack(of_windows).mean(dim=0)
    return rescored


def rescore_near(
    scores: Tensor,
    embeddings: Tensor,
    *,
    width: float = WIDTH,
    counts: Tensor | None = None,
    block_values: int = BLOCK_VALUES,
) -> Tensor:
    """Smooth the scores of a batch over the samples near each one, however many these are.

    Scores are min-max scaled over the batch, as for `rescore`. A sample's new score is the mean of all scores, weighted
    by exp(-(d / h)^2) (Nadaraya-Watson): d is the distance of the embeddings, brought to length 1, and h `width` times
    the median distance of a sample to its nearest one. A sample that has no near one keeps its score, whereas RsCIN
    pulls it towards two others in any case.

    Args:
        scores, counts, block_values: as for `rescore`.
        embeddings: (N, D) floating, of any length; one of zeros is as far from every other as orthogonal ones are.
        width: in median distances to the nearest sample, > 0.

    Returns:
        As `rescore`.

    Raises:
        InputError: fewer than two samples.
        ValueError: shapes that do not go together.

    Example:
        Scores 0, 1 and any two different embeddings: each is as near to the other as is usual, which weighs
        exp(-1 / 0.49) = 0.13; the result is 0.115, 0.885.
    """
    _check(scores, embeddings)
    vectors, scaled = F.normalize(embeddings.double(), dim=1), _scale(scores.double(), counts)
    blocks = list(_cut_blocks(len(scores), block_values))
    nearest, rescored = torch.empty_like(scaled), torch.empty_like(scores)
    for block in blocks:
        nearest[block] = _measure_squares(vectors, block, own=torch.inf).amin(dim=1)
    square = max(width * float(nearest.median()) ** 0.5, LEAST_WIDTH) ** 2
    for block in blocks:
        weights = _measure_squares(vectors, block, own=0).div_(-square).exp_()
        rescored[block] = (weights @ scaled / weights.sum(dim=1)).to(scores.dtype)
    return rescored


def _check(scores: Tensor, embeddings: Tensor) -> None:
    if scores.ndim != 1 or embeddings.ndim != 2 or len(scores) != len(embeddings):
        raise ValueError(
            f"expected scores (N,) and embeddings (N, D), but got {tuple(scores.shape)}, {tuple(embeddings.shape)}"
        )
    if len(scores) < 2:
        raise InputError("re-scoring compares samples with each other: give at least two")


def _cut_blocks(count: int, values: int) -> Iterator[slice]:
    """Cut the samples into blocks of which so many similarities can be held."""
    rows = max(1, values // count)
    for start in range(0, count, rows):
        yield slice(start, min(start + rows, count))


def _scale(scores: Tensor, counts: Tensor | None) -> Tensor:
    """Scale scores so that the counted ones span 0..1."""
    low, high = (scores if counts is None else scores[counts]).aminmax()
    return (scores - low) / (high - low) if high > low else torch.zeros_like(scores)


def _measure_squares(vectors: Tensor, block: slice, *, own: float) -> Tensor:
    """Measure squared distances of some vectors of length 1 to all, (B, N); `own` is what stands for that to itself."""
    squares = (2 * vectors[block] @ vectors.T).neg_().add_(2).clamp_min_(0)
    squares[:, block].fill_diagonal_(own)
    return squares


def _average_nearest(scores: Tensor, own: Tensor, similarity: Tensor, window: int) -> Tensor:
    """Mean of the scores (N,) of each row's nearest samples, by similarity (B, N); `own` are the rows' scores (B,)."""
    weights, neighbours = similarity.topk(window, dim=1)  # (B, k)
    total = weights.sum(dim=1)
    mean = (weights * scores[neighbours]).sum(dim=1) / total
    return torch.where(total.abs() > 0, mean, own)
