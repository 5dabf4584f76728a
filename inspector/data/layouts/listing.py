"""What the layouts share: files in natural order, masks by stem, samples with the label that their folder gives."""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from inspector.data.photos import IMAGE_SUFFIXES
from inspector.data.samples import Sample

GOOD = frozenset({"good", "ok", "normal"})
"""Names of the folder of good parts, in small letters; parts in any other folder are defective."""


def natural_key(path: Path) -> list[list[tuple[int, int | str]]]:
    """Sort key under which part_2 comes before part_10, and the folder a before the folder a-b."""
    pieces = [re.split(r"(\d+)", part) for part in Path(str(path).casefold()).parts]
    return [[(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in part] for part in pieces]


def list_folders(root: Path) -> list[Path]:
    """List the folders in a folder, in natural order; hidden ones are passed over."""
    found = (child for child in root.iterdir() if child.is_dir() and not child.name.startswith("."))
    return sorted(found, key=natural_key)


def list_files(root: Path, suffixes: Collection[str]) -> list[Path]:
    """List the files below a folder whose suffix, in small letters, is one of the given, in natural order."""
    return sorted((file for file in _walk(root) if file.suffix.lower() in suffixes), key=natural_key)


def list_images(root: Path) -> list[Path]:
    """List the photos (or masks, or depth images) below a folder, in natural order."""
    return list_files(root, IMAGE_SUFFIXES)


def list_by_stem(folder: Path) -> dict[str, Path]:
    """List the images below a folder by their stem; none where there is no such folder."""
    return {file.stem: file for file in list_images(folder)} if folder.is_dir() else {}


def _walk(root: Path) -> Iterator[Path]:
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


def find_test_folder(root: Path) -> Path:
    """Return the folder of the test photos of a category: `test` in it, or the folder itself."""
    return root / "test" if (root / "test").is_dir() else root


def find_mask(file: Path, masks: Mapping[str, Path]) -> Path | None:
    """Return the mask of a photo among masks by stem: `<stem>_mask`, else `<stem>`, else None."""
    return masks.get(f"{file.stem}_mask", masks.get(file.stem))


def name_sample(root: Path, file: Path) -> str:
    """Return the name of the sample that a file belongs to: its path in the batch, with "/" between folders."""
    return file.relative_to(root).as_posix()


def label_sample(root: Path, file: Path, kind: str, mask: Path | None, cloud: Path | None = None) -> Sample:
    """Make a sample of a photo whose folder says what is wrong with the part.

    Args:
        root: of the batch.
        file: the photo.
        kind: name of that folder; the names in `GOOD` mean a good part.
        mask, cloud: what belongs to the photo.
    """
    good = kind.lower() in GOOD
    name = name_sample(root, file)
    return Sample(name, image=file, cloud=cloud, mask=mask, label=not good, kind="good" if good else kind)


def note_lone_files(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Say which samples lack a photo or a cloud, where others have both."""
    if not any(sample.image and sample.cloud for sample in samples):
        return ()
    return tuple(
        f"{sample.name} has no {'cloud' if sample.cloud is None else 'photo'}; it is scored without"
        for sample in samples
        if sample.image is None or sample.cloud is None
    )
