"""A folder for each kind of part: `<kind>/**`, good parts in good, ok or normal; any other kind is a defect's name."""

from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import GOOD, find_mask, label_sample, list_by_stem, list_folders, list_images
from inspector.data.samples import Batch

MASK_FOLDERS = frozenset({"ground_truth", "masks"})
"""Names of the folder of masks, in small letters."""


def _read(root: Path) -> Batch:
    """Masks, if any, stand in `ground_truth|masks/<kind>/<stem>[_mask].*`."""
    folders = list_folders(root)
    drawn = [kind for f in folders if f.name.lower() in MASK_FOLDERS for kind in list_folders(f)]
    masks_of = {kind.name: list_by_stem(kind) for kind in drawn}
    samples = []
    for kind in folders:
        if kind.name.lower() not in MASK_FOLDERS:
            masks = masks_of.get(kind.name, {})
            samples += [label_sample(root, file, kind.name, find_mask(file, masks)) for file in list_images(kind)]
    return Batch(root, tuple(samples))


FOLDER = Layout(_read, marks=tuple(sorted(GOOD)))
