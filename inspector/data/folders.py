"""A folder -> a Batch. Layouts of the public datasets are recognised; any other folder is "plain"."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from inspector.data.images import IMAGE_SUFFIXES
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError


def read_batch(root: Path, layout: str = "auto") -> Batch:
    """List the parts in a folder.

    Args:
        root: the folder; sub-folders are searched too, links are followed, loops are not.
        layout: a name in `LAYOUTS`, or "auto" to recognise it.

    Raises:
        InputError: the folder is missing, no folder, or holds no photo.
        ValueError: the layout is unknown.
    """
    if layout != "auto" and layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    if not root.exists():
        raise InputError(f"there is no folder {root}; check the path")
    if not root.is_dir():
        raise InputError(f"{root} is a file; give the folder that holds the photos of the batch")
    try:
        batch = LAYOUTS[_recognise(root) if layout == "auto" else layout](root)
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror}") from error
    batch = _with_readable_names(batch)
    if not batch.samples:
        raise InputError(f"no photo in {root}; known kinds: {' '.join(sorted(IMAGE_SUFFIXES))}")
    return batch


def _with_readable_names(batch: Batch) -> Batch:
    """Leave out files whose names are no text (bytes of another encoding): no database and no report can hold them."""
    bad = {sample.name for sample in batch.samples if _undecodable(sample.name)}
    notes = (f"{name!a} was left out: its name is no valid text; rename the file" for name in sorted(bad))
    kept = tuple(sample for sample in batch.samples if sample.name not in bad)
    return replace(batch, samples=kept, notes=(*batch.notes, *notes)) if bad else batch


def _undecodable(name: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in name)


def _recognise(root: Path) -> str:
    test = _test_folder(root)
    if any((kind / "rgb").is_dir() for kind in _folders(test)):
        return "mvtec-3d"
    if (test.parent / "ground_truth").is_dir() and test.name == "test":
        return "mvtec-ad"
    return "plain"


def _plain(root: Path) -> Batch:
    return Batch(root, tuple(Sample(_name(root, file), image=file) for file in _images(root)))


def _mvtec_ad(root: Path) -> Batch:
    """`test/<kind>/<stem>.*` with masks in `ground_truth/<kind>/<stem>_mask.*`; root or its test folder."""
    test = _test_folder(root)
    samples = []
    for kind in _folders(test):
        masks = _by_stem(test.parent / "ground_truth" / kind.name)
        for file in _images(kind):
            mask = masks.get(f"{file.stem}_mask", masks.get(file.stem))
            samples.append(_labelled(root, file, kind.name, mask))
    return Batch(root, tuple(samples), "mvtec-ad")


def _mvtec_3d(root: Path) -> Batch:
    """`test/<kind>/{rgb,gt}/<stem>.*`; root or its test folder."""
    samples = []
    for kind in _folders(_test_folder(root)):
        masks = _by_stem(kind / "gt")
        samples += [_labelled(root, file, kind.name, masks.get(file.stem)) for file in _images(kind / "rgb")]
    return Batch(root, tuple(samples), "mvtec-3d")


LAYOUTS: dict[str, Callable[[Path], Batch]] = {
    "plain": _plain,
    "mvtec-ad": _mvtec_ad,
    "mvtec-3d": _mvtec_3d,
}


def _labelled(root: Path, file: Path, kind: str, mask: Path | None) -> Sample:
    return Sample(_name(root, file), image=file, mask=mask, label=kind != "good", kind=kind)


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
    return sorted((file for file in _files(root) if file.suffix.lower() in IMAGE_SUFFIXES), key=natural_key)


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


def natural_key(path: Path) -> list[tuple[int, int | str]]:
    """Sort key under which part_2 comes before part_10."""
    pieces = re.split(r"(\d+)", str(path).casefold())
    return [(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in pieces]
