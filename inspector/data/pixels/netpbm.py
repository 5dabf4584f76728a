"""Portable maps of netpbm: PGM and PPM of more than 8 bits, PFM, and where the raster of any of them begins."""

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import PhotoNote, RawPhoto, check_size, describe_damage

_PNM_HEADER = re.compile(rb"P([2356])" + 3 * rb"(?:\s|#[^\n\r]*[\n\r])+(\d{1,10})" + rb"(?:#[^\n\r]*)?\s")
_PFM_HEADER = re.compile(rb"P([Ff])\s+(\d{1,10})\s+(\d{1,10})\s+([-+.\deE]{1,32})\s")
_LOOKED_AT = 4096
"""Bytes that a header with its comments may have."""

HOT = 0.001
"""Share of values above the largest that is declared up to which it still holds: hot pixels, which become white."""

_REST_OF_HEADER = re.compile(rb"(?<=[ \r])\n|[ \t]*#[^\r\n]*\r?\n")
"""What some programs write between the one blank that ends a header and the raster: Windows' line ends, a comment."""


def find_netpbm_reader(content: bytes) -> Callable[[bytes, str], RawPhoto] | None:
    """Return what reads a PFM, or a PGM or PPM above 8 bits; None = it is something else."""
    if _PFM_HEADER.match(content[:512]):
        return read_pfm
    header = _PNM_HEADER.match(content[:_LOOKED_AT])
    return read_deep_pnm if header and int(header[4]) > 255 else None


def find_map_depth(head: bytes) -> tuple[int, bool] | None:
    """Return the bits of a grey map, PGM or PFM, and whether its values are floats; None = it is something else.

    Args:
        head: the first bytes of a file.
    """
    if (header := _PFM_HEADER.match(head)) and header[1] == b"f":
        return 32, True
    header = _PNM_HEADER.match(head)
    return (16 if int(header[4]) > 255 else 8, False) if header and header[1] in b"25" else None


def straighten_header(content: bytes) -> tuple[bytes, tuple[PhotoNote, ...]]:
    """Write the header of a binary PGM or PPM of 8 bits as every decoder reads it.

    Returns:
        The bytes to decode, those of other files as they are; and notes on what stands behind the raster and is not
        blank, and on values above the largest that is declared.
    """
    header = _PNM_HEADER.match(content[:_LOOKED_AT])
    if header is None or int(header[4]) > 255:
        return content, ()
    if header[1] in b"23":
        return content, describe_rest(_count_behind_text(content, header))
    size = int(header[2]) * int(header[3]) * (3 if header[1] == b"6" else 1)
    start = _find_raster(content, header.end(), size)
    rest, top = content[start + size :], int(header[4])
    notes = describe_rest(len(rest) if rest.strip() else 0)
    if top < 255 and (highest := max(content[start : start + size], default=0)) > top:
        notes += (_describe_higher(highest, top),)
    if start > header.end():
        content = b"P%s\n%s %s\n%s\n" % header.groups() + content[start:]
    return content, notes


def _count_behind_text(content: bytes, header: re.Match[bytes]) -> int:
    """Count the bytes of a PGM or PPM that is text from the first number behind its raster on."""
    text = re.sub(rb"#[^\n\r]*", b"", content[header.end() :])
    is_blank = np.isin(np.frombuffer(b" " + text, np.uint8), np.frombuffer(b" \t\n\v\f\r", np.uint8))
    words = np.flatnonzero(is_blank[:-1] & ~is_blank[1:])
    count = int(header[2]) * int(header[3]) * (3 if header[1] == b"3" else 1)
    return len(text) - int(words[count]) if len(words) > count else 0


def describe_rest(behind: int) -> tuple[PhotoNote, ...]:
    """Note bytes behind the end of a photo's file, where there are any."""
    told = "1 byte" if behind == 1 else f"{behind} bytes"
    return (PhotoNote("the file goes on behind its end", told),) if behind > 0 else ()


def _find_raster(content: bytes, end: int, size: int) -> int:
    """Return where the raster of `size` bytes begins: behind the header, or behind what belongs to it, too."""
    surplus = len(content) - end - size
    rest = _REST_OF_HEADER.match(content, end) if surplus > 0 else None
    return rest.end() if rest and rest.end() - end == surplus else end


def read_deep_pnm(content: bytes, name: str) -> RawPhoto:
    """Read a PGM or PPM whose largest value is above 255; that value is declared where it is not 65535.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is cut off.
    """
    header = _PNM_HEADER.match(content[:_LOOKED_AT])
    assert header is not None
    kind, (width, height, top) = int(header[1]), map(int, header.groups()[1:])
    channels = 3 if kind in (3, 6) else 1
    count = width * height * channels
    check_size(width, height, 2 * channels, len(content), name)
    if top > 65535:
        raise describe_damage(name, f"its header declares values up to {top}")
    if kind in (2, 3):
        text = re.sub(rb"#[^\n\r]*", b"", content[header.end() :])
        numbers = text.split(None, count)
        rest, numbers = b"".join(numbers[count:]), numbers[:count]
        if not all(word.isdigit() and len(word) < 6 for word in numbers):
            raise describe_damage(name, "a value is no number")
        values = np.array(numbers, dtype=np.uint32).clip(0, 65535).astype(np.uint16)
    else:
        start = _find_raster(content, header.end(), 2 * count)
        values = np.frombuffer(content, ">u2", offset=start, count=min(count, (len(content) - start) // 2))
        rest = content[start + 2 * count :]
    if len(values) < count:
        raise describe_damage(name, f"{len(values)} of {count} values are there")
    pixels, notes = _fit_to_declared(values.astype(np.uint16), top)
    notes += describe_rest(len(rest) if rest.strip() else 0)
    pixels = pixels.reshape((height, width, 3) if channels == 3 else (height, width))
    if top == 65535 or (pixels > top).mean() > HOT:
        return RawPhoto(pixels, "uint16", notes=notes)
    bits = (top + 1).bit_length() - 1
    return RawPhoto(
        pixels, f"{bits} bits" if top == 2**bits - 1 else f"0 to {top}", declared=(0.0, float(top)), notes=notes
    )


def _fit_to_declared(values: NDArray[np.uint16], top: int) -> tuple[NDArray[np.uint16], tuple[PhotoNote, ...]]:
    """Turn the bytes of values above the largest that is declared, where that explains them; else note them."""
    if (highest := int(values.max())) <= top:
        return values, ()
    turned = values.byteswap()
    if turned.max() <= top:
        return turned, (PhotoNote("its values stand with the lower byte first, against its format"),)
    return values, (_describe_higher(highest, top),)


def _describe_higher(highest: int, top: int) -> PhotoNote:
    return PhotoNote("its values are above the largest that it declares", f"{highest}, declared {top}")


def read_pfm(content: bytes, name: str) -> RawPhoto:
    """Read a portable float map, which begins with its lowest row.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is cut off.
    """
    header = _PFM_HEADER.match(content[:512])
    assert header is not None
    channels, width, height = 3 if header[1] == b"F" else 1, int(header[2]), int(header[3])
    check_size(width, height, 4 * channels, len(content), name)
    try:
        factor = float(header[4])
    except ValueError as error:
        raise describe_damage(name, error) from error
    count = width * height * channels
    start = _find_raster(content, header.end(), 4 * count)
    if (found := (len(content) - start) // 4) < count:
        raise describe_damage(name, f"{found} of {count} values are there")
    order = "<f4" if factor < 0 else ">f4"
    values = np.frombuffer(content, order, offset=start, count=count).astype(np.float32)
    rest = content[start + 4 * count :]
    pixels = values.reshape((height, width, 3) if channels == 3 else (height, width))[::-1]
    notes = describe_rest(len(rest) if rest.strip() else 0)
    if abs(factor) not in (0, 1):
        notes += (PhotoNote("its file gives a factor for its values, which was not applied", f"{abs(factor):g}"),)
    return RawPhoto(pixels, "float32", notes=notes)
