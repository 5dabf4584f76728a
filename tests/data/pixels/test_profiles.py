"""The colour profile of a photo is named, whatever kind of file it is in."""

import io

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
