"""Where the file of a photo ends: with its end marker, without it, or with something behind it."""

import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from inspector.data.pixels.copying import describe_tail
from inspector.data.pixels.gif_blocks import find_gif_end
from inspector.data.pixels.jpeg_data import PADDINGS, find_end, find_frame
from inspector.data.pixels.netpbm import describe_rest, straighten_header
from inspector.data.pixels.raw_photo import SEVERAL, PhotoNote

PNG = b"\x89PNG\r\n\x1a\n"

_START_OF_JPEG = b"\xff\xd8\xff"
_END_OF_JPEG = b"\xff\xd9"
_START_OF_SCAN = b"\xff\xda"
_END_OF_PNG = b"\x00\x00\x00\x00IEND\xaeB`\x82"

_PROGRESSIVE = (b"\xc2", b"\xca")
"""Frames of progressive JPEGs, the second one with arithmetic coding."""

_LISTS_PICTURES = b"MPF\0"
"""Begins the part of a JPEG that tells of further ones behind it (MPO), which are counted."""

_NO_LOSS = b"VP8L"
"""Begins the pixels of a WebP without loss."""

_PIXELS = b"mdat"
"""What the part of an AVIF or HEIC is called that holds its pixels."""

MOST_ZEROS = 64
"""Bytes of zeros that the end of compressed pixels may have."""

_LAST_BYTES = {(b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"): _END_OF_JPEG, (b"qoif",): b"\0" * 7 + b"\1"}
"""What a JPEG 2000 and a QOI end with; their decoders take zeros for pixels."""

_PIXELS_CHANGED = "the checksum of its pixels is wrong"
_PICTURE_CHUNKS = {
    b"IHDR": "the checksum of its header is wrong",
    b"PLTE": "the checksum of its palette is wrong",
    b"tRNS": "the checksum of its transparency is wrong",
    b"eXIf": "the checksum of its orientation is wrong",
}
"""What to say of chunks that a PNG is made of, beside its pixels; without those for notes it shows the same."""

_ALIKE = {b"\xff\x4f\xff\x51": 24, b"\xff\x0a": 6, b"\0\0\0\x0cJXL ": 12, b"\x0a\5\1": 12, b"\x28\0\0\0": 16}
"""First bytes of bare JPEG 2000, JPEG XL, PCX and DIB, and in how many of them photos of one size are alike; so many
are not found in pixels by chance."""

NO_END = PhotoNote("the file lacks its end marker, but every pixel is there")


def mend_end(content: bytes, decode: Callable[[bytes], Any]) -> tuple[bytes, tuple[PhotoNote, ...]]:
    """Give a JPEG or PNG the end marker it lacks, where no pixel is missing; look for what stands behind the end.

    Programs that copy over a bad line, and cameras that are switched off, leave files without end, or with an end of
    zeros. Most decoders fill what is missing with something, and say nothing.

    Args:
        content: the bytes of a photo of any kind.
        decode: makes pixels of a JPEG, or what NumPy makes pixels of.

    Returns:
        The bytes to decode, and notes.

    Raises:
        OSError: pixels are missing, or were changed on the way.
    """
    if content.startswith(PNG):
        return _mend_png(content)
    if is_jpeg(content):
        return _mend_jpeg(content, decode)
    last = next((last for starts, last in _LAST_BYTES.items() if content.startswith(starts)), b"")
    if not content[-MOST_ZEROS:].strip(b"\0") and not content.rstrip(b"\0").endswith(last.lstrip(b"\0")):
        raise OSError("its end is filled with zeros")
    end = _find_declared_end(content)
    if end is None:
        content, notes = straighten_header(content)
        return content, notes or describe_rest(len(content.rstrip(b"\0")) - _find_end_of_bitmap(content))
    filled = len(content.rstrip(b"\0"))
    if filled < end - MOST_ZEROS:
        if content.startswith(b"RIFF") and content[12:16] != _NO_LOSS and filled > end / 2:
            return content, (describe_tail(end - filled, end),)  # even ground at the end of a lossy WebP is zeros, too
        raise OSError("its end is filled with zeros")
    return content, describe_rest(filled - end)


def note_repeated(content: bytes) -> tuple[PhotoNote, ...]:
    """Note a photo behind which another one of its size was written, of kinds that do not say where they end."""
    length = next((length for start, length in _ALIKE.items() if content.startswith(start)), 0)
    return (PhotoNote(SEVERAL),) if length and content.find(content[:length], length) > 0 else ()


def _require_all_scans(content: bytes) -> None:
    """Check that a progressive JPEG has the scans that bring each coefficient to its last bit."""
    frame = find_frame(content)
    if content[frame + 1 : frame + 2] not in _PROGRESSIVE:
        return
    exact: dict[int, set[int]] = {content[frame + 10 + 3 * index]: set() for index in range(content[frame + 9])}
    end = content.find(_END_OF_JPEG, frame)
    at = content.find(_START_OF_SCAN, frame)
    while at >= 0 and (end < 0 or at < end):
        count = content[at + 4]
        first, last, bits = content[at + 5 + 2 * count : at + 8 + 2 * count]
        for index in range(count):
            if bits & 15 == 0:
                exact.setdefault(content[at + 5 + 2 * index], set()).update(range(first, last + 1))
        at = content.find(_START_OF_SCAN, at + 2)
    if any(len(coefficients) < 64 for coefficients in exact.values()):
        raise OSError("it ends before its last scan")


def _mend_jpeg(content: bytes, decode: Callable[[bytes], Any]) -> tuple[bytes, tuple[PhotoNote, ...]]:
    _require_all_scans(content)
    stripped = content.rstrip(b"\0")
    end = find_end(content)
    if end >= 0 or (end := stripped.rfind(_END_OF_JPEG)) > stripped.rfind(_START_OF_SCAN):
        behind = end + len(_END_OF_JPEG)
        if content.startswith(_START_OF_JPEG, behind):
            return content, () if _LISTS_PICTURES in content[:end] else (PhotoNote(SEVERAL),)
        return content, describe_rest(len(stripped) - behind)
    body = content[: len(stripped) + 2]  # zeros that belong to the last pixels
    if body.endswith(b"\xff"):  # half an end marker
        body = body[:-1]
    pictures = [np.asarray(decode(body + padding + _END_OF_JPEG)) for padding in PADDINGS]
    if not all(np.array_equal(pictures[0], other) for other in pictures[1:]):
        raise OSError("it ends before its last pixel")
    return body + _END_OF_JPEG, (NO_END,)


def _mend_png(content: bytes) -> tuple[bytes, tuple[PhotoNote, ...]]:
    """Walk over the chunks of a PNG; those that make its picture must be whole and as their checksums say."""
    view, at, passed_over = memoryview(content), len(PNG), list[tuple[int, int]]()
    while at + 8 <= len(content):
        kind, data = content[at + 4 : at + 8], at + 8
        end = data + int.from_bytes(content[at : at + 4], "big")
        if kind == b"IEND":
            notes = describe_rest(len(content.rstrip(b"\0")) - end - 4)
            return _cut_out(content, passed_over), notes + _note_passed_over(content, passed_over)
        if kind == b"\0\0\0\0":
            break
        if end > len(content):
            raise OSError("it ends before its last pixel")
        checksum = zlib.crc32(view[at + 4 : end]).to_bytes(4, "big")
        if end + 4 > len(content):
            content = content[:end] + checksum
        elif content[end : end + 4] != checksum:
            if kind in _PICTURE_CHUNKS or not kind[:1].islower():  # small letters mark what may be missing
                raise OSError(_PICTURE_CHUNKS.get(kind, _PIXELS_CHANGED))
            passed_over.append((at, end + 4))
        at = end + 4
    notes = (NO_END, *_note_passed_over(content, passed_over))
    return _cut_out(content[:at], passed_over) + _END_OF_PNG, notes


def _cut_out(content: bytes, places: Sequence[tuple[int, int]]) -> bytes:
    for begin, end in reversed(places):
        content = content[:begin] + content[end:]
    return content


def _note_passed_over(content: bytes, places: Sequence[tuple[int, int]]) -> tuple[PhotoNote, ...]:
    names = ", ".join(content[begin + 4 : begin + 8].decode("ascii", "replace") for begin, _ in places)
    return (PhotoNote("parts of its file that are no pixels are damaged and were passed over", names),) if names else ()


def _find_declared_end(content: bytes) -> int | None:
    """Return where a WebP, GIF, AVIF or HEIC ends by its own account; None for other kinds.

    Raises:
        OSError: the file ends before its pixels do, which decoders of pictures in tiles keep to themselves.
    """
    if content.startswith(b"GIF8"):
        return find_gif_end(content)
    if content.startswith(b"RIFF"):
        return 8 + int.from_bytes(content[4:8], "little")
    if content[4:8] != b"ftyp":
        return None
    at = 0
    while at + 8 <= len(content) and content[at + 4 : at + 8].isalnum():
        if at and content[at + 4 : at + 8] == b"ftyp":  # another file behind it
            break
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:  # it needs 8 bytes for its size
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size < 8:  # it goes to the end of the file
            return None
        if at + size > len(content):
            if content[at + 4 : at + 8] == _PIXELS:
                raise OSError("it ends before its last pixel")
            break
        at += size
    return at


def _find_end_of_bitmap(content: bytes) -> int:
    """Return where a BMP ends whose pixels are not packed, its colour profile included; of other files the length."""
    if content[:2] != b"BM" or len(content) < 34:
        return len(content)
    if content[14:18] == b"\x0c\0\0\0":  # as OS/2 wrote it
        pixels, _, width, height, _, bits = struct.unpack_from("<IIHHHH", content, 10)
        return int(pixels + (width * bits + 31) // 32 * 4 * height)
    pixels, header, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", content, 10)
    if header < 40 or not pixels or packing not in (0, 3):
        return len(content)
    end: int = pixels + (width * bits + 31) // 32 * 4 * abs(height)
    profile = 14 + sum(struct.unpack_from("<II", content, 126)) if header >= 124 and len(content) >= 134 else 0
    return max(end, profile)


def is_jpeg(content: bytes) -> bool:
    """Tell a JPEG by its first bytes."""
    return content.startswith(_START_OF_JPEG)


def find_precision(content: bytes) -> int:
    """Return the bits per value that a JPEG declares; 8 where it does not say."""
    place = find_frame(content) + 4
    return content[place] if place < len(content) else 8
