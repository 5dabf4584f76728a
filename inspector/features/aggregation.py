"""Neighbourhood aggregation of patch tokens: LNAMD (MuSc) and SNAMD (MuSc-V2)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

NORM_EPSILON = 1e-5
"""Added to the variance, as by `F.layer_norm`."""


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
    normalised = _normalise_images(tokens.float())
    if degree > 1:
        channels_first = normalised.permute(0, 3, 1, 2)
        averaged = F.avg_pool2d(channels_first, degree, stride=1, padding=degree // 2, count_include_pad=True)
        normalised = averaged.permute(0, 2, 3, 1)
    return F.normalize(normalised.flatten(1, 2), dim=-1)


def _normalise_images(tokens: Tensor) -> Tensor:
    """Normalise each image (N, rows, cols, C) over all its values."""
    if not tokens.is_cuda:
        return F.layer_norm(tokens, tokens.shape[1:])
    variance, mean = torch.var_mean(tokens, dim=(1, 2, 3), correction=0, keepdim=True)  # layer_norm: one block an image
    return (tokens - mean) * (variance + NORM_EPSILON).rsqrt()


def lnamd_mean(tokens: Tensor, degrees: Sequence[int]) -> Tensor:
    """Average LNAMD over its degrees; as for `snamd_grid`, (N, rows, cols, C) -> (N, P, C) of length 1."""
    return F.normalize(torch.stack([lnamd(tokens, degree) for degree in degrees]).sum(dim=0), dim=-1)


def snamd_grid(tokens: Tensor, degrees: Sequence[int]) -> Tensor:
    """Similarity-weighted neighbourhood aggregation of patch tokens (MuSc-V2, SNAMD for 2D).

    Each degree gives the mean of the patches in a window of `degree` x `degree`, weighted by
    exp(-||token - centre token||) on the tokens as they come; patches outside the image are zeros and count with
    their weight. The means are averaged over the degrees and L2-normalised.

    Args:
        tokens: (N, rows, cols, C) floating, finite; computed in float32.
        degrees: window sides in patches, odd.

    Returns:
        (N, P, C) float32 with P = rows x cols, each patch of length 1 (0 where all its tokens are 0).

    Raises:
        ValueError: wrong shape, values that are not finite, no degree, or an even or negative one.

    Example:
        One channel, 1 x 2 patches with values 0 and 1, degree 3: the first patch's window holds one 1 with weight
        exp(-1) and eight 0 with weight 1, mean 0.044; a single channel of length 1 is then 1.
    """
    if tokens.ndim != 4:
        raise ValueError(f"expected tokens of shape (N, rows, cols, C), but got {tuple(tokens.shape)}")
    if not degrees or any(degree < 1 or degree % 2 == 0 for degree in degrees):
        raise ValueError(f"expected odd positive degrees, but got {tuple(degrees)}")
    _check_finite(tokens)
    tokens = tokens.float()
    rows, cols = tokens.shape[1:3]
    reach = max(degrees) // 2
    padded = F.pad(tokens, (0, 0, reach, reach, reach, reach))
    total, weights = torch.zeros_like(tokens), torch.zeros_like(tokens[..., :1])
    means = torch.zeros_like(tokens)
    for ring in range(reach + 1):  # a window is the smaller window and one more ring
        for row, col in _ring(ring):
            shifted = padded[:, reach + row : reach + row + rows, reach + col : reach + col + cols]
            weight = _similarity(shifted, tokens)
            total.addcmul_(weight, shifted)
            weights += weight
        if count := list(degrees).count(2 * ring + 1):
            means.addcdiv_(total, weights, value=count / len(degrees))
    return F.normalize(means.flatten(1, 2), dim=-1)


def snamd_points(
    tokens: Tensor, centers: Tensor, curvature: Tensor, degrees: Sequence[int], *, flat: float = 0.01
) -> Tensor:
    """Similarity-weighted neighbourhood aggregation of the group tokens of one cloud (MuSc-V2, SNAMD for 3D).

    Tokens are L2-normalised. Where the surface is flat, each degree gives the mean of the `degree` groups with the
    nearest centres, weighted by exp(-||token - own token||); the means of all degrees, one after the other, are
    average-pooled to C channels. Elsewhere the group keeps its own normalised token.

    Args:
        tokens: (G, C) floating, finite; computed in float32.
        centers: (G, 3) floating, finite, any unit.
        curvature: (G,) floating, as from `group_points`.
        degrees: numbers of groups that are averaged, the own group among them; all groups where there are fewer.
        flat: curvature below which a group counts as flat.

    Returns:
        (G, C) float32. Of equally near centres the first ones are taken.

    Raises:
        ValueError: wrong shape, values that are not finite, no degree, or one below 1.

    Example:
        One group with token (3, 4) and degrees (1, 3, 5): its own normalised token (0.6, 0.8) where rough; where
        flat the two halves of (0.6, 0.8, 0.6, 0.8, 0.6, 0.8) averaged, (2/3, 2.2/3).
    """
    if tokens.ndim != 2 or centers.shape != (len(tokens), 3) or curvature.shape != (len(tokens),):
        raise ValueError(
            "expected tokens (G, C), centers (G, 3) and curvature (G,), but got "
            f"{tuple(tokens.shape)}, {tuple(centers.shape)} and {tuple(curvature.shape)}"
        )
    if not degrees or any(degree < 1 for degree in degrees):
        raise ValueError(f"expected positive degrees, but got {tuple(degrees)}")
    _check_finite(tokens, centers, curvature)
    own = F.normalize(tokens.float(), dim=-1)
    squares = (centers[:, None] - centers).square().sum(dim=2)
    squares.fill_diagonal_(-1)  # a group comes before others at the same place
    nearest = squares.argsort(dim=1, stable=True)[:, : max(degrees)]  # (G, K)
    neighbours = own[nearest]  # (G, K, C)
    weights = _similarity(neighbours, own[:, None])
    means = (weights * neighbours).cumsum(dim=1) / weights.cumsum(dim=1)  # the k nearest at place k - 1
    windows = [min(degree, len(tokens)) - 1 for degree in degrees]
    pooled = F.adaptive_avg_pool1d(means[:, windows].flatten(1), tokens.shape[1])
    return torch.where(curvature[:, None] < flat, pooled, own)


Aggregate = Callable[[Tensor], Tensor]
"""Turns patch tokens (N, rows, cols, C) into features (N, P, C)."""

AGGREGATIONS: dict[str, Callable[[Sequence[int]], list[Aggregate]]] = {
    "lnamd": lambda degrees: [partial(lnamd_mean, degrees=(degree,)) for degree in degrees],
    "lnamd-mean": lambda degrees: [partial(lnamd_mean, degrees=tuple(degrees))],
    "lnamd-joined": lambda degrees: [partial(lnamd_mean, degrees=tuple(degrees))],
    "snamd": lambda degrees: [partial(snamd_grid, degrees=tuple(degrees))],
}
"""What makes the sets of features of one layer, by the name in the settings and the degrees: LNAMD as published has a
set for each degree, the others have one. Each is of functions of this file, so that it can be sent to a process."""

JOINED = "lnamd-joined"
"""The aggregation whose tokens are those of all layers, joined by `join_layers`."""


def join_layers(layers: Sequence[Tensor]) -> Tensor:
    """Join the tokens of several layers, each brought to mean 0 and variance 1 over the photo.

    Args:
        layers: (N, rows, cols, C) floating each, on one grid; C may differ.

    Returns:
        (N, rows, cols, sum of C) float32.

    Example:
        Of two layers of one channel, (0, 2) and (0, 200) on a grid of 1 x 2, the patches become (-1, -1) and (1, 1).
    """
    return torch.cat([F.layer_norm(layer.float(), layer.shape[1:]) for layer in layers], dim=3)


def _check_finite(*tensors: Tensor) -> None:
    if not all(tensor.isfinite().all() for tensor in tensors):
        raise ValueError("expected finite values, but some are NaN or infinite")


def _ring(radius: int) -> Iterator[tuple[int, int]]:
    """Yield the (row, col) offsets of the border of a square window."""
    for row in range(-radius, radius + 1):
        step = 1 if abs(row) == radius else 2 * radius
        for col in range(-radius, radius + 1, step):
            yield row, col


def _similarity(tokens: Tensor, centers: Tensor) -> Tensor:
    """Weigh tokens (..., C) by their distance to centre tokens, exp(-distance): (..., 1)."""
    distances: Tensor = torch.linalg.vector_norm(tokens - centers, dim=-1, keepdim=True)
    return distances.neg_().exp_()
