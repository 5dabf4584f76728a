"""PNG and TIFF files that hold no photo but a point for each pixel: organised clouds and depth images."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tifffile
from numpy.typing import NDArray

from inspector.data.clouds.cloud import GRID_SUFFIXES
from inspector.data.clouds.grids import decode_grid
from inspector.data.clouds.holes import is_usual_mark
from inspector.data.photos import read_bytes
from inspector.data.pixel_headers import PixelHeader, read_pixel_header
from inspector.data.tiffs import find_full_series, quiet_tifffile
from inspector.errors import InputError

PROBES = 5
"""Files of a folder that are decoded to see whether their three floats are colours or points."""

MOST_VALUES = 300_000_000
"""Larger ones are not decoded for that."""

ALONG_GRID = 0.9
"""Correlation of x and y with columns and rows above which three floats are points, as a sensor sees them."""

DEPTH_NAME = re.compile(
    r"(?:.*[ ._-])?(?:depth|xyz|z|range|disparity|height)(?:s|maps?|images?)?(?:[ ._-]?\d.*)?", re.I
)
"""Names of depth images, or of their folder."""

LENGTH, ROUNDED = 1e-3, 1e-6
"""By how much the length of a direction differs from 1 where it is kept with few digits, and with 32 bits. Points that
lie a metre away may differ by as little as the former, but grow along rows and columns."""

LONE_AXIS = "one coordinate of a cloud; export x, y and z as one TIFF of three channels, or as PLY"
"""Why files of x, y or z alone are no parts."""

_AXIS = re.compile(r"(?:.*[ ._-])?[xyz]", re.IGNORECASE)
"""Their stems, or the names of their folders."""


class Grids(NamedTuple):
    """What was found among photos: organised clouds, and images of single deep numbers."""

    points: frozenset[Path]
    deep: frozenset[Path]


def find_grids(photos: Iterable[Path]) -> Grids:
    """Find organised clouds and what may be depth images by their headers; three floats are looked at closer.

    Args:
        photos: files of any kind.
    """
    points: dict[tuple[Path, PixelHeader], list[Path]] = defaultdict(list)
    deep = set()
    for photo in photos:
        header = read_pixel_header(photo) if photo.suffix.lower() in GRID_SUFFIXES else None
        if header is not None and header.may_be_points:
            points[photo.parent, header].append(photo)
        elif header is not None and header.may_be_depth:
            deep.add(photo)
    clouds = (file for alike in points.values() if _are_points(alike) for file in alike)
    return Grids(frozenset(clouds), frozenset(deep))


def is_named_depth(path: Path) -> bool:
    """Tell whether the name of a file, or that of its folder, says depth."""
    return bool(DEPTH_NAME.fullmatch(path.stem) or DEPTH_NAME.fullmatch(path.parent.name))


def find_lone_axes(deep: Iterable[Path]) -> frozenset[Path]:
    """Find files that hold x, y or z alone, three to a cloud, as HALCON's images of coordinates are written.

    Args:
        deep: images of single deep numbers, as `find_grids` returns them.

    Returns:
        The files of all clouds of which there are three by their names, where some of them hold coordinates.
    """
    deep = frozenset(deep)
    whole = sorted({axes for axes in map(_list_axes, deep) if axes and deep.issuperset(axes)})
    probes = whole[:: -(-len(whole) // PROBES)] if whole else []
    if sum(map(_are_coordinates, probes)) * 2 < max(1, len(probes)):
        return frozenset()
    return frozenset(file for axes in whole for file in axes)


def is_lone_axis(file: Path) -> bool:
    """Tell whether a file holds x, y or z alone, and those of the other two lie where they belong."""
    axes = _list_axes(file)
    return bool(axes) and file in find_lone_axes(find_grids(axes).deep)


def _list_axes(file: Path) -> tuple[Path, ...]:
    """Return the files of x, y and z of the cloud that a file is of by its name, or by that of its folder; else ()."""
    stem, folder = file.stem, file.parent
    if _AXIS.fullmatch(stem):
        return tuple(file.with_name(f"{stem[:-1]}{axis}{file.suffix}") for axis in _list_letters(stem))
    if _AXIS.fullmatch(folder.name):
        letters = _list_letters(folder.name)
        return tuple(folder.with_name(f"{folder.name[:-1]}{axis}") / file.name for axis in letters)
    return ()


def _list_letters(name: str) -> str:
    return "xyz" if name[-1].islower() else "XYZ"


def _are_coordinates(axes: Sequence[Path]) -> bool:
    """Tell whether images of x and y grow along rows and columns, as a sensor sees them."""
    try:
        values = [decode_grid(read_bytes(file), file.name).values for file in axes]
        return _follows_grid(np.stack(values, axis=2))
    except (InputError, ValueError):
        return False


def _are_points(files: Sequence[Path]) -> bool:
    """Decide for files of one folder and kind together: most of some, spread over them."""
    probes = files[:: -(-len(files) // PROBES)]
    return sum(_holds_points(file) for file in probes) * 2 >= len(probes)


def _holds_points(file: Path) -> bool:
    """Colours are positive and do not grow along rows and columns; whatever else holds three floats is a cloud.

    Whole numbers, and more than three, may as well be bands of a picture: they must grow.
    """
    try:
        with quiet_tifffile(), tifffile.TiffFile(file) as tiff:
            series = find_full_series(tiff)
            values = series.asarray() if series.size <= MOST_VALUES else None
    except Exception:  # damaged files raise anything; whoever reads the cloud will say what is wrong
        return True
    if values is None or values.ndim != 3:
        return True
    xyz = np.moveaxis(values, 0, 2) if values.shape[0] == 3 and values.shape[2] != 3 else values
    if xyz.dtype.kind == "f" and _are_directions(xyz[..., :3]):
        return False
    if xyz.dtype.kind != "f" or xyz.shape[2] > 3:
        return _follows_grid(xyz[..., :3])
    return xyz.shape[2] != 3 or not np.isfinite(xyz).all() or bool((xyz < 0).any()) or _follows_grid(xyz)


def _are_directions(xyz: NDArray[Any]) -> bool:
    """Tell whether pixels hold vectors of length 1: a picture of how a surface lies, as photometric stereo makes it."""
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(xyz.astype(np.float32), axis=2)
        off = np.abs(lengths[lengths > 0] - 1)
    near, exact = (2 * np.count_nonzero(off < bound) > off.size for bound in (LENGTH, ROUNDED))
    return bool(exact) or (bool(near) and not _follows_grid(xyz))


def _follows_grid(xyz: NDArray[Any]) -> bool:
    step = max(1, int(np.sqrt(xyz.shape[0] * xyz.shape[1] / 100_000)))
    small = xyz[::step, ::step].astype(np.float64)
    known = small.any(axis=2) & np.isfinite(small).all(axis=2)
    heights = small[..., 2]
    for end in (np.min, np.max):
        if known.any() and is_usual_mark(mark := float(end(heights[known]))):
            known &= heights != mark
    rows, columns = np.nonzero(known)
    x, y = small[known][:, 0], small[known][:, 1]
    straight = min(_correlate(x, columns), _correlate(y, rows))
    turned = min(_correlate(x, rows), _correlate(y, columns))
    return max(straight, turned) > ALONG_GRID


def _correlate(values: NDArray[Any], places: NDArray[Any]) -> float:
    """Return the absolute correlation of two lists; 0 where one of them does not change."""
    if len(values) < 3 or np.ptp(values) == 0 or np.ptp(places) == 0:
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(abs(np.corrcoef(values, places)[0, 1])))
