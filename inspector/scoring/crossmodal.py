"""Cross-modal Anomaly Enhancement (CAE, MuSc-V2): what one modality finds strange strengthens the other's scores.

All steps work on the nearest-patch distances of one sample to the N-1 others, (P, N-1) for patches of the photo and
(G, N-1) for groups of the cloud. "Rank-matched to" other values means: the k-th smallest becomes their k-th smallest.
"""

import torch
from torch import Tensor

from inspector.scoring.mutual import lowest_mean, nearest_distances


def cross_modal_scores(
    grid_features: Tensor,
    point_features: Tensor,
    center_pixels: Tensor,
    *,
    grid: tuple[int, int],
    image_size: int | tuple[int, int],
    share: float = 0.3,
) -> tuple[Tensor, Tensor]:
    """Score patches and groups of a batch against all other samples, each modality helped by the other.

    Args:
        grid_features: (N, P, C2) floating, finite; patches in row-major order.
        point_features: (N, G, C3) floating, finite.
        center_pixels: (N, G) int64, the pixel of each group's centre, row x W + col.
        grid: (rows, cols) with rows x cols = P.
        image_size: (H, W) of the photo and the organised cloud in pixels, or the side of a square.
        share: of the other samples, nearest first, that a patch is judged by; at least one.

    Returns:
        (N, P) and (N, G) float32, distances >= 0.

    Raises:
        InputError: fewer than two samples.
        ValueError: shapes that do not go together, values that are not finite, pixels outside the image.

    Example:
        Two samples of one patch and one group: with nothing to re-rank, the scores are the distances themselves.
    """
    cells = patches_of(center_pixels, grid, image_size)
    _check(grid_features, point_features, cells, grid)
    grid_scores = grid_features.new_empty(grid_features.shape[:2], dtype=torch.float32)
    point_scores = point_features.new_empty(point_features.shape[:2], dtype=torch.float32)
    count = len(grid_features)
    grid_distances = nearest_distances(grid_features.__getitem__, count)
    point_distances = nearest_distances(point_features.__getitem__, count)
    for (sample, patches), (_, groups) in zip(grid_distances, point_distances, strict=True):
        enhanced = enhance(patches.T, groups.T, cells[sample])
        grid_scores[sample] = lowest_mean(enhanced[0].T, share)
        point_scores[sample] = lowest_mean(enhanced[1].T, share)
    return grid_scores, point_scores


def patches_of(pixels: Tensor, grid: tuple[int, int], image_size: int | tuple[int, int]) -> Tensor:
    """Find the patch each pixel falls in.

    Args:
        pixels: int64 of any shape, row x W + col.
        grid: (rows, cols) of the patches.
        image_size: (H, W) in pixels, or the side of a square.

    Returns:
        int64 of the same shape, row x cols + col of the patch.

    Raises:
        ValueError: a pixel outside the image.

    Example:
        Pixel 5 of a 4 x 4 image, (1, 1), lies in patch 0 of a 2 x 2 grid; pixel 10, (2, 2), in patch 3.
    """
    height, width = (image_size, image_size) if isinstance(image_size, int) else image_size
    if pixels.numel() and not 0 <= int(pixels.min()) <= int(pixels.max()) < height * width:
        raise ValueError(f"expected pixels of a {height} x {width} image, but some lie outside")
    rows, cols = grid
    return pixels // width * rows // height * cols + pixels % width * cols // width


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
    return _enhanced(patches, carried, members > 0), _enhanced(groups, patches[cells], None)


def _enhanced(own: Tensor, carried: Tensor, covered: Tensor | None) -> Tensor:
    """Mean of the own distances and the own distances strengthened by the carried ones, (R, K).

    Args:
        own, carried: (R, K).
        covered: (R,) bool, rows that have a counterpart in the other modality; None = all.
    """
    confidence = 1 - _rank_matched(_spread(carried), _spread(own))
    if covered is None:
        matched = _rank_matched(carried, own)
    else:
        matched = torch.zeros_like(own)
        matched[covered] = _rank_matched(carried[covered], own[covered])
    strengthened = torch.maximum(own, matched) * confidence[:, None]
    return (own + _rank_matched(strengthened, own)) / 2


def _spread(rows: Tensor) -> Tensor:
    """Standard deviation of each row; 0 where there is only one other sample."""
    return rows.std(dim=1) if rows.shape[1] > 1 else rows.new_zeros(len(rows))


def _rank_matched(values: Tensor, targets: Tensor) -> Tensor:
    """Replace the k-th smallest of all `values` by the k-th smallest of all `targets`, of the same shape.

    Equal values, as of the patches without a counterpart, are ranked in the order `torch.sort` leaves them in, which
    is as published; it is fixed on a machine, but another platform may choose another.
    """
    order = values.flatten().sort().indices
    ranked = torch.empty_like(values).flatten()
    ranked[order] = targets.flatten().sort().values
    return ranked.view_as(values)


def _check(grid_features: Tensor, point_features: Tensor, cells: Tensor, grid: tuple[int, int]) -> None:
    count, patches = grid[0] * grid[1], grid_features.shape[:2]
    if grid_features.ndim != 3 or patches[1] != count:
        raise ValueError(f"expected grid features (N, {count}, C), but got {tuple(grid_features.shape)}")
    if point_features.ndim != 3 or cells.shape != point_features.shape[:2] or len(cells) != patches[0]:
        raise ValueError(
            f"expected point features (N, G, C) and centre pixels (N, G) for {patches[0]} samples, "
            f"but got {tuple(point_features.shape)} and {tuple(cells.shape)}"
        )
    if not (grid_features.isfinite().all() and point_features.isfinite().all()):
        raise ValueError("expected finite features, but some are NaN or infinite")
