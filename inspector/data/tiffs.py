"""tifffile kept from writing to the log what its errors say already, and a tag that it reads for some values only."""

import io
import logging
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import find_xmp_orientation

NO_DATA = 42113
"""The tag GDAL_NODATA: the value of pixels without one."""

_METADATA, _ORIENTATION, _XMP = 42112, 274, 700
"""The tags GDAL_METADATA, Orientation, and that of what programs note of a picture."""

_HEADER, _MARK = 8, 4
"""Bytes in which TIFFs of one size and kind are alike, and which are hardly found elsewhere; and those of any TIFF."""

_IMAGES = re.compile(r"(?s)ImageJ=.*?^images=(\d{1,9})$", re.MULTILINE)
_SHAPE = re.compile(r'\{"shape": \[(\d{1,9}(?:, ?\d{1,9})*)\]')
"""How ImageJ, and tifffile, note of how many pictures a stack is; the latter as its shape."""

_QUIET: ContextVar[bool] = ContextVar("quiet_tifffile", default=False)


def _is_wanted(_: logging.LogRecord) -> bool:
    return not _QUIET.get()


@contextmanager
def quiet_tifffile() -> Iterator[None]:
    """Let this thread read with tifffile without a word in the log; other threads and programs log as before."""
    logging.getLogger("tifffile").addFilter(_is_wanted)  # once: a filter that is there is not added again
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def count_files(content: bytes, page: tifffile.TiffPage) -> int:
    """Count the TIFFs of one size and kind in a file, one behind the other, as FTP leaves them that appends.

    Args:
        content: the bytes of the file.
        page: the picture in it that is read.
    """
    second = content.find(content[:_HEADER], _HEADER)
    if second > 0 and len(content) % second == 0:
        return len(content) // second
    count, begin, shape = 1, 0, page.shape
    try:
        while (begin := content.find(content[:_MARK], begin + _find_end(page))) > 0:  # packed ones differ in length
            with tifffile.TiffFile(io.BytesIO(content), offset=begin) as file:  # which takes no copy of the bytes
                page = file.pages.first
            if page.shape != shape:
                break
            count += 1
    except Exception:  # the mark may stand in what a program notes
        pass
    return count


def _find_end(page: tifffile.TiffPage) -> int:
    """Return where the pixels of a page end, in bytes from the first of its file."""
    ends = map(sum, zip(page.dataoffsets, page.databytecounts, strict=False))
    return max(ends, default=0) or _HEADER


def count_stacked(page: tifffile.TiffPage) -> int:
    """Return how many pictures lie one behind the other at a page: ImageJ and tifffile may list the first alone."""
    found, count = _IMAGES.match(page.description), 1
    if found:
        count = int(found[1])
    elif found := _SHAPE.match(page.description):
        shape, one = tuple(map(int, found[1].split(","))), page.shape
        count = math.prod(shape[: -len(one)]) if shape[-len(one) :] == one else 1
    is_there = page.is_contiguous and page.dataoffsets[0] + count * page.nbytes <= page.parent.filehandle.size
    return count if is_there else 1


def find_full_series(file: tifffile.TiffFile) -> tifffile.TiffPageSeries:
    """Return the first pages of a TIFF that belong together and are no small copies of others."""
    return next((series for series in file.series if not series.keyframe.is_reduced), file.series[0])


def find_value_scale(page: tifffile.TiffPage) -> tuple[float, float]:
    """Return the factor and the offset that bring the values of a page to what they measure, by GDAL or ImageJ.

    Returns:
        (1, 0) where it tells none, or those of its first band.
    """
    text = str(page.tags.valueof(_METADATA, ""))
    found = [re.search(rf'role="{role}"[^>]*>\s*([-+.\deE]+)\s*<', text) for role in ("scale", "offset")]
    if page.description.startswith("ImageJ="):
        found = [re.search(rf"^{name}=([-+.\deE]+)$", page.description, re.MULTILINE) for name in ("c1", "c0")]
    try:
        scale, offset = (float(match[1]) if match else usual for match, usual in zip(found, (1, 0), strict=True))
    except ValueError:
        return 1.0, 0.0
    return scale, offset


def find_orientation(page: tifffile.TiffPage) -> int:
    """Return how a page lies, 1 to 8; one in a branch may leave that to the page before it (TIFF/EP, DNG)."""
    pages = (page, page.parent.pages.first) if len(page.treeindex) > 1 else (page,)
    for one in pages:
        if (orientation := one.tags.valueof(_ORIENTATION)) in range(1, 9):
            return int(orientation)
    packet = page.tags.valueof(_XMP, b"")
    return find_xmp_orientation(packet if isinstance(packet, bytes) else str(packet).encode()) or 1


def find_missing(page: tifffile.TiffPage, values: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Return which values of a page stand for none, by the tag GDAL_NODATA; None where it has no such tag.

    Args:
        page: a page of a TIFF.
        values: of any shape.
    """
    if NO_DATA not in page.tags or values.dtype.kind not in "uif":
        return None
    try:
        mark = float(page.tags.valueof(NO_DATA))
    except (TypeError, ValueError):
        return None
    with np.errstate(over="ignore"):  # what 32 bits cannot hold is infinite
        return np.asarray(values == (values.dtype.type(mark) if values.dtype.kind == "f" else mark))
