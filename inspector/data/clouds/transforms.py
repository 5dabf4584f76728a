"""A cloud made into another one: fewer points, another square, another size, another scale."""

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.cloud import Cloud
from inspector.errors import InputError
from inspector.geometry.frame import Frame


def select_points(cloud: Cloud, kept: NDArray[np.int64]) -> Cloud:
    """Keep the points with the given ascending indices (K,)."""
    pixels = None if cloud.pixels is None else cloud.pixels[kept]
    normals = None if cloud.normals is None else cloud.normals[kept]
    return Cloud(cloud.points[kept], pixels, cloud.size, normals, cloud.name)


def pad_cloud(cloud: Cloud, frame: Frame) -> Cloud:
    """Move the pixels of an organised cloud to their places in a square around it.

    Raises:
        ValueError: the cloud is not organised, or of another size than the frame's.
    """
    if cloud.pixels is None or cloud.size != frame.size:
        raise ValueError(f"expected an organised cloud of {frame.size}, but got {cloud.size}")
    return Cloud(cloud.points, frame.pad_pixels(cloud.pixels), (frame.side, frame.side), cloud.normals, cloud.name)


def resize_cloud(cloud: Cloud, size: tuple[int, int]) -> Cloud:
    """Resize an organised cloud by nearest neighbour: pixel r of h takes row floor(r x H / h), as published.

    Args:
        cloud: organised, (H, W).
        size: (h, w) in pixels.

    Returns:
        A cloud of that size; a point may be lost, or be there several times.

    Raises:
        InputError: only holes would be left.
        ValueError: the cloud is not organised, or a size below 1.

    Example:
        A cloud of 4 x 4 at (2, 2) keeps the points of rows 0 and 2 and columns 0 and 2.
    """
    if cloud.pixels is None or cloud.size is None or min(size) < 1:
        raise ValueError(f"expected an organised cloud and a size of at least 1, but got {cloud.size}, {size}")
    rows, cols = (np.arange(new) * old // new for new, old in zip(size, cloud.size, strict=True))
    wanted = (rows[:, None] * cloud.size[1] + cols).flatten()
    places = np.searchsorted(cloud.pixels, wanted).clip(max=len(cloud.pixels) - 1)  # no grid: it may be a long line's
    pixels = np.flatnonzero(cloud.pixels[places] == wanted)
    if len(pixels) == 0:
        raise InputError(f"{cloud.name} has no point left at {size[1]} x {size[0]} pixels; use a larger size")
    taken = places[pixels]
    normals = None if cloud.normals is None else cloud.normals[taken]
    return Cloud(cloud.points[taken], pixels, size, normals, cloud.name)


def to_unit_sphere(cloud: Cloud) -> Cloud:
    """Move the mean of the points to the origin and scale the farthest point to distance 1; one place stays 0."""
    centered = cloud.points.astype(np.float64)
    centered -= centered.mean(axis=0)
    radius = np.linalg.norm(centered, axis=1).max()
    points = (centered / radius if radius > 0 else centered).astype(np.float32)
    return Cloud(points, cloud.pixels, cloud.size, cloud.normals, cloud.name)
