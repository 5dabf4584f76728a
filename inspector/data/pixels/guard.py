"""What is suspicious about decoded pixels: a calm result about a picture that was misread is worse than none."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import PhotoNote

FEWEST_LEVELS = 8
"""Grey levels of any real photo; drawings and masks have two."""

LEAST_SPAN = 24
"""Of 256: values of a photo that lie closer together look black, white or grey all over."""

LOOKED_AT = 1 << 18
"""Pixels that are looked at, evenly taken."""

CUT_OFF = 0.1
"""Share of the lowest rows that are one even grey where a decoder ran out of data."""

DECODER_GREY = 128

NOISE, FEWEST_COLUMNS = 0.3, 16
"""Steps from pixel to pixel, as a share of the spread of all values, from which on there may be nothing but noise; and
pixels of a row that tell it."""

LEAST_NOISE = 1 << 13
"""How far the middle half of such noise spreads at least; flat depths with holes and dark photos spread less."""

SMOOTHER = 4
"""Where values with their two bytes turned have so many times smaller steps, these were in the wrong order."""


LEAST_STEP, ALTERNATING = 3.0, 1.5
"""Grey levels from a pixel to the next, and how many times those to the next but one, where a mosaic is told."""

LIKE_MOSAIC = PhotoNote(
    "its pixels alternate as in the raw mosaic of a colour sensor, and are scored as grey; export it in colour"
)


def inspect_pixels(pixels: NDArray[np.uint8]) -> tuple[PhotoNote, ...]:
    """Look for what a misread photo looks like.

    Args:
        pixels: (H, W, 3) uint8.

    Returns:
        Notes, none where nothing is suspicious.
    """
    step = max(1, math.isqrt(pixels.shape[0] * pixels.shape[1] // LOOKED_AT))
    some = np.ascontiguousarray(pixels[::step, ::step])
    if (some == some[0, 0]).all() and (pixels == pixels[0, 0]).all():
        return (PhotoNote("the photo is one flat colour", "red {}, green {}, blue {}".format(*pixels[0, 0].tolist())),)
    counts = np.bincount(cv2.cvtColor(some, cv2.COLOR_RGB2GRAY).ravel(), minlength=256)
    levels = int(np.count_nonzero(counts))
    if levels < FEWEST_LEVELS:
        return (PhotoNote("the photo has almost no grey levels", f"{levels} of 256"),)
    low, high = np.searchsorted(np.cumsum(counts) / counts.sum(), [0.001, 0.999]).tolist()
    if high - low < LEAST_SPAN:
        return (PhotoNote("the photo uses only a corner of its range", f"grey levels {low} to {high} of 0 to 255"),)
    if (rows := _count_even_rows(pixels)) >= CUT_OFF * len(pixels):
        return (PhotoNote("the photo ends in even grey, as if it were cut off", f"the lowest {rows} rows"),)
    return ()


def note_mosaic(pixels: NDArray[np.uint8]) -> tuple[PhotoNote, ...]:
    """Note a grey photo whose pixels are more like the next but one than like the next, along rows and columns.

    Colour sensors see red, green and blue so, and no photo does.

    Args:
        pixels: (H, W, 3) uint8.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < FEWEST_COLUMNS:
        return ()
    rows = np.unique(np.linspace(0, height - 3, max(8, LOOKED_AT // width), dtype=np.intp))
    some = pixels[rows]
    if (some != some[..., :1]).any():
        return ()
    here, below, lower = some[..., 0].astype(np.int16), pixels[rows + 1, :, 0], pixels[rows + 2, :, 0]
    near = min(np.abs(here - below).mean(), np.abs(np.diff(here, axis=1)).mean())
    far = max(np.abs(here - lower).mean(), np.abs(here[:, 2:] - here[:, :-2]).mean())
    return (LIKE_MOSAIC,) if near > max(LEAST_STEP, ALTERNATING * far) else ()


def note_turned_bytes(values: NDArray[Any]) -> tuple[PhotoNote, ...]:
    """Note values whose two bytes stand in the wrong order: they look like noise, and turned, like a photo.

    Args:
        values: (H, W) or (H, W, C) of a photo or depth image; those that have other than 16 bits tell nothing.
    """
    if values.dtype.kind not in "iu" or values.dtype.itemsize != 2 or values.shape[1] < FEWEST_COLUMNS:
        return ()
    rows = values[:: max(1, values.size // LOOKED_AT)]
    steps = _measure_steps(rows)
    if steps < NOISE or np.subtract(*np.quantile(rows.astype(np.float64), (0.75, 0.25))) < LEAST_NOISE:
        return ()
    if _measure_steps(rows.byteswap()) * SMOOTHER > steps:
        return ()
    return (PhotoNote("its values look as if their two bytes were in the wrong order: export it again"),)


def note_packing(values: NDArray[Any], bits: int) -> tuple[PhotoNote, ...]:
    """Note values that a program packed as cameras send them and not as a TIFF has them: each second one is noise.

    Args:
        values: (H, W), as they were unpacked.
        bits: of each, 10, 12 or 14.
    """
    height, width = values.shape[0], values.shape[1] // 8 * 8  # whole bytes in a row
    if width < FEWEST_COLUMNS:
        return ()
    rows = values[:: max(1, height * width // LOOKED_AT), :width]
    steps = _measure_steps(rows)
    if steps < NOISE or all(_measure_steps(other) * SMOOTHER > steps for other in _list_packings(rows, bits)):
        return ()
    return (PhotoNote("its values look as if they were packed as cameras send them: export it with 16 bits"),)


def _list_packings(rows: NDArray[Any], bits: int) -> list[NDArray[Any]]:
    """Unpack values (H, W) once more as cameras pack them (GenICam): from the lowest bit on, or 12 bits in parts."""
    digits = (rows[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    packed = np.packbits(digits.reshape(len(rows), -1).astype(np.uint8), axis=1)
    from_lowest = np.unpackbits(packed, axis=1, bitorder="little").reshape(*rows.shape, bits)
    found = [from_lowest.astype(np.int64) @ (1 << np.arange(bits))]
    if bits == 12:
        first, shared, second = np.moveaxis(packed.reshape(len(rows), -1, 3).astype(np.int64), 2, 0)
        parted = np.stack([first << 4 | shared & 15, second << 4 | shared >> 4], axis=2)
        found.append(parted.reshape(rows.shape))
    return found


def _measure_steps(values: NDArray[Any]) -> float:
    """Return the mean step from pixel to pixel as a share of the spread of all values; 0 where they are all one."""
    exact = values.astype(np.float64)
    spread = float(exact.std())
    return float(np.abs(np.diff(exact, axis=1)).mean()) / spread if spread else 0.0


def _count_even_rows(pixels: NDArray[np.uint8]) -> int:
    """Count the lowest rows that are the grey of a decoder without data."""
    if not _is_decoder_grey(pixels[-1:])[0]:
        return 0
    others = np.flatnonzero(~_is_decoder_grey(pixels))
    return len(pixels) - 1 - int(others[-1]) if others.size else len(pixels)


def _is_decoder_grey(rows: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(rows.astype(np.int16) - DECODER_GREY) <= 1).all(axis=(1, 2)))
