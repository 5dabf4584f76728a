"""The colour profile of a photo is named, whatever kind of file it is in."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import ImageCms

from inspector.data.pixels.profiles import find_profile
from tests.data.pixels.make import COLOUR, write_picture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def name_profile(name):
    return SRGB.replace("sRGB built-in".encode("utf-16-be"), f"{name:13}".encode("utf-16-be"))


def write_deep_tiff(profile):
    content = io.BytesIO()
    tifffile.imwrite(content, COLOUR.astype(np.uint16), iccprofile=profile)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF", "deep"])
@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (name_profile("Display P3"), "Display P3"),
        (name_profile("sRGB linear"), "sRGB linear"),
        (SRGB, "sRGB"),
        (b"a", "sRGB"),
    ],
)
def test_colour_profile_of_a_photo_is_named(kind, profile, told):
    content = write_deep_tiff(profile) if kind == "deep" else write_picture(COLOUR, kind, icc_profile=profile)

    assert find_profile(content) == told


def test_photo_without_colour_profile_is_srgb():
    for content in (write_picture(COLOUR, "PNG"), write_deep_tiff(None), b"nothing"):
        assert find_profile(content) == "sRGB"


USUAL_PLACES = 31271, 32902, 64000, 33000, 30000, 60000, 15000, 6000
WIDE_PLACES = 31271, 32902, 70800, 29200, 17000, 79700, 13100, 4600
"""White, red, green and blue of sRGB and of BT.2020, x and y each, in hundred-thousandths."""


def add_chunk(kind, data):
    content, chunk = write_picture(COLOUR, "PNG"), kind + data
    at = content.find(b"IDAT") - 4
    return content[:at] + len(data).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + content[at:]


def change_numbers(primaries, transfer):
    content = write_picture(COLOUR, "AVIF")
    at = content.find(b"colrnclx") + 8
    return content[:at] + struct.pack(">HH", primaries, transfer) + content[at + 4 :]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (add_chunk(b"cICP", bytes([9, 16, 0, 1])), "BT.2020 PQ"),
        (add_chunk(b"cICP", bytes([12, 13, 0, 1])), "Display P3"),
        (add_chunk(b"gAMA", (100_000).to_bytes(4, "big")), "gamma 1"),
        (add_chunk(b"cICP", bytes([1, 13, 0, 0])), "of narrow range"),
        (add_chunk(b"cHRM", struct.pack(">8I", *USUAL_PLACES)), "sRGB"),
        (add_chunk(b"cHRM", struct.pack(">8I", *WIDE_PLACES)), "colours of its own"),
        (add_chunk(b"gAMA", (45_455).to_bytes(4, "big")), "sRGB"),
        (add_chunk(b"tEXt", b"Comment\0cICP and gAMA were left out"), "sRGB"),
        (change_numbers(12, 13), "Display P3"),
        (change_numbers(9, 18), "BT.2020 HLG"),
        (change_numbers(1, 13), "sRGB"),
    ],
)
def test_colours_that_are_told_by_numbers_are_named(content, told):
    assert find_profile(content) == told
