"""BMPs whose pixels are cut by masks that Pillow refuses: red before blue, 10 bits a colour, 4 bits with alpha."""

import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.netpbm import describe_rest
from inspector.data.pixels.raw_photo import RawPhoto, check_size, describe_damage, split_alpha
from inspector.errors import InputError

_PACKINGS = (3, 6)
"""Numbers by which a BMP says that it has masks: of red, green and blue, and of alpha too."""

_MASKS = 54
"""Where they stand, whatever the header."""

_BY_PILLOW = {
    *((16, 0xF800, 0x07E0, 0x001F), (16, 0x7C00, 0x03E0, 0x001F)),
    *((32, 0xFF0000, 0xFF00, 0xFF), (32, 0, 0, 0)),
}
"""Bits of a pixel and masks that Pillow reads, whatever that of alpha; masks that are all 0 are the usual ones."""


def find_bitmap_reader(content: bytes) -> Callable[[bytes, str], RawPhoto] | None:
    """Return what reads a BMP with other masks than the usual ones, by its first bytes; None = it is none."""
    if content[:2] != b"BM" or len(content) < _MASKS + 16:
        return None
    header, _, _, _, bits, packing = struct.unpack_from("<IiiHHI", content, 14)
    if header < 40 or packing not in _PACKINGS or bits not in (16, 32):
        return None
    return None if (bits, *struct.unpack_from("<3I", content, _MASKS)) in _BY_PILLOW else read_masked_bitmap


def read_masked_bitmap(content: bytes, name: str) -> RawPhoto:
    """Read a BMP of 16 or 32 bits a pixel, which masks cut into red, green, blue and maybe alpha.

    Args:
        content: the bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it is cut off, or its masks are none.
    """
    start, header, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", content, 10)
    check_size(width, abs(height), bits / 8, len(content), name)
    row = (width * bits + 31) // 32 * 4
    end = start + row * abs(height)
    if start < _MASKS or len(content) < end:
        raise describe_damage(name, "it ends before its last pixel")
    *masks, alpha_mask = struct.unpack_from("<4I", content, _MASKS)
    if alpha_mask and (header >= 56 or packing == _PACKINGS[1]):  # else pixels or colours begin there
        masks.append(alpha_mask)
    steps = [mask & -mask for mask in masks]
    tops = [mask // step if step else 0 for mask, step in zip(masks, steps, strict=True)]
    if any(not 0 < top <= 65535 or top & (top + 1) for top in tops):
        raise InputError(f"{name} cannot be read: its masks of colours are damaged; export it as TIFF or PNG")
    table = np.frombuffer(content, f"<u{bits // 8}", (end - start) // (bits // 8), start).reshape(abs(height), -1)
    table = table[:, :width] if height < 0 else table[::-1, :width]
    top = 255 if max(tops) <= 255 else max(tops)
    kind = "uint8" if top == 255 else f"{top.bit_length()} bits"
    channels = [_cut(table, mask, step, top) for mask, step in zip(masks, steps, strict=True)]
    colours, notes = np.stack(channels[:3], axis=2), describe_rest(len(content.rstrip(b"\0")) - end)
    declared = None if top == 255 else (0.0, float(top))
    if len(channels) == 3:
        return RawPhoto(colours, kind, declared, notes=notes)
    colours, alpha, told = split_alpha(np.stack(channels, axis=2), 3, top)
    return RawPhoto(colours, kind, declared, alpha=alpha, notes=notes + told)


def _cut(table: NDArray[np.unsignedinteger], mask: int, step: int, top: int) -> NDArray[np.unsignedinteger]:
    """Cut one colour out of pixels (H, W), brought from its own highest value to `top`."""
    values = (table & mask) // step
    own = mask // step
    scaled = values if own == top else np.round(values * (top / own))
    return scaled.astype(np.uint8 if top == 255 else np.uint16)
