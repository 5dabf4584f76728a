"""Where the header of a picture says how many rows there are, of kinds whose decoders stop at the last of them."""

import struct
from typing import NamedTuple

from inspector.data.pixels.gif_blocks import PICTURE, list_gif_blocks

TGA_END = b"TRUEVISION-XFILE.\0"
"""TGA has no first bytes to be told by: the last ones are optional, and without them the name decides."""

_TGA_FOOTER = 26
"""Bytes from where a TGA says where its notes stand to its end."""

_HEIGHTS = {"TGA": (14, "<H"), "QOI": (8, ">I"), "BMP": (22, "<i"), "SGI": (8, ">H"), "PCX": (10, "<H")}
"""Place and type of the number."""

_PALETTE = 769
"""Bytes of the palette behind the pixels of a PCX, with the one that announces it."""

_PADDING, _PCX_HEADER = bytes(64), 128
"""Zeros in a PCX behind its header, which fill it up or were not written: black pixels take two bytes."""

_BLOCK, _FEWEST_BLOCKS = 16, 16
"""Side of the blocks of a lossy WebP; and how many more of them cannot be decoded of the last bits of another."""

_WEBP_SIDE = 0x3FFF
"""Most rows and columns of a lossy WebP; the highest two bits of these numbers mean something else."""


class DeclaredRows(NamedTuple):
    """What is to be changed so that a header says more."""

    content: bytes
    """The file, with nothing behind its pixels that could be taken for more of them."""
    place: int
    kind: str
    """As `struct` names it."""
    more: int = 1
    """Rows to add: if these can be decoded, the file holds more than its header says."""

    def add_rows(self) -> bytes:
        """Return a file whose header says so many more.

        Raises:
            struct.error: there can be no more, or the header is cut off.
        """
        (height,) = struct.unpack_from(self.kind, self.content, self.place)
        end = self.place + struct.calcsize(self.kind)
        return self.content[: self.place] + struct.pack(self.kind, height + self.more) + self.content[end:]


def find_declared_rows(content: bytes, kind: str) -> DeclaredRows | None:
    """Find the number of rows in a header; None where there is none, or decoding tells without.

    Args:
        content: the bytes of a whole picture.
        kind: what Pillow calls it.
    """
    if kind == "GIF":
        picture = next(at for block, at in list_gif_blocks(content) if block == PICTURE)
        return DeclaredRows(content, picture + 7, "<H")
    if kind == "WEBP":
        return _find_webp_rows(content)
    if kind not in _HEIGHTS:
        return None
    if kind == "TGA" and content.endswith(TGA_END):  # what programs note stands between the pixels and these last bytes
        begins = (at for at in struct.unpack_from("<II", content, len(content) - _TGA_FOOTER) if at)
        content = content[: min(*begins, len(content) - _TGA_FOOTER, len(content))]
    if kind == "PCX":
        content = content[:-_PALETTE] if content[-_PALETTE:][:1] == b"\x0c" else content
        if _PADDING in content[_PCX_HEADER:]:
            return None
    return DeclaredRows(content, *_HEIGHTS[kind])


def _find_webp_rows(content: bytes) -> DeclaredRows | None:
    """Take the pixels of a lossy WebP out of what stands around them; one without loss, or with frames, has none."""
    at = 12
    while at + 8 <= len(content):
        end = at + 8 + int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"VP8 ":
            width, height = (_WEBP_SIDE & side for side in struct.unpack_from("<HH", content, at + 14))
            rows = _BLOCK * -(-_FEWEST_BLOCKS * _BLOCK // max(1, width))
            if height + rows > _WEBP_SIDE:
                return None
            body = content[at:end] + b"\0" * (end % 2)
            bare = b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
            return DeclaredRows(bare, 12 + 16, "<H", rows)
        at = end + end % 2
    return None
