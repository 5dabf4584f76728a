"""Where the file of a photo ends: with its end marker, without it, or with something behind it."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.netpbm import straighten_header
from inspector.data.pixels.raw_photo import PhotoNote

PNG = b"\x89PNG\r\n\x1a\n"

_END_OF_JPEG = b"\xff\xd9"
_START_OF_SCAN = b"\xff\xda"
_END_OF_PNG = b"\x00\x00\x00\x00IEND\xaeB`\x82"

_PADDINGS = (b"", b"\x5a" * 512, b"\xa5" * 512)
"""Put between the last byte and an end marker. A decoder that still needs data makes another picture of each."""

_ARITHMETIC = (b"\xc9", b"\xca")
"""Frames of JPEGs with arithmetic coding, whose last bytes are left out where they are zeros."""

_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_PASSES = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),  # interlaced
)
_PIECE = 1 << 20
"""Bytes that are unpacked at once."""

MOST_ZEROS = 64
"""Bytes of zeros that the end of compressed pixels may have."""

_LAST_BYTES = {(b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"): _END_OF_JPEG, (b"qoif",): b"\0" * 7 + b"\1"}
"""What a JPEG 2000 and a QOI end with; their decoders take zeros for pixels."""

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
        content, behind = straighten_header(content)
        return content, _describe_rest(behind or len(content.rstrip(b"\0")) - _find_end_of_bitmap(content))
    filled = len(content.rstrip(b"\0"))
    if filled < end - MOST_ZEROS:
        raise OSError("its end is filled with zeros")
    return content, _describe_rest(filled - end)


def require_all_blocks(content: bytes, pixels: NDArray[np.uint8], decode: Callable[[bytes], Any]) -> None:
    """Check that a JPEG with an end marker holds data for all of its blocks: decoders repeat the colour they last had.

    Args:
        content: the bytes of a JPEG.
        pixels: (H, W) or (H, W, C), what was decoded of it.
        decode: makes pixels of it, or what NumPy makes pixels of.

    Raises:
        OSError: data are missing: more of them would change the picture.
    """
    frame = _find_frame(content)
    if content[frame + 1 : frame + 2] in _ARITHMETIC:
        return
    end = content.find(_END_OF_JPEG, frame)
    if end >= 0 and not np.array_equal(np.asarray(decode(content[:end] + _PADDINGS[1] + _END_OF_JPEG)), pixels):
        raise OSError("it ends before its last pixel")


def _find_frame(content: bytes) -> int:
    """Return where the frame of a JPEG begins, behind what programs note before it; its length where it has none."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        if 0xC0 <= content[at + 1] <= 0xCF and content[at + 1] not in (0xC4, 0xC8, 0xCC):
            return at
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return len(content)


def _require_all_scans(content: bytes) -> None:
    """Check that a progressive JPEG has the scans that bring each coefficient to its last bit."""
    frame = _find_frame(content)
    if content[frame + 1 : frame + 2] != b"\xc2":
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
    end = stripped.rfind(_END_OF_JPEG)
    if end > stripped.rfind(_START_OF_SCAN):
        return content, _describe_rest(len(stripped) - end - len(_END_OF_JPEG))
    body = content[: len(stripped) + 2]  # zeros that belong to the last pixels
    if body.endswith(b"\xff"):  # half an end marker
        body = body[:-1]
    pictures = [np.asarray(decode(body + padding + _END_OF_JPEG)) for padding in _PADDINGS]
    if not all(np.array_equal(pictures[0], other) for other in pictures[1:]):
        raise OSError("it ends before its last pixel")
    return body + _END_OF_JPEG, (NO_END,)


def _mend_png(content: bytes) -> tuple[bytes, tuple[PhotoNote, ...]]:
    """Walk over the chunks of a PNG; those with pixels must be whole and as their checksums say."""
    view, at = memoryview(content), len(PNG)
    while at + 8 <= len(content):
        kind, data = content[at + 4 : at + 8], at + 8
        end = data + int.from_bytes(content[at : at + 4], "big")
        if kind == b"IEND":
            return content, _describe_rest(len(content.rstrip(b"\0")) - end - 4)
        if kind == b"\0\0\0\0":
            break
        if end > len(content):
            raise OSError("it ends before its last pixel")
        checksum = zlib.crc32(view[at + 4 : end]).to_bytes(4, "big")
        if end + 4 > len(content):
            return content[:end] + checksum + _END_OF_PNG, (NO_END,)
        if kind == b"IDAT" and content[end : end + 4] != checksum:
            raise OSError("the checksum of its pixels is wrong")
        at = end + 4
    return content[:at] + _END_OF_PNG, (NO_END,)


def require_all_rows(content: bytes) -> None:
    """Check that a PNG holds as many rows as its header says: Pillow leaves the others black, and says nothing.

    Args:
        content: the bytes of a PNG whose chunks are whole.

    Raises:
        OSError: rows are missing.
    """
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    bits = content[24] * _PNG_CHANNELS.get(content[25], 1)
    expected = 0
    for left, top, across, down in _PNG_PASSES if content[28] else ((0, 0, 1, 1),):
        columns, rows = -((left - width) // across), -((top - height) // down)
        expected += rows * (1 + -(-columns * bits // 8)) if columns > 0 else 0
    unpack, at, found = zlib.decompressobj(), len(PNG), 0
    while at + 8 <= len(content) and found < expected and not unpack.eof:
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        packed = content[at + 8 : end] if content[at + 4 : at + 8] == b"IDAT" else b""
        while packed and found < expected and not unpack.eof:
            found += len(unpack.decompress(packed, _PIECE))
            packed = unpack.unconsumed_tail
        at = end + 4
    if found < expected:
        raise OSError("it ends before its last pixel")


def _find_declared_end(content: bytes) -> int | None:
    """Return where a WebP, AVIF or HEIC ends by its own account; None for other kinds."""
    if content.startswith(b"RIFF"):
        return 8 + int.from_bytes(content[4:8], "little")
    if content[4:8] != b"ftyp":
        return None
    at = 0
    while at + 8 <= len(content) and content[at + 4 : at + 8].isalnum():
        size = int.from_bytes(content[at : at + 4], "big")
        if size < 8:  # it goes to the end of the file, or needs 8 bytes for its size
            return None
        if at + size > len(content):
            break
        at += size
    return at


def _find_end_of_bitmap(content: bytes) -> int:
    """Return where a BMP ends whose pixels are not packed, its colour profile included; of other files the length."""
    if content[:2] != b"BM" or len(content) < 34:
        return len(content)
    pixels, header, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", content, 10)
    if header < 40 or not pixels or packing not in (0, 3):
        return len(content)
    end: int = pixels + (width * bits + 31) // 32 * 4 * abs(height)
    profile = 14 + sum(struct.unpack_from("<II", content, 126)) if header >= 124 and len(content) >= 134 else 0
    return max(end, profile)


def _describe_rest(behind: int) -> tuple[PhotoNote, ...]:
    return (PhotoNote("the file goes on behind its end", f"{behind} bytes"),) if behind > 0 else ()


def is_jpeg(content: bytes) -> bool:
    """Tell a JPEG by its first bytes."""
    return content.startswith(b"\xff\xd8\xff")


def find_precision(content: bytes) -> int:
    """Return the bits per value that a JPEG declares; 8 where it does not say."""
    stream, at = io.BytesIO(content), 2
    while True:
        stream.seek(at)
        head = stream.read(5)
        if len(head) < 5 or head[0] != 0xFF:
            return 8
        if 0xC0 <= head[1] <= 0xCF and head[1] not in (0xC4, 0xC8, 0xCC):
            return head[4]
        at += 2 + int.from_bytes(head[2:4], "big")
