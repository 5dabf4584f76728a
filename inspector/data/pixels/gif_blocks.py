"""The blocks that a GIF consists of."""

from collections.abc import Iterator

PICTURE, EXTENSION, END = 0x2C, 0x21, 0x3B
"""First bytes of a picture, of what programs note, and the last byte of a file."""

_HEADER, _PICTURE_HEADER, _EXTENSION_HEADER = 13, 11, 2
"""Bytes before the first palette, before a picture's data without its own palette, and before an extension's data."""


def list_gif_blocks(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the first byte of each block and where it stands, up to the end of the file or what is no block.

    Args:
        content: the bytes of a GIF.

    Raises:
        IndexError: it is cut off.
    """
    at = _HEADER + _measure_palette(content[10])
    while (kind := content[at]) in (PICTURE, EXTENSION):
        yield kind, at
        at += _PICTURE_HEADER + _measure_palette(content[at + 9]) if kind == PICTURE else _EXTENSION_HEADER
        while content[at]:
            at += content[at] + 1
        at += 1
    yield kind, at


def find_gif_end(content: bytes) -> int | None:
    """Return where a GIF ends by its own account; None where it does not say."""
    try:
        return next((at + 1 for kind, at in list_gif_blocks(content) if kind == END), None)
    except IndexError:
        return None


def _measure_palette(flags: int) -> int:
    return 6 << (flags & 7) if flags & 0x80 else 0
