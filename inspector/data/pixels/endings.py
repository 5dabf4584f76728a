"""Where the file of a photo ends: with its end marker, without it, or with something behind it."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from inspector.data.pixels.netpbm import straighten_header
from inspector.data.pixels.raw_photo import PhotoNote

PNG = b"\x89PNG\r\n\x1a\n"

_END_OF_JPEG = b"\xff\xd9"
_START_OF_SCAN = b"\xff\xda"
_END_OF_PNG = b"\x00\x00\x00\x00IEND\xaeB`\x82"

_PADDINGS = (b"", b"\x5a" * 512, b"\xa5" * 512)
"""Put between the last byte and an end marker. A decoder that still needs data makes another picture of each."""

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
        return content, _describe_rest(behind)
    filled = len(content.rstrip(b"\0"))
    if filled < end - MOST_ZEROS:
        raise OSError("its end is filled with zeros")
    return content, _describe_rest(filled - end)


def _mend_jpeg(content: bytes, decode: Callable[[bytes], Any]) -> tuple[bytes, tuple[PhotoNote, ...]]:
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
