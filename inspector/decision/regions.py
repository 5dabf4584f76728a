"""The defect regions of an anomaly map. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Region:
    """One connected part of a map above the threshold; lengths and positions in pixels of the map.

    Attributes:
        x, y, width, height: bounding box, (x, y) its upper left pixel.
        area: number of pixels.
        peak: largest value. peak_x, peak_y: where it lies.
    """

    x: int
    y: int
    width: int
    height: int
    area: int
    peak: float
    peak_x: int
    peak_y: int


@dataclass(frozen=True)
class RegionRule:
    """Which regions count, and how their areas are told.

    Attributes:
        area: smaller ones do not count: in square millimetres where a scale is known, else in pixels of the photo.
        strength: nor those whose peak is below so many times the threshold.
        mm_per_pixel: the photo's scale; None = unknown.
    """

    area: float = 0.0
    strength: float = 1.0
    mm_per_pixel: float | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "RegionRule":
        """Return that of a run's settings; runs of before there was one count all regions."""
        given = {"area": "min_region_area", "strength": "min_region_strength", "mm_per_pixel": "mm_per_pixel"}
        return cls(**{name: settings[setting] for name, setting in given.items() if setting in settings})

    def to_mm2(self, pixels: float) -> float | None:
        """Return an area of the photo in square millimetres; None where the scale is unknown."""
        return None if self.mm_per_pixel is None else pixels * self.mm_per_pixel**2

    def say_area(self, pixels: float) -> str:
        """Say how large a region is.

        Example:
            120 pixels are "120 px", and "0.048 mm²" at 0.02 mm per pixel.
        """
        area = self.to_mm2(pixels)
        return f"{pixels:.0f} px" if area is None else f"{area:.3g} mm²"

    def counts(self, peak: float, pixels: float, threshold: float) -> bool:
        """Whether a region counts.

        Args:
            peak: its highest value.
            pixels: its area in the photo.
            threshold: what it lies above.
        """
        area = self.to_mm2(pixels)
        return (pixels if area is None else area) >= self.area and peak >= self.strength * threshold


ALL_REGIONS = RegionRule()


def level_regions(
    anomaly_map: NDArray[np.float32], threshold: float, rule: RegionRule, pixels: float = 1.0
) -> NDArray[np.float32]:
    """Bring the regions of a map that do not count down to the threshold, so that nothing is above it there.

    Args:
        anomaly_map: (H, W) float32.
        threshold: values above it belong to a region.
        rule: which count.
        pixels: of the photo for each of the map.

    Returns:
        (H, W) float32: a copy, or the map itself where all regions count.

    Example:
        Of a single hot value and a hot 3 x 3 square, an area of 4 leaves the square.
    """
    if rule.area <= 0 and rule.strength <= 1:
        return anomaly_map
    above = anomaly_map > threshold
    count, marks, stats, _ = cv2.connectedComponentsWithStats(above.astype(np.uint8), connectivity=8)
    labels = np.asarray(marks, np.int32)
    peaks = np.full(count, -np.inf, np.float32)
    np.maximum.at(peaks, labels[above], anomaly_map[above])
    areas = np.asarray(stats)[:, cv2.CC_STAT_AREA] * pixels
    dropped = [not rule.counts(float(peaks[one]), float(areas[one]), threshold) for one in range(count)]
    dropped[0] = False  # what lies below the threshold
    return np.where(np.array(dropped)[labels], np.float32(threshold), anomaly_map)


def defect_regions(anomaly_map: NDArray[np.float32], threshold: float) -> list[Region]:
    """List the connected regions (8 neighbours) above a threshold, highest peak first.

    Args:
        anomaly_map: (H, W) float32.
        threshold: values above it belong to a region.
    """
    above = (anomaly_map > threshold).astype(np.uint8)
    count, marks, stats, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    labels, boxes = np.asarray(marks, np.int32), np.asarray(stats, np.int32)
    regions = [_region(anomaly_map, labels, index, boxes[index]) for index in range(1, count)]
    return sorted(regions, key=lambda region: -region.peak)


def _region(anomaly_map: NDArray[np.float32], labels: NDArray[np.int32], index: int, box: NDArray[np.int32]) -> Region:
    x, y, width, height, area = (int(value) for value in box)
    window = (slice(y, y + height), slice(x, x + width))
    values = np.where(labels[window] == index, anomaly_map[window], -np.inf)
    row, col = divmod(int(values.argmax()), width)
    return Region(x, y, width, height, area, float(values[row, col]), x + col, y + row)
