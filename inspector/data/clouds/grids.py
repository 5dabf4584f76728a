"""Files with a value or three for each pixel: organised clouds and depth images, told by their content."""

import io
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tifffile
from numpy.typing import NDArray

from inspector.data.clouds.depth import decode_depth
from inspector.data.clouds.unpacking import require_room
from inspector.data.pixels.netpbm import find_netpbm_reader
from inspector.data.pixels.raw_photo import RawPhoto, turn_upright
from inspector.data.pixels.tiff_rows import check_page, correct_lengths, correct_page, note_more_rows, note_value_scale
from inspector.data.tiffs import count_files, find_full_series, find_missing, find_orientation, quiet_tifffile
from inspector.errors import InputError, say_why

MOST_PAGES = 1000
"""Of a TIFF; each is looked at."""

_COLOURED = "it is coloured, a picture of depths, which are lost"

_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


class Grid(NamedTuple):
    """Values of the pixels of a file."""

    values: NDArray[Any]
    """(H, W, 3) points or (H, W) depths, holes included."""
    notes: tuple[str, ...] = ()
    """What an operator should know of the file though it was read."""


def decode_grid(content: bytes, name: str) -> Grid:
    """Decode an organised cloud or a depth image.

    Args:
        content: the bytes of a file: TIFF with three channels of floats or one channel of floats or integers of 16 or
            32 bits, or PNG, PGM or PFM that is grey with 16 bits or floats.
        name: what to call it in an error.

    Raises:
        InputError: the file is damaged, of another kind, or unpacks to far more than its size.
    """
    if content.startswith(b"\x89PNG"):
        return Grid(*decode_depth(content, name))
    if reader := find_netpbm_reader(content):
        return _decode_map(content, reader, name)
    if not content.startswith(_TIFF_STARTS):
        if name.lower().endswith(".png"):
            return Grid(*decode_depth(content, name))
        raise InputError(f"{name} is damaged or no TIFF file (it begins otherwise); copy it again from the scanner")
    values, notes = _decode_tiff(content, name)
    if values.size == 0:
        raise InputError(f"{name} holds no pixel; copy it again from the scanner")
    if values.ndim == 3 and values.shape[2] >= 3 and values.dtype.kind in "if" and values.dtype.itemsize > 1:
        if (others := values.shape[2] - 3) > 0:
            notes += (f"{others} more {'value' if others == 1 else 'values'} of each pixel behind x, y, z passed over",)
        return Grid(values[..., :3], notes)
    if values.ndim == 2 and (values.dtype.kind == "f" or (values.dtype.kind in "iu" and values.dtype.itemsize > 1)):
        return Grid(values, notes)
    raise InputError(
        f"{name} holds {values.dtype} values of shape {values.shape}; a cloud has three channels of floats or "
        "signed numbers (x, y, z), a depth image one channel of floats or of 16 or 32 bits"
    )


def _decode_map(content: bytes, reader: Callable[[bytes, str], RawPhoto], name: str) -> Grid:
    """Decode a PGM of 16 bits or a PFM."""
    try:
        raw = reader(content, name)
    except InputError:
        raise
    except Exception as error:  # damaged files raise anything
        raise InputError(f"{name} is damaged or no image ({say_why(error)}); copy it again from the camera") from error
    if raw.pixels.ndim == 3:
        raise InputError(f"{name} is no depth image: it must be grey with 16 bits, but {_COLOURED}")
    return Grid(raw.pixels, tuple(map(str, raw.notes)))


def _decode_tiff(content: bytes, name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    try:
        with quiet_tifffile(), tifffile.TiffFile(io.BytesIO(content)) as file:
            if len(file.pages) > MOST_PAGES:
                raise InputError(f"{name} has more than {MOST_PAGES} pages; a cloud has one")
            series = find_full_series(file)
            page = series.keyframe
            correct_lengths(page)
            check_page(page, len(content), name)
            correct_page(page)
            told = tuple(map(str, note_more_rows(page) + note_value_scale(page)))
            require_room(math.prod(series.shape) * series.dtype.itemsize, len(content), name)
            values = np.asarray(series.asarray())
            if values.ndim == 3 and values.shape[2] > 3 and series.axes not in ("YXS", "SYX", "CYX"):
                raise InputError(
                    f"{name} holds {len(values)} pictures of {values.dtype}; a cloud has x, y and z in each pixel, "
                    "a depth image one picture"
                )
            if (
                series.axes in ("SYX", "CYX") and values.shape[0] >= 3 and values.shape[2] != 3
            ):  # planar: all x, then all y, then all z
                values = np.moveaxis(values, 0, 2)
            if (missing := find_missing(page, values)) is not None:
                none = np.nan if values.dtype.kind == "f" else 0  # a pixel of zeros is a hole, too
                missing = missing if values.ndim == 2 else missing[..., 2:3]  # a hole by its height
                values = np.where(missing, values.dtype.type(none), values)
            values = turn_upright(values, find_orientation(page))
            full = sum(not other.keyframe.is_reduced for other in file.series)
            others = max(1, full) - 1 + count_files(content, page) - 1
    except InputError:
        raise
    except Exception as error:  # damaged files raise anything from struct.error to TypeError
        raise InputError(
            f"{name} is damaged or no TIFF file ({say_why(error)}); copy it again from the scanner"
        ) from error
    if others:
        further = "1 further picture" if others == 1 else f"{others} further pictures"
        told += (f"{further} in the file passed over",)
    return values, told
