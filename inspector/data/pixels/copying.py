"""Traces of a bad copy in the bytes of a file: sent as text, or zeros where something was not written."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import PhotoNote

FEWEST_LINES = 8
"""Line ends that tell whether a file was sent as text: by chance one in 256 stands behind a carriage return."""

MOST_RETURNS = 8
"""Carriage returns for each line end; more are the higher byte of values of 16 bits that are all nearly the same."""

LOOKED_AT = 1 << 20
"""Bytes at the end of a file that are looked at for line ends."""

SENT_AS_TEXT = "it was sent as text, which changes bytes: send it in binary mode"

_BLOCK = 512
"""Bytes of a block of the smallest disks and network packets."""

_LEAST_TAIL = 0.01
"""Share of a file that its zeros must take; less is padding."""

_ZEROS = bytes(32)

_HEADER, _TIFF_HEADER = 1024, 2048
"""Bytes before the pixels that may be zeros in any file: a TIFF may begin with a palette, 1536 bytes of it."""

_PCX_PALETTE = 769
"""Bytes of the palette of a PCX, with the one that announces it."""

_KNOW_THEIR_END = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"qoif",
    b"\0\0\0\x0cj",
    b"\xff\x4f\xff\x51",
    b"\xff\x0a",
)
"""First bytes of kinds whose decoders miss what is missing; zeros behind their end are padding."""


def was_sent_as_text(content: bytes, begin: int = 0) -> bool:
    """Tell whether a binary file went through a program that writes line ends as Windows has them, as FTP may do.

    It left some carriage returns of the data alone, of which a text that a camera writes behind its pixels has none.

    Args:
        content: its bytes.
        begin: where the first of them are that are no text.
    """
    start = max(begin, len(content) - LOOKED_AT)
    before = max(0, start - 1)
    values = np.frombuffer(content[before:], np.uint8)  # counted in a tenth of the time of bytes.count
    ends, turns = values == ord("\n"), values == ord("\r")
    lines, returns = int(np.count_nonzero(ends[start - before :])), int(np.count_nonzero(turns))
    paired = int(np.count_nonzero(turns[:-1] & ends[1:]))
    return FEWEST_LINES <= lines == paired < returns <= MOST_RETURNS * lines


def note_zeros(content: bytes, pixels: NDArray[Any] | None = None) -> tuple[PhotoNote, ...]:
    """Note zeros that look as if a file was not copied whole: up to its end, or from one block to another.

    Args:
        content: the bytes of a photo or cloud that was read.
        pixels: (H, W) or (H, W, C) of a photo; where black rows end with a row, they are taken for its ground.
    """
    padded = content.startswith(_KNOW_THEIR_END) or content[4:8] in (b"ftyp", b"JXL ") or _ends_in_palette(content)
    filled = len(content.rstrip(b"\0"))
    tail = len(content) - filled
    header = _TIFF_HEADER if content[:2] in (b"II", b"MM") else _HEADER
    is_tail = not padded and tail >= max(64, _LEAST_TAIL * len(content)) and content.find(_ZEROS, header, filled) < 0
    if is_tail and (pixels is None or not _ends_in_rows_of_zeros(content, pixels, tail)):
        return (describe_tail(tail, len(content)),)
    if hole := _find_hole(content, filled, is_packed=padded):
        told = f"bytes {hole[0]} to {hole[1] - 1} of {len(content)}"
        return (PhotoNote("its file has a gap of zeros, as if it were not copied whole", told),)
    return ()


def describe_tail(tail: int, size: int) -> PhotoNote:
    """Say that so many of the bytes of a file are zeros at its end."""
    return PhotoNote("its file ends in zeros, as if it were not copied whole", f"{tail} of {size} bytes")


def _ends_in_palette(content: bytes) -> bool:
    """Tell whether a file is a PCX with its palette, whose last colours may be black, behind its pixels."""
    return content.startswith(b"\n\5\1") and content[-_PCX_PALETTE:][:1] == b"\x0c"


def _ends_in_rows_of_zeros(content: bytes, pixels: NDArray[Any], tail: int) -> bool:
    """Tell whether the zeros are whole rows: black ones, or in TIFF, BMP and PBM those of white or the first colour.

    A BMP ends with its upper row. Where a colour of the last row is no zero, a TIFF has each in a plane of its own, one
    below the other; further planes, as that of the fourth ink, are not among the pixels.
    """
    row = {b"II": -1, b"MM": -1, b"BM": 0, b"P4": -1}.get(content[:2])
    if _ends_in_black_rows(pixels) or (row is not None and _ends_in_black_rows(pixels != pixels[row, -1])):
        return True
    sizes = (pixels.itemsize, pixels.itemsize // 2) if pixels.dtype.kind == "f" else (pixels.itemsize,)  # of mixed inks
    if row == -1 and any(_fill_further_planes(tail, len(content), pixels, size) for size in sizes):
        return True
    in_planes = row == -1 and pixels.ndim == 3 and bool(pixels[-1].any())
    return in_planes and _ends_in_black_rows(np.moveaxis(pixels, 2, 0).reshape(-1, pixels.shape[1]))


def _fill_further_planes(tail: int, length: int, pixels: NDArray[Any], size: int) -> bool:
    """Tell whether zeros are a plane behind those of the colours, and whole rows or less than one before it.

    Args:
        tail: so many zeros.
        length: of the file.
        pixels: its colours.
        size: bytes of a value in the file.
    """
    row, colours = pixels.shape[1] * size, math.prod(pixels.shape[2:])
    plane = len(pixels) * row
    if row == 0 or tail < plane or length <= (colours + 1) * plane:
        return False
    return bool(tail % row < size or tail % plane < row)  # the last value before may end in zeros


def _ends_in_black_rows(pixels: NDArray[Any]) -> bool:
    """Tell whether a picture is black from one row on to its lower or upper end; a copy breaks off within a row."""
    rows = np.asarray(pixels.reshape(len(pixels), -1).any(axis=1))
    if rows[0] == rows[-1]:
        return False
    last = np.flatnonzero(rows)[-1 if rows[0] else 0]
    return bool(pixels[last, -1].all())


def _find_hole(content: bytes, end: int, *, is_packed: bool) -> tuple[int, int] | None:
    """Find zeros that fill whole blocks to the byte.

    Black pixels, and the zeros of points that are missing, begin and end anywhere, some of them with a block by chance:
    where there are any, nothing is told. What is packed has none.
    """
    blocks = np.frombuffer(content, np.uint64, end // _BLOCK * (_BLOCK // 8)).reshape(-1, _BLOCK // 8)
    empty = np.concatenate([[False], ~blocks.any(axis=1), [False]])
    edges = np.flatnonzero(empty[1:] != empty[:-1])
    runs = [(first * _BLOCK, last * _BLOCK) for first, last in edges.reshape(-1, 2).tolist()]
    holes = [(start, stop) for start, stop in runs if start and content[start - 1] and content[stop]]
    return holes[0] if holes and (is_packed or len(holes) == len(runs)) else None
