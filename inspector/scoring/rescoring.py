"""Re-scoring with the nearest neighbours in the batch: RsCIN (MuSc) and RsCon (MuSc-V2)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from inspector.errors import InputError

BLOCK_VALUES = 1 << 20
"""Similarities held at a time, 12 MB with their copy in float64: batches up to 1024 samples in one go."""


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
    if scores.ndim != 1 or embeddings.ndim != 2 or len(scores) != len(embeddings):
        raise ValueError(
            f"expected scores (N,) and embeddings (N, D), but got {tuple(scores.shape)}, {tuple(embeddings.shape)}"
        )
    if len(scores) < 2:
        raise InputError("re-scoring compares samples with each other: give at least two")
    if not windows or min(windows) < 1:
        raise ValueError(f"expected window sizes of at least 1, but got {tuple(windows)}")
    scaled = _scale(scores, scores if counts is None else scores[counts])
    rescored = torch.empty_like(scores)
    rows = max(1, block_values // len(scores))
    for start in range(0, len(scores), rows):
        block = slice(start, start + rows)
        similarity = (embeddings[block] @ embeddings.T).to(scores.dtype)  # (B, N)
        of_windows = [_average_nearest(scaled, scaled[block], similarity, min(k, len(scores))) for k in windows]
        rescored[block] = torch.stack(of_windows).mean(dim=0)
    return rescored


def _scale(scores: Tensor, counted: Tensor) -> Tensor:
    """Scale scores so that the counted ones span 0..1."""
    low, high = counted.aminmax()
    return (scores - low) / (high - low) if high > low else torch.zeros_like(scores)


def _average_nearest(scores: Tensor, own: Tensor, similarity: Tensor, window: int) -> Tensor:
    """Mean of the scores (N,) of each row's nearest samples, by similarity (B, N); `own` are the rows' scores (B,)."""
    weights, neighbours = similarity.topk(window, dim=1)  # (B, k)
    total = weights.sum(dim=1)
    mean = (weights * scores[neighbours]).sum(dim=1) / total
    return torch.where(total.abs() > 0, mean, own)
