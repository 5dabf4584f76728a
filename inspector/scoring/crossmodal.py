"""Cross-modal Anomaly Enhancement (CAE, MuSc-V2): what one modality finds strange strengthens the other's scores.

All steps work on the nearest-patch distances of one sample to the N-1 others, (P, N-1) for patches of the photo and
(G, N-1) for groups of the cloud. "Rank-matched to" other values means: the k-th smallest becomes their k-th smallest.
"""

import torch
from torch import Tensor


def enhance(patches: Tensor, groups: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
    """Enhance the distances of one sample in both modalities (MuSc-V2, CAE).

    Args:
        patches: (P, K) distances of the photo's patches to the K = N-1 other samples.
        groups: (G, K) distances of the cloud's groups.
        cells: (G,) int64, the patch each group's centre lies in.

    Returns:
        (P, K) and (G, K). Patches in which no group's centre lies are carried zeros.
    """
    lies_in = (cells == torch.arange(len(patches), device=cells.device)[:, None]).to(groups.dtype)  # (P, G)
    members = lies_in.sum(dim=1)
    carried = lies_in @ groups / members.clamp(min=1)[:, None]
    return _strengthen(patches, carried, members > 0), enhance_groups(patches, groups, cells)


def enhance_groups(patches: Tensor, groups: Tensor, cells: Tensor) -> Tensor:
    """Enhance the distances of the cloud's groups alone, (G, K): the second of what `enhance` returns, with less work.

    Args:
        patches, groups, cells: as for `enhance`.
    """
    return _strengthen(groups, patches[cells], None)


def _strengthen(own: Tensor, carried: Tensor, covered: Tensor | None) -> Tensor:
    """Mean of the own distances and the own distances strengthened by the carried ones, (R, K).

    Args:
        own, carried: (R, K).
        covered: (R,) bool, rows that have a counterpart in the other modality; None = all.
    """
    confidence = 1 - _match_ranks(_measure_spread(carried), _measure_spread(own))
    if covered is None:
        matched = _match_ranks(carried, own)
    else:
        matched = torch.zeros_like(own)
        matched[covered] = _match_ranks(carried[covered], own[covered])
    strengthened = torch.maximum(own, matched) * confidence[:, None]
    return (own + _match_ranks(strengthened, own)) / 2


def _measure_spread(rows: Tensor) -> Tensor:
    """Standard deviation of each row; 0 where there is only one other sample."""
    return rows.std(dim=1) if rows.shape[1] > 1 else rows.new_zeros(len(rows))


def _match_ranks(values: Tensor, targets: Tensor) -> Tensor:
    """Replace the k-th smallest of all `values` by the k-th smallest of all `targets`, of the same shape.

    Equal values, as of the patches without a counterpart, are ranked in the order `torch.sort` leaves them in, which
    is as published; it is fixed on a machine, but another platform may choose another.
    """
    order = values.flatten().sort().indices
    ranked = torch.empty_like(values).flatten()
    ranked[order] = targets.flatten().sort().values
    return ranked.view_as(values)
