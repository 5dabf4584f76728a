"""What the header of a PNG, TIFF, PGM or PFM says of its pixels, without decoding them."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from inspector.data.first_bytes import HEAD
from inspector.data.pixels.netpbm import find_map_depth

KIND, WIDTH, BITS, PHOTOMETRIC, CHANNELS, FORMAT = 254, 256, 258, 262, 277, 339
"""TIFF tags: kind of page, width, bits of a sample, what the samples mean, samples of a pixel, kind of number."""

SMALL_COPY, MOST_COPIES = 1, 8
"""Bit of the kind of a page that is a small copy of another one; and pages that are looked at for one that is none."""

SIGNED, FLOATS = 2, 3
"""Sample formats of whole numbers with a sign, and of floating point numbers."""

PALETTE = 3
"""Photometric interpretation of indices into a palette."""

SHORT, LONG = 3, 4
"""Types of a tag's values: 16 and 32 bits."""

MOST_TAGS = 64
"""Tags of a TIFF that are looked at; they come in ascending order and those of interest are early ones."""


class PixelHeader(NamedTuple):
    """Channels of a pixel, bits of each, and whether they are floats."""

    channels: int
    bits: int
    is_float: bool = False
    is_signed: bool = False
    """Whether they are whole numbers that may be negative."""

    @property
    def may_be_depth(self) -> bool:
        """Whether the pixels are single numbers of more than 8 bits, as depth images have."""
        return self.channels == 1 and (self.bits >= 16 or self.is_float)

    @property
    def may_be_points(self) -> bool:
        """Whether each pixel holds three floats or signed numbers, as x, y, z, and maybe more behind them."""
        return self.channels >= 3 and (self.is_float or (self.is_signed and self.bits >= 16))


def read_pixel_header(path: str | Path) -> PixelHeader | None:
    """Read what a file says of its pixels; None where it is none of these, or damaged.

    Args:
        path: a regular file.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            if head.startswith(b"\x89PNG\r\n\x1a\n"):
                return PixelHeader({0: 1, 2: 3, 3: 3, 4: 2, 6: 4}[head[25]], head[24])
            if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
                return _read_tiff(file, head)
            if depth := find_map_depth(head):
                return PixelHeader(1, *depth)
    except (OSError, KeyError, IndexError, OverflowError, struct.error):
        pass
    return None


def _read_tiff(file: BinaryIO, head: bytes) -> PixelHeader:
    """Read the tags of the first page that is no small copy. A BigTIFF has the same ones with longer numbers."""
    order = "<" if head[:2] == b"II" else ">"
    is_big = b"+" in head[:4]
    start, count_kind, tag_kind, room = (8, "Q", "HHQ", 8) if is_big else (4, "H", "HHI", 4)
    number = order + ("Q" if is_big else "I")
    (place,) = struct.unpack_from(number, head, start)
    pages: list[dict[int, int]] = []
    while place and len(pages) < MOST_COPIES and (not pages or pages[-1].get(KIND, 0) & SMALL_COPY):
        tags, behind = _read_tags(file, place, order, (count_kind, tag_kind, room))
        pages.append(tags)
        file.seek(behind)
        following = file.read(struct.calcsize(number))
        (place,) = struct.unpack(number, following) if len(following) == struct.calcsize(number) else (0,)
    is_full = pages and not pages[-1].get(KIND, 0) & SMALL_COPY
    return _describe(pages[-1] if is_full else pages[0])


def _read_tags(file: BinaryIO, place: int, order: str, sizes: tuple[str, str, int]) -> tuple[dict[int, int], int]:
    """Read the tags of interest of the page at a place, and where they end."""
    count_kind, tag_kind, room = sizes
    file.seek(place)
    (count,) = struct.unpack(order + count_kind, file.read(struct.calcsize(order + count_kind)))
    size = struct.calcsize(order + tag_kind) + room
    tags: dict[int, int] = {}
    entries = file.read(min(count, MOST_TAGS) * size)
    for offset in range(0, len(entries) - size + 1, size):
        tag, kind, values = struct.unpack_from(order + tag_kind, entries, offset)
        field = entries[offset + size - room : offset + size]
        if kind == SHORT and tag in (WIDTH, BITS, PHOTOMETRIC, CHANNELS, FORMAT):
            tags[tag] = _read_first(file, order, field, values)
        elif kind == LONG and tag in (KIND, WIDTH):
            (tags[tag],) = struct.unpack_from(order + "I", field)
    return tags, place + struct.calcsize(order + count_kind) + count * size


def _read_first(file: BinaryIO, order: str, field: bytes, values: int) -> int:
    """Read the first of a tag's values, which stand in the tag itself or, where they do not fit, elsewhere."""
    if values * 2 <= len(field):
        return int(struct.unpack_from(order + "H", field)[0])
    (place,) = struct.unpack(order + ("Q" if len(field) == 8 else "I"), field)
    file.seek(place)
    return int(struct.unpack(order + "H", file.read(2))[0])


def _describe(tags: Mapping[int, int]) -> PixelHeader:
    channels = 3 if tags.get(PHOTOMETRIC) == PALETTE else tags.get(CHANNELS, 1)
    is_float = tags.get(FORMAT) == FLOATS
    if is_float and channels == 1 and tags.get(WIDTH) == 3:  # rows of points as pages, as tifffile may write them
        channels = 3
    return PixelHeader(channels, tags.get(BITS, 1), is_float, tags.get(FORMAT) == SIGNED)
