"""Whether a page of a TIFF holds what its header says, no less and no more, and unharmed."""

import math
import zlib
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import tifffile

from inspector.data.pixels.endings import find_precision, is_jpeg, mend_end
from inspector.data.pixels.jpeg_data import check_deep_data, check_jpeg_data, find_frame
from inspector.data.pixels.raw_photo import MORE_ROWS, PhotoNote, check_size, describe_damage
from inspector.data.tiffs import find_value_scale

_PLACES = (273, 324)
"""Tags that say where strips and tiles lie."""

_PLAIN, _OLD_JPEG, _JPEG, _YCBCR = 1, 6, 7, 6
IN_PLANES, _TABLES, _UNSIGNED = 2, 347, 1
"""A plane for each colour; tag of what the JPEGs of a page share; and whole numbers without a sign."""
_WORD = 16
"""Bits of the numbers in which some programs write values of 9 to 15 bits, each by itself."""
ZIPPED = (8, 32946)
"""Compressions with a checksum behind each strip."""
_ZIP_HEADER, _CHECKSUM, _FLUSHED = 2, 4, b"\0\0\xff\xff"
"""Bytes before the data of a strip, and of its checksum; and the last ones where a program left out the end."""
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


def correct_lengths(page: tifffile.TiffPage) -> None:
    """Give strips that are not compressed the length of their rows, where their tags say another and all is there.

    Programs write zeros, the length of a whole strip for the last one, or anything; decoders do not look at it. A
    longer one stays, as there may be more rows, unless another strip, or the tags of the page, lie in it.
    """
    is_other = page.is_tiled or int(page.imagedepth) > 1 or int(page.photometric) == _YCBCR
    if is_other or int(page.compression) != _PLAIN or min(page.shaped) < 1 or int(page.rowsperstrip) < 1:
        return
    planes, _, height, columns, samples = page.shaped
    row, most = math.ceil(columns * samples * find_tiff_depth(page) / 8), min(int(page.rowsperstrip), height)
    starts, said, size = page.dataoffsets, page.databytecounts, page.parent.filehandle.size
    if not len(starts) == len(said) == planes * math.ceil(height / most):  # a damaged page may claim any number
        return
    lengths = planes * [min(most, height - first) * row for first in range(0, height, most)]
    places = sorted(zip(starts, lengths, strict=True))
    limits = [*(start for start, _ in places[1:]), size]
    if all(start + length <= limit for (start, length), limit in zip(places, limits, strict=True)):
        ends = sorted((*starts, page.offset, size))
        strips = zip(starts, said, lengths, strict=True)
        page.databytecounts = tuple(
            told if length <= told <= ends[bisect_right(ends, start)] - start else length
            for start, told, length in strips
        )


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


def correct_page(page: tifffile.TiffPage) -> int:
    """Correct what some programs say of a page that is not so, which other decoders know.

    Where nothing is compressed, no value is the difference to the one before it (Zeiss). Values of 9 to 15 bits may
    stand in 16 bits each instead of closely packed, at either end of these: each word tells that it is one.

    Args:
        page: what is going to be decoded, and checked; it is changed.

    Returns:
        The bits of a value as its tag says; values at the upper end of their 16 bits are higher.
    """
    if int(page.compression) == _PLAIN:
        page.predictor = tifffile.PREDICTOR.NONE
    bits = find_tiff_depth(page)
    unpack = _UNPACK.get(int(page.compression))
    if unpack is None or not 8 < bits < _WORD or int(page.sampleformat) != _UNSIGNED:
        return bits
    rows, columns = page.tilelength, page.tilewidth
    if not page.is_tiled:
        rows, columns = min(int(page.rowsperstrip), int(page.imagelength)), page.imagewidth
        rows = int(page.imagelength) if len(page.dataoffsets) == 1 else rows
    count = int(rows * columns) * (1 if int(page.planarconfig) == IN_PLANES else int(page.samplesperpixel))
    try:
        content = bytes(unpack(_read_strip(page, 0)))
    except Exception:  # what decodes the page says what is wrong
        return bits
    if len(content) != 2 * count:
        return bits
    words = np.frombuffer(content, f"{page.parent.byteorder}u2")
    is_left = not (words & (2 ** (_WORD - bits) - 1)).any()
    if words.max() < 2**bits or is_left:
        page.bitspersample = _WORD
    return bits


def check_jpegs(page: tifffile.TiffPage) -> tuple[PhotoNote, ...]:
    """Check the JPEGs that a page is made of: decoders fill what is missing with grey, and say nothing.

    Returns:
        A note where data stand behind the last pixel of one of them, as where some were changed.

    Raises:
        OSError: data are missing, or were changed on the way.
    """
    if int(page.compression) not in (_OLD_JPEG, _JPEG):
        return ()
    tables = page.tags.valueof(_TABLES, b"")
    noted: tuple[PhotoNote, ...] = ()
    for index in range(len(page.dataoffsets)):
        strip = _read_strip(page, index)
        if is_jpeg(strip):  # old ones may have their first bytes elsewhere
            noted = _check_jpeg(tables[:-2] + strip[2:] if tables else strip) or noted
    return noted


def _check_jpeg(strip: bytes) -> tuple[PhotoNote, ...]:
    whole, _ = mend_end(strip, imagecodecs.jpeg_decode)
    if find_precision(whole) == 8:
        return check_jpeg_data(whole)
    return check_deep_data(whole, imagecodecs.jpeg_decode(whole), imagecodecs.jpeg_decode)


def check_zipped(page: tifffile.TiffPage) -> None:
    """Check the checksums of a page: a decoder that stops at the last pixel does not come to them.

    Raises:
        OSError: data were changed on the way.
    """
    for index in range(len(page.dataoffsets)):
        strip = _read_strip(page, index)
        try:
            imagecodecs.zlib_decode(strip)  # thrice as fast
        except imagecodecs.ZlibError as error:
            if not _lacks_end(strip):
                raise OSError("its compressed data were changed") from error


def _lacks_end(strip: bytes) -> bool:
    """Tell whether nothing but the checksum, or a part of it, or the mark of the end is missing in a strip."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpack.decompress(strip[_ZIP_HEADER:])
    except zlib.error:
        return False
    return len(unpack.unused_data) < _CHECKSUM if unpack.eof else strip.endswith(_FLUSHED)


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
