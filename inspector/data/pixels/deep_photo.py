"""Photos of more than 8 bits that are no TIFF: PNG, JPEG 2000, JPEG XL, and JPEGs of other kinds."""

import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.endings import PNG, find_precision, is_jpeg, mend_end
from inspector.data.pixels.jpeg_data import check_deep_data
from inspector.data.pixels.masked_bitmap import find_bitmap_reader
from inspector.data.pixels.netpbm import find_netpbm_reader
from inspector.data.pixels.pillow_photo import (
    EXIF,
    count_frames,
    find_orientation,
    open_picture,
    read_noted_orientation,
)
from inspector.data.pixels.png_rows import check_png_rows
from inspector.data.pixels.raw_photo import (
    SEVERAL,
    PhotoNote,
    RawPhoto,
    check_size,
    describe_damage,
    split_alpha,
    turn_upright,
)
from inspector.errors import InputError

_JPEG_2000 = b"\x00\x00\x00\x0cjP  "
_CODESTREAM = b"\xff\x4f\xff\x51"
_CHANNELS, _ANY_COLOUR = b"cdef", 0xFFFF
"""Begins the part of a JPEG 2000 that tells which channel is which colour; and what says that it is none of them."""
_COLOURS, _BY_NUMBER, _CMYK = b"colr", b"\1", 12
"""Begins the part that tells its colours, in one way by a number; and that of four inks, which Pillow mixes."""
_OTHER_COLOURS = {
    **{1: "YCbCr", 3: "YCbCr", 4: "YCbCr", 9: "PhotoYCC", 11: "CMY", 13: "YCCK", 14: "CIE L*a*b*", 19: "CIE Jab"},
    **{22: "YPbPr", 23: "YPbPr", 24: "e-sYCC"},
}
"""Numbers of other colours (ISO/IEC 15444-2, EnumCS)."""
_JPEG_XL = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")


def find_deep_reader(content: bytes) -> Callable[[bytes, str], RawPhoto] | None:
    """Return what reads a photo of more than 8 bits, or one that Pillow refuses; None = Pillow reads it."""
    if content.startswith(PNG):
        return read_deep_png if content[24:25] == b"\x10" else None
    if content.startswith((_JPEG_2000, _CODESTREAM)):
        is_deep = _find_jpeg_2000_precision(content)[0] > 8
        is_other = _has_channels_in_another_order(content) or _find_other_colours(content)
        return read_deep_jpeg_2000 if is_deep or is_other else None
    if content.startswith(_JPEG_XL):
        return read_jpeg_xl
    if is_jpeg(content):
        return read_deep_jpeg if find_precision(content) > 8 else None
    return find_bitmap_reader(content) or find_netpbm_reader(content)


def read_deep_png(content: bytes, name: str) -> RawPhoto:
    """Read a PNG of 16 bits: grey or colour, with or without alpha.

    Pillow gives the upper 8 bits of colours, however few of them are in use.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is damaged.
    """
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    check_size(width, height, 8, len(content), name)
    try:
        content, notes = mend_end(content, open_picture)
        notes += check_png_rows(content)
        pixels = imagecodecs.png_decode(content)
        with open_picture(content) as image:
            orientation = find_orientation(image)
            notes += count_frames(image)
    except Exception as error:
        raise describe_damage(name, error) from error
    bits = _find_significant_bits(content)
    hinted = (0.0, float(2**bits - 1)) if bits else None
    raw = _make_raw(turn_upright(pixels, orientation), "uint16", hinted=hinted)
    return replace(raw, notes=notes + raw.notes)


def _find_significant_bits(content: bytes) -> int:
    """Return the bits that the chunk sBIT declares, the most of all colours; 0 = there is none."""
    at = content[: content.find(b"IDAT")].find(b"sBIT")
    if at < 0:
        return 0
    length = int.from_bytes(content[at - 4 : at], "big")
    bits = content[at + 4 : at + 4 + min(length, 3 if length > 2 else 1)]
    return max(bits) if bits and 1 <= max(bits) <= 16 else 0


def read_deep_jpeg_2000(content: bytes, name: str) -> RawPhoto:
    """Read a JPEG 2000 of any depth, which it declares; Pillow leaves channels in the order in which they stand.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is damaged, or its colours are none that are read.
    """
    bits, signed = _find_jpeg_2000_precision(content)
    if colours := _find_other_colours(content):
        raise InputError(
            f"{name} cannot be read: its colours are {colours} of {bits} bits, which are not read; export it as RGB"
        )
    try:
        with open_picture(content) as image:
            check_size(*image.size, 8, len(content), name)
        content, notes = mend_end(content, open_picture)
        pixels = imagecodecs.jpeg2k_decode(content)
    except InputError:
        raise
    except Exception as error:
        raise describe_damage(name, error) from error
    if bits in (8, 16, 32):
        raw = _make_raw(pixels, pixels.dtype.name)
        return replace(raw, notes=notes + raw.notes)
    low = -float(2 ** (bits - 1)) if signed else 0.0
    kind = f"{bits} bits, signed" if signed else f"{bits} bits"
    raw = _make_raw(pixels, kind, declared=(low, low + 2**bits - 1))
    return replace(raw, notes=notes + raw.notes)


def _find_jpeg_2000_precision(content: bytes) -> tuple[int, bool]:
    """Bits per value, and whether there are negative ones; (0, False) where the marker SIZ is missing."""
    at = content.find(_CODESTREAM)
    depth = content[at + 42 : at + 43]
    return ((depth[0] & 0x7F) + 1, bool(depth[0] & 0x80)) if at >= 0 and depth else (0, False)


def _find_other_colours(content: bytes) -> str:
    """Return the name of a JPEG 2000's colours that decoders take for red, green and blue; "" of all others."""
    header = content[: max(0, content.find(_CODESTREAM))]
    at = header.find(_COLOURS)
    if at < 0 or header[at + 4 : at + 5] != _BY_NUMBER:
        return ""
    number = int.from_bytes(header[at + 7 : at + 11], "big")
    is_deep = _find_jpeg_2000_precision(content)[0] > 8
    return "CMYK" if number == _CMYK and is_deep else _OTHER_COLOURS.get(number, "")


def _has_channels_in_another_order(content: bytes) -> bool:
    """Tell whether a JPEG 2000 says (cdef) that its first channels are not red, green and blue, or grey, in turn."""
    at = content[: max(0, content.find(_CODESTREAM))].find(_CHANNELS)
    if at < 0:
        return False
    (count,) = struct.unpack_from(">H", content, at + 4)
    table = content[at + 6 : at + 6 + 6 * count]
    channels = [struct.unpack_from(">HHH", table, place) for place in range(0, len(table) // 6 * 6, 6)]
    return any(kind == 0 and colour not in (0, place + 1, _ANY_COLOUR) for place, kind, colour in channels)


def read_jpeg_xl(content: bytes, name: str) -> RawPhoto:
    """Read a JPEG XL of any depth, the first of several frames.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is damaged.
    """
    try:
        pixels = imagecodecs.jpegxl_decode(content)
    except Exception as error:
        raise describe_damage(name, error) from error
    if pixels.ndim == 3 and pixels.shape[2] > 4:  # grey frames look the same
        raise InputError(f"{name} holds several grey pictures, or more than four channels; export it as TIFF")
    if pixels.ndim < 4:
        return _make_raw(pixels, pixels.dtype.name)
    raw = _make_raw(pixels[0], pixels.dtype.name)
    told = PhotoNote(SEVERAL, f"{len(pixels)}")
    return replace(raw, notes=(told, *raw.notes))


def read_deep_jpeg(content: bytes, name: str) -> RawPhoto:
    """Read a JPEG of 12 or 16 bits, with loss or without, upright.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is damaged.
    """
    bits = find_precision(content)
    try:
        content, notes = mend_end(content, imagecodecs.jpeg_decode)
        pixels = imagecodecs.jpeg_decode(content)
        notes += check_deep_data(content, pixels, imagecodecs.jpeg_decode)
        pixels = turn_upright(pixels, _read_orientation(content))
    except Exception as error:
        raise describe_damage(name, error) from error
    raw = _make_raw(pixels, pixels.dtype.name)
    declared = None if bits == 16 else (0.0, float(2**bits - 1))
    return replace(raw, kind=raw.kind if bits == 16 else f"{bits} bits", declared=declared, notes=notes + raw.notes)


def _read_orientation(content: bytes) -> int:
    """Return how a JPEG lies by EXIF, else by XMP; 1 where neither says. Pillow opens those of 8 bits alone."""
    notes, at = list[bytes](), 2
    while content[at : at + 1] == b"\xff" and content[at + 1] != 0xDA:  # up to the pixels
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] == 0xE1:
            notes.append(content[at + 4 : end])
        at = end
    notes.sort(key=lambda note: not note.startswith(EXIF))
    return next(filter(None, map(read_noted_orientation, notes)), 1)


def _make_raw(
    pixels: NDArray[Any],
    kind: str,
    declared: tuple[float, float] | None = None,
    hinted: tuple[float, float] | None = None,
) -> RawPhoto:
    """Part colours and alpha of decoded pixels: (H, W) or (H, W, 1 to 4)."""
    if pixels.ndim == 2:
        return RawPhoto(pixels, kind, declared, hinted)
    channels = pixels.shape[2]
    if channels in (1, 3):
        return RawPhoto(pixels if channels == 3 else pixels[..., 0], kind, declared, hinted)
    top = declared[1] if declared else np.iinfo(pixels.dtype).max if pixels.dtype.kind in "iu" else 1.0
    colours, alpha, notes = split_alpha(pixels, 3 if channels > 3 else 1, top)
    return RawPhoto(colours if channels > 3 else colours[..., 0], kind, declared, hinted, alpha, notes=notes)
