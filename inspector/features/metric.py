"""A metric for patches that was learnt beforehand, through mutual scores (docs/decisions/0051-a-learnt-metric.md)."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.features.aggregation import lnamd_mean

FILE = Path(__file__).with_name("metric.npy")


@cache
def load_metric(device: torch.device) -> Tensor:
    """Load the learnt matrix, (C, C) float32 with C = 152, once for each device: it is for features of the embedded
    network's stages 2 and 3, joined."""
    return torch.from_numpy(np.load(FILE)).to(device)


def lnamd_learnt(tokens: Tensor, degrees: Sequence[int]) -> Tensor:
    """Average LNAMD over its degrees and bring it into the learnt metric.

    Distances between features z and z' are then those of the Mahalanobis metric of W W^T between them, each brought
    to length 1 again.

    Args:
        tokens: (N, rows, cols, C) floating, layers joined by `join_layers`.
        degrees: as for `lnamd_mean`.

    Returns:
        (N, P, C) float32, each patch of length 1.
    """
    return F.normalize(lnamd_mean(tokens, degrees) @ load_metric(tokens.device), dim=-1)
