"""Whether the data of a JPEG are whole, and end with its last pixel: most decoders keep that to themselves."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import PhotoNote

_DAMAGE = {
    "premature end": "it ends before its last pixel",
    "bad Huffman code": "its compressed data were changed",
    "bad arithmetic code": "its compressed data were changed",
    "Unsupported marker": "its compressed data were changed",
    "found marker": "some of its compressed data are missing",
}
"""What libjpeg warns of where it shows something else than was photographed, and what to say of it."""

_SURPLUS = re.compile(r"(\d+) extraneous bytes .*0x(\w\w)")
_SEQUENTIAL_ENDS = ("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d9")
"""Markers that stand in or behind the pixels of a JPEG that is not progressive."""

_END, _STARTS_AND_ENDS = b"\xff\xd9", (0xD8, 0xD9)
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What stands behind the data of a scan, and not in them."""

_PADDING = b"\0\xff"
"""Bytes that fill up the data: no pixel has a code of ones alone."""

_ARITHMETIC, _LEFT_OUT = (b"\xc9", b"\xca"), bytes(16)
"""Frames of JPEGs with arithmetic coding, whose last bytes are left out where they are zeros; and enough of these."""

_LOSSY = tuple(bytes([0xC0 + kind]) for kind in (0, 1, 2, 5, 6, 9, 10, 13, 14))
"""Frames of JPEGs that libjpeg makes smaller as it decodes them. Of those without loss it writes all pixels, also where
an eighth of them was asked for and there is memory for no more."""

_SMALLER = {"min_height": 1, "min_width": 1, "min_factor": 8}

PADDINGS = (b"", b"\x5a" * 512, b"\xa5" * 512)
"""Put between the last byte and an end marker. A decoder that still needs data makes another picture of each."""

TAIL, ALIKE = 32, 512
"""Bytes at the end of a JPEG that hold more than nothing of its last pixels, and pixels at its end of which they may
hold nothing else where these are all alike."""

MORE_DATA = "its compressed data go on behind its last pixel: its header is wrong, or they were changed"


def check_jpeg_data(content: bytes) -> tuple[PhotoNote, ...]:
    """Let libjpeg decode a JPEG of 8 bits, at an eighth of its size where it can, and look at what it warns of.

    Args:
        content: the bytes of a JPEG with its end marker.

    Returns:
        A note where data stand behind the last pixel, as where the header says too few rows; bytes that are all zeros
        or ones are padding.

    Raises:
        OSError: data are missing, or were changed on the way.
    """
    frame = find_frame(content)
    smaller = _SMALLER if content[frame + 1 : frame + 2] in _LOSSY else {}
    if content[frame + 1 : frame + 2] in _ARITHMETIC:
        _require_whole_arithmetic(content, content.find(_END, frame))
    try:
        simplejpeg.decode_jpeg(content, "GRAY", strict=True, **smaller)
    except ValueError as error:
        told = str(error)
        for warning, damage in _DAMAGE.items():
            if warning in told:
                raise OSError(damage) from error
        return _note_surplus(content, told)
    return ()


def _require_whole_arithmetic(content: bytes, end: int) -> None:
    """Check that no pixel depends on what stands behind the data, of which libjpeg does not warn."""
    padded = [content[:end] + _LEFT_OUT + padding + _END for padding in PADDINGS]
    pictures = [simplejpeg.decode_jpeg(one, "GRAY", strict=False, **_SMALLER) for one in padded]
    if not all(np.array_equal(pictures[0], other) for other in pictures[1:]):
        raise OSError("it ends before its last pixel")


def _note_surplus(content: bytes, told: str) -> tuple[PhotoNote, ...]:
    found = _SURPLUS.search(told)
    if found is None:
        return ()
    count, frame = int(found[1]), find_frame(content)
    is_progressive = content[frame + 1 : frame + 2] in (b"\xc2", b"\xca")
    if not is_progressive and found[2] not in _SEQUENTIAL_ENDS:
        return ()
    end = content.find(_END, frame)
    if found[2] == "d9" and not content[max(0, end - count) : end].strip(_PADDING):
        return ()
    return (PhotoNote(MORE_DATA, "1 byte" if count == 1 else f"{count} bytes"),)


def check_deep_data(content: bytes, pixels: NDArray[Any], decode: Callable[[bytes], Any]) -> tuple[PhotoNote, ...]:
    """Look whether a JPEG of more than 8 bits ends with its last pixel, as `check_jpeg_data` does for those of 8.

    Decoders repeat the colour they last had where data are missing.

    Args:
        content: the bytes of a JPEG.
        pixels: (H, W) or (H, W, C), what was decoded of it.
        decode: makes pixels of it.

    Returns:
        A note where its last bytes are of no pixel; none where its last pixels are all alike, of which nobody can tell.

    Raises:
        OSError: data are missing: more of them would change the picture.
    """
    frame = find_frame(content)
    end = content.find(_END, frame)
    if end < 0 or content[frame + 1 : frame + 2] in _ARITHMETIC:
        return ()
    if not np.array_equal(np.asarray(decode(content[:end] + PADDINGS[1] + _END)), pixels):
        raise OSError("it ends before its last pixel")
    last = pixels.reshape(pixels.shape[0] * pixels.shape[1], -1)[-ALIKE:]
    if (last == last[-1]).all():  # decoders repeat what they had last
        return ()
    data = content[:end].rstrip(_PADDING)
    try:
        is_same = np.array_equal(np.asarray(decode(data[:-TAIL] + _END)), pixels)
    except Exception:  # what is missing is an error to most decoders
        return ()
    return (PhotoNote(MORE_DATA),) if is_same else ()


def find_end(content: bytes) -> int:
    """Return where the end marker of the first picture in a JPEG stands; -1 where it has none."""
    at = find_frame(content)
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] not in _STARTS_AND_ENDS:
        if content[at + 1] == 0xFF:  # bytes that fill up, as before the frame
            at += 1
            continue
        is_scan = content[at + 1] == 0xDA
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if is_scan:
            found = _MARKER.search(content, at)
            at = found.start() if found else len(content)
    return at if content[at : at + 2] == _END else -1


def find_frame(content: bytes) -> int:
    """Return where the frame of a JPEG begins, behind what programs note before it; its length where it has none."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        if content[at + 1] == 0xFF:  # bytes that fill up may stand before a marker
            at += 1
            continue
        if 0xC0 <= content[at + 1] <= 0xCF and content[at + 1] not in (0xC4, 0xC8, 0xCC):
            return at
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return len(content)
