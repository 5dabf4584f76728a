"""Ground-truth masks: file -> where the defect is. Only evaluation reads them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.data.photos import read_bytes
from inspector.data.pixels.pillow_photo import open_picture
from inspector.errors import InputError

HALF = 127
"""Masks with a value above it are drawings in black and white; in others the values number the kinds of defect."""


COMPARED_SIDE = 518
"""Maps and masks are compared at this size: the input size of MuSc (section 4.1), whatever the network's own is, so
that all settings are measured against the same masks. The square gives photos of all sizes the same weight."""


def read_mask(path: Path) -> NDArray[np.bool_]:
    """Read a mask: True = defect.

    Datasets draw masks in two ways: black and white, often with grey edges or the noise of a JPEG (a defect is what
    is brighter than half), or with the number of the defect's kind, 1, 2, .. (VisA; all but 0 is a defect). A mask
    with a value above 127 is taken for the first. An alpha channel is passed over.

    Returns:
        (H, W) bool.

    Raises:
        InputError: the file cannot be read or is no image.
    """
    content = read_bytes(path)
    try:
        with open_picture(content) as image:
            values = np.asarray(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"the mask {path} is no image that can be read ({error}); copy it again") from error
    if values.ndim == 3:
        colours = values[..., :-1] if values.shape[2] in (2, 4) else values
        values = colours.max(axis=2)
    return np.asarray(values > (HALF if values.max(initial=0) > HALF else 0))


def fit_mask(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Stretch a mask to a square; a pixel of it is a defect if more than half of what it covers is one.

    The photo is stretched in the same way, so map and mask lie on each other. MuSc-V2 shrinks masks by this rule,
    MuSc by a stricter one (wholly covered), which takes a rim off each defect.

    Args:
        mask: (H, W) bool.
        side: of the square, in pixels.

    Returns:
        (side, side) bool.
    """
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR)) > HALF
