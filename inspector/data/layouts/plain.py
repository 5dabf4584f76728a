"""Any folder: photos and point files wherever they lie, nothing known of them."""

from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import list_files, list_images, name_sample, note_lone_files
from inspector.data.samples import Batch, Sample


def _read(root: Path) -> Batch:
    """A photo and a cloud of one folder and stem are one sample."""
    photos = list_images(root)
    clouds = {file.with_suffix(""): file for file in list_files(root, CLOUD_SUFFIXES)}
    samples = [
        Sample(name_sample(root, file), image=file, cloud=clouds.pop(file.with_suffix(""), None)) for file in photos
    ]
    samples += [Sample(name_sample(root, file), cloud=file) for file in clouds.values()]
    return Batch(root, tuple(samples), notes=note_lone_files(samples))


PLAIN = Layout(_read, recognise=lambda _: True)
