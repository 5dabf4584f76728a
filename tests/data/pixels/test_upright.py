"""Photos that say only in what a program noted (XMP) how they lie, and those that say it twice."""

import struct

import imagecodecs
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspector.data.clouds.grids import decode_grid
from inspector.data.photos import decode_photo, measure_size
from tests.data.pixels.make import COLOUR, GREY, write_picture, write_tiff

PACKET = b'<x:xmpmeta><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></x:xmpmeta>'
TAG = (700, 1, len(PACKET), PACKET, True)
DEEP = GREY.astype(np.uint16) * 16


XMP = b"http://ns.adobe.com/xap/1.0/\0" + PACKET
SINGLE = PACKET.replace(b'"', b"'")
EXIF = b"Exif\0\0II*\0\x08\0\0\0\1\0" + struct.pack("<2HIHH", 274, 3, 1, 6, 0) + bytes(4)


def write_profile(part, kind):
    """A PNG in which ImageMagick keeps what a JPEG notes."""
    texts = PngInfo()
    texts.add_text(f"Raw profile type {kind}", f"\n{kind}\n{len(part):8}\n{part.hex()}\n", zip=True)
    return write_picture(GREY, "PNG", pnginfo=texts)


def write_deep_jpeg(*notes):
    content = imagecodecs.jpeg_encode(DEEP, bitspersample=12, lossless=True)
    parts = [b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note for note in notes]
    return content[:2] + b"".join(parts) + content[2:]


@pytest.mark.parametrize(
    "content",
    [
        write_picture(GREY, "WEBP", lossless=True, xmp=PACKET),
        write_tiff(GREY, metadata=None, extratags=[TAG]),
        write_tiff(DEEP, metadata=None, extratags=[TAG]),
        write_deep_jpeg(XMP),
        write_deep_jpeg(b"Exif\0\0damaged ", XMP),
        write_deep_jpeg(XMP.replace(b"6", b"3"), EXIF),
        write_picture(GREY, "WEBP", lossless=True, xmp=SINGLE),
        write_tiff(GREY, metadata=None, extratags=[(*TAG[:3], SINGLE, True)]),
        write_tiff(GREY, metadata=None, extratags=[(TAG[0], 2, 0, PACKET, True)]),
        write_profile(EXIF, "APP1"),
        write_profile(XMP, "APP1"),
        write_profile(SINGLE, "xmp"),
    ],
    ids=[
        *("WebP", "TIFF", "TIFF of 16 bits", "JPEG of 12 bits", "JPEG, damaged EXIF", "JPEG, EXIF and XMP"),
        *("WebP, single quotes", "TIFF, single quotes", "TIFF, XMP as text"),
        *("PNG of ImageMagick, EXIF", "PNG of ImageMagick, XMP", "PNG of ImageMagick, XMP of its own"),
    ],
)
def test_photos_are_turned_by_what_a_program_noted(content, tmp_path):
    (tmp_path / "photo").write_bytes(content)
    photo = decode_photo(content, "photo", {"uint16": [(0, 4080)], "12 bits": [(0, 4080)]})

    np.testing.assert_array_equal(photo.pixels[..., 0], np.rot90(GREY, -1))
    assert photo.notes == ()
    assert measure_size(tmp_path / "photo") == photo.pixels.shape[:2]


def test_depths_are_turned_by_what_a_program_noted():
    values = decode_grid(write_tiff(DEEP, metadata=None, extratags=[TAG]), "depth.tif").values

    np.testing.assert_array_equal(values, np.rot90(DEEP, -1))


def test_a_tag_counts_more_than_what_a_program_noted():
    exif = Image.Exif()
    exif[0x0112] = 1
    photo = decode_photo(write_tiff(COLOUR, metadata=None, extratags=[TAG, (274, 3, 1, 1, True)]), "photo")
    other = decode_photo(write_picture(COLOUR, "WEBP", lossless=True, xmp=PACKET, exif=exif), "photo")

    np.testing.assert_array_equal(photo.pixels, COLOUR)
    np.testing.assert_array_equal(other.pixels, COLOUR)
