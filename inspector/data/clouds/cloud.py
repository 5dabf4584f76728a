"""Point clouds: file -> Cloud. Holes (NaN, infinite, all zero) are left out, units are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.depth import PinholeCamera, back_project, decode_eyecandies, describe_center, is_eyecandies
from inspector.data.clouds.formats import PARSERS
from inspector.data.clouds.grids import Grid, decode_grid
from inspector.data.clouds.holes import (
    describe_doubts,
    describe_marks,
    describe_steps,
    find_marks,
    find_wild,
    match_marks,
)
from inspector.data.clouds.point_file import PointFile
from inspector.data.first_bytes import HEAD, PHOTO, describe_foreign, sniff
from inspector.data.photos import read_bytes
from inspector.data.pixels.copying import note_zeros
from inspector.data.pixels.guard import note_turned_bytes
from inspector.errors import InputError

GRID_SUFFIXES = frozenset({".tif", ".tiff", ".png", ".pgm", ".pfm"})
"""Organised clouds and depth images; photos may have these suffixes too."""

CLOUD_SUFFIXES = frozenset(PARSERS)
"""Files that cannot be anything but a cloud."""

FAR_FROM_ZERO = 1000.0
"""Coordinates this many times a cloud's extent leave 32-bit floats less than a ten-thousandth of it as a step."""

UNIT_RATIO = 30.0
"""A cloud this many times larger or smaller than the batch's is in another unit: between 1 and 1000, and above the
25.4 of inches."""

ANY_SIZE, FEWEST_POINTS = 1e15, 100
"""How many times a usual number, or one, others may be larger, and they are no measurements; and points that tell
it."""

CLOSE_RATIOS = (2.54, 3.2808, 10.0, 12.0, 25.4)
"""Of units that differ by less: inches and centimetres, metres and feet, centimetres and millimetres, feet and inches,
inches and millimetres."""

AXIS_RATIOS = (10.0, 25.4, 100.0, 1000.0)
"""Of units that axes of one file may have. A side that is fewer times larger may be due to a burr on a flat part."""

ALIKE = 1.05
"""Clouds whose extents differ by at most this factor are of one kind of part."""

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, eq=False)
class Cloud:
    """The points of one part, holes left out.

    Attributes:
        points: (M, 3) float32, M > 0, finite, in the file's unit.
        pixels: (M,) int64, ascending: row x W + col of each point in the sensor's image; None = unorganised.
        size: (H, W) of that image; None = unorganised.
        normals: (M, 3) float32 of length 1 (0 where unknown), or None.
        name: what to call the cloud in an error.
        notes: what an operator should know of the file though it was read, a few words each.
    """

    points: NDArray[np.float32] = field(repr=False)
    pixels: NDArray[np.int64] | None = field(default=None, repr=False)
    size: tuple[int, int] | None = None
    normals: NDArray[np.float32] | None = field(default=None, repr=False)
    name: str = "the cloud"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.points)
        if self.points.shape != (count, 3) or self.points.dtype != np.float32 or count == 0:
            raise ValueError(f"expected points (M, 3) float32, but got {self.points.shape} {self.points.dtype}")
        if not np.isfinite(self.points).all():
            raise ValueError("expected finite points, but some are NaN or infinite; holes must be left out")
        if self.normals is not None and self.normals.shape != (count, 3):
            raise ValueError(f"expected {count} normals, but got {self.normals.shape}")
        if (self.pixels is None) != (self.size is None):
            raise ValueError("expected both pixels and size, or neither")
        if self.pixels is not None and self.size is not None:
            inside = self.pixels.shape == (count,) and self.pixels[-1] < self.size[0] * self.size[1]
            if not inside or self.pixels[0] < 0 or (np.diff(self.pixels) <= 0).any():
                raise ValueError(f"expected {count} ascending pixels inside {self.size}")

    @property
    def extent(self) -> float:
        """Diagonal of the box around the points, in the file's unit."""
        return float(np.linalg.norm(self.sides))

    @cached_property
    def sides(self) -> tuple[float, ...]:
        """Sides of the box around the points along x, y and z; a few that lie far away from all others apart."""
        points = self.points.astype(np.float64, order="F")
        wild = find_wild(points)
        return tuple(np.ptp(points[~wild] if wild.any() else points, axis=0).tolist())


def read_cloud(path: str | Path, *, camera: PinholeCamera | None = None, holes: Sequence[float] | None = None) -> Cloud:
    """Read a cloud from any kind of file that is known.

    Organised TIFF (H, W, 3), depth images of floats or of 16 or 32 bits (TIFF, PNG, PGM, PFM), Eyecandies depth images,
    PLY, PCD (organised where its height is above 1), XYZ, and STL, on which points are sampled.

    Args:
        path: the file.
        camera: for depth images other than those of Eyecandies.
        holes: values of z, or of a depth image, that mark holes; None = recognised, as far as they are sure. Points
            that are not finite or all zero are holes in any case.

    Returns:
        The cloud, named after the file.

    Raises:
        InputError: the file cannot be read, is damaged, of an unknown kind, or holds no point; or a depth image
            without a camera.
    """
    return decode_cloud(read_bytes(path), path, camera=camera, holes=holes)


def decode_cloud(
    content: bytes, path: str | Path, *, camera: PinholeCamera | None = None, holes: Sequence[float] | None = None
) -> Cloud:
    """Make a cloud of the bytes of a file.

    Args:
        content: what the file holds.
        path: where it lies: its name tells the kind, and beside an Eyecandies depth image lie its range and its pose.
        camera, holes: as for `read_cloud`, which says what is raised, too.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if not content:
        raise InputError(f"{path.name} is empty (0 bytes); copy it again from the scanner")
    if suffix in PARSERS:
        return _make_cloud(_note_copy(_parse(PARSERS[suffix], content, path), content), path.name, holes)
    if is_eyecandies(path):
        points, notes = decode_eyecandies(content, path)
        return _make_organised(points, path.name, holes, notes)
    if suffix in GRID_SUFFIXES:
        return _decode_grid(_parse(decode_grid, content, path), content, path.name, camera, holes)
    known = " ".join(sorted(CLOUD_SUFFIXES | GRID_SUFFIXES))
    raise InputError(f"{path.name} is no kind of cloud that can be read; known kinds: {known}")


def find_usual_extent(extents: Sequence[float]) -> float:
    """Return the median of `Cloud.extent` of a batch's clouds, the lower one of two; 0 where there are none."""
    return sorted(extents)[(len(extents) - 1) // 2] if extents else 0.0


def are_swapped(sides: Sequence[float], usual: Sequence[float]) -> bool:
    """Tell whether a cloud has the sides of the others (x, y, z), but along other axes.

    Example:
        (5, 40, 30) among clouds of usually (40, 30, 5) are swapped.
    """
    like = [are_alike(one, other) for one, other in zip(sides, usual, strict=True)]
    return not all(like) and all(map(are_alike, sorted(sides), sorted(usual)))


def have_odd_units(sides: Sequence[float], usual: Sequence[float]) -> bool:
    """Tell whether some sides of a cloud, but not all, are those of the others in another unit.

    Example:
        (40, 30, 5000) among clouds of usually (40, 30, 5) have.
    """
    ratios = [max(one / other, other / one) for one, other in zip(sides, usual, strict=True) if min(one, other) > 0]
    odd = [ratio for ratio in ratios if any(unit / ALIKE < ratio < unit * ALIKE for unit in AXIS_RATIOS)]
    like = sum(map(are_alike, sides, usual))
    return len(ratios) == 3 and 0 < len(odd) == 3 - like < 3


def are_alike(one: float, other: float) -> bool:
    """Tell whether two sizes of clouds may be those of one kind of part."""
    return max(one, other) <= ALIKE * min(one, other)


def is_odd_unit(extent: float, usual: float, *, alike: bool = False) -> bool:
    """Tell whether the unit of a cloud must be another one than that of the others, as metres among millimetres.

    Args:
        extent: of the cloud.
        usual: as `find_usual_extent` returns it; other units are at least 30 times larger or smaller.
        alike: whether nearly all others have that extent; then units that differ by less are told, too.

    Example:
        200.0 among clouds of usually 0.21 is odd.
    """
    if extent == usual or min(extent, usual) <= 0:
        return extent != usual
    ratio = max(extent / usual, usual / extent)
    return ratio >= UNIT_RATIO or (alike and any(known / ALIKE < ratio < known * ALIKE for known in CLOSE_RATIOS))


def _parse(parser: Callable[[bytes, str], Parsed], content: bytes, path: Path) -> Parsed:
    """Read a file; where that fails, say what it is instead of what its name says."""
    suffix = path.suffix.lower()
    try:
        return parser(content, path.name)
    except InputError as error:
        told = PHOTO if suffix in PARSERS and sniff(content[:HEAD]) else describe_foreign(content, suffix)
        if not told:
            raise
        raise InputError(f"{path.name} cannot be read: {told}") from error


def _note_copy(parsed: PointFile, content: bytes) -> PointFile:
    return parsed._replace(notes=(*parsed.notes, *map(str, note_zeros(content))))


def _decode_grid(
    grid: Grid, content: bytes, name: str, camera: PinholeCamera | None, holes: Sequence[float] | None
) -> Cloud:
    found = note_zeros(content, grid.values) + (note_turned_bytes(grid.values) if grid.values.ndim == 2 else ())
    grid = grid._replace(notes=(*grid.notes, *map(str, found)))
    if grid.values.ndim == 3:
        return _make_organised(grid.values, name, holes, grid.notes)
    if camera is None:
        raise InputError(
            f"{name} is a depth image; to make points of it, the camera's focal length and centre must be set"
        )
    notes = grid.notes + describe_center(camera, (grid.values.shape[0], grid.values.shape[1]))
    return _make_organised(back_project(grid.values, camera), name, holes, notes, camera.unit)


def _make_organised(
    xyz: NDArray[Any], name: str, holes: Sequence[float] | None, notes: tuple[str, ...] = (), unit: float = 1.0
) -> Cloud:
    parsed = PointFile(xyz.reshape(-1, 3), None, (xyz.shape[0], xyz.shape[1]), notes)
    return _make_cloud(parsed, name, holes, unit)


def _make_cloud(parsed: PointFile, name: str, holes: Sequence[float] | None, unit: float = 1.0) -> Cloud:
    """Leave out holes; normals get length 1. Marks of holes are in steps of `unit`."""
    points = np.asfortranarray(parsed.points)  # all x, all y, all z: the checks take a tenth of the time
    with np.errstate(over="ignore", invalid="ignore"):  # too large for float32 = infinite = a hole
        coordinates = points.astype(np.float32)
    kept = np.flatnonzero(np.isfinite(coordinates).all(axis=1) & (coordinates != 0).any(axis=1))
    organised = parsed.size is not None
    points = _take(points, kept)
    measured = points.astype(np.float64)
    if unit != 1:
        measured = np.round(measured / unit, 6)  # values as the file has them
    marks = find_marks(measured, organised=organised) if holes is None else tuple(holes)
    notes = parsed.notes
    if marks:
        notes += describe_marks(measured[:, 2], marks)
        chosen = ~match_marks(measured[:, 2], marks)
        kept, points, measured = kept[chosen], points[chosen], measured[chosen]
    if len(kept) == 0:
        raise InputError(f"{name} holds no point, only holes; check the scan")
    _require_coordinates(measured, name)
    wild = find_wild(measured)
    if holes is None:
        notes += describe_doubts(measured, wild)
    if not organised:  # the distance of wild points is no size of the cloud
        notes += describe_steps(measured[~wild] if wild.any() else measured)
    pixels = kept.astype(np.int64) if organised else None
    shifted, told = _subtract_origin(points)
    return Cloud(shifted, pixels, parsed.size, _normalise(parsed.normals, kept), name, notes + told)


def _take(points: NDArray[Any], kept: NDArray[np.int64]) -> NDArray[Any]:
    """Return the points that are kept, all x before all y as before."""
    return points if len(kept) == len(points) else points.T[:, kept].T


def _require_coordinates(points: NDArray[np.float64], name: str) -> None:
    """Refuse numbers of any size, as bytes in the wrong order, or read as another kind of number, give them."""
    sizes = np.abs(points)
    if sizes.max() <= ANY_SIZE and 2 * np.count_nonzero(sizes > 1 / ANY_SIZE**2) > sizes.size:  # so is the limit below
        return
    middle, high = np.quantile(sizes[sizes > 0], (0.5, 0.9))
    if len(points) >= FEWEST_POINTS and (high > max(middle, 1) * ANY_SIZE or high < 1 / ANY_SIZE**2):
        raise InputError(
            f"{name} holds no coordinates: half of its numbers are below {middle:.1g}, and some above {high:.1g}, as "
            "where bytes stand in the wrong order; export it again"
        )


def _subtract_origin(points: NDArray[Any]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Make 32-bit floats of points; where these cannot hold small steps so far from zero, their place is given up."""
    exact = points.astype(np.float64)
    low, high = exact.min(axis=0), exact.max(axis=0)
    extent = float(np.linalg.norm(high - low))
    if not 0 < extent * FAR_FROM_ZERO < float(np.abs([low, high]).max()):
        return points.astype(np.float32, order="C"), ()
    origin = np.floor(low)
    told = ", ".join(f"{value:.0f}" for value in origin)
    return (exact - origin).astype(np.float32, order="C"), (
        f"its coordinates are counted from ({told}) on",
        *_note_rounded(exact),
    )


def _note_rounded(points: NDArray[np.float64]) -> tuple[str, ...]:
    """Note points far from zero that a file keeps, or kept before, in 32 bits: what is smaller than a step is gone."""
    step = float(np.spacing(np.abs(points).max().astype(np.float32)))
    if (points != points.astype(np.float32)).any() or (step < 1 and (points == np.round(points)).all()):
        return ()
    return (
        f"its coordinates are so far from zero that 32-bit numbers go in steps of {step:.2g} there: export them in 64 "
        "bits, or counted from the part",
    )


def _normalise(normals: NDArray[Any] | None, kept: NDArray[np.int64]) -> NDArray[np.float32] | None:
    if normals is None:
        return None
    vectors = np.nan_to_num(normals[kept].astype(np.float64), posinf=0, neginf=0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not lengths.any():
        return None
    units: NDArray[np.float32] = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, order="C")
    return units
