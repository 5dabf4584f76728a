"""Cached tokens of a batch -> scores, maps, scored points and embeddings, for photos, clouds, and both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.clouds.background import Frame
from inspector.data.parts import Part
from inspector.events import Event, Report
from inspector.features.aggregation import lnamd, snamd_grid, snamd_points
from inspector.features.reader import CloudFeatures, ImageFeatures
from inspector.machine import GPU_SHARE, Budget
from inspector.scoring.batch import cross_modal_batch_scores, single_modality_scores
from inspector.scoring.crossmodal import patches_of
from inspector.scoring.maps import grid_maps, image_scores, point_maps, point_scores, tile_maps
from inspector.scoring.mutual import MEMORY, Load
from inspector.scoring.nearest import Comparison
from inspector.settings import ScanSettings


@dataclass(frozen=True)
class SampleMaps:
    """What scoring found on one sample.

    Attributes:
        score: the image score, largest value of the map at the size it is scored at.
        anomaly_map: (h, w) float32, corners on the corners of the sample's picture.
        points: (M, 3) float32 in the file's unit, None where there is no cloud.
        point_scores: (M,) float32, on the scale of the map. pixels: (M,) int64 in the sample's picture, -1 = not shown.
    """

    score: float
    anomaly_map: NDArray[np.float32] = field(repr=False)
    points: NDArray[np.float32] | None = field(default=None, repr=False)
    point_scores: NDArray[np.float32] | None = field(default=None, repr=False)
    pixels: NDArray[np.int64] | None = field(default=None, repr=False)


def scoring_room(device: str, budget: Budget) -> int:
    """Return the bytes that scoring may take now: what is left of the budget; on a GPU 0.8 of what is free on it, at
    most a budget that was given."""
    if device == "cpu":
        return budget.left()
    torch.cuda.empty_cache()  # what the network is done with
    free = int(GPU_SHARE * torch.cuda.mem_get_info()[0])
    return min(free, budget.limit) if budget.given else free


class Scorer:
    """Scores of one batch. `score` does the work, the other methods read its result sample by sample."""

    def __init__(
        self,
        parts: Sequence[Part],
        images: ImageFeatures | None,
        clouds: CloudFeatures | None,
        settings: ScanSettings,
        side: int,
        report: Report,
    ) -> None:
        self._parts = parts
        self._images = images
        self._clouds = clouds
        self._settings = settings
        self._side = side
        self._report = report
        self._photos = [index for index, part in enumerate(parts) if part.image_key]
        self._scans = [index for index, part in enumerate(parts) if part.cloud_key]
        self._both = sorted(set(self._photos) & set(self._scans))
        self._patches: dict[int, Tensor] = {}
        self._groups: dict[int, Tensor] = {}
        self._grid = (0, 0)
        if images is not None and self._photos:
            rows, cols, _ = images.cache.layer(parts[self._photos[0]].image_key, 0).shape
            self._grid = (rows, cols)

    def score(self, memory: int = MEMORY) -> None:
        """Score patches and groups of all samples against each other, each tile against the same tile of the others.

        Samples with photo and cloud are scored with cross-modal enhancement among themselves. Those that lack one are
        scored with what is there, against all samples that have it too.

        Args:
            memory: bytes that scoring may take, on a GPU of the GPU's memory.

        Raises:
            InputError: a sample has only a photo, or only a cloud, and no other sample has one.
        """
        grid_loads, point_loads = self._grid_loads(), self._point_loads()
        of_tiles: list[dict[int, Tensor]] = [{} for _ in range(self._settings.tiles**2)]
        enhanced = self._both if len(self._both) > 1 else []
        point_how = Comparison(self._settings.precision)
        grid_how = Comparison(self._settings.precision, self._grid, self._settings.search_radius)
        alone = [
            (have, loads, kept, how)
            for have, loads, kept, how in (
                *((self._photos, self._grid_loads(tile), found, grid_how) for tile, found in enumerate(of_tiles)),
                (self._scans, point_loads, self._groups, point_how),
            )
            if set(have) - set(enhanced)
        ]
        pairs = min(len(grid_loads), len(point_loads))
        tell = _Progress(
            self._report, len(enhanced) * pairs + sum(len(have) * len(loads) for have, loads, _, _ in alone)
        )
        share, references = self._settings.share, self._settings.references
        of_all_tiles = 8 * len(of_tiles) * len(self._photos) * self._grid[0] * self._grid[1] if of_tiles[1:] else 0
        for have, loads, kept, how in alone:
            scores = single_modality_scores(
                [_chosen(load, have) for load in loads],
                len(have),
                share=share,
                references=references,
                memory=max(1, memory - of_all_tiles),
                step=tell.step,
                how=how,
            )
            kept |= dict(zip(have, scores, strict=True))
        self._patches = {index: torch.cat([found[index] for found in of_tiles]) for index in of_tiles[0]}
        if enhanced:
            patches, groups = cross_modal_batch_scores(
                [_chosen(load, enhanced) for load in grid_loads],
                [_chosen(load, enhanced) for load in point_loads],
                [self._cells(index) for index in enhanced],
                share=share,
                references=references,
                memory=memory,
                step=tell.step,
                grid_how=grid_how,
                point_how=point_how,
            )
            self._patches |= dict(zip(enhanced, patches, strict=True))
            self._groups |= dict(zip(enhanced, groups, strict=True))

    def maps(self, index: int) -> SampleMaps:
        """Return the anomaly map and the scored points of a sample."""
        if index in self._groups:
            return self._cloud_maps(index)
        if self._settings.tiles > 1:
            return self._tiled_map(index)
        plane, frame = self._plane_of_patches(index), self._parts[index].frame
        if frame is None:
            return SampleMaps(self._image_score(plane), self._patches[index].view(self._grid).numpy())
        plane = plane + _typical(self._groups)
        return SampleMaps(self._image_score(plane), _cut(frame, plane).numpy())

    def embeddings(self) -> Tensor:
        """Return what re-scoring calls neighbours: (N, D), of the photos (RsCIN) or of the salient patches (RsCon).

        Where a sample has no photo, salient patches are taken for all.
        """
        by_image = {"image": True, "salient": False, "auto": not self._scans}[self._settings.rescoring]
        if by_image and len(self._photos) == len(self._parts):
            assert self._images is not None
            return torch.stack([self._images.cache.read(part.image_key, "embedding") for part in self._parts])
        pieces = []
        per_layer = len(self._settings.degrees) if self._settings.aggregation == "lnamd" else 1
        for loads, scores, sets in (
            ([self._grid_loads(tile) for tile in range(self._settings.tiles**2)], self._patches, per_layer),
            ([self._point_loads()], self._groups, 1),
        ):
            if scores:
                layer = max(0, len(loads[0]) // sets - 2) * sets  # the one before the last
                of_layer = [of_tile[layer] for of_tile in loads]
                vectors = {index: _salient(of_layer, index, values) for index, values in scores.items()}
                missing = torch.zeros_like(next(iter(vectors.values())))
                pieces.append(torch.stack([vectors.get(index, missing) for index in range(len(self._parts))]))
        return torch.cat(pieces, dim=1)

    def _cloud_maps(self, index: int) -> SampleMaps:
        """Map and scored points of a sample that has a cloud."""
        assert self._clouds is not None
        part, read = self._parts[index], partial(self._clouds.cache.read, self._parts[index].cloud_key)
        points, shown, pixels = read("points"), read("shown"), read("pixels")
        height, width = read("size").tolist()
        centers = points[read("center_index")]
        scores = point_scores(self._groups[index], centers, points)
        plane = point_maps([self._groups[index]], [centers], [points[shown]], [pixels], (height, width))[0]
        of_photo = self._plane_of_patches(index).expand(height, width)
        plane = plane + of_photo
        scores[shown] += of_photo.flatten()[pixels]
        in_picture = torch.full((len(points),), -1)
        in_picture[shown] = pixels if part.frame is None else _unframed(part.frame, height, pixels)
        shown_map = plane if part.frame is None else _cut(part.frame, plane)
        return SampleMaps(
            self._image_score(plane), shown_map.numpy(), read("original").numpy(), scores.numpy(), in_picture.numpy()
        )

    def _tiled_map(self, index: int) -> SampleMaps:
        """The blended map of a photo's tiles.

        It is scored at no fewer pixels a side than a whole photo's, stretched by a whole factor: no peak is lost.
        """
        (blended,) = tile_maps(self._patches[index][None], self._grid, self._settings.tiles)
        rows, cols = ((length - 1) * ceil((self._side - 1) / (length - 1)) + 1 for length in blended.shape)
        (stretched,) = grid_maps(blended.flatten()[None], (blended.shape[0], blended.shape[1]), (rows, cols))
        return SampleMaps(self._image_score(stretched), blended.numpy())

    def _image_score(self, plane: Tensor) -> float:
        return float(image_scores(plane[None], share=self._settings.score_share))

    def _plane_of_patches(self, index: int) -> Tensor:
        """The photo's map on the padded square; where the sample has no photo, the batch's usual value."""
        if index in self._patches:
            return grid_maps(self._patches[index][None], self._grid, (self._side, self._side))[0]
        return _typical(self._patches)

    def _cells(self, index: int) -> Tensor:
        """The patch in which the centre of each group lies, (G,)."""
        assert self._clouds is not None
        key = self._parts[index].cloud_key
        pixels = self._clouds.cache.read(key, "pixels")[self._clouds.cache.read(key, "center_index")]
        return patches_of(pixels, self._grid, self._side)

    def _grid_loads(self, tile: int = 0) -> list[Load]:
        """One per layer and degree (LNAMD) or layer (mean of degrees): features of the patches of a tile, (P, C)."""
        if self._images is None or not self._photos:
            return []
        of_a_tile = len(self._images.backbone.layers) * self._images.phases
        layers = range(tile * of_a_tile, (tile + 1) * of_a_tile)
        if self._settings.aggregation != "lnamd":
            return [partial(self._grid_features, layer=layer, degree=0) for layer in layers]
        return [
            partial(self._grid_features, layer=layer, degree=degree)
            for layer in layers
            for degree in self._settings.degrees
        ]

    def _grid_features(self, index: int, *, layer: int, degree: int) -> Tensor:
        assert self._images is not None
        tokens = _on(self._images.backbone.device, self._images.cache.layer(self._parts[index].image_key, layer)[None])
        if self._settings.aggregation == "snamd":
            return snamd_grid(tokens, self._settings.degrees)[0]
        degrees = (degree,) if degree else self._settings.degrees
        return F.normalize(torch.stack([lnamd(tokens, each) for each in degrees]).sum(dim=0), dim=-1)[0]

    def _point_loads(self) -> list[Load]:
        """One per layer: features of a sample's groups, (G, C)."""
        if self._clouds is None or not self._scans:
            return []
        key = self._parts[self._scans[0]].cloud_key
        return [partial(self._point_features, layer=layer) for layer in range(self._clouds.cache.layers(key))]

    def _point_features(self, index: int, *, layer: int) -> Tensor:
        assert self._clouds is not None
        cache, key = self._clouds.cache, self._parts[index].cloud_key
        centers = cache.read(key, "points")[cache.read(key, "center_index")]
        features = snamd_points(
            cache.layer(key, layer).float(), centers, cache.read(key, "curvature"), self._settings.point_degrees
        )
        return _on(self._images.backbone.device, features) if self._images else features


def _on(device: str, tensor: Tensor) -> Tensor:
    """Bring a tensor to where samples are compared; to a GPU from pinned memory, while it computes."""
    return tensor if device == "cpu" else tensor.pin_memory().to(device, non_blocking=True)


def _chosen(load: Load, samples: Sequence[int]) -> Load:
    """Number the samples of a selection from 0."""
    return lambda place: load(samples[place])


def _salient(loads: Sequence[Load], index: int, scores: Tensor) -> Tensor:
    """Features of a sample's highest-scoring patch, over all tiles: `loads` one per tile, `scores` tile by tile."""
    tile, place = divmod(int(scores.argmax()), len(scores) // len(loads))
    return loads[tile](index)[place].cpu()


def _typical(scores: dict[int, Tensor]) -> Tensor:
    """The usual score of a modality in this batch: what a sample without it is taken to have. 0 if none has it."""
    return torch.stack(list(scores.values())).median() if scores else torch.zeros(())


def _unframed(frame: Frame, side: int, pixels: Tensor) -> Tensor:
    """Undo resizing and padding: pixels (K,) of the square that is scored -> pixels of the sample's picture.

    The square was resized as `resize_cloud` does it: its row r is row floor(r x frame.side / side).
    """
    rows = pixels // side * frame.side // side - frame.top
    cols = pixels % side * frame.side // side - frame.left
    return rows * frame.size[1] + cols


def _cut(frame: Frame, plane: Tensor) -> Tensor:
    """Undo padding: the map of the square, (side, side), cut to the sample's picture, corners on its corners."""
    ends = ((frame.top, frame.size[0]), (frame.left, frame.size[1]))
    rows, cols = (
        torch.linspace(start, start + length - 1, max(2, round(length * len(plane) / frame.side)))
        * (2 / max(1, frame.side - 1))
        - 1
        for start, length in ends
    )
    places = torch.stack([cols.expand(len(rows), -1), rows[:, None].expand(-1, len(cols))], dim=2)
    return F.grid_sample(plane[None, None], places[None], padding_mode="border", align_corners=True)[0, 0]


class _Progress:
    """Counts scored samples and tells about every hundredth part of the work."""

    def __init__(self, report: Report, total: int) -> None:
        self._report = report
        self._total = total
        self._every = max(1, total // 100)
        self._done = 0
        report(Event("progress", "score", 0, total))

    def step(self) -> None:
        self._done += 1
        if self._done % self._every == 0 or self._done == self._total:
            self._report(Event("progress", "score", self._done, self._total))
