"""What the values of a page of a TIFF mean, and which pages Pillow reads as they are meant."""

import math

import tifffile

from inspector.data.pixels.tiff_rows import find_tiff_depth
from inspector.data.tiffs import NO_DATA, find_orientation

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED, YCBCR, RAW_MOSAIC = 0, 1, 2, 3, 5, 6, 32803
PHOTOMETRIC, _ORIENTATION, _XMP = 262, 274, 700
"""The tag that holds one of these; how a page lies; and what programs note."""
GREY = (WHITE_IS_ZERO, BLACK_IS_ZERO, RAW_MOSAIC)
ASSOCIATED, UNASSOCIATED = 1, 2
"""Alpha by which colours are multiplied already, and by which they are not."""
PIXEL_BY_PIXEL = _NOT_COMPRESSED = 1
_SHORT_TOP = 255
_WEBP = 50001
"""A compression that Pillow's libtiff is built without."""


def is_simple(page: tifffile.TiffPage) -> bool:
    """Tell whether Pillow reads a page as it is meant."""
    extra = tuple(page.extrasamples)
    colours = 1 if int(page.photometric) in (*GREY, PALETTE) else 4 if int(page.photometric) == SEPARATED else 3
    return (
        find_tiff_depth(page) <= 8
        and PHOTOMETRIC in page.tags
        and find_orientation(page) == page.tags.valueof(_ORIENTATION, 1)
        and isinstance(page.tags.valueof(_XMP, b""), bytes)
        and page.dtype is not None
        and page.dtype.kind in "ub"
        and len(page.dataoffsets) == math.prod(page.chunked)
        and int(page.imagedepth) <= 1
        and not (page.parent.is_bigtiff and page.parent.byteorder == ">")  # Pillow warns of its EXIF
        and int(page.photometric) != RAW_MOSAIC
        and int(page.compression) != _WEBP
        and not _shares_colours(page)
        and int(page.samplesperpixel) == colours + len(extra)
        and (not extra or (len(extra) == 1 and extra[0] in (ASSOCIATED, UNASSOCIATED) and _has_simple_alpha(page)))
        and not has_short_palette(page)
    )


def _shares_colours(page: tifffile.TiffPage) -> bool:
    """Tell whether pixels share their colours in a page that is not compressed, as Pillow does not read it."""
    is_plain = int(page.photometric) == YCBCR and int(page.compression) == _NOT_COMPRESSED
    return is_plain and tuple(page.subsampling or (1, 1)) != (1, 1)


def _has_simple_alpha(page: tifffile.TiffPage) -> bool:
    """Tell whether Pillow knows what to do with the alpha of a page: not beside greys, nor as a plane of its own."""
    return int(page.photometric) not in GREY and int(page.planarconfig) == PIXEL_BY_PIXEL


def has_short_palette(page: tifffile.TiffPage) -> bool:
    """Tell whether the colours of a palette go to 255 alone and not to 65535, as old programs write them."""
    return int(page.photometric) == PALETTE and page.colormap is not None and page.colormap.max() <= _SHORT_TOP


def is_plain(page: tifffile.TiffPage) -> bool:
    """Tell whether Pillow and tifffile read a simple page alike, to the bit."""
    is_usual = int(page.photometric) in (BLACK_IS_ZERO, RGB) and NO_DATA not in page.tags
    return is_usual and find_tiff_depth(page) == 8 and not page.extrasamples
