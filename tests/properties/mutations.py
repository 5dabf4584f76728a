"""Ways in which a good file goes bad: cut off, bits turned, sizes declared that are not true."""

import re
import struct
import zlib
from collections.abc import Callable
from random import Random

SIZES = (
    0,
    1,
    2,
    3,
    7,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    1 << 20,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 60,
)
"""What is declared in the place of a true size."""

NUMBERS = (
    *map(str, SIZES),
    "-1",
    "-9999",
    "1e10",
    "1e308",
    "1e400",
    "nan",
    "inf",
    "-0",
    "0x10",
    "1" * 400,
    "",
    "%s",
    "٣",
)
"""What stands in texts in the place of a number."""

LONGEST = 1 << 16
"""Bytes that a mutated file has at most."""

Mutation = Callable[[bytes, Random], bytes]


def cut(content: bytes, random: Random) -> bytes:
    """Leave the end away."""
    return content[: random.randint(0, len(content))]


def flip(content: bytes, random: Random) -> bytes:
    """Turn one to eight bits."""
    turned = bytearray(content)
    for _ in range(random.randint(1, 8) if content else 0):
        turned[random.randrange(len(turned))] ^= 1 << random.randrange(8)
    return bytes(turned)


def resize(content: bytes, random: Random) -> bytes:
    """Put another size over one to eight bytes, most of the time near the start, where headers are."""
    width = random.choice((1, 2, 4, 8))
    near = min(len(content), random.choice((32, 128, 1 << 16)))
    if near <= width:
        return content
    at = random.randrange(near - width + 1)
    value = random.choice(SIZES) & ((1 << 8 * width) - 1)
    return content[:at] + value.to_bytes(width, random.choice(("little", "big"))) + content[at + width :]


def renumber(content: bytes, random: Random) -> bytes:
    """Put another number in the place of one that stands there as text."""
    found = list(re.finditer(rb"[-+]?\d+(\.\d+)?", content))
    if not found:
        return resize(content, random)
    number = found[min(random.randrange(len(found)), random.randrange(len(found)))]
    return content[: number.start()] + random.choice(NUMBERS).encode() + content[number.end() :]


def move(content: bytes, random: Random) -> bytes:
    """Take a piece out, double it, or put it elsewhere."""
    start, end = sorted((random.randint(0, len(content)), random.randint(0, len(content))))
    piece, at = content[start:end], random.randint(0, len(content))
    rest = content[:start] + content[end:]
    return random.choice((rest, content[:at] + piece + content[at:], rest[:at] + piece + rest[at:]))


def insert(content: bytes, random: Random) -> bytes:
    """Put bytes in that belong to no file."""
    at = random.randint(0, len(content))
    piece = random.choice((b"\0", b"\xff", b"\n", b"\x1b[31m", b"{", b"[", b"\\", b",", b'"', b"\xef\xbb\xbf"))
    return content[:at] + piece * random.choice((1, 2, 40, 2000)) + content[at:]


MUTATIONS: tuple[Mutation, ...] = (cut, flip, resize, renumber, move, insert)


def mutate(content: bytes, random: Random, mutations: tuple[Mutation, ...] = MUTATIONS) -> bytes:
    """Apply one to three mutations; checksums are made right again half of the time, so that what follows is read."""
    for _ in range(random.choice((1, 1, 2, 3))):
        content = random.choice(mutations)(content, random)[:LONGEST]
    return repair_png(content) if random.random() < 0.5 else content


def repair_png(content: bytes) -> bytes:
    """Make the checksums of a PNG file right again; other files come back as they are."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content
    repaired = bytearray(content)
    at = 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 8 + length
        if end + 4 > len(content):
            break
        struct.pack_into(">I", repaired, end, zlib.crc32(content[at + 4 : end]))
        at = end + 4
    return bytes(repaired)
