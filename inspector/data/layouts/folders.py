"""A folder -> a Batch. Layouts of the public datasets are recognised; any other folder is "plain"."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.layouts.eyecandies import EYECANDIES
from inspector.data.layouts.folder import FOLDER
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import list_folders, natural_key
from inspector.data.layouts.mvtec_3d import MVTEC_3D
from inspector.data.layouts.mvtec_ad import BTAD, MVTEC_AD
from inspector.data.layouts.plain import PLAIN
from inspector.data.layouts.visa import VISA
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.data.samples import Batch
from inspector.errors import InputError

LAYOUTS: dict[str, Layout] = {
    "mvtec-3d": MVTEC_3D,
    "visa": VISA,
    "eyecandies": EYECANDIES,
    "btad": BTAD,
    "mvtec-ad": MVTEC_AD,
    "folder": FOLDER,
    "plain": PLAIN,
}
"""Layouts by name. A folder is taken for the first one that recognises it: a BTAD looks like an MVTec AD, too, and
anything is plain."""


def read_batch(root: Path, layout: str = "auto") -> Batch:
    """List the parts in a folder.

    Args:
        root: the folder; sub-folders are searched too, links are followed, loops are not.
        layout: a name in `LAYOUTS`, or "auto" to recognise it.

    Raises:
        InputError: the folder is missing, no folder, or holds no photo and no cloud.
        ValueError: the layout is unknown.
    """
    if layout != "auto" and layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    if not root.exists():
        raise InputError(f"there is no folder {root}; check the path")
    if not root.is_dir():
        raise InputError(f"{root} is a file; give the folder that holds the photos of the batch")
    try:
        root = root.absolute()  # what a run keeps must be found from any folder
        name = _recognise(root) if layout == "auto" else layout
        batch = replace(LAYOUTS[name].read(root), layout=name)
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror}") from error
    batch = _sort_samples(_drop_unreadable_names(batch))
    if not batch.samples:
        raise InputError(
            f"no photo or cloud in {root}; known kinds: {' '.join(sorted(IMAGE_SUFFIXES | CLOUD_SUFFIXES))}"
        )
    return batch


def list_categories(root: Path, layout: str) -> list[tuple[str, Path]]:
    """List the categories of a dataset, each of which is a batch of its own.

    Args:
        root: folder of the dataset, or of a single category.
        layout: a name in `LAYOUTS`; a "plain" folder is one category.

    Returns:
        (name, folder) in natural order.

    Raises:
        InputError: the folder is missing or holds no category of this layout.
        ValueError: the layout is unknown.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    if not root.is_dir():
        raise InputError(f"there is no folder {root}; check the path")
    marks = LAYOUTS[layout].marks
    try:
        if _has_any(root, marks):
            return [(root.absolute().name, root)]
        found = [(folder.name, folder) for folder in list_folders(root) if _has_any(folder, marks)]
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror}") from error
    if not found:
        raise InputError(
            f"no category of the layout {layout} in {root}: a category's folder holds {' or '.join(marks)}; "
            "check the layout and the path"
        )
    return found


def _has_any(folder: Path, marks: Iterable[str]) -> bool:
    present = {child.name.lower() for child in list_folders(folder)}
    return any(mark in present or (folder / mark).is_dir() for mark in marks)


def _drop_unreadable_names(batch: Batch) -> Batch:
    """Leave out files whose names are no text (bytes of another encoding): no database and no report can hold them."""
    bad = {sample.name for sample in batch.samples if _is_undecodable(sample.name)}
    notes = (f"{name!a} was left out: its name is no valid text; rename the file" for name in sorted(bad))
    kept = tuple(sample for sample in batch.samples if sample.name not in bad)
    return replace(batch, samples=kept, notes=(*batch.notes, *notes)) if bad else batch


def _sort_samples(batch: Batch) -> Batch:
    """Bring the samples into natural order, whatever they are made of."""
    return replace(batch, samples=tuple(sorted(batch.samples, key=lambda sample: natural_key(Path(sample.name)))))


def _is_undecodable(name: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in name)


def _recognise(root: Path) -> str:
    return next(name for name, layout in LAYOUTS.items() if layout.recognise(root))
