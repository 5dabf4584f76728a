"""A folder -> a Batch. Layouts of the public datasets are recognised; any other folder is "plain"."""

from collections.abc import Iterable
from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.layouts.accounting import account_for, as_text, is_text, name_left_out, sum_up
from inspector.data.layouts.eyecandies import EYECANDIES
from inspector.data.layouts.folder import FOLDER
from inspector.data.layouts.ground_truth import find_drawings
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import (
    find_path,
    list_folders,
    name_sample,
    natural_key,
    note_lone_files,
    require_folder,
)
from inspector.data.layouts.mvtec_3d import MVTEC_3D
from inspector.data.layouts.mvtec_ad import BTAD, MVTEC_AD, MVTEC_LOCO
from inspector.data.layouts.mvtec_ad_2 import MVTEC_AD_2
from inspector.data.layouts.nested import Dataset, find_datasets, take_datasets
from inspector.data.layouts.pairing import pair_clouds
from inspector.data.layouts.plain import PLAIN
from inspector.data.layouts.real_iad import REAL_IAD
from inspector.data.layouts.tree import FoundPath
from inspector.data.layouts.visa import VISA
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError

LAYOUTS: dict[str, Layout] = {
    "mvtec-3d": MVTEC_3D,
    "visa": VISA,
    "eyecandies": EYECANDIES,
    "mvtec-ad-2": MVTEC_AD_2,
    "mvtec-loco": MVTEC_LOCO,
    "btad": BTAD,
    "mvtec-ad": MVTEC_AD,
    "real-iad": REAL_IAD,
    "folder": FOLDER,
    "plain": PLAIN,
}
"""Layouts by name. A folder is taken for the first one that recognises it: a BTAD looks like an MVTec AD, too, and
anything is plain."""


def read_batch(root: str | Path, layout: str = "auto", *, has_camera: bool = False) -> Batch:
    """List the parts in a folder, and what else lies in it.

    Args:
        root: the folder; sub-folders are searched too, links are followed, loops are not.
        layout: a name in `LAYOUTS`, or "auto" to recognise it.
        has_camera: whether the setting `camera` is given, by which depth images become clouds.

    Raises:
        InputError: the folder is missing, no folder, not of the layout that was named, or holds no photo and no cloud.
        ValueError: the layout is unknown.
    """
    root = Path(root)
    if layout != "auto" and layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    try:
        require_folder(root)
        root = root.absolute()  # what a run keeps must be found from any folder
        name = _recognise(root) if layout == "auto" else layout
        if not LAYOUTS[name].fits(root):
            raise _describe_misfit(root, name)
        return _read_all(root, name, has_camera)
    except OSError as error:
        place = error.filename or root
        raise InputError(f"the folder {place} cannot be listed: {error.strerror or error}") from error


def _read_all(root: Path, name: str, has_camera: bool) -> Batch:
    """List the parts by a layout, put photos and clouds together, and account for all other files."""
    batch = LAYOUTS[name].read(root)
    datasets: list[Dataset] = []
    passed: list[FoundPath] = []
    notes: list[str] = list(batch.notes)
    samples = list(batch.samples)
    if name == "plain":
        datasets = find_datasets(root, {other: known for other, known in LAYOUTS.items() if known is not PLAIN})
        samples = take_datasets(batch.samples, datasets, root)
    if name in ("plain", "folder"):
        drawings, kept_ones = find_drawings(samples, root)
        passed += drawings
        notes += kept_ones
        drawn = {found.path for found in drawings}
        samples = [sample for sample in samples if sample.image not in drawn]
    pairing = pair_clouds(samples, root, has_camera)
    passed += pairing.passed
    layouts = [(dataset.folder, dataset.name, dataset.layout) for dataset in datasets]
    everything = account_for(root, pairing.samples, passed, [*layouts, (root, name, LAYOUTS[name])])
    kept, unnamed = _drop_unreadable_names(pairing.samples)
    if not kept:
        raise _describe_empty(root, name, everything)
    told = (*notes, *pairing.notes, *note_lone_files(kept), *sum_up(everything), *_note_names(root, unnamed))
    return Batch(
        root,
        tuple(sorted(kept, key=lambda sample: natural_key(Path(sample.name)))),
        layout=name,
        notes=tuple(map(as_text, told)),
        left_out=name_left_out(root, everything, unnamed),
    )


def _describe_misfit(root: Path, name: str) -> InputError:
    expected = LAYOUTS[name].expected
    return InputError(f"{root} is no folder of the layout {name}: it must hold {expected}; choose another `layout`")


def _describe_empty(root: Path, name: str, everything: list[FoundPath]) -> InputError:
    known = " ".join(sorted(IMAGE_SUFFIXES | CLOUD_SUFFIXES))
    left_out = sum(bool(found.reason) for found in everything)
    told = sum_up(everything) or (f"left out: {left_out}",)
    held = f" ({'; '.join(told)})" if left_out else ""
    if name != "plain":
        return InputError(
            f"no photo or cloud in {root} that the layout {name} scores{held}: it scores "
            f"{LAYOUTS[name].expected}; choose another `layout`; known kinds: {known}"
        )
    return InputError(f"no photo or cloud in {root}{held}; known kinds: {known}")


def list_categories(root: str | Path, layout: str) -> list[tuple[str, Path]]:
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
    root = Path(root)
    if layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    require_folder(root)
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
    return any(mark == "." or find_path(folder, mark) is not None for mark in marks)


def _drop_unreadable_names(samples: Iterable[Sample]) -> tuple[list[Sample], list[FoundPath]]:
    """Leave out files whose names are no text (bytes of another encoding): no database and no report can hold them."""
    kept, unnamed = [], []
    for sample in samples:
        file = sample.image or sample.cloud
        if is_text(sample.name) or file is None:
            kept.append(sample)
        else:
            unnamed.append(FoundPath(file, "its name is no valid text; rename the file"))
    return kept, unnamed


def _note_names(root: Path, unnamed: Iterable[FoundPath]) -> tuple[str, ...]:
    names = sorted(name_sample(root, found.path) for found in unnamed)
    return tuple(f"{name!a} was left out: its name is no valid text; rename the file" for name in names)


def _recognise(root: Path) -> str:
    return next(name for name, layout in LAYOUTS.items() if layout.recognise(root))
