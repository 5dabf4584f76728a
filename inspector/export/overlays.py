"""Each photo with its anomaly map and the outline of what lies above the threshold."""

from inspector.export.rendering import encode
from inspector.export.shown import ShownSample
from inspector.export.writer import Export, write_each


def encode_overlay(sample: ShownSample) -> bytes:
    """Return the PNG of a sample, at the size of its photo."""
    return encode(sample.overlay)


OVERLAYS = Export("Photos with their maps (PNG)", write_each("overlays", ".png", encode_overlay))
