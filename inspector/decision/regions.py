"""The defect regions of an anomaly map. No torch."""

from dataclasses import dataclass

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
