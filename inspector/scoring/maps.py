"""Patch and group scores -> anomaly maps."""

import torch.nn.functional as F
from torch import Tensor


def grid_maps(scores: Tensor, grid: tuple[int, int], size: tuple[int, int]) -> Tensor:
    """Stretch patch scores to pixel maps, bilinear with aligned corners.

    Args:
        scores: (N, P) floating, patches in row-major order.
        grid: (rows, cols) with rows x cols = P.
        size: (H, W) of the maps in pixels.

    Returns:
        (N, H, W) of the type of `scores`.

    Raises:
        ValueError: P is not rows x cols.

    Example:
        A grid (1, 2) with scores 0 and 1 at size (1, 3) gives 0, 0.5, 1.
    """
    rows, cols = grid
    if scores.ndim != 2 or scores.shape[1] != rows * cols:
        raise ValueError(f"expected scores of shape (N, {rows * cols}), but got {tuple(scores.shape)}")
    planes = scores.reshape(-1, 1, rows, cols)
    return F.interpolate(planes, size=size, mode="bilinear", align_corners=True)[:, 0]
