"""Values that stand for none in photos of heights, temperatures and the like."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.data.clouds.holes import MANY, is_usual_mark
from inspector.data.pixels.raw_photo import PhotoNote

LARGE = 1e6
"""From here on a value may stand for none; those below are white in photos that are kept as floats (65535)."""


def clear_marks(pixels: NDArray[Any]) -> tuple[NDArray[Any], tuple[PhotoNote, ...]]:
    """Give pixels with a value that programs write for none the lowest one of the others.

    Args:
        pixels: (H, W). Only signed numbers and floats are looked at: 0 and 65535 are black and white in others.

    Returns:
        The pixels, and a note for each such value (-9999, -32768, 1e10): it is the lowest or the highest, that of
        `MANY` pixels, and further away from all others than their range.
    """
    notes: tuple[PhotoNote, ...] = ()
    if pixels.dtype.kind not in "if" or pixels.ndim != 2:
        return pixels, notes
    is_finite = np.isfinite(pixels)
    finite = pixels if is_finite.all() else pixels[is_finite]
    for choose in (np.min, np.max):
        mark = float(choose(finite)) if finite.size else 0.0
        if not (mark < 0 or mark >= LARGE) or not is_usual_mark(mark):
            continue
        others = finite[finite != mark]
        if finite.size - others.size < MANY or not others.size:
            continue
        low, high = float(others.min()), float(others.max())
        if low < high and max(low - mark, mark - high) > high - low:
            pixels, finite = np.where(pixels == mark, others.min(), pixels), others
            notes += (PhotoNote("pixels of one value away from all others were taken for holes", f"{mark:.9g}"),)
    return pixels, notes
