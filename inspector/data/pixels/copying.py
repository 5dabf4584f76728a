"""Traces of a bad copy in the bytes of a file: sent as text, or zeros where something was not written."""

import numpy as np

from inspector.data.pixels.raw_photo import PhotoNote

FEWEST_LINES = 8
"""Line ends that tell whether a file was sent as text: by chance one in 256 stands behind a carriage return."""

LOOKED_AT = 1 << 20
"""Bytes at the end of a file that are looked at for line ends."""

SENT_AS_TEXT = "it was sent as text, which changes bytes: send it in binary mode"

_BLOCK = 512
"""Bytes of a block of the smallest disks and network packets."""

_LEAST_TAIL = 0.01
"""Share of a file that its zeros must take; less is padding."""

_ZEROS = bytes(32)

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


def was_sent_as_text(content: bytes) -> bool:
    """Tell whether a binary file went through a program that writes line ends as Windows has them, as FTP may do.

    Args:
        content: its bytes, without a header of text.
    """
    start = max(0, len(content) - LOOKED_AT)
    lines = content.count(b"\n", start)
    return lines >= FEWEST_LINES and lines == content.count(b"\r\n", max(0, start - 1))


def note_zeros(content: bytes) -> tuple[PhotoNote, ...]:
    """Note zeros that look as if a file was not copied whole: up to its end, or from one block to another.

    Args:
        content: the bytes of a photo that was read.
    """
    padded = content.startswith(_KNOW_THEIR_END) or content[4:8] in (b"ftyp", b"JXL ")
    filled = len(content.rstrip(b"\0"))
    tail = len(content) - filled
    if not padded and tail >= max(64, _LEAST_TAIL * len(content)) and content.find(_ZEROS, 1024, filled) < 0:
        return (PhotoNote("its file ends in zeros, as if it were not copied whole", f"{tail} of {len(content)} bytes"),)
    if hole := _find_hole(content, filled):
        told = f"bytes {hole[0]} to {hole[1] - 1} of {len(content)}"
        return (PhotoNote("its file has a gap of zeros, as if it were not copied whole", told),)
    return ()


def _find_hole(content: bytes, end: int) -> tuple[int, int] | None:
    """Find zeros that fill whole blocks to the byte; between pixels zeros begin and end anywhere."""
    blocks = np.frombuffer(content, np.uint64, end // _BLOCK * (_BLOCK // 8)).reshape(-1, _BLOCK // 8)
    empty = np.concatenate([[False], ~blocks.any(axis=1), [False]])
    edges = np.flatnonzero(empty[1:] != empty[:-1])
    for first, last in edges.reshape(-1, 2).tolist():
        start, stop = first * _BLOCK, last * _BLOCK
        if start and content[start - 1] and content[stop]:
            return start, stop
    return None
