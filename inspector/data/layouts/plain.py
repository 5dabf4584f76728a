"""Any folder: photos and point files wherever they lie, nothing known of them."""

from pathlib import Path

from inspector.data.kinds import detect_kind
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import find_kind, name_sample
from inspector.data.samples import Batch, Sample


def _read(root: Path) -> Batch:
    """Each photo and each cloud is a sample; `read_batch` brings together those of one part."""
    samples = []
    for file in find_kind(root, "photo", "cloud"):
        is_photo = detect_kind(file) == "photo"
        samples.append(Sample(name_sample(root, file), file if is_photo else None, None if is_photo else file))
    return Batch(root, tuple(samples))


PLAIN = Layout(_read, recognise=lambda _: True)
