"""Files of samples -> tokens in the cache: each file is read once, decoding and grouping run beside the network."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby, islice

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from inspector.data.clouds.cloud import Cloud
from inspector.data.clouds.pictures import organise_cloud
from inspector.data.parts import Part
from inspector.data.photos import Resize
from inspector.errors import InputError
from inspector.features.backbones import Backbone
from inspector.features.batch_size import describe_too_large, lower_batch_size, round_to_power_of_two
from inspector.features.cache import TokenCache
from inspector.features.point_groups import group_points
from inspector.features.point_tokens import PointFeature
from inspector.geometry.tiles import Tiling
from inspector.machine import count_readers, is_out_of_memory


@dataclass(frozen=True)
class CloudFeatures:
    """How clouds are turned into tokens, and where these are kept."""

    feature: PointFeature
    groups: int
    size: int
    step: int
    cache: TokenCache


@dataclass(frozen=True)
class ImageFeatures:
    """How photos are turned into tokens, and where these are kept.

    With two `phases` photos go through the network again, moved by half a patch to the lower right; the tokens of the
    second pass are kept as further layers. With several `tiles`, (rows, columns), the layers of the first one come
    first, then those of the next. The embedding of a photo holds those of its tiles one after the other, divided by the
    root of their number: products of two photos are means over their tiles. Photos were brought to the network's size
    with the filter `resize`. `more` is the network for further sizes of its input, each seen once: the layers of a tile
    at these sizes follow those of its passes.
    """

    backbone: Backbone
    cache: TokenCache
    phases: int = 1
    tiles: Tiling = (1, 1)
    resize: Resize = "bicubic"
    more: tuple[Backbone, ...] = ()

    @property
    def squares(self) -> int:
        """How many squares a photo is cut into at each size."""
        return self.tiles[0] * self.tiles[1]

    @property
    def largest(self) -> Backbone:
        """The network at the largest of its sizes."""
        return max((self.backbone, *self.more), key=lambda network: network.image_size)


def cache_tokens(
    readers: Sequence[Callable[[], Part]],
    images: ImageFeatures | None,
    clouds: CloudFeatures | None,
    *,
    batch_size: int,
    left: Callable[[], int],
    shrunk: Callable[[int], None],
) -> Iterator[list[Part]]:
    """Read samples, put their tokens into the caches, and yield what was read, a group at a time.

    Groups are fixed by position, and a group's photos go through the network together unless all their tokens are
    there: a scan that was stopped and taken up again gives the very same tokens. Where photos are cut into tiles, a
    group has fewer photos, so that no more squares wait in memory than without, or one photo where it has more tiles.
    Where memory runs out, smaller groups within the group go through the network, from then on to the end. A sample
    that cannot be read for want of memory is left out with its reason.

    Args:
        readers: one call per sample, in batch order, each giving its `Part`.
        images: for photos; None = there are none.
        clouds: for clouds; None = there are none.
        batch_size: samples per group, and squares that go through the network together.
        left: bytes that may be taken now; samples are read ahead only while they fit.
        shrunk: told the number of squares that go through the network together, whenever it had to be lowered.

    Yields:
        The `Part` of each sample; those that could not be used carry the reason.

    Raises:
        InspectorError: not even one photo fits through the network.
    """
    group_size = count_group(images, batch_size)
    with ThreadPoolExecutor(count_readers(left(), images.backbone.device if images else "cpu")) as pool:
        ahead: list[Future[Part]] = []
        upcoming = iter(enumerate(readers))
        largest, together = 1, batch_size

        def submit(count: int) -> None:
            for _, (position, reader) in zip(range(count), upcoming, strict=False):
                ahead.append(pool.submit(read_within_memory, position, reader, clouds))

        try:
            submit(group_size)
            while ahead:
                group = [future.result() for future in ahead[:group_size]]
                del ahead[:group_size]
                largest = max(largest, *(_count_bytes(part) for part in group))
                submit(min(2 * group_size, left() // largest) - len(ahead))
                if images is not None:
                    photos = [part for part in group if part.squares is not None]
                    together = _cache_group(images, photos, together, shrunk)
                yield group
                del group
                submit(group_size - len(ahead))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _cache_group(images: ImageFeatures, parts: list[Part], together: int, shrunk: Callable[[int], None]) -> int:
    """Keep the tokens of a group, `together` squares at a time or, where memory runs out, fewer; return how many."""
    while True:
        photos = _count_photos(together, images.squares)
        try:
            for _, some in groupby(parts, lambda part: part.position // photos):  # noqa: B023 - used up at once
                cache_photos(images, list(some), together)
            return together
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if together == 1:
                raise describe_too_large(images.largest) from error
        together = lower_batch_size(together)  # out of the handler: the error keeps what was computed alive
        shrunk(together)


def count_group(images: ImageFeatures | None, batch_size: int) -> int:
    """Return how many samples a group has, by the squares that go through the network together."""
    return _count_photos(batch_size, images.squares) if images else batch_size


def _count_photos(squares: int, tiles: int) -> int:
    """How many photos make so many squares; of tiles a power of two, so that smaller groups nest in larger ones."""
    return squares if tiles == 1 else round_to_power_of_two(squares // tiles, squares)


def _count_bytes(part: Part) -> int:
    held = [*vars(part).values(), *part.more_squares]
    return sum(value.nbytes for value in held if isinstance(value, np.ndarray))


def cache_photos(images: ImageFeatures, parts: Sequence[Part], batch_size: int) -> None:
    """Keep the tokens of photos that were read, unless all of them are there.

    Args:
        images: how they are made, and where they are kept.
        parts: with their squares.
        batch_size: squares that go through the network together.
    """
    if all(images.cache.holds(part.image_key) for part in parts):
        return
    squares = [square for part in parts if part.squares is not None for square in part.squares]
    passes = [_extract_tokens(images.backbone, squares, batch_size, images.phases)]
    for index, network in enumerate(images.more):
        closer = [square for part in parts for square in part.more_squares[index]]
        passes.append(_extract_tokens(network, closer, batch_size))
    tokens = zip(*passes, strict=True)  # of each tile
    for part in parts:
        of_tiles = list(islice(tokens, images.squares))
        seen = -1 if part.box is not None else 0  # of what shows the part alone, turned: not of where it lies
        embedding = torch.cat([sizes[seen][1] for sizes in of_tiles]) / math.sqrt(images.squares)
        layers = [layer for sizes in of_tiles for found, _ in sizes for layer in found]
        images.cache.save(part.image_key, layers, {"embedding": embedding})


def _extract_tokens(
    network: Backbone, squares: list[NDArray[np.uint8]], batch_size: int, phases: int = 1
) -> Iterator[tuple[list[Tensor], Tensor]]:
    """Yield the layers of each square, rounded as the cache keeps them, and its embedding."""
    for start in range(0, len(squares), batch_size):
        some = squares[start : start + batch_size]
        if network.few_shapes:  # fill up to a power of two
            some = some + [some[-1]] * (min(batch_size, 1 << (len(some) - 1).bit_length()) - len(some))
        inputs = torch.from_numpy(np.stack(some)).to(network.device).permute(0, 3, 1, 2).float() / 255
        layers, embeddings = network.tokens(inputs)
        if phases == 2:
            side = inputs.shape[-1]
            step = side // layers[-1].shape[1] // 2
            moved = F.pad(inputs, (step, 0, step, 0), mode="reflect")[..., :side, :side]
            layers = layers + network.tokens(moved)[0]
        rounded = [layer.to(torch.float16).cpu() for layer in layers]
        for index in range(min(batch_size, len(squares) - start)):
            yield [layer[index] for layer in rounded], embeddings[index]


def read_within_memory(position: int, reader: Callable[[], Part], clouds: CloudFeatures | None = None) -> Part:
    """Read a sample, keep the tokens of its cloud; one that does not fit into memory comes back with that reason."""
    try:
        part = _keep_cloud_tokens(reader(), clouds)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        return Part(position, reason="it does not fit into memory; reduce its size or allow more memory")
    return replace(part, cloud=None, points=None)  # clouds of millions of points need not wait for the others


def _keep_cloud_tokens(part: Part, clouds: CloudFeatures | None) -> Part:
    if part.cloud is None or clouds is None or clouds.cache.holds(part.cloud_key):
        return part
    try:
        _cache_cloud(clouds, part.cloud_key, part.cloud, part.points)
    except InputError as error:
        if part.squares is None:
            return Part(part.position, reason=str(error))
        note = f"scored by its photo alone: {error}"
        note = f"{part.note}; {note}" if part.note else note
        return replace(part, cloud=None, cloud_key="", problem=str(error), note=note)
    return part


def _cache_cloud(clouds: CloudFeatures, key: str, cloud: Cloud, original: NDArray[np.float32] | None) -> None:
    """Keep the tokens of a cloud's groups, and what is needed to spread their scores over points and pixels."""
    points = torch.from_numpy(cloud.points)
    normals = None if cloud.normals is None else torch.from_numpy(cloud.normals)
    found = group_points(points, groups=clouds.groups, size=clouds.size, step=clouds.step)
    layers = clouds.feature(points, found, normals)
    shown, places = (cloud, np.arange(len(points))) if cloud.pixels is not None else organise_cloud(cloud)
    others: dict[str, Tensor] = {
        "points": points,
        "original": points if original is None else torch.from_numpy(original),
        "center_index": found.center_index,
        "curvature": found.curvature,
        "shown": torch.from_numpy(places),
        "pixels": torch.from_numpy(np.asarray(shown.pixels)),
        "size": torch.tensor(shown.size),
    }
    clouds.cache.save(key, list(layers), others)
