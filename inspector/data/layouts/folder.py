"""A folder for each kind of part: `<kind>/**`, good parts in good, ok or normal; any other kind is a defect's name."""

from functools import partial
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import GOOD, find_mask, label_folder, list_folders, list_masks
from inspector.data.samples import Batch, Sample

MASK_FOLDERS = frozenset({"ground_truth", "masks"})
"""Names of the folder of masks, in small letters."""


def _read(root: Path) -> Batch:
    """Masks, if any, stand in `ground_truth|masks/<kind>/<stem>[_mask].*`."""
    folders = list_folders(root)
    drawn = [kind for f in folders if f.name.lower() in MASK_FOLDERS for kind in list_folders(f)]
    masks_of = {kind.name.lower(): list_masks(kind) for kind in drawn}
    samples: list[Sample] = []
    for kind in folders:
        if kind.name.lower() not in MASK_FOLDERS:
            find = partial(find_mask, masks=masks_of.get(kind.name.lower(), {}), folder=kind)
            samples += label_folder(root, kind, kind.name, find)
    return Batch(root, tuple(samples))


FOLDER = Layout(
    _read, marks=tuple(sorted(GOOD)), expected="a folder for each kind of part, good parts in good, ok or normal"
)
