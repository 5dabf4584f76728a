"""Raw anomaly maps as TIFF of 32-bit floats, as they are kept or at the size of the photo."""

import io
import json

import tifffile

from inspector.export.shown import ShownSample
from inspector.export.writer import Export, write_each


def encode_map(sample: ShownSample) -> bytes:
    """Return the map as it is kept, some kilobytes; its tags say how it lies on the photo.

    The description is JSON: `photo_width` and `photo_height` in pixels, `alignment`. Map pixels per photo pixel are
    the resolution, without unit. Bilinear stretching gives the map of `encode_full_map`: "edges on edges" as image
    tools do it, "corners on corners" with the centres of the corner pixels on those of the photo.
    """
    height, width = sample.size
    rows, cols = sample.stored_map.shape
    centred = sample.run.record.alignment == "centres"
    name, taken = ("edges on edges", 0) if centred else ("corners on corners", 1)
    placed = {"photo_width": width, "photo_height": height, "alignment": name}
    content = io.BytesIO()
    tifffile.imwrite(
        content,
        sample.stored_map,
        description=json.dumps(placed),
        metadata=None,
        resolution=(
            (max(1, cols - taken), max(1, width - taken)),
            (max(1, rows - taken), max(1, height - taken)),
        ),
        resolutionunit="NONE",
    )
    return content.getvalue()


def encode_full_map(sample: ShownSample) -> bytes:
    """Return the map at the size of the photo, compressed without loss."""
    content = io.BytesIO()
    tifffile.imwrite(content, sample.full_map, compression="zlib")
    return content.getvalue()


MAPS = Export("Anomaly maps (TIFF)", write_each("maps", ".tiff", encode_map))
FULL_MAPS = Export("Anomaly maps at the size of the photos (TIFF)", write_each("full-maps", ".tiff", encode_full_map))
