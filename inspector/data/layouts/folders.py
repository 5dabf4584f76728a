"""A folder -> a Batch. Layouts of the public datasets are recognised; any other folder is "plain"."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from inspector.data.clouds.cloud import CLOUD_SUFFIXES
from inspector.data.layouts.visa import visa_photos
from inspector.data.masks import read_mask
from inspector.data.photos import IMAGE_SUFFIXES
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError

GOOD = frozenset({"good", "ok", "normal"})
"""Names of the folder of good parts, in small letters; parts in any other folder are defective."""

MASK_FOLDERS = frozenset({"ground_truth", "masks"})
"""Names of the folder of masks in the layout "folder"."""


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
        batch = LAYOUTS[_recognise(root) if layout == "auto" else layout](root)
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror}") from error
    batch = _sort_samples(_with_readable_names(batch))
    if not batch.samples:
        raise InputError(
            f"no photo or cloud in {root}; known kinds: {' '.join(sorted(IMAGE_SUFFIXES | CLOUD_SUFFIXES))}"
        )
    return batch


def categories(root: Path, layout: str) -> list[tuple[str, Path]]:
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
    marks = MARKS.get(layout, (".",))
    try:
        if _has_any(root, marks):
            return [(root.absolute().name, root)]
        found = [(folder.name, folder) for folder in _folders(root) if _has_any(folder, marks)]
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror}") from error
    if not found:
        raise InputError(
            f"no category of the layout {layout} in {root}: a category's folder holds {' or '.join(marks)}; "
            "check --layout and the path"
        )
    return found


def _has_any(folder: Path, marks: Iterable[str]) -> bool:
    present = {child.name.lower() for child in _folders(folder)}
    return any(mark in present or (folder / mark).is_dir() for mark in marks)


def _with_readable_names(batch: Batch) -> Batch:
    """Leave out files whose names are no text (bytes of another encoding): no database and no report can hold them."""
    bad = {sample.name for sample in batch.samples if _undecodable(sample.name)}
    notes = (f"{name!a} was left out: its name is no valid text; rename the file" for name in sorted(bad))
    kept = tuple(sample for sample in batch.samples if sample.name not in bad)
    return replace(batch, samples=kept, notes=(*batch.notes, *notes)) if bad else batch


def _sort_samples(batch: Batch) -> Batch:
    """Bring the samples into natural order, whatever they are made of."""
    return replace(batch, samples=tuple(sorted(batch.samples, key=lambda sample: natural_key(Path(sample.name)))))


def _undecodable(name: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in name)


def _recognise(root: Path) -> str:
    test = _test_folder(root)
    if any((kind / "rgb").is_dir() for kind in _folders(test)):
        return "mvtec-3d"
    if (root / "Data" / "Images").is_dir():
        return "visa"
    if (root / "test_public" / "data").is_dir():
        return "eyecandies"
    if (test / "ok").is_dir() and (test / "ko").is_dir():
        return "btad"
    if (test.parent / "ground_truth").is_dir() and test.name == "test":
        return "mvtec-ad"
    return "plain"


def _plain(root: Path) -> Batch:
    """Any photos and point files; a photo and a cloud of one folder and stem are one sample."""
    photos = _images(root)
    clouds = {file.with_suffix(""): file for file in _sorted_files(root, CLOUD_SUFFIXES)}
    if not clouds:
        return Batch(root, tuple(Sample(_name(root, file), image=file) for file in photos))
    samples = [Sample(_name(root, file), image=file, cloud=clouds.pop(file.with_suffix(""), None)) for file in photos]
    samples += [Sample(_name(root, file), cloud=file) for file in clouds.values()]
    return Batch(root, tuple(samples), "plain", _partners(samples))


def _partners(samples: list[Sample]) -> tuple[str, ...]:
    """Say which samples lack a photo or a cloud, where others have both."""
    if not any(sample.image and sample.cloud for sample in samples):
        return ()
    return tuple(
        f"{sample.name} has no {'cloud' if sample.cloud is None else 'photo'}; it is scored without"
        for sample in samples
        if sample.image is None or sample.cloud is None
    )


def _mvtec_ad(root: Path, layout: str = "mvtec-ad") -> Batch:
    """`test/<kind>/<stem>.*` with masks in `ground_truth/<kind>/<stem>[_mask].*`; root or its test folder."""
    test = _test_folder(root)
    samples = []
    for kind in _folders(test):
        masks = _by_stem(test.parent / "ground_truth" / kind.name)
        samples += [_labelled(root, file, kind.name, _mask_of(file, masks)) for file in _images(kind)]
    return Batch(root, tuple(samples), layout)


def _mvtec_3d(root: Path) -> Batch:
    """`test/<kind>/{rgb,xyz,gt}/<stem>.*`; root or its test folder."""
    samples = []
    for kind in _folders(_test_folder(root)):
        masks, clouds = _by_stem(kind / "gt"), _by_stem(kind / "xyz")
        for file in _images(kind / "rgb"):
            samples.append(_labelled(root, file, kind.name, masks.get(file.stem), clouds.pop(file.stem, None)))
        for stem, cloud in clouds.items():
            sample = _labelled(root, cloud, kind.name, masks.get(stem), cloud)
            samples.append(replace(sample, image=None))
    return Batch(root, tuple(samples), "mvtec-3d", _partners(samples))


def _visa(root: Path) -> Batch:
    """`Data/Images/{Normal,Anomaly}` with `Data/Masks/Anomaly`, or the variant rearranged as MVTec AD."""
    if not (root / "Data").is_dir():
        return _mvtec_ad(root, "visa")
    photos, note = visa_photos(root, _images(root / "Data" / "Images"))
    samples = [
        _labelled(root, photo.image, "anomaly" if photo.defective else "good", photo.mask)
        for photo in sorted(photos, key=lambda photo: natural_key(photo.image))
    ]
    return Batch(root, tuple(samples), "visa", (note,) if note else ())


def _eyecandies(root: Path) -> Batch:
    """`test_public/data/<number>_{image_4,depth,mask}.png`; of the six lightings the one that MuSc-V2 takes.

    The dataset names no kinds in its folders: a part is defective where its mask is not empty, as published.
    """
    samples = []
    for file in _images(root / "test_public" / "data"):
        number, _, rest = file.name.partition("_")
        if rest != "image_4.png":
            continue
        mask, cloud = (_existing(file.with_name(f"{number}_{other}.png")) for other in ("mask", "depth"))
        defective = mask is not None and bool(read_mask(mask).any())
        sample = _labelled(root, file, "anomaly" if defective else "good", mask, cloud)
        samples.append(sample if mask else replace(sample, label=None, kind=""))
    return Batch(root, tuple(samples), "eyecandies")


def _folder(root: Path) -> Batch:
    """`<kind>/**`, good parts in good, ok or normal; masks, if any, in `ground_truth|masks/<kind>/<stem>[_mask].*`."""
    folders = _folders(root)
    masks_of = {kind.name: _by_stem(kind) for f in folders if f.name.lower() in MASK_FOLDERS for kind in _folders(f)}
    samples = []
    for kind in folders:
        if kind.name.lower() not in MASK_FOLDERS:
            masks = masks_of.get(kind.name, {})
            samples += [_labelled(root, file, kind.name, _mask_of(file, masks)) for file in _images(kind)]
    return Batch(root, tuple(samples), "folder")


LAYOUTS: dict[str, Callable[[Path], Batch]] = {
    "plain": _plain,
    "mvtec-ad": _mvtec_ad,
    "visa": _visa,
    "btad": partial(_mvtec_ad, layout="btad"),
    "mvtec-3d": _mvtec_3d,
    "eyecandies": _eyecandies,
    "folder": _folder,
}

MARKS: dict[str, tuple[str, ...]] = {
    "mvtec-ad": ("test",),
    "visa": ("Data/Images", "test"),
    "btad": ("test",),
    "mvtec-3d": ("test",),
    "eyecandies": ("test_public/data",),
    "folder": tuple(sorted(GOOD)),
}
"""Folders of which a category has at least one."""


def _labelled(root: Path, file: Path, kind: str, mask: Path | None, cloud: Path | None = None) -> Sample:
    good = kind.lower() in GOOD
    name = _name(root, file)
    return Sample(name, image=file, cloud=cloud, mask=mask, label=not good, kind="good" if good else kind)


def _mask_of(file: Path, masks: Mapping[str, Path]) -> Path | None:
    return masks.get(f"{file.stem}_mask", masks.get(file.stem))


def _existing(file: Path) -> Path | None:
    return file if file.is_file() else None


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()


def _test_folder(root: Path) -> Path:
    return root / "test" if (root / "test").is_dir() else root


def _folders(root: Path) -> list[Path]:
    found = (child for child in root.iterdir() if child.is_dir() and not child.name.startswith("."))
    return sorted(found, key=natural_key)


def _by_stem(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in _images(folder)} if folder.is_dir() else {}


def _images(root: Path) -> list[Path]:
    return _sorted_files(root, IMAGE_SUFFIXES)


def _sorted_files(root: Path, suffixes: Collection[str]) -> list[Path]:
    return sorted((file for file in _files(root) if file.suffix.lower() in suffixes), key=natural_key)


def _files(root: Path) -> Iterator[Path]:
    """Walk a folder, following links, each real folder once; hidden files and folders are passed over."""
    seen = set()
    for folder, children, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            children.clear()
            continue
        seen.add(real)
        children[:] = sorted(child for child in children if not child.startswith("."))
        yield from (Path(folder, name) for name in names if not name.startswith("."))


def natural_key(path: Path) -> list[list[tuple[int, int | str]]]:
    """Sort key under which part_2 comes before part_10, and the folder a before the folder a-b."""
    pieces = [re.split(r"(\d+)", part) for part in Path(str(path).casefold()).parts]
    return [[(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in part] for part in pieces]
