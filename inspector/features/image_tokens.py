"""Photo files -> patch tokens in the cache: each file is read once, decoding runs beside the network."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.images import decode_image, network_input, read_bytes, shrink
from inspector.errors import InputError
from inspector.features.backbones import Backbone
from inspector.features.cache import TokenCache

DECODERS = 2
"""Threads that decode photos; each may hold one photo of several hundred megapixels."""

THUMBNAIL = 256
"""Longer side of thumbnails, in pixels."""


@dataclass(frozen=True)
class Photo:
    """What one reading of a photo file gives.

    Attributes:
        position: place in the batch.
        sha256: of the file's bytes.
        size: (H, W) in pixels, after EXIF rotation.
        square: (S, S, 3) uint8, input of the network; None where the file could not be read.
        preview: the photo at thumbnail size, uint8; None likewise.
        reason: why the file could not be read, or "".
    """

    position: int
    sha256: str = ""
    size: tuple[int, int] = (0, 0)
    square: NDArray[np.uint8] | None = field(default=None, repr=False)
    preview: NDArray[np.uint8] | None = field(default=None, repr=False)
    reason: str = ""


def cache_tokens(
    paths: Sequence[Path],
    backbone: Backbone,
    cache: TokenCache,
    *,
    batch_size: int,
) -> Iterator[list[Photo]]:
    """Read photos, put their tokens into the cache, and yield what was read, a group at a time.

    Groups are fixed by position, and a group goes through the network whole unless all its tokens are there:
    a scan that was stopped and taken up again gives the very same tokens.

    Args:
        paths: photo files in batch order.
        backbone: the network.
        cache: where its tokens go.
        batch_size: photos per group.

    Yields:
        The `Photo` of each path; those that could not be read carry the reason.
    """
    with ThreadPoolExecutor(DECODERS) as pool:
        ahead: list[Future[Photo]] = []
        upcoming = enumerate(paths)

        def submit(count: int) -> None:
            for _, (position, path) in zip(range(count), upcoming, strict=False):
                ahead.append(pool.submit(_read_photo, position, path, backbone.image_size))

        try:
            submit(2 * batch_size)
            while ahead:
                group = [future.result() for future in ahead[:batch_size]]
                del ahead[:batch_size]
                submit(batch_size)
                _fill(cache, backbone, [photo for photo in group if not photo.reason])
                yield group
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _fill(cache: TokenCache, backbone: Backbone, photos: list[Photo]) -> None:
    if not photos or all(cache.intact(photo.sha256) for photo in photos):
        return
    squares = np.stack([photo.square for photo in photos if photo.square is not None])
    images = torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255
    layers, embeddings = backbone.tokens(images)
    for index, photo in enumerate(photos):
        cache.save(photo.sha256, [layer[index] for layer in layers], embeddings[index])


def _read_photo(position: int, path: Path, side: int) -> Photo:
    try:
        content = read_bytes(path)
        pixels = decode_image(content, path.name)
    except InputError as error:
        return Photo(position, reason=str(error))
    return Photo(
        position,
        hashlib.sha256(content).hexdigest(),
        pixels.shape[:2],
        network_input(pixels, side),
        shrink(pixels, THUMBNAIL),
    )
