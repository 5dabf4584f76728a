"""The defect regions of an anomaly map. No torch."""

import math
from collections.abc import Mapping, Sequence
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
        """Return an area of the photo in square millimetres, 9 digits of it; None where the scale is unknown."""
        return None if self.mm_per_pixel is None else float(f"{pixels * self.mm_per_pixel**2:.9g}")

    def say_area(self, pixels: float) -> str:
        """Say how large a region is; square millimetres with three digits, all of those before the point.

        Example:
            120 pixels are "120 px", and "0.048 mm²" at 0.02 mm per pixel.
        """
        area = self.to_mm2(pixels)
        if area is None:
            return f"{pixels:.0f} px"
        decimals = max(0, 2 - math.floor(math.log10(area))) if area > 0 else 0
        written = f"{area:.{decimals}f}"
        return f"{written.rstrip('0').rstrip('.') if decimals else written} mm²"

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
    levelled = anomaly_map.copy()
    for region, inside in _find_regions(anomaly_map, threshold):
        if not rule.counts(region.peak, region.area * pixels, threshold):
            levelled[region.y : region.y + region.height, region.x : region.x + region.width][inside] = threshold
    return levelled


def defect_regions(anomaly_map: NDArray[np.float32], threshold: float) -> list[Region]:
    """List the connected regions (8 neighbours) above a threshold, highest peak first.

    Args:
        anomaly_map: (H, W) float32.
        threshold: values above it belong to a region.
    """
    return sorted((region for region, _ in _find_regions(anomaly_map, threshold)), key=lambda region: -region.peak)


def _find_regions(anomaly_map: NDArray[np.float32], threshold: float) -> list[tuple[Region, NDArray[np.bool_]]]:
    """Find the regions, and which values of their bounding boxes are theirs: (height, width) bool.

    Boxes are those of the outlines: statistics of each label over the whole map would take most of the time.
    """
    above = (anomaly_map > threshold).astype(np.uint8)
    marks = cv2.connectedComponents(above, connectivity=8)[1]
    labels = np.asarray(marks, np.int32)
    lines, nesting = cv2.findContours(above, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [line for line, place in zip(lines, nesting[0], strict=True) if place[3] < 0] if lines else []  # no holes
    boxes = {int(labels[line[0, 0, 1], line[0, 0, 0]]): cv2.boundingRect(line) for line in outer}
    return [_region(anomaly_map, labels, index, boxes[index]) for index in sorted(boxes)]


def _region(
    anomaly_map: NDArray[np.float32], labels: NDArray[np.int32], index: int, box: Sequence[int]
) -> tuple[Region, NDArray[np.bool_]]:
    x, y, width, height = box
    window = (slice(y, y + height), slice(x, x + width))
    inside = labels[window] == index
    values = np.where(inside, anomaly_map[window], -np.inf)
    row, col = divmod(int(values.argmax()), width)
    area, peak = int(np.count_nonzero(inside)), float(values[row, col])
    return Region(x, y, width, height, area, peak, x + col, y + row), inside
