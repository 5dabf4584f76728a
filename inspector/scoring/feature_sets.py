"""Features that samples are compared by, made of cached tokens when they are asked for.

A set knows where tokens lie and what is made of them, not the network they came from: it can be sent to another
process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self

from torch import Tensor

from inspector.data.parts import Part
from inspector.features.aggregation import AGGREGATIONS, JOINED, Aggregate, join_layers, snamd_points
from inspector.features.cache import TokenCache
from inspector.features.metric import lnamd_learnt
from inspector.features.reader import CloudFeatures, ImageFeatures
from inspector.geometry.grid import patches_of
from inspector.geometry.tiles import Tiling


@dataclass(frozen=True)
class FeatureSet:
    """One layer of the tokens of some samples. Calling it with a sample's place loads its features.

    Attributes:
        cache: where the tokens lie.
        keys: name of each sample's content in the cache; "" = the sample has none.
        layer: which tokens of a sample.
        device: where samples are compared.
        held: keeps the features that were made, by the name of the content; None = they are made each time.
    """

    cache: TokenCache
    keys: tuple[str, ...] = field(repr=False)
    layer: int
    device: str
    held: dict[str, Tensor] | None = field(default=None, repr=False, compare=False, kw_only=True)

    def __call__(self, place: int) -> Tensor:
        """Return the features of one sample, (P, C) float32 on the device."""
        if self.held is None:
            return self._make(place)
        if self.keys[place] not in self.held:
            self.held[self.keys[place]] = self._make(place)
        return self.held[self.keys[place]]

    def _make(self, place: int) -> Tensor:
        raise NotImplementedError

    def read(self, place: int, name: str) -> Tensor:
        """Return what else is kept of one sample, by its name."""
        return self.cache.read(self.keys[place], name)

    def choose(self, places: Iterable[int]) -> Self:
        """Return the set of some samples alone, numbered from 0."""
        return replace(self, keys=tuple(self.keys[place] for place in places))


@dataclass(frozen=True)
class GridFeatureSet(FeatureSet):
    """Features of the patches of photos, or of one tile of each.

    Attributes:
        aggregate: makes them of tokens; see `AGGREGATIONS`.
        joined: further layers whose tokens are joined to those of the first; see `join_layers`.
    """

    aggregate: Aggregate
    joined: tuple[int, ...] = ()

    def _make(self, place: int) -> Tensor:
        layers = [
            _move(self.cache.layer(self.keys[place], layer)[None], self.device) for layer in (self.layer, *self.joined)
        ]
        return self.aggregate(join_layers(layers) if self.joined else layers[0])[0]


@dataclass(frozen=True)
class PointFeatureSet(FeatureSet):
    """Features of the groups of clouds.

    Attributes:
        degrees: numbers of groups that are averaged, as for `snamd_points`.
    """

    degrees: tuple[int, ...]

    def _make(self, place: int) -> Tensor:
        tokens, curvature = self.cache.layer(self.keys[place], self.layer).float(), self.read(place, "curvature")
        centers = self.read(place, "points")[self.read(place, "center_index")]
        return _move(snamd_points(tokens, centers, curvature, self.degrees), self.device)

    def center_pixels(self, place: int) -> Tensor:
        """Return the pixel of each group's centre in the square that a cloud is scored in: (G,) int64."""
        return self.read(place, "pixels")[self.read(place, "center_index")]


@dataclass(frozen=True)
class BatchFeatures:
    """All sets of features of a batch; samples by their places in it.

    Attributes:
        photos, clouds: the samples that have one, ascending.
        tiles: for each tile of the photos, row by row, its sets: one or more a layer, layer by layer; one tile where
            photos are not cut, no sets where there are none.
        points: one set a layer.
        grid: (rows, cols), the patches of a photo or tile; (0, 0) without photos.
        per_layer: how many sets a layer of the photos has.
        phases: passes of the photos; each tile's sets are those of the first pass, then as many of the second.
        whole: sets of photos that show what the parts lie on, where others of the batch are blacked out there; a photo
            that has no cloud to black it out by is compared with these. Empty where there is no such photo.
        whole_photos: the samples that have one, ascending.
        tiling: (rows, columns) of the tiles.
    """

    photos: tuple[int, ...] = field(repr=False)
    clouds: tuple[int, ...] = field(repr=False)
    tiles: tuple[tuple[GridFeatureSet, ...], ...]
    points: tuple[PointFeatureSet, ...]
    grid: tuple[int, int]
    per_layer: int
    phases: int = 1
    whole: tuple[GridFeatureSet, ...] = ()
    whole_photos: tuple[int, ...] = field(default=(), repr=False)
    tiling: Tiling = (1, 1)

    @property
    def both(self) -> list[int]:
        """The samples that have a photo and a cloud, ascending."""
        return sorted(set(self.photos) & set(self.clouds))

    def choose(self, samples: Sequence[int]) -> "BatchFeatures":
        """Return the photos of some samples as a batch of their own, numbered from 0."""
        tiles = tuple(tuple(loads.choose(samples) for loads in of_tile) for of_tile in self.tiles)
        return replace(
            self, photos=tuple(range(len(samples))), clouds=(), tiles=tiles, points=(), whole=(), whole_photos=()
        )

    def find_cells(self, sample: int) -> Tensor:
        """Return the patch in which the centre of each group of a cloud lies, (G,) int64."""
        clouds = self.points[0]
        height, width = clouds.read(sample, "size").tolist()
        return patches_of(clouds.center_pixels(sample), self.grid, (height, width))


def collect_features(
    parts: Sequence[Part],
    images: ImageFeatures | None,
    clouds: CloudFeatures | None,
    *,
    aggregation: str,
    degrees: Sequence[int],
    point_degrees: Sequence[int],
    metric: bool = False,
    size: int = 0,
) -> BatchFeatures:
    """Say what the samples of a batch are compared by, at one size of the photos; their tokens are in the caches.

    Args:
        parts: the samples, in batch order.
        images: where the tokens of photos lie; None = there are none.
        clouds: where those of clouds lie; None = there are none.
        aggregation: a name in `AGGREGATIONS`.
        degrees: its windows, in patches.
        point_degrees: windows of the groups of clouds, in groups.
        metric: photos are compared by the learnt metric of the embedded network, its stages 2 and 3 joined.
        size: which of the sizes at which photos went through the network, counted from 0.
    """
    photos = tuple(place for place, part in enumerate(parts) if images and part.image_key)
    scans = tuple(place for place, part in enumerate(parts) if clouds and part.cloud_key)
    aggregates = [partial(lnamd_learnt, degrees=tuple(degrees))] if metric else AGGREGATIONS[aggregation](degrees)
    device = images.backbone.device if images else "cpu"
    tiles: tuple[tuple[GridFeatureSet, ...], ...] = ((),)
    points: tuple[PointFeatureSet, ...] = ()
    whole: tuple[GridFeatureSet, ...] = ()
    whole_photos = tuple(place for place, part in enumerate(parts) if images and part.whole_key)
    grid = (0, 0)
    if images and photos:
        keys = tuple(part.image_key for part in parts)
        joined = aggregation == JOINED
        tiles = tuple(_make_sets(images, keys, tile, aggregates, size, joined) for tile in range(images.squares))
        rows, cols, _ = images.cache.layer(parts[photos[0]].image_key, tiles[0][0].layer).shape
        grid = (rows, cols)
    if images and whole_photos:
        keys = tuple(part.whole_key for part in parts)
        whole = _make_sets(images, keys, 0, aggregates, size, aggregation == JOINED)
    if clouds and scans:
        keys = tuple(part.cloud_key for part in parts)
        of_points = tuple(point_degrees)
        points = tuple(
            PointFeatureSet(clouds.cache, keys, layer, device, of_points)
            for layer in range(clouds.cache.count_layers(keys[scans[0]]))
        )
    phases = images.phases if images and size == 0 else 1
    tiling = images.tiles if images else (1, 1)
    return BatchFeatures(photos, scans, tiles, points, grid, len(aggregates), phases, whole, whole_photos, tiling)


def _make_sets(
    images: ImageFeatures,
    keys: tuple[str, ...],
    tile: int,
    aggregates: Sequence[Aggregate],
    size: int,
    joined: bool,
) -> tuple[GridFeatureSet, ...]:
    """Make the sets of one tile of the photos at one size: all passes at the first, then one at each further size."""
    layers = len(images.backbone.layers)
    passes = (images.phases, *(1 for _ in images.more))
    first = layers * (tile * sum(passes) + sum(passes[:size]))
    together = layers if joined else 1
    return tuple(
        GridFeatureSet(
            images.cache, keys, layer, images.backbone.device, aggregate, tuple(range(layer + 1, layer + together))
        )
        for layer in range(first, first + layers * passes[size], together)
        for aggregate in aggregates
    )


def _move(tensor: Tensor, device: str) -> Tensor:
    """Bring a tensor to where samples are compared; to a GPU from pinned memory, while it computes."""
    return tensor if device == "cpu" else tensor.pin_memory().to(device, non_blocking=True)
