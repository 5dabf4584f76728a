"""Photos, heat layers and defect outlines of one sample, made ready to be painted. Runs off the GUI thread."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from inspector.data.photos import read_image, shrink
from inspector.data.pixels.value_range import FULL, Ranges
from inspector.decision.regions import ALL_REGIONS, Region, RegionRule, defect_regions, level_regions
from inspector.export.rendering import colour_layer, trace_outlines
from inspector.geometry import grid
from inspector.geometry.grid import Alignment, stretch_map
from inspector.store.workspace import Workspace

LARGEST_MAP = 1536
"""Pixels of a heat layer's longer side; maps come from far coarser grids, so more would only cost memory."""


LARGEST_PHOTO = 4096
"""Pixels of the longer side that a photo is kept with; all of a larger one is read when it is looked at closely."""

RING = 0.06
"""Radius of a ring around an odd place, as a share of the photo's longer side."""

ODDEST = 3
"""Odd places that are shown of a part of which nothing lies above the threshold, at most."""

NEARLY = 0.8
"""How odd a place is that is shown beside the oddest one: this share of its height above the median of the map."""


@dataclass(frozen=True)
class SamplePicture:
    """A sample ready to be shown.

    Attributes:
        index: the sample.
        photo: 32-bit RGB; reduced where the photo is larger than `LARGEST_PHOTO`.
        anomaly_map: (h, w) float32 with its edges on the edges of the photo; None before the run is done.
        heat: the map's colours, transparent where cold. colours: the same, opaque.
    """

    index: int
    photo: QImage = field(repr=False)
    anomaly_map: NDArray[np.float32] | None = field(default=None, repr=False)
    heat: QImage | None = field(default=None, repr=False)
    colours: QImage | None = field(default=None, repr=False)
    full_size: tuple[int, int] | None = None
    """Height and width of a photo that is reduced here."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the photo in its file, in pixels."""
        return self.full_size or (self.photo.height(), self.photo.width())


@dataclass(frozen=True)
class Detail:
    """All pixels of a large photo. `image` shows `pixels` (H, W, 3) without a copy, so both are kept together."""

    index: int
    pixels: NDArray[np.uint8] = field(repr=False)
    image: QImage = field(repr=False)


@dataclass(frozen=True)
class Defects:
    """What lies above the threshold: regions and closed lines, in pixels of the photo, highest peak first."""

    regions: tuple[Region, ...] = ()
    lines: tuple[NDArray[np.floating], ...] = field(default=(), repr=False)
    oddest: tuple[tuple[float, float], ...] = ()
    """Where the map is highest (x, y), if nothing lies above the threshold."""


def load_picture(
    store: Workspace,
    run_id: int,
    index: int,
    path: Path,
    display_range: tuple[float, float] | None,
    colormap: str,
    alignment: Alignment = "centres",
    ranges: Ranges = FULL,
    sha256: str = "",
) -> SamplePicture:
    """Read a photo and colour its map.

    Args:
        store: where the map is.
        run_id: the run.
        index: the sample, which is also its position in the batch.
        path: the photo.
        display_range: map values of the coldest and the hottest colour; None = there are no maps yet.
        colormap: a name in `COLORMAPS`.
        alignment: how the maps of the run lie on the photos.
        ranges: which values of photos are black and white.
        sha256: of the photo that was scanned; "" = not known.

    Raises:
        InputError: the photo cannot be read, or is another one by now.
        StoreError: the map is missing.
    """
    pixels = read_image(path, ranges, sha256)
    full_size = pixels.shape[:2] if max(pixels.shape[:2]) > LARGEST_PHOTO else None
    photo = to_image(pixels if full_size is None else shrink(pixels, LARGEST_PHOTO))
    if display_range is None:
        return SamplePicture(index, photo, full_size=full_size)
    size = map_size(pixels.shape[0], pixels.shape[1])
    anomaly_map = stretch_map(store.artefacts.load_map(run_id, index), size, alignment)
    heat = to_image(colour_layer(anomaly_map, display_range, colormap=colormap))
    colours = heat.convertToFormat(QImage.Format.Format_RGB32)
    heat.convertTo(QImage.Format.Format_ARGB32_Premultiplied)
    return SamplePicture(index, photo, anomaly_map, heat, colours, full_size)


def load_detail(index: int, path: Path, ranges: Ranges = FULL, sha256: str = "") -> Detail:
    """Read all pixels of a photo.

    Raises:
        InputError: the photo cannot be read, or is another one by now.
    """
    pixels = np.ascontiguousarray(read_image(path, ranges, sha256))
    height, width = pixels.shape[:2]
    return Detail(index, pixels, QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888))


def map_size(height: int, width: int) -> tuple[int, int]:
    """Choose the size (h, w) of a heat layer: that of the photo, or less for large photos."""
    return grid.limit_size((height, width), LARGEST_MAP)


def find_defects(picture: SamplePicture, threshold: float, rule: RegionRule = ALL_REGIONS) -> Defects:
    """Find the regions that count above a threshold (on the scale of the maps)."""
    if picture.anomaly_map is None:
        return Defects()
    scale_x, scale_y = map_scale(picture)
    anomaly_map = level_regions(picture.anomaly_map, threshold, rule, scale_x * scale_y)
    regions = tuple(_scale(region, scale_x, scale_y) for region in defect_regions(anomaly_map, threshold))
    lines = ((line + 0.5) * (scale_x, scale_y) for line in trace_outlines(anomaly_map, threshold))
    outlines = tuple(lines)
    if regions or outlines:
        return Defects(regions, outlines)
    peaks = find_oddest(picture.anomaly_map)
    return Defects(oddest=tuple(((col + 0.5) * scale_x, (row + 0.5) * scale_y) for row, col in peaks))


def find_oddest(anomaly_map: NDArray[np.floating]) -> list[tuple[int, int]]:
    """Return the oddest places (row, col) of a map (h, w), the highest first; their rings do not touch each other.

    Example:
        A map of 0 with a peak of 1.0, one of 0.9 and one of 0.5, far apart: the first two.
    """
    left = np.array(anomaly_map, np.float64)
    median, apart = float(np.median(left)), 2 * RING * max(left.shape)
    rows, cols = np.ogrid[: left.shape[0], : left.shape[1]]
    least = median + NEARLY * (float(left.max()) - median)
    places: list[tuple[int, int]] = []
    while len(places) < ODDEST and left.max() >= max(least, np.nextafter(median, np.inf)):
        row, col = divmod(int(left.argmax()), left.shape[1])
        places.append((row, col))
        left[(rows - row) ** 2 + (cols - col) ** 2 <= apart**2] = -np.inf
    return places


def map_scale(picture: SamplePicture) -> tuple[float, float]:
    """Pixels of the photo per pixel of its map, in x and y, edge to edge."""
    assert picture.anomaly_map is not None
    rows, cols = picture.anomaly_map.shape
    return grid.map_scale(picture.size, (rows, cols))


def score_at(picture: SamplePicture, x: float, y: float) -> float | None:
    """Return the map's value at a place of the photo (pixels, from its upper left edge); None outside."""
    height, width = picture.size
    if picture.anomaly_map is None or not (0 <= x < width and 0 <= y < height):
        return None
    scale_x, scale_y = map_scale(picture)
    row, col = int(y / scale_y), int(x / scale_x)
    return float(picture.anomaly_map[row, col])


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """Copy (H, W, 3) RGB to a 32-bit picture, (H, W, 4) RGBA to one with transparency."""
    height, width, channels = pixels.shape
    raw = np.ascontiguousarray(pixels)
    kinds = {
        3: (QImage.Format.Format_RGB888, QImage.Format.Format_RGB32),
        4: (QImage.Format.Format_RGBA8888, QImage.Format.Format_ARGB32),
    }
    given, wanted = kinds[channels]
    return QImage(raw.data, width, height, channels * width, given).convertToFormat(wanted)


def _scale(region: Region, scale_x: float, scale_y: float) -> Region:
    return Region(
        x=round(region.x * scale_x),
        y=round(region.y * scale_y),
        width=max(1, round(region.width * scale_x)),
        height=max(1, round(region.height * scale_y)),
        area=max(1, round(region.area * scale_x * scale_y)),
        peak=region.peak,
        peak_x=int((region.peak_x + 0.5) * scale_x),
        peak_y=int((region.peak_y + 0.5) * scale_y),
    )
