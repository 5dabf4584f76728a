"""Maps -> pictures: numpy in, uint8 out. Shared by exports, reports and the app."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.geometry.grid import stretch_map as stretch_map  # the name by which it was known here

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB, 0..255."""

COLORMAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "turbo": cv2.COLORMAP_TURBO,
}
"""The first is the default; all but turbo can be told apart by colour-blind people."""

STRIP = 256
"""Rows of an overlay that are mixed at a time."""

CONTOUR = (0, 255, 255)
"""Cyan: in none of the heat maps and rare on parts."""


def heat_map(
    anomaly_map: NDArray[np.float32], value_range: tuple[float, float], *, colormap: str = "inferno"
) -> Picture:
    """Colour a map: (H, W) float32 -> (H, W, 3) uint8."""
    levels = (_relative(anomaly_map, value_range) * 255 + 0.5).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(levels, COLORMAPS[colormap])[..., ::-1], dtype=np.uint8)


def heat_layer(
    anomaly_map: NDArray[np.float32], value_range: tuple[float, float], *, colormap: str = "inferno"
) -> NDArray[np.uint8]:
    """Colour a map as a layer of its own: laid over a photo at some opacity it gives `overlay` at that opacity.

    Args:
        anomaly_map: (H, W) float32.
        value_range: (low, high): low is fully transparent, high is opaque.
        colormap: a name in `COLORMAPS`.

    Returns:
        (H, W, 4) uint8 RGBA, colours not multiplied by alpha.
    """
    alpha = (_relative(anomaly_map, value_range) * 255 + 0.5).astype(np.uint8)
    return np.dstack([heat_map(anomaly_map, value_range, colormap=colormap), alpha])


def overlay(
    photo: Picture,
    anomaly_map: NDArray[np.float32],
    value_range: tuple[float, float],
    *,
    opacity: float = 0.75,
    colormap: str = "inferno",
) -> Picture:
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
    for start in range(0, len(photo), STRIP):  # floats of a whole 100-megapixel photo would take gigabytes
        strip = slice(start, start + STRIP)
        strength = (_relative(anomaly_map[strip], value_range) * opacity)[..., None]
        colours = heat_map(anomaly_map[strip], value_range, colormap=colormap)
        result[strip] = photo[strip] * (1 - strength) + colours * strength + 0.5
    return result


def outlines(anomaly_map: NDArray[np.float32], threshold: float) -> list[NDArray[np.int32]]:
    """Trace the outer borders of everything above a threshold: closed lines of (K, 2) points (x, y) in map pixels."""
    above = (anomaly_map > threshold).astype(np.uint8)
    found, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(line[:, 0], dtype=np.int32) for line in found]


def draw_contours(
    picture: Picture, anomaly_map: NDArray[np.float32], threshold: float, *, colour: tuple[int, int, int] = CONTOUR
) -> Picture:
    """Draw the outline of everything above a threshold into a copy of a picture of the map's size."""
    above = (anomaly_map > threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    width = max(1, round(min(picture.shape[:2]) / 256))
    return np.asarray(cv2.drawContours(picture.copy(), outlines, -1, colour, width), dtype=np.uint8)


def encode(picture: NDArray[np.uint8], suffix: str = ".png") -> bytes:
    """Encode a picture (RGB, or grey) as PNG or JPEG bytes."""
    ordered = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 else picture
    return cv2.imencode(suffix, ordered)[1].tobytes()


def _relative(values: NDArray[np.float32], value_range: tuple[float, float]) -> NDArray[np.float32]:
    low, high = value_range
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), dtype=np.float32)
