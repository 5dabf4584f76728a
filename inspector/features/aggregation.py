"""Neighbourhood aggregation of patch tokens: LNAMD (MuSc) and SNAMD (MuSc-V2)."""

import torch.nn.functional as F
from torch import Tensor


def lnamd(tokens: Tensor, degree: int) -> Tensor:
    """Local neighbourhood aggregation with one degree (MuSc, "Local Neighborhood Aggregation with Multiple Degrees").

    The tokens of an image are layer-normalised over all their values, averaged over a window of
    `degree` x `degree` patches (patches outside the image count as zeros), and L2-normalised.

    Args:
        tokens: (N, rows, cols, C) floating; computed in float32.
        degree: window side in patches, odd; 1 = no aggregation.

    Returns:
        (N, P, C) float32 with P = rows x cols, each patch of length 1 (0 where the image is uniform).

    Raises:
        ValueError: wrong number of dimensions, or an even or negative degree.

    Example:
        One channel, 1 x 2 patches with values 1 and 3: normalised -1 and 1, averaged over 3 x 3 with zeros 0 and 0.
    """
    if tokens.ndim != 4:
        raise ValueError(f"expected tokens of shape (N, rows, cols, C), but got {tuple(tokens.shape)}")
    if degree < 1 or degree % 2 == 0:
        raise ValueError(f"expected an odd positive degree, but got {degree}")
    normalised = F.layer_norm(tokens.float(), tokens.shape[1:])
    if degree > 1:
        channels_first = normalised.permute(0, 3, 1, 2)
        averaged = F.avg_pool2d(channels_first, degree, stride=1, padding=degree // 2, count_include_pad=True)
        normalised = averaged.permute(0, 2, 3, 1)
    return F.normalize(normalised.flatten(1, 2), dim=-1)
