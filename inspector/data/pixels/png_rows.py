"""Whether a PNG holds as many rows as its header says."""

import zlib

import imagecodecs

from inspector.data.pixels.raw_photo import MORE_ROWS, PhotoNote

_START = 8
"""Bytes before the first chunk."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),  # interlaced
)
_PIECE = 1 << 20
"""Bytes that are unpacked at once."""


def check_png_rows(content: bytes) -> tuple[PhotoNote, ...]:
    """Compare the rows of a PNG with those of its header: decoders leave the others black or out, and say nothing.

    Args:
        content: the bytes of a PNG whose chunks are whole.

    Returns:
        A note where it holds more.

    Raises:
        OSError: rows are missing.
    """
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    bits = content[24] * _CHANNELS.get(content[25], 1)
    expected = 0
    for left, top, across, down in _PASSES if content[28] else ((0, 0, 1, 1),):
        columns, rows = -((left - width) // across), -((top - height) // down)
        expected += rows * (1 + -(-columns * bits // 8)) if columns > 0 else 0
    row = 1 + -(-width * bits // 8)
    found = _count_bytes(content, expected, row)
    if found < expected:
        raise OSError("it ends before its last pixel")
    return (MORE_ROWS,) if found >= expected + row else ()


def _count_bytes(content: bytes, expected: int, row: int) -> int:
    """Count the bytes that the pixels unpack to, up to a row more than expected."""
    packed = _list_packed(content)
    try:
        return len(imagecodecs.deflate_decode(b"".join(packed), out=expected))  # twice as fast
    except imagecodecs.DeflateError:  # there are more bytes, or the last ones are not as they should be
        pass
    unpack, found = zlib.decompressobj(), 0
    try:
        for part in packed:
            while part and found < expected + row and not unpack.eof:
                found += len(unpack.decompress(part, _PIECE))
                part = unpack.unconsumed_tail
    except zlib.error as error:
        raise OSError("its compressed data were changed") from error
    return found


def _list_packed(content: bytes) -> list[bytes | memoryview]:
    view, at = memoryview(content), _START
    packed: list[bytes | memoryview] = []
    while at + 8 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] == b"IDAT":
            packed.append(view[at + 8 : end])
        at = end + 4
    return packed
