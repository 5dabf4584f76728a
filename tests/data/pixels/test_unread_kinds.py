"""Photos of kinds that are known and not read: named, and not called damaged."""

import struct

import numpy as np
import pytest

from inspector.data.photos import decode_photo
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, write_picture, write_tiff

BITMAP = write_picture(COLOUR, "BMP")
SHARED, ONE = struct.pack("<2HI2H", 530, 3, 2, 2, 2), struct.pack("<2H", 1, 1)
RED_GREEN_BLUE, THREE_INKS = (struct.pack("<2HIH", 262, 3, 1, kind) for kind in (2, 5))
INKS = np.dstack([COLOUR, GREY])
EIGHTS = struct.pack("<3H", 8, 8, 8)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (BITMAP[:28] + b"\2\0" + BITMAP[30:], r"or of a kind that is not read \(.*depth \(2\)\); export it"),
        (write_tiff(COLOUR).replace(EIGHTS, struct.pack("<3H", 5, 6, 5)), r"kind that is not read \(values of \(5, 6"),
        (write_tiff(COLOUR, photometric="ycbcr").replace(SHARED[:-4] + ONE, SHARED), "YCbCr of 8 bits, which are"),
        (
            write_tiff(COLOUR).replace(RED_GREEN_BLUE, THREE_INKS),
            "other inks than cyan, .*; export it as RGB",
        ),
        (write_tiff(INKS, photometric="separated", extratags=[(332, 3, 1, 2, True)]), "other inks than cyan"),
        (write_tiff(INKS, photometric="separated", extratags=[(336, 3, 2, (255, 0), True)]), "other inks than cyan"),
        (b"#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n" + bytes(64), "a picture of a kind that is not read"),
    ],
)
def test_kinds_that_are_not_read_are_named(content, told):
    with pytest.raises(InputError, match=told):
        decode_photo(content, "photo")


def test_more_inks_than_four_are_told():
    (note,) = decode_photo(write_tiff(np.dstack([INKS, GREY]), photometric="separated"), "photo").notes

    assert str(note) == "it has more than four inks, of which the first four are scored (5)"


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ('<Item name="SCALE" sample="0" role="scale">0.01</Item><Item role="offset">-5</Item>', "0.01, -5"),
        ('<Item name="SCALE" sample="0" role="scale">1</Item><Item name="AREA">9</Item>', ""),
    ],
)
def test_values_that_are_to_be_scaled_by_their_file_are_told(items, told):
    metadata = [(42112, 2, None, f"<GDALMetadata>{items}</GDALMetadata>", True)]
    notes = map(str, decode_photo(write_tiff(GREY.astype(np.uint16) * 257, extratags=metadata), "photo").notes)

    note = "its file gives a factor and an offset for its values, which were not applied"
    assert list(notes) == ([f"{note} ({told})"] if told else [])
