"""Which values are black and white: one scale for all photos of a batch that are of one kind."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inspector.data.pixels.raw_photo import Limits, RawPhoto

Ranges = Mapping[str, Sequence[Limits]]
"""Lowest and highest value by the name of the scale (`RawPhoto.scale`): one pair for all channels, or one for each."""

ANY = "any"
"""The scale of all photos whose own is not named; where its highest value is above 255, of those above 8 bits."""

FULL: Ranges = {}
"""Every photo on the full range of its kind."""

EIGHT_BITS: Limits = (0.0, 255.0)

CAMERA_BITS = (8, 10, 12, 14, 16, 24, 32)
"""Bits that sensors deliver."""

FLOAT_TOPS = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""White of photos that are kept as fractions, or as whole numbers in a float."""

FEWEST_LEVELS = 32
"""Of the 256 levels a photo may have. A scale that leaves a batch less is narrowed to the values that are there."""

OUTLIERS = 0.1
"""Percent of a batch's values, at either end, that need not fit on a narrowed scale: hot pixels, dead pixels."""

HEADROOM = 0.25
"""Beyond those, of their span; what is odd in a batch may be brighter than anything else."""

MOST_VALUES = 1 << 22
"""Values of a batch that a scale is chosen from."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """What one photo tells of the scale it is on: its extremes and some of its values."""

    scale: str
    is_float: bool
    inverted: bool
    full: Limits
    low: float
    high: float
    hinted: Limits | None
    values: NDArray[np.float32] = field(repr=False)


def measure_photo(raw: RawPhoto, most: int) -> Measurement | None:
    """Take what a scale is chosen from.

    Args:
        raw: a photo.
        most: values to keep.

    Returns:
        None where the scale is known without: 8 bits, or a declared range.
    """
    if raw.declared is not None or raw.kind == "uint8":
        return None
    pixels = raw.pixels
    is_float = pixels.dtype.kind == "f"
    step = max(1, math.ceil(math.sqrt(pixels.size / max(1, most))))
    some = pixels[::step, ::step].astype(np.float64).ravel()
    low, high = (float(pixels.min()), float(pixels.max())) if not is_float else _find_finite_limits(pixels)
    full = (0.0, 1.0) if is_float else (float(np.iinfo(pixels.dtype).min), float(np.iinfo(pixels.dtype).max))
    return Measurement(
        raw.scale, is_float, raw.inverted, full, low, high, raw.hinted, some[np.isfinite(some)].astype(np.float32)
    )


def _find_finite_limits(pixels: NDArray[np.floating]) -> Limits:
    finite = pixels[np.isfinite(pixels)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def choose_ranges(measurements: Iterable[Measurement]) -> dict[str, list[Limits]]:
    """Choose a scale for each kind of photo in a batch, from all photos of the kind.

    Whole numbers: the bits of a sensor that hold all values; where all photos carry the same hint and keep to it, the
    hint. Fractions: 0 to 1, or as whole numbers. Where that would leave fewer than `FEWEST_LEVELS` grey levels
    (temperatures, distances), or values have no usual scale, from the lowest to the highest value, outliers aside.
    """
    groups = defaultdict(list)
    for measurement in measurements:
        groups[measurement.scale].append(measurement)
    return {scale: [_choose_range(group)] for scale, group in sorted(groups.items())}


def _choose_range(group: Sequence[Measurement]) -> Limits:
    low, high = min(one.low for one in group), max(one.high for one in group)
    hints = {one.hinted for one in group}
    hint = next(iter(hints)) if len(hints) == 1 else None
    if hint is not None and hint[0] <= low and high <= hint[1]:
        usual: Limits | None = hint
    elif group[0].is_float:
        usual = None
    else:
        usual = _find_bits(low, high, group[0].full)
        if group[0].inverted and usual == group[0].full:  # the sensor's bits may stand at the upper end
            black = group[0].full[1]
            usual = (black - _find_bits(black - high, black - low, group[0].full)[1], black)
    values = np.concatenate([one.values for one in group])
    if not values.size:
        return usual or group[0].full
    bottom, top = np.percentile(values, [OUTLIERS, 100 - OUTLIERS]).tolist()
    room = HEADROOM * (top - bottom)
    narrow = max(low, bottom - room), min(high, top + room)
    if usual is None:
        white = next((white for white in FLOAT_TOPS if top <= white), None)
        usual = (0.0, white) if white is not None and low >= 0 else narrow
    wide = usual[1] - usual[0]
    if top > bottom and (top - bottom) * 255 < FEWEST_LEVELS * wide:
        return narrow
    return usual if wide > 0 else (usual[0], usual[0] + 1)


def _find_bits(low: float, high: float, full: Limits) -> Limits:
    """Return the scale of the fewest bits that holds whole numbers from `low` to `high`."""
    for bits in CAMERA_BITS:
        limits = (0.0, 2.0**bits - 1) if low >= 0 else (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1)
        if limits[0] <= low and high <= limits[1] <= full[1]:
            return limits
    return (0.0 if low >= 0 else full[0]), full[1]


def find_limits(raw: RawPhoto, ranges: Ranges) -> Sequence[Limits]:
    """Return the scale of a photo: one pair for all channels, or one for each."""
    given = ranges.get(raw.scale, ranges.get(ANY))
    eight = raw.kind == "uint8" or (raw.declared is not None and raw.declared[1] <= EIGHT_BITS[1])
    if given is not None and not (eight and max(high for _, high in given) > EIGHT_BITS[1]):
        return given
    if raw.declared is not None:
        return (raw.declared,)
    if raw.pixels.dtype.kind == "f":
        return (_choose_range([measured]),) if (measured := measure_photo(raw, 1 << 16)) else ((0.0, 1.0),)
    limits = np.iinfo(raw.pixels.dtype)
    return ((float(limits.min), float(limits.max)),)


def name_kind(kind: str) -> str:
    """Say in words what the values of a photo are: "uint16" gives "16 bits"."""
    found = re.fullmatch(r"(uint|int|float)(\d+)", kind)
    if not found:
        return kind
    return found[2] + {"uint": " bits", "int": " bits, signed", "float": "-bit fractions"}[found[1]]


def map_to_rgb(raw: RawPhoto, ranges: Ranges) -> NDArray[np.uint8]:
    """Bring a photo to 8 bits, transparent pixels laid on white.

    Args:
        raw: the photo.
        ranges: scales of the batch.

    Returns:
        (H, W, 3) uint8, contiguous. Values that are no number, or infinite, become the lowest.
    """
    limits = find_limits(raw, ranges)
    if raw.pixels.dtype == np.uint8 and tuple(limits) == (EIGHT_BITS,):
        mapped = raw.pixels
    else:
        mapped = _map_values(raw.pixels, limits)
    if raw.inverted:
        mapped = 255 - mapped
    if mapped.ndim == 2:
        mapped = np.repeat(mapped[..., None], 3, axis=2)
    if raw.alpha is not None and not (raw.inverted and raw.premultiplied):  # what is clear is 0 there, and white
        mapped = _lay_on_white(mapped, raw.alpha, raw.premultiplied)
    return np.ascontiguousarray(mapped)


def _map_values(pixels: NDArray[np.generic], limits: Sequence[Limits]) -> NDArray[np.uint8]:
    values = np.asarray(pixels, dtype=np.float32)
    low, high = (np.array([pair[end] for pair in limits], np.float64) for end in (0, 1))
    if values.ndim == 2 or len(limits) == 1:
        low, high = low[:1], high[:1]
    scale = (255.0 / (high - low)).astype(np.float32)
    values = np.nan_to_num(values, nan=low[0], posinf=low[0], neginf=low[0])
    if low.any():
        values -= low.astype(np.float32)
    return np.asarray(np.clip(values * scale + np.float32(0.5), 0, 255), dtype=np.uint8)


def _lay_on_white(colours: NDArray[np.uint8], alpha: NDArray[np.float32], premultiplied: bool) -> NDArray[np.uint8]:
    weight = alpha[..., None]
    own = colours.astype(np.float32) if premultiplied else colours * weight
    return np.asarray(np.clip(own + 255 * (1 - weight) + 0.5, 0, 255), dtype=np.uint8)
