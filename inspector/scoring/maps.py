"""Patch and group scores -> anomaly maps."""

from collections.abc import Sequence
from math import floor, sqrt

import torch
import torch.nn.functional as F
from scipy.spatial import KDTree
from torch import Tensor

from inspector.geometry.grid import Alignment
from inspector.geometry.tiles import Tiling, blend_weights, map_length

NEAREST_CENTERS = 3
"""Group centres a point takes its score from (MuSc-V2, 3D score maps)."""

BLUR_RADIUS = 4.0
"""Blur of a cloud's map, in pixels: the standard deviation of the Gaussian (MuSc-V2, 3D score maps)."""

BLUR_PASSES = 3
"""Box blurs in a row that stand for one Gaussian, as in Pillow, whose blur the published maps have."""


def grid_maps(scores: Tensor, grid: tuple[int, int], size: tuple[int, int], alignment: Alignment = "centres") -> Tensor:
    """Stretch patch scores to pixel maps, bilinear.

    Args:
        scores: (N, P) floating, patches in row-major order.
        grid: (rows, cols) with rows x cols = P.
        size: (H, W) of the maps in pixels.
        alignment: how patches lie on the map; "corners" as published.

    Returns:
        (N, H, W) of the type of `scores`.

    Raises:
        ValueError: P is not rows x cols.

    Example:
        A grid (1, 2) with scores 0 and 1 at size (1, 4) gives 0, 0.25, 0.75, 1; corners on corners 0, 1/3, 2/3, 1.
    """
    rows, cols = grid
    if scores.ndim != 2 or scores.shape[1] != rows * cols:
        raise ValueError(f"expected scores of shape (N, {rows * cols}), but got {tuple(scores.shape)}")
    planes = scores.reshape(-1, 1, rows, cols)
    return F.interpolate(planes, size=size, mode="bilinear", align_corners=alignment == "corners")[:, 0]


def tile_maps(
    scores: Tensor,
    grid: tuple[int, int],
    tiles: Tiling,
    alignment: Alignment = "centres",
    *,
    phases: int = 1,
    shift: float = 0.0,
) -> Tensor:
    """Blend the patch scores of a photo's tiles into one map without seams: see `blend_weights`.

    Args:
        scores: (N, K x P) floating, tile by tile in row-major order, patches of a tile in row-major order.
        grid: (rows, cols) of a tile with rows x cols = P.
        tiles: (rows, columns), K in all.
        alignment: how the map lies on the photo.
        phases: of which the whole map is made; two make it finer.
        shift: patches by which the photo had been moved to the lower right.

    Returns:
        (N, h, w) of the type of `scores`, with a value for each patch.

    Raises:
        ValueError: shapes that do not go together.

    Example:
        Tiles that score 2 everywhere give a map that is 2 everywhere.
    """
    rows, cols = grid
    down, across = tiles
    if scores.ndim != 2 or scores.shape[1] != down * across * rows * cols:
        expected = f"(N, {down * across * rows * cols})"
        raise ValueError(f"expected scores of shape {expected}, but got {tuple(scores.shape)}")
    planes = scores.view(-1, down, across, rows, cols).transpose(2, 3).reshape(-1, down * rows, across * cols)
    vertical, horizontal = (
        torch.from_numpy(
            blend_weights(count, patches, map_length(count, patches, alignment, phases=phases), alignment, shift=shift)
        ).to(scores.device)
        for count, patches in zip(tiles, grid, strict=True)
    )
    return (vertical @ planes.double() @ horizontal.T).to(scores.dtype)


def image_scores(maps: Tensor, *, share: float = 0.0) -> Tensor:
    """Score each sample by its map: the highest value as published, or the mean of a share of the highest ones.

    Args:
        maps: (N, H, W) floating.
        share: 0..1 of the pixels, at least one; 0 = one.

    Returns:
        (N,) of the type of `maps`.

    Example:
        A map with values 1, 2, 3, 4 scores 4 at share 0, and 3.5 at share 0.5.
    """
    values = maps.flatten(1)
    return values.topk(max(1, int(values.shape[1] * share)), dim=1).values.mean(dim=1)


def point_maps(
    scores: Sequence[Tensor] | Tensor,
    centers: Sequence[Tensor] | Tensor,
    points: Sequence[Tensor],
    pixels: Sequence[Tensor],
    size: tuple[int, int],
    *,
    blur: float = BLUR_RADIUS,
) -> Tensor:
    """Spread group scores over the points of organised clouds and write them to the points' pixels, blurred.

    Args:
        scores: (G,) floating of each of the N samples.
        centers: (G, 3) of each sample.
        points: (M, 3) of each sample, M as it comes; any unit, the same as of its centres.
        pixels: (M,) int64 of each sample, row x W + col, no pixel twice.
        size: (H, W) of the maps in pixels.
        blur: standard deviation in pixels; 0 = none.

    Returns:
        (N, H, W) of the type of `scores`, 0 (before the blur) where the cloud has no point.

    Raises:
        ValueError: shapes that do not go together, values that are not finite, pixels outside the map.
    """
    height, width = size
    maps = [values.new_zeros(height * width) for values in scores]
    for plane, *sample, places in zip(maps, scores, centers, points, pixels, strict=True):
        spread = point_scores(*sample)
        if places.shape != spread.shape:
            raise ValueError(f"expected {len(spread)} pixels, one of each point, but got {tuple(places.shape)}")
        if len(places) and not 0 <= int(places.min()) <= int(places.max()) < height * width:
            raise ValueError(f"expected pixels of a {height} x {width} map, but some lie outside")
        plane[places] = spread
    planes = torch.stack(maps).view(-1, height, width)
    return _blur(planes, blur) if blur > 0 else planes


def point_scores(scores: Tensor, centers: Tensor, points: Tensor) -> Tensor:
    """Interpolate group scores at every point of a cloud (MuSc-V2, 3D score maps).

    A point's score is the mean of the scores of its three nearest centres, weighted by the inverse square of the
    distance; all centres where there are fewer. A point on a centre takes the centre's score.

    Args:
        scores: (G,) floating.
        centers: (G, 3) floating, finite.
        points: (M, 3) floating, finite, in the unit of the centres.

    Returns:
        (M,) of the type and on the device of `scores`.

    Raises:
        ValueError: wrong shape, or values that are not finite.

    Example:
        Centres at 0 and 3 with scores 0 and 1 give a point at 1 (1/4) / (1 + 1/4) = 0.2.
    """
    if centers.shape != (len(scores), 3) or scores.ndim != 1 or points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(
            "expected scores (G,), centers (G, 3) and points (M, 3), but got "
            f"{tuple(scores.shape)}, {tuple(centers.shape)} and {tuple(points.shape)}"
        )
    if not all(tensor.isfinite().all() for tensor in (scores, centers, points)):
        raise ValueError("expected finite values, but some are NaN or infinite")
    count = min(NEAREST_CENTERS, len(centers))
    tree = KDTree(centers.detach().cpu().double().numpy())
    distances, nearest = tree.query(points.detach().cpu().double().numpy(), list(range(1, count + 1)))
    weights = 1 / torch.from_numpy(distances).square().clamp(min=1e-200)  # (M, 3)
    weights = (weights / weights.sum(dim=1, keepdim=True)).to(scores)
    return (scores[torch.from_numpy(nearest).to(scores.device)] * weights).sum(dim=1)


def _blur(planes: Tensor, deviation: float) -> Tensor:
    """Blur (N, H, W) by box passes with fractional ends, the border repeated."""
    kernel = torch.tensor(_make_box(deviation), dtype=planes.dtype, device=planes.device)
    planes = planes[:, None]
    reach = len(kernel) // 2
    for _ in range(BLUR_PASSES):
        planes = F.pad(planes, (reach, reach, reach, reach), mode="replicate")
        planes = F.conv2d(F.conv2d(planes, kernel.view(1, 1, 1, -1)), kernel.view(1, 1, -1, 1))
    return planes[:, 0]


def _make_box(deviation: float) -> list[float]:
    """Return the weights of the box of which `BLUR_PASSES` passes have the variance of the Gaussian.

    The box with whole ends that is just too narrow, and the share of one more value on each side that it lacks.
    """
    variance = deviation**2 / BLUR_PASSES
    radius = floor((sqrt(12 * variance + 1) - 1) / 2)
    side = 2 * radius + 1
    end = side * (radius * (radius + 1) - 3 * variance) / (6 * (variance - (radius + 1) ** 2))
    return [value / (side + 2 * end) for value in (end, *[1.0] * side, end)]
