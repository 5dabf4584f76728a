"""Depth images and the camera that took them -> a point for each pixel."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from inspector.data.clouds.unpacking import require_room
from inspector.data.photos import read_bytes
from inspector.data.pixels.endings import mend_end
from inspector.data.pixels.pillow_photo import count_frames, find_orientation, load_all_rows, open_picture
from inspector.data.pixels.raw_photo import turn_upright
from inspector.errors import InputError, say_why
from inspector.places import is_there

EYECANDIES_FOCAL_LENGTH = 711.11
"""Focal length of the camera of all Eyecandies images, in pixels (Eyecandies, data format)."""

EYECANDIES_DEPTH = re.compile(r"(.*)_depth\.png", re.IGNORECASE)
"""Names of Eyecandies depth images; the same stem has `_info_depth.yaml` and `_pose.txt` beside it."""


OFF_CENTER, ALIKE = 0.2, 0.1
"""Shares of an image by which a camera's centre lies off its middle at least, and along both axes alike, where it is
that of images of another size; lenses are off by less, and cut images rarely off alike."""

MOST_SETTINGS = 1 << 16
"""Bytes of a depth range or a pose; those of Eyecandies have less than a hundredth of it."""

_MODES = {
    "L": "it is grey with 8 bits, a picture of depths, which are lost",
    "1": "it is black and white",
    **dict.fromkeys(("RGB", "RGBA", "P", "PA"), "it is coloured, a picture of depths, which are lost"),
}
"""Pillow's kinds of images in words."""


@dataclass(frozen=True)
class PinholeCamera:
    """A pinhole camera: what a depth image needs to become points.

    Attributes:
        focal: (fx, fy) in pixels.
        center: (cx, cy), the pixel of the optical axis, in pixels from the centre of the top left one.
        unit: length of one step of the depth values, in the unit the points shall have (0.001 for millimetres to
            metres).
    """

    focal: tuple[float, float]
    center: tuple[float, float]
    unit: float = 1.0

    def __post_init__(self) -> None:
        if min(*self.focal, self.unit) <= 0 or not np.isfinite([*self.focal, *self.center, self.unit]).all():
            raise ValueError(f"expected positive, finite focal lengths and unit, but got {self}")


def back_project(
    depth: NDArray[Any], camera: PinholeCamera, pose: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Give every pixel of a depth image its point.

    Args:
        depth: (H, W) distance along the camera's axis, in steps of `camera.unit`; 0, negative, NaN and infinite are
            holes.
        camera: focal lengths and centre.
        pose: (4, 4) from world to camera coordinates; None = the points stay in camera coordinates, x to the right,
            y down, z away from the camera.

    Returns:
        (H, W, 3), NaN in holes.

    Raises:
        ValueError: wrong shape.

    Example:
        Depth 2 at the pixel right of the centre of a camera with focal length 1 is the point (2, 0, 2).
    """
    if depth.ndim != 2 or (pose is not None and pose.shape != (4, 4)):
        raise ValueError(f"expected depth (H, W) and pose (4, 4) or none, but got {depth.shape}")
    with np.errstate(over="ignore", invalid="ignore"):  # holes may be signalling NaN
        z = depth.astype(np.float64) * camera.unit
    z = np.where(np.isfinite(z) & (z > 0), z, np.nan)
    row, col = np.arange(z.shape[0])[:, None], np.arange(z.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        x = (col - camera.center[0]) * z / camera.focal[0]
        y = (row - camera.center[1]) * z / camera.focal[1]
    points = np.stack([x, y, z], axis=2)
    if pose is not None:
        world = np.linalg.inv(pose)
        with np.errstate(over="ignore", invalid="ignore"):  # where a pose is absurd, what cannot be said is a hole
            points = points @ world[:3, :3].T + world[:3, 3]
    return points


def describe_center(camera: PinholeCamera, size: tuple[int, int]) -> tuple[str, ...]:
    """Say where a camera's centre lies as that of images of another size does.

    Args:
        camera: as it is set.
        size: (H, W) of a depth image.

    Example:
        The centre (640, 360) is that of images of 1280 x 720 pixels, and no centre of 640 x 360 pixels.
    """
    height, width = size
    across, down = camera.center[0] / width, camera.center[1] / height
    if min(abs(across - 0.5), abs(down - 0.5)) < OFF_CENTER or abs(across - down) > ALIKE or min(across, down) <= 0:
        return ()
    x, y = camera.center
    return (
        f"the centre {x:g}, {y:g} of the setting `camera` is that of images of another size than {width} x {height} "
        "pixels, by which its focal lengths have to be changed, too",
    )


def decode_depth(content: bytes, name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Decode a 16-bit depth image.

    Args:
        content: the bytes of a PNG file.
        name: what to call it in an error.

    Returns:
        (H, W) uint16, or int32 where values are larger; and what an operator should know of the file.

    Raises:
        InputError: no image, cut off, or not grey with 16 bits.
    """
    try:
        with open_picture(content) as image:
            mode = image.mode
        if mode.startswith("I"):
            require_room(4 * image.width * image.height, len(content), name)
            content, notes = mend_end(content, open_picture)
            with open_picture(content) as image:
                notes += count_frames(image) + load_all_rows(image, content)
                values = turn_upright(np.asarray(image), find_orientation(image))
    except InputError:
        raise
    except Exception as error:  # damaged files raise anything from struct.error to DecompressionBombError
        raise InputError(f"{name} is damaged or no image ({say_why(error)}); copy it again from the camera") from error
    if not mode.startswith("I"):
        raise InputError(f"{name} is no depth image: it must be grey with 16 bits, but {_MODES.get(mode, mode)}")
    told = tuple(map(str, notes))
    return (values if values.max(initial=0) > np.iinfo(np.uint16).max else values.astype(np.uint16)), told


def decode_eyecandies(content: bytes, path: str | Path) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Make points of an Eyecandies depth image with the depth range and the pose that lie beside it.

    Args:
        content: what the image's file holds.
        path: where it lies: `<stem>_depth.png`, with `<stem>_info_depth.yaml` and `<stem>_pose.txt` in the same folder.

    Returns:
        (H, W, 3) in metres, in world coordinates; and what an operator should know of the file.

    Raises:
        InputError: a file is missing or damaged.
    """
    path = Path(path)
    stem = EYECANDIES_DEPTH.fullmatch(path.name)
    if stem is None:
        raise ValueError(f"expected a name like 000_depth.png, but got {path.name}")
    raw, notes = decode_depth(content, path.name)
    low, high = _read_depth_range(path.with_name(f"{stem[1]}_info_depth.yaml"))
    pose = _read_pose(path.with_name(f"{stem[1]}_pose.txt"))
    height, width = raw.shape
    focal = (EYECANDIES_FOCAL_LENGTH, EYECANDIES_FOCAL_LENGTH)
    camera = PinholeCamera(focal, (width / 2, height / 2))
    return back_project(low + raw / 65535 * (high - low), camera, pose), notes


def is_eyecandies(path: str | Path) -> bool:
    """Tell whether a file is an Eyecandies depth image with its depth range beside it."""
    path = Path(path)
    stem = EYECANDIES_DEPTH.fullmatch(path.name)
    return stem is not None and is_there(path.with_name(f"{stem[1]}_info_depth.yaml"))


def _read_depth_range(path: Path) -> tuple[float, float]:
    try:
        limits = yaml.load(_read_settings(path), Loader=yaml.BaseLoader)["normalization"]  # texts: nothing is built
        low, high = float(limits["min"]), float(limits["max"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"{path.name} must hold `normalization` with `min` and `max`; copy it again") from error
    if not 0 <= low < high < np.inf:
        raise InputError(f"{path.name} gives the depth range {low} to {high}; copy it again")
    return low, high


def _read_pose(path: Path) -> NDArray[np.float64]:
    try:
        pose = np.array([line.split() for line in _read_settings(path).splitlines() if line.strip()], dtype=float)
        np.linalg.inv(pose)
    except ValueError as error:
        raise InputError(f"{path.name} must hold a pose of 4 x 4 numbers; copy it again") from error
    except np.linalg.LinAlgError as error:
        raise InputError(f"{path.name} holds no pose: the matrix cannot be inverted; copy it again") from error
    if pose.shape != (4, 4):
        raise InputError(f"{path.name} must hold a pose of 4 x 4 numbers, but has {pose.shape}; copy it again")
    if not np.isfinite(pose).all():
        raise InputError(f"{path.name} holds no pose: a number is not finite; copy it again")
    return pose


def _read_settings(path: Path) -> bytes:
    """Read a file of a few numbers."""
    content = read_bytes(path)
    if len(content) > MOST_SETTINGS:
        raise InputError(f"{path.name} has {len(content)} bytes, far too many for what it must hold; copy it again")
    return content
