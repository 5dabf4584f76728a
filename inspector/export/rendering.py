"""Maps -> pictures: numpy in, uint8 out. Shared by exports, reports and the app."""

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.data.photos import shrink

Pixels = NDArray[np.uint8]
"""(H, W, 3) RGB, 0..255."""

COLORMAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "turbo": cv2.COLORMAP_TURBO,
}
"""The first is the default; all but turbo can be told apart by colour-blind people."""

STRIP_ROWS = 256
"""Rows of an overlay that are mixed at a time."""

LEAST_MARGIN = 16
"""Pixels of a picture that a cut-out shows around its box, both sides together, at least."""

CONTOUR_COLOUR = (0, 255, 255)
"""Cyan: in none of the heat maps and rare on parts."""


def colour_map(
    anomaly_map: NDArray[np.float32], value_range: tuple[float, float], *, colormap: str = "inferno"
) -> Pixels:
    """Colour a map: (H, W) float32 -> (H, W, 3) uint8."""
    levels = (_scale_to_range(anomaly_map, value_range) * 255 + 0.5).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(levels, COLORMAPS[colormap])[..., ::-1], dtype=np.uint8)


def colour_layer(
    anomaly_map: NDArray[np.float32], value_range: tuple[float, float], *, colormap: str = "inferno"
) -> NDArray[np.uint8]:
    """Colour a map as a layer of its own: laid over a photo at some opacity it gives `lay_over` at that opacity.

    Args:
        anomaly_map: (H, W) float32.
        value_range: (low, high): low is fully transparent, high is opaque.
        colormap: a name in `COLORMAPS`.

    Returns:
        (H, W, 4) uint8 RGBA, colours not multiplied by alpha.
    """
    alpha = (_scale_to_range(anomaly_map, value_range) * 255 + 0.5).astype(np.uint8)
    return np.dstack([colour_map(anomaly_map, value_range, colormap=colormap), alpha])


def lay_over(
    photo: Pixels,
    anomaly_map: NDArray[np.float32],
    value_range: tuple[float, float],
    *,
    opacity: float = 0.75,
    colormap: str = "inferno",
) -> Pixels:
    """Lay a heat map over a photo, the hotter the less transparent, so that good areas stay a photo.

    Args:
        photo: (H, W, 3) uint8 RGB.
        anomaly_map: (H, W) float32 at the size of the photo.
        value_range: (low, high): low is fully transparent, high has the full opacity.
        opacity: 0..1.
        colormap: a name in `COLORMAPS`.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    result = np.empty_like(photo)
    for start in range(0, len(photo), STRIP_ROWS):  # floats of a whole 100-megapixel photo would take gigabytes
        strip = slice(start, start + STRIP_ROWS)
        strength = (_scale_to_range(anomaly_map[strip], value_range) * opacity)[..., None]
        colours = colour_map(anomaly_map[strip], value_range, colormap=colormap)
        result[strip] = photo[strip] * (1 - strength) + colours * strength + 0.5
    return result


def trace_outlines(anomaly_map: NDArray[np.float32], threshold: float) -> list[NDArray[np.int32]]:
    """Trace the outer borders of everything above a threshold: closed lines of (K, 2) points (x, y) in map pixels."""
    above = (anomaly_map > threshold).astype(np.uint8)
    found, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(line[:, 0], dtype=np.int32) for line in found]


def draw_contours(
    picture: Pixels,
    anomaly_map: NDArray[np.float32],
    threshold: float,
    *,
    colour: tuple[int, int, int] = CONTOUR_COLOUR,
) -> Pixels:
    """Draw the outline of everything above a threshold into a copy of a picture of the map's size."""
    above = (anomaly_map > threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    width = max(1, round(min(picture.shape[:2]) / 256))
    return np.asarray(cv2.drawContours(picture.copy(), outlines, -1, colour, width), dtype=np.uint8)


def cut_out(picture: Pixels, box: tuple[float, float, float, float], side: int) -> Pixels:
    """Cut a box out of a picture, with half as much again around it on each side.

    Args:
        picture: (H, W, 3) uint8.
        box: (left, top, right, bottom) as shares of width and height, 0 to 1.
        side: the longer side of what is returned, at most.
    """
    height, width = picture.shape[:2]
    left, top, right, bottom = box
    sides = []
    for low, high, length in ((top, bottom, height), (left, right, width)):
        margin = max((high - low) / 2, LEAST_MARGIN / length / 2)
        first, last = int(max(0.0, low - margin) * length), ceil(min(1.0, high + margin) * length)
        sides.append(slice(first, max(first + 1, last)))
    return shrink(np.ascontiguousarray(picture[sides[0], sides[1]]), side)


def encode(picture: NDArray[np.uint8], suffix: str = ".png") -> bytes:
    """Encode a picture (RGB, or grey) as PNG or JPEG bytes."""
    ordered = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 else picture
    return cv2.imencode(suffix, ordered)[1].tobytes()


def _scale_to_range(values: NDArray[np.float32], value_range: tuple[float, float]) -> NDArray[np.float32]:
    low, high = value_range
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), dtype=np.float32)
