"""Whether a page of a TIFF holds what its header says, no less and no more."""

import math
from collections.abc import Callable
from typing import Any

import imagecodecs
import tifffile

from inspector.data.pixels.jpeg_data import find_frame
from inspector.data.pixels.raw_photo import MORE_ROWS, PhotoNote, check_size, describe_damage
from inspector.data.tiffs import find_value_scale

_PLACES = (273, 324)
"""Tags that say where strips and tiles lie."""

_PLAIN, _JPEG, _YCBCR = 1, 7, 6
_UNPACK: dict[int, Callable[[bytes], Any]] = {
    _PLAIN: bytes,
    5: imagecodecs.lzw_decode,
    8: imagecodecs.zlib_decode,
    32946: imagecodecs.zlib_decode,
    32773: imagecodecs.packbits_decode,
    34925: imagecodecs.lzma_decode,
    50000: imagecodecs.zstd_decode,
}
"""What unpacks a strip to the bytes of its rows, by the number of its compression."""

_BLOCK = 16
"""Rows or columns that a JPEG may have beyond its picture: it is made of blocks."""


def find_tiff_depth(page: tifffile.TiffPage) -> int:
    """Return the bits per value of a page, 0 where it does not say."""
    bits = page.bitspersample
    return int(max(bits) if isinstance(bits, tuple) else bits)


def check_page(page: tifffile.TiffPage, content_size: int, name: str) -> None:
    """Refuse what declares more than there is: tifffile would fill the gaps with zeros, or memory with nothing.

    Args:
        page: what is going to be decoded.
        content_size: bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it does.
    """
    bits, samples = find_tiff_depth(page), int(page.samplesperpixel)
    depth = max(1, int(page.imagedepth))
    check_size(int(page.imagewidth), int(page.imagelength), bits / 8 * samples * depth, content_size, name)
    if bits >= 1 and samples >= 1 and (page.dtype is None or isinstance(page.bitspersample, tuple)):
        raise describe_damage(name, f"values of {page.bitspersample} bits are not supported")
    if bits < 1 or samples < 1:
        raise describe_damage(name, f"{samples} values of {bits} bits in a pixel")
    starts, lengths, pieces = page.dataoffsets, page.databytecounts, math.prod(page.chunked)
    if not starts or len(starts) != len(lengths):
        raise describe_damage(name, "its pixels are not where it says")
    is_there = _is_plain_strip(page) and starts[0] + _count_plain_bytes(page) <= content_size
    if len(starts) < pieces and not is_there:
        raise describe_damage(name, f"it holds {len(starts)} of {pieces} strips or tiles")
    if any(
        length <= 0 or start <= 0 or start + length > content_size
        for start, length in zip(starts, lengths, strict=True)
    ):
        raise describe_damage(name, "some of its pixels are missing")


def _is_plain_strip(page: tifffile.TiffPage) -> bool:
    """Tell whether the pixels of a page are one strip that is not compressed."""
    return len(page.dataoffsets) == 1 and int(page.compression) == _PLAIN and not page.is_tiled


def _count_plain_bytes(page: tifffile.TiffPage) -> int:
    """Return the bytes of a page's pixels where they are not compressed; each row begins with a byte of its own."""
    planes, depth, rows, columns, samples = page.shaped
    return planes * depth * rows * math.ceil(columns * samples * find_tiff_depth(page) / 8)


def note_more_rows(page: tifffile.TiffPage) -> tuple[PhotoNote, ...]:
    """Note where a page holds strips or tiles, or rows in its last strip, that its header says nothing of.

    Raises:
        OSError: a JPEG in it has fewer pixels than the page.
    """
    counts = [page.tags[tag].count for tag in _PLACES if tag in page.tags]  # an old JPEG may have neither
    if max(counts, default=0) > math.prod(page.chunked):
        return (MORE_ROWS,)
    if page.is_tiled or int(page.imagedepth) > 1 or not page.dataoffsets:
        return ()
    has_more = _has_more_in_jpeg(page) if int(page.compression) == _JPEG else _has_more_in_strip(page)
    return (MORE_ROWS,) if has_more else ()


def note_value_scale(page: tifffile.TiffPage) -> tuple[PhotoNote, ...]:
    """Note where the values of a page are to be multiplied, or moved, by what its file says."""
    scale, offset = find_value_scale(page)
    if (scale, offset) == (1, 0):
        return ()
    told = "its file gives a factor and an offset for its values, which were not applied"
    return (PhotoNote(told, f"{scale:g}, {offset:g}"),)


def _has_more_in_strip(page: tifffile.TiffPage) -> bool:
    """Tell whether the last strip of a plane unpacks to more rows than it should; rows of one value are padding."""
    unpack = _UNPACK.get(int(page.compression))
    if unpack is None or int(page.fillorder) != 1:
        return False
    if int(page.photometric) == _YCBCR and find_tiff_depth(page) == 8:  # colours share pixels
        return False
    planes, _, height, columns, samples = page.shaped
    strips = 1 if len(page.dataoffsets) == 1 else len(page.dataoffsets) // planes
    rows = height - (strips - 1) * min(int(page.rowsperstrip), height) if strips > 1 else height
    if rows < 1 or (planes > 1 and strips * planes != len(page.dataoffsets)):
        return False
    row = math.ceil(columns * samples * find_tiff_depth(page) / 8)
    expected = rows * row * (planes if len(page.dataoffsets) == 1 else 1)
    try:
        surplus = bytes(unpack(_read_strip(page, strips - 1)))[expected:]
    except Exception:  # what decodes the page says whether a pixel is missing
        return False
    return len(surplus) >= row and bool(surplus.strip(surplus[:1]))


def _has_more_in_jpeg(page: tifffile.TiffPage) -> bool:
    """Tell whether the JPEG that is the only strip of a page has more rows than it should."""
    if len(page.dataoffsets) > 1:
        return False
    content = _read_strip(page, 0)
    at = find_frame(content) + 5
    rows, columns = (int.from_bytes(content[place : place + 2], "big") for place in (at, at + 2))
    if not rows or not columns:
        return False
    values = columns * content[at + 4]  # raw files share a row between two components
    if rows < int(page.imagelength) or values < int(page.imagewidth) * int(page.samplesperpixel):
        raise OSError("it ends before its last pixel")
    return rows >= int(page.imagelength) + _BLOCK or columns >= int(page.imagewidth) + _BLOCK


def _read_strip(page: tifffile.TiffPage, index: int) -> bytes:
    file = page.parent.filehandle
    file.seek(page.dataoffsets[index])
    content: bytes = file.read(page.databytecounts[index])
    return content
