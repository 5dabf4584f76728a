"""Photos of kinds that are known and not read: named, and not called damaged."""

import struct

import pytest

from inspector.data.photos import decode_photo
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, write_picture, write_tiff

BITMAP = write_picture(COLOUR, "BMP")
SHARED, ONE = struct.pack("<2HI2H", 530, 3, 2, 2, 2), struct.pack("<2H", 1, 1)
EIGHTS = struct.pack("<3H", 8, 8, 8)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (BITMAP[:28] + b"\2\0" + BITMAP[30:], r"or of a kind that is not read \(.*depth \(2\)\); export it"),
        (write_tiff(COLOUR).replace(EIGHTS, struct.pack("<3H", 5, 6, 5)), r"kind that is not read \(values of \(5, 6"),
        (write_tiff(COLOUR, photometric="ycbcr").replace(SHARED[:-4] + ONE, SHARED), "YCbCr of 8 bits, which are"),
        (b"#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n" + bytes(64), "a picture of a kind that is not read"),
    ],
)
def test_kinds_that_are_not_read_are_named(content, told):
    with pytest.raises(InputError, match=told):
        decode_photo(content, "photo")
