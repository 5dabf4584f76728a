"""The colour profile of a photo: what its values mean. Photos are compared as they are stored, whatever they mean."""

import io

import tifffile
from PIL import ImageCms

from inspector.data.pixels.pillow_photo import open_picture
from inspector.data.pixels.tiff_photo import is_tiff
from inspector.data.tiffs import quiet_tifffile

USUAL = "sRGB"
"""What photos without a profile are taken for by all programs."""

_TIFF_PROFILE = 34675


def find_profile(content: bytes, name: str = "") -> str:
    """Return what the colour profile of a photo is called, such as "Display P3"; "sRGB" where it has none to be read.

    Args:
        content: the bytes of a photo of any kind.
        name: of the file, whose suffix counts where the bytes do not tell.
    """
    try:
        profile = _read_tiff_profile(content) if is_tiff(content) else _read_profile(content, name)
        if not profile:
            return USUAL
        told = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except Exception:  # damaged profiles raise anything, and change no pixel
        return USUAL
    is_usual = not told or (USUAL.lower() in told.lower() and "linear" not in told.lower())
    return USUAL if is_usual else told


def _read_tiff_profile(content: bytes) -> bytes | None:
    with quiet_tifffile(), tifffile.TiffFile(io.BytesIO(content)) as file:
        profile: bytes | None = file.pages.first.tags.valueof(_TIFF_PROFILE)
    return profile


def _read_profile(content: bytes, name: str) -> bytes | None:
    with open_picture(content, name) as image:
        return image.info.get("icc_profile")
