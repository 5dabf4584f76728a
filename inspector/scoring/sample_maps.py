"""Scores of patches and groups -> map, image score and scored points of a sample: one path for photo, tiles, cloud."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inspector.geometry.frame import Frame
from inspector.geometry.grid import Alignment
from inspector.geometry.placement import Placement, pixel_centres
from inspector.geometry.roi import Roi
from inspector.geometry.tiles import Tiling, map_length
from inspector.scoring.batch import BatchScores
from inspector.scoring.feature_sets import BatchFeatures, PointFeatureSet
from inspector.scoring.fusion import LEAST_USUAL
from inspector.scoring.maps import grid_maps, image_scores, point_maps, point_scores, tile_maps


@dataclass(frozen=True)
class SampleMaps:
    """What scoring found on one sample.

    Attributes:
        score: the image score, largest value of the map at the size it is scored at.
        anomaly_map: (h, w) float32, aligned with the sample's picture as it was asked for.
        points: (M, 3) float32 in the file's unit, None where there is no cloud.
        seen: (h, w) bool, where the map counts; elsewhere it has its lowest value. None = everywhere.
        point_scores: (M,) float32, on the scale of the map. pixels: (M,) int64 in the sample's picture, -1 = not shown.
    """

    score: float
    anomaly_map: NDArray[np.float32] = field(repr=False)
    points: NDArray[np.float32] | None = field(default=None, repr=False)
    point_scores: NDArray[np.float32] | None = field(default=None, repr=False)
    pixels: NDArray[np.int64] | None = field(default=None, repr=False)
    seen: NDArray[np.bool_] | None = field(default=None, repr=False)


PHASE = 0.5
"""Patches by which a photo is moved to the lower right before its second pass."""


VALUES_A_PATCH = 2
"""Values along a patch, at least, of a map that patches of a turned box are laid on."""

MOST_SIDE = 512
"""Of such a map, in values: a part that is small in its photo has a coarser one."""


def map_sample(
    sample: int,
    features: BatchFeatures,
    scores: BatchScores,
    *,
    frame: Frame | None,
    side: int,
    score_share: float,
    alignment: Alignment = "centres",
    roi: Roi | None = None,
) -> SampleMaps:
    """Make the anomaly map of a sample, score it by that, and score the points of its cloud.

    A sample with cloud has the sum of both modalities' maps; where it lacks one, the batch's usual value stands in.

    Args:
        sample: its place in the batch.
        features: those of the batch.
        scores: of its patches and groups.
        frame: the square around its pictures; None = a photo alone, not padded, or a cloud without pixel grid.
        side: of the square that samples are scored at, in pixels.
        score_share: share of the map's values that the image score is the mean of; 0 = the highest.
        alignment: how the map lies on the picture, and the patches on the map.
        roi: what of the picture is looked at; the map is then as fine as the score takes it. None = all.
    """
    coarse = _blend_patches(sample, features, scores, alignment) if sample in scores.patches else None
    of_photo = scores.typical_patch if coarse is None else _stretch(coarse, features.tiling, side, alignment)
    cloud = _spread_groups(sample, features.points[0], scores.groups[sample]) if sample in scores.groups else None
    plane = of_photo + (scores.typical_group if cloud is None else cloud.plane)
    score = _score(plane, score_share, _cover(roi, plane, alignment, frame))
    if frame is not None:
        shown = _cut(frame, plane, alignment)
    elif cloud is None and coarse is not None and roi is None:
        shown = coarse  # stretching it again gives the same map
    else:
        shown = plane
    seen = _cover(roi, shown, alignment)
    shown = _hide(shown, seen)
    if cloud is None:
        return SampleMaps(score, shown.numpy(), seen=_to_array(seen))
    of_points, in_picture = cloud.scores.clone(), torch.full((len(cloud.scores),), -1)
    of_points[cloud.shown] += of_photo.expand(plane.shape).flatten()[cloud.pixels]
    in_picture[cloud.shown] = cloud.pixels if frame is None else frame.crop_pixels(cloud.pixels, len(plane))
    if roi is not None and frame is not None:
        of_points = _hide_points(of_points, in_picture, roi.cover(frame.size))
    found = (cloud.points.numpy(), of_points.numpy(), in_picture.numpy())
    return SampleMaps(score, shown.numpy(), *found, _to_array(seen))


def map_photo(
    sample: int,
    sizes: Sequence[tuple[BatchFeatures, BatchScores]],
    *,
    side: int,
    score_share: float,
    alignment: Alignment = "centres",
    placed: tuple[Placement, tuple[int, int]] | None = None,
    roi: Roi | None = None,
) -> SampleMaps:
    """Make one anomaly map of what was found on a photo at several sizes, and score the photo by that.

    Distances between patches of different sizes are not on one scale: the maps are averaged after each was divided by
    the usual score of a patch at its size in this batch, and the mean is brought back to the mean of these scores.
    Where further sizes show the part alone, they take what lies outside its box to be as usual as their lowest value.

    Args:
        sample: its place in the batch.
        sizes: features and scores of the batch at each size.
        side, score_share, alignment, roi: as for `map_sample`.
        placed: the box that all sizes but the first look at, and (H, W) of the photo in pixels; None = all look at the
            whole photo.
    """
    usual = [max(LEAST_USUAL, float(scores.typical_patch)) for _, scores in sizes]
    shape = _find_shape([features for features, _ in sizes], alignment, placed)
    fine = []
    for index, ((features, scores), each) in enumerate(zip(sizes, usual, strict=True)):
        plane = _blend_patches(sample, features, scores, alignment) / each
        if placed is None or index == 0:
            fine.append(grid_maps(plane.reshape(1, -1), (plane.shape[0], plane.shape[1]), shape, alignment)[0])
        else:
            fine.append(_lay_box(plane, *placed, shape))
    mean = torch.stack(fine).mean(dim=0) * (sum(usual) / len(usual))
    plane = _stretch(mean, sizes[0][0].tiling, side, alignment)
    seen = _cover(roi, plane, alignment)
    shown = mean if seen is None else _hide(plane, seen)
    return SampleMaps(_score(plane, score_share, seen), shown.numpy(), seen=_to_array(seen))


def _cover(roi: Roi | None, plane: Tensor, alignment: Alignment, frame: Frame | None = None) -> Tensor | None:
    """Tell which values of a map are looked at; None = all."""
    if roi is None:
        return None
    return torch.from_numpy(roi.cover((plane.shape[0], plane.shape[1]), alignment, frame))


def _score(plane: Tensor, share: float, seen: Tensor | None) -> float:
    """Score a sample by what is looked at of its map."""
    return float(image_scores((plane if seen is None else plane[seen][None])[None], share=share))


def _hide(plane: Tensor, seen: Tensor | None) -> Tensor:
    """Give what is not looked at the lowest value of what is."""
    return plane if seen is None else torch.where(seen, plane, plane[seen].min())


def _hide_points(scores: Tensor, pixels: Tensor, seen: NDArray[np.bool_]) -> Tensor:
    """Do so with points of a cloud, (M,), of those that lie in the picture: `seen` (H, W)."""
    looked_at = torch.ones_like(pixels, dtype=torch.bool)
    inside = pixels >= 0
    looked_at[inside] = torch.from_numpy(seen).flatten()[pixels[inside]]
    return _hide(scores, looked_at) if bool(looked_at.any()) else scores


def _to_array(seen: Tensor | None) -> NDArray[np.bool_] | None:
    return None if seen is None else seen.numpy()


def _find_shape(
    sizes: Sequence[BatchFeatures], alignment: Alignment, placed: tuple[Placement, tuple[int, int]] | None
) -> tuple[int, int]:
    """Choose the size (rows, cols) of a map of several sizes: a value at least for each patch of each."""
    rows, cols = (
        max(map_length(features.tiling[axis], features.grid[axis], alignment, phases=2) for features in sizes)
        for axis in (0, 1)
    )
    if placed is None:
        return rows, cols
    box, (height, width) = placed
    patches = max(max(features.grid) * max(features.tiling) for features in sizes[1:])
    least = VALUES_A_PATCH * patches / min(box.width, box.height)  # values per pixel of the photo
    density = min(least, MOST_SIDE / max(height, width))
    return max(rows, round(density * height)), max(cols, round(density * width))


def _lay_box(plane: Tensor, box: Placement, size: tuple[int, int], shape: tuple[int, int]) -> Tensor:
    """Lay the map of a box over the photo (H, W) it was cut from: (rows, cols) of `shape`."""
    height, width = size
    places = pixel_centres(shape) * (width / shape[1], height / shape[0])
    within = torch.from_numpy(box.to_box(places)).to(plane.dtype) * 2 - 1
    lowest = plane.min()
    laid = F.grid_sample((plane - lowest)[None, None], within[None], align_corners=False)
    return laid[0, 0] + lowest


def _blend_patches(sample: int, features: BatchFeatures, scores: BatchScores, alignment: Alignment) -> Tensor:
    """Make one map of a photo's patches: of all its tiles, and of both passes, each where it was taken."""
    patches, phases, tiles = scores.patches[sample], features.phases, features.tiling
    if alignment == "corners":
        return tile_maps(patches[None], features.grid, tiles, alignment)[0]
    passes = scores.phases.get(sample)
    if passes is None:  # one pass; or the mean of two, patch by patch, which lies between them
        placed = [(patches, PHASE * (phases - 1) / phases)]
    else:
        placed = [(values, PHASE * index) for index, values in enumerate(passes)]
    maps = [tile_maps(values[None], features.grid, tiles, phases=phases, shift=shift)[0] for values, shift in placed]
    return torch.stack(maps).mean(dim=0) if len(maps) > 1 else maps[0]


def _stretch(coarse: Tensor, tiles: Tiling, side: int, alignment: Alignment) -> Tensor:
    """Stretch a map of patches to the size it is scored at: `side` x `side`.

    That of tiles, or a finer one, by a whole factor, to no fewer pixels a side than that: no peak is lost.
    """
    rows, cols = coarse.shape
    size = (side, side)
    if tiles != (1, 1) or max(rows, cols) > side:
        size = (_round_up(rows, side, alignment), _round_up(cols, side, alignment))
    return grid_maps(coarse.reshape(1, -1), (rows, cols), size, alignment)[0]


def _round_up(length: int, side: int, alignment: Alignment) -> int:
    """The least length of at least `side` at which every value of a map falls on a pixel."""
    if alignment == "corners":
        return (length - 1) * ceil((side - 1) / (length - 1)) + 1
    return length * (ceil(side / length) // 2 * 2 + 1)  # the middle of an even number of pixels lies between two


@dataclass(frozen=True)
class _SpreadCloud:
    """Scores of a cloud's groups, spread: `plane` (h, w) is the map of the `shown` points, which lie at `pixels`."""

    plane: Tensor
    points: Tensor
    scores: Tensor
    shown: Tensor
    pixels: Tensor


def _spread_groups(sample: int, clouds: PointFeatureSet, scores: Tensor) -> _SpreadCloud:
    points, shown, pixels = (clouds.read(sample, name) for name in ("points", "shown", "pixels"))
    height, width = clouds.read(sample, "size").tolist()
    centers = points[clouds.read(sample, "center_index")]
    (plane,) = point_maps([scores], [centers], [points[shown]], [pixels], (height, width))
    return _SpreadCloud(plane, clouds.read(sample, "original"), point_scores(scores, centers, points), shown, pixels)


def _cut(frame: Frame, plane: Tensor, alignment: Alignment) -> Tensor:
    """Undo padding: the map of the square, (side, side), cut to the sample's picture."""
    on_corners = alignment == "corners"
    last = max(1, frame.side - 1) if on_corners else frame.side
    rows, cols = (
        torch.linspace(span.first, span.last, span.number) * (2 / last) - 1
        for span in frame.crop_spans(len(plane), alignment)
    )
    places = torch.stack([cols.expand(len(rows), -1), rows[:, None].expand(-1, len(cols))], dim=2)
    return F.grid_sample(plane[None, None], places[None], padding_mode="border", align_corners=on_corners)[0, 0]
