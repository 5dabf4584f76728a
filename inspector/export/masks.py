"""Masks of defects: white where the map lies above the threshold."""

import numpy as np

from inspector.export.rendering import encode
from inspector.export.shown import ShownSample
from inspector.export.writer import Export, write_each


def encode_mask(sample: ShownSample) -> bytes:
    """Return the PNG of a sample, at the size of its photo: 255 above the threshold, else 0."""
    return encode((sample.defect_map > sample.run.map_threshold).astype(np.uint8) * 255)


MASKS = Export("Defect masks (PNG)", write_each("masks", ".png", encode_mask))
