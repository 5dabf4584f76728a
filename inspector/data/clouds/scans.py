"""Scans as laser scanners write them, E57 and LAS, through pye57 and laspy where these are installed."""

import importlib
import io
import re
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.point_file import PointFile, describe_cut_off, describe_damage, describe_rest, refuse_text
from inspector.data.clouds.unpacking import require_room
from inspector.errors import InputError, say_why

EXTRA = "mutual-inspector[points]"
"""What brings the libraries."""

LAS_KIND = 104
"""Place of the byte in a LAS file that tells its kind of points; its highest bits tell of compression."""

LAS_HEADER, LAS_SIZES, LAS_RECORD = 227, 94, 54
"""Bytes of the shortest header; place of its length, of where the points begin and of the number of records before
them; and bytes that each of these takes at least."""

NOISE, NEW_FORMAT = (7, 18), 6
"""Classes of low and high noise (ASPRS LAS 1.4), and the first format of points that has the second one."""

GEOGRAPHIC = (1024, 2)
"""GeoTIFF's key for the kind of coordinates, and its value for longitude and latitude (GTModelTypeGeoKey)."""

DEGREES = "its file says that x and y are degrees of the globe, and z is not; where that is so, export it in metres"

MOST_EMPTY = 64
"""A grid with more pixels than this for each point is none."""


def parse_las(content: bytes, name: str) -> PointFile:
    """Read a LAS file, or a compressed one (LAZ) where a decoder is installed.

    Points that the file itself calls withheld or noise are left out.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no LAS file, cut off, or what reads it is not installed.
    """
    laspy = _load_library("laspy", name)
    if len(content) > LAS_KIND and content[LAS_KIND] & 0xC0 and not laspy.LazBackend.detect_available():
        raise InputError(f"{name} is compressed and needs lazrs; pip install lazrs, or export it as LAS")
    _require_las_room(content, name)
    try:
        with laspy.open(io.BytesIO(content), read_evlrs=False) as reader:
            header = reader.header
            if not (np.isfinite(header.offsets).all() and np.isfinite(header.scales).all() and header.scales.all()):
                raise InputError(
                    f"{name} is damaged: its header says no step from one coordinate to the next; export it again"
                )
            size, notes = header.point_format.size * header.point_count, tuple[str, ...]()
            behind = len(content) - header.offset_to_point_data - size
            if header.are_points_compressed:
                require_room(size, len(content), name)
            elif behind < 0:
                raise describe_cut_off(name)
            else:
                refuse_text(content, header.offset_to_point_data, name)
                is_more = behind >= header.point_format.size and not header.number_of_evlrs
                if is_more and not header.start_of_waveform_data_packet_record:
                    notes = (describe_rest(behind),)
            if _is_in_degrees(header):
                notes += (DEGREES,)
            las = reader.read_points(header.point_count)  # not what may follow them: as many records as the header says
            points = np.stack([np.asarray(axis, dtype=np.float64) for axis in (las.x, las.y, las.z)], axis=1)
            withheld = np.asarray(las.withheld).astype(bool)
            is_noise = np.isin(las.classification, NOISE if header.point_format.id >= NEW_FORMAT else NOISE[:1])
    except InputError:
        raise
    except Exception as error:  # damaged files raise anything from struct.error to UnicodeDecodeError
        raise describe_damage(name, f"is damaged or no LAS file ({say_why(error)})") from error
    if count := int(withheld.sum()):
        more = f"{count} points that it calls withheld were left out"
        notes += (more if count > 1 else "1 point that it calls withheld was left out",)
    if count := int((is_noise & ~withheld).sum()):
        more = f"{count} points that it calls noise were left out"
        notes += (more if count > 1 else "1 point that it calls noise was left out",)
    return PointFile(points[~(withheld | is_noise)], notes=notes)


def _is_in_degrees(header: Any) -> bool:
    """Tell whether a LAS file says that its coordinates are those of the globe, in either of the two ways it may.

    Those that go through the globe along x, y and z are metres.
    """
    for record in header.vlrs:
        if any((key.id, key.value_offset) == GEOGRAPHIC for key in getattr(record, "geo_keys", ())):
            return True
        told = str(getattr(record, "string", ""))
        if re.search(r"\bGEO[GD]C", told) and not re.search(r"PROJC|\bCartesian\b", told):
            return True
    return False


def _require_las_room(content: bytes, name: str) -> None:
    """Check that the records before the points are there; laspy would make as many as a header says."""
    if len(content) < LAS_HEADER:
        raise describe_cut_off(name)
    header, points, records = struct.unpack_from("<HII", content, LAS_SIZES)
    if points > len(content) or header + LAS_RECORD * records > points:
        raise describe_cut_off(name)


def parse_e57(content: bytes, name: str) -> PointFile:
    """Read the scans of an E57 file, united in the file's frame; a single one keeps its pixel grid.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: no E57 file, cut off, without points, or what reads it is not installed.
    """
    pye57 = _load_library("pye57", name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.e57"  # the library opens paths only, and not those with every letter
        path.write_bytes(content)
        try:
            with pye57.E57(str(path)) as file:
                scans = [_read_scan(file, index, len(content), name) for index in range(file.scan_count)]
        except InputError:
            raise
        except Exception as error:  # damaged files raise anything from E57Exception to ValueError
            raise describe_damage(name, f"is damaged or no E57 file ({say_why(error)})") from error
    if len(scans) == 1:
        return scans[0]
    points = [scan.points for scan in scans]
    told = f"its {len(scans)} scans were united" if scans else ""
    return PointFile(np.concatenate([np.empty((0, 3)), *points]), notes=(told,) if told else ())


def _read_scan(file: Any, index: int, size: int, name: str) -> PointFile:
    header = file.get_header(index)
    if header.point_count > 8 * size:  # a point takes a bit, at least
        raise describe_cut_off(name)
    fields = header.point_fields
    on_grid = {"rowIndex", "columnIndex"} <= set(fields)
    data = file.read_scan(index, row_column=on_grid, ignore_missing_fields=True)
    points = np.stack([data[f"cartesian{axis}"] for axis in "XYZ"], axis=1).astype(np.float64)
    if header.has_pose():  # what no laser pulse came back from lies where the scanner stood
        points[(points == header.translation).all(axis=1)] = np.nan
    grid = _lay_on_grid(points, data["rowIndex"], data["columnIndex"], _find_last(header)) if on_grid else None
    return PointFile(points) if grid is None else PointFile(grid.reshape(-1, 3), None, (grid.shape[0], grid.shape[1]))


def _find_last(header: Any) -> tuple[int, int]:
    """Return the last row and column of a scan, valid points or not; (0, 0) where it does not say."""
    try:
        return int(header.rowMaximum), int(header.columnMaximum)
    except Exception:  # the library has a class of its own for what is missing
        return 0, 0


def _lay_on_grid(
    points: NDArray[np.float64], rows: NDArray[Any], cols: NDArray[Any], last: tuple[int, int]
) -> NDArray[np.float64] | None:
    """Return (H, W, 3) with NaN where no point is; None where points share a pixel, or hardly any pixel has one.

    Grids go on to the `last` row and column that the file tells of: parts whose last rows are holes have the size of
    the others.
    """
    if len(points) == 0:
        return None
    rows, cols = rows.astype(np.int64), cols.astype(np.int64)
    height, width = int(rows.max()) + 1, int(cols.max()) + 1
    whole = max(height, last[0] + 1), max(width, last[1] + 1)
    if whole[0] * whole[1] <= MOST_EMPTY * len(points):
        height, width = whole
    places = rows * width + cols
    if min(height, width) < 2 or height * width > MOST_EMPTY * len(points) or len(np.unique(places)) < len(places):
        return None
    grid = np.full((height * width, 3), np.nan)
    grid[places] = points
    return grid.reshape(height, width, 3)


def _load_library(library: str, name: str) -> Any:
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise InputError(f"{name} needs {library}; pip install '{EXTRA}'") from error
