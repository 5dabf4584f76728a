"""Scored point clouds: how a run keeps them, and how they leave it as PLY. No Open3D.

A run keeps the cloud of a sample as `runs/<id>/clouds/<position>.npz`, position in six digits, with three arrays of
the foreground's M points, in one order:

    points  float32 (M, 3)  x, y, z in metres, as the sensor gave them
    scores  float32 (M,)    anomaly score on the scale of the maps
    pixels  int64   (M,)    row * W + col of the point's pixel in the photo, original pixels; -1 = it has none
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.data.files import replacing
from inspector.errors import StoreError


@dataclass(frozen=True)
class ScoredCloud:
    """The points of one sample with their scores; see the module for shapes and units."""

    points: NDArray[np.float32] = field(repr=False)
    scores: NDArray[np.float32] = field(repr=False)
    pixels: NDArray[np.int64] = field(repr=False)

    def __post_init__(self) -> None:
        count = len(self.points)
        if self.points.shape != (count, 3) or self.scores.shape != (count,) or self.pixels.shape != (count,):
            raise ValueError(
                "expected points (M, 3), scores (M,) and pixels (M,), but got "
                f"{self.points.shape}, {self.scores.shape} and {self.pixels.shape}"
            )


def cloud_path(run_folder: Path, position: int) -> Path:
    """Return where the cloud of a sample lies."""
    return run_folder / "clouds" / f"{position:06d}.npz"


def save_cloud(path: Path, cloud: ScoredCloud) -> None:
    """Keep a cloud."""
    with replacing(path) as beside, beside.open("wb") as file:
        np.savez_compressed(
            file,
            points=cloud.points.astype(np.float32),
            scores=cloud.scores.astype(np.float32),
            pixels=cloud.pixels.astype(np.int64),
        )


def load_cloud(path: Path) -> ScoredCloud:
    """Read a cloud back.

    Raises:
        StoreError: the file is missing or damaged.
    """
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return ScoredCloud(arrays["points"], arrays["scores"], arrays["pixels"])
    except Exception as error:  # a damaged archive fails in many ways: zlib, zip, numpy, missing names
        raise StoreError(f"the cloud {path} is missing or damaged; scan the batch again") from error


def write_ply(path: Path, cloud: ScoredCloud, colours: NDArray[np.uint8]) -> None:
    """Write a cloud as binary PLY with a colour and a score at each point.

    Args:
        path: the file.
        cloud: M points.
        colours: (M, 3) uint8 RGB.
    """
    names = ("x", "y", "z", "red", "green", "blue", "score")
    kinds = ("float", "float", "float", "uchar", "uchar", "uchar", "float")
    formats = {"float": "<f4", "uchar": "u1"}
    vertices = np.empty(len(cloud.points), dtype=[(n, formats[k]) for n, k in zip(names, kinds, strict=True)])
    for column, values in zip(names, (*cloud.points.T, *colours.T, cloud.scores), strict=True):
        vertices[column] = values
    properties = "".join(f"property {kind} {name}\n" for name, kind in zip(names, kinds, strict=True))
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(vertices)}\n{properties}end_header\n"
    with replacing(path) as beside:
        beside.write_bytes(header.encode("ascii") + vertices.tobytes())
