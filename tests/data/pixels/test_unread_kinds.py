"""Photos of kinds that are known and not read: named, and not called damaged."""

import struct
from zlib import crc32

import imagecodecs
import numpy as np
import pytest

from inspector.data.photos import decode_photo
from inspector.data.pixels.raw_photo import SEVERAL
from inspector.errors import InputError
from tests.data.pixels.make import COLOUR, GREY, write_picture, write_png, write_tiff

BITMAP = write_picture(COLOUR, "BMP")
SHARED, ONE = struct.pack("<2HI2H", 530, 3, 2, 2, 2), struct.pack("<2H", 1, 1)
RED_GREEN_BLUE, THREE_INKS = (struct.pack("<2HIH", 262, 3, 1, kind) for kind in (2, 5))
INKS = np.dstack([COLOUR, GREY])
PNG_16, FRAMES = write_png(COLOUR.astype(np.uint16) * 257), b"acTL" + struct.pack(">2I", 2, 0)
STACK = np.stack([GREY, 255 - GREY])
EIGHTS = struct.pack("<3H", 8, 8, 8)


def write_jpeg_2000(values, colours):
    content = imagecodecs.jpeg2k_encode(values, level=0, codecformat="jp2")
    at = content.find(b"colr")
    return content[: at + 7] + struct.pack(">I", colours) + content[at + 11 :]


def write_sgi(values):
    """Two bytes a value, as they are."""
    height, width = values.shape
    return struct.pack(">H2B4H", 474, 0, 2, 2, width, height, 1).ljust(512, b"\0") + values.astype(">u2").tobytes()


def write_pfm(values, factor):
    return b"Pf\n%d %d\n%g\n" % (*values.shape[::-1], -factor) + values[::-1].astype("<f4").tobytes()


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
        (write_jpeg_2000(COLOUR, 24), "its colours are e-sYCC of 8 bits, which are not read; export it as RGB"),
        (write_jpeg_2000(COLOUR, 14), r"its colours are CIE L\*a\*b\* of 8 bits"),
        (write_jpeg_2000(INKS.astype(np.uint16) * 257, 12), "its colours are CMYK of 16 bits"),
        (b"#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n" + bytes(64), "a picture of a kind that is not read"),
    ],
)
def test_kinds_that_are_not_read_are_named(content, told):
    with pytest.raises(InputError, match=told):
        decode_photo(content, "photo")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (write_tiff(STACK, photometric="minisblack", truncate=True), [f"{SEVERAL} (2)"]),
        (write_tiff(STACK, photometric=None, imagej=True, truncate=True), [f"{SEVERAL} (2)"]),
        (write_tiff(STACK[:1], photometric="minisblack", truncate=True), []),
        (write_tiff(GREY, description="ImageJ=1.53\nimages=2\nslices=2", metadata=None), []),
        (write_tiff(GREY, description='{"shape": [48, 64,]}', metadata=None), []),
        (PNG_16[:33] + b"\0\0\0\x08" + FRAMES + struct.pack(">I", crc32(FRAMES)) + PNG_16[33:], [f"{SEVERAL} (3)"]),
        (write_sgi(GREY.astype(int) * 257), ["of its 16 bits only the upper 8 were read; export it as TIFF or PNG"]),
        (write_pfm(GREY / 255, 0.001), ["its file gives a factor for its values, which was not applied (0.001)"]),
        (write_pfm(GREY / 255, 1), []),
    ],
)
def test_what_is_not_read_of_a_file_is_told(content, told):
    """Stacks of ImageJ and tifffile may list their first picture alone; a page cut out of one keeps its description."""
    assert list(map(str, decode_photo(content, "photo.sgi").notes)) == told


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


def test_values_that_imagej_scales_are_told():
    described = "ImageJ=1.54f\ncf=0\nc0=-32768.0\nc1=1.0\nvunit=Gray Value\n"
    (note,) = decode_photo(
        write_tiff(GREY.astype(np.uint16) * 257, description=described, metadata=None), "photo"
    ).notes

    assert str(note).endswith("an offset for its values, which were not applied (1, -32768)")
