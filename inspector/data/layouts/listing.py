"""What the layouts share: files in natural order, masks by stem, samples with the label that their folder gives."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from inspector.data.first_bytes import Kind
from inspector.data.kinds import detect_kind
from inspector.data.layouts.tree import list_folders_of, walk
from inspector.data.samples import Sample
from inspector.errors import InputError

GOOD = frozenset({"good", "ok", "normal"})
"""Names of the folder of good parts, in small letters; parts in any other folder are defective."""

FOR_TRAINING = "photos for training, of which there is no need"


def natural_key(path: Path) -> list[list[tuple[int, int | str]]]:
    """Sort key under which part_2 comes before part_10, and the folder a before the folder a-b."""
    pieces = [re.split(r"(\d+)", part) for part in Path(str(path).casefold()).parts]
    return [[(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in part] for part in pieces]


def require_folder(root: Path, *, missing: str = "") -> None:
    """Refuse what is no folder that could be read.

    Args:
        root: its path.
        missing: what is said where there is none, or a file; "" = what of the two it is.

    Raises:
        InputError: it is missing, or a file, or cannot be listed, or its path holds bytes that are no text, which no
            workspace keeps.
    """
    try:
        is_dir = stat.S_ISDIR(root.stat().st_mode)
        if is_dir:
            os.scandir(root).close()  # a share may know its folders and not answer
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise InputError(missing or f"there is no folder {root}; check the path") from error
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror or error}") from error
    if not is_dir:
        raise InputError(missing or f"{root} is a file; give the folder that holds the photos of the batch")
    try:
        str(root.absolute()).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the path of the folder {error.object!a} is no valid text; rename it") from error


def list_folders(root: Path) -> list[Path]:
    """List the folders in a folder, in natural order; hidden ones and those of systems are passed over."""
    return sorted(list_folders_of(root), key=natural_key)


def find_folder(parent: Path, *names: str) -> Path | None:
    """Return the folder of one of some names, in small letters, in a folder; None where there is none.

    Archives that went through Windows come with names in capitals.
    """
    try:
        children = {child.name.lower(): child for child in reversed(list_folders_of(parent))}
    except OSError:
        return None
    return next((children[name] for name in names if name in children), None)


def find_path(folder: Path, inside: str) -> Path | None:
    """Return a folder by its path in another one, capitals or not; None where there is none."""
    found: Path | None = folder
    for name in inside.lower().split("/"):
        found = find_folder(found, name) if found else None
    return found


def list_kind(root: Path | None, *kinds: Kind) -> list[Path]:
    """List the files of some kinds below a folder, in natural order; none where the folder cannot be listed.

    What cannot be listed is told by `read_batch`, wherever it lies.
    """
    return sorted(find_kind(root, *kinds), key=natural_key)


def find_kind(root: Path | None, *kinds: Kind) -> Iterator[Path]:
    """Yield what `list_kind` lists, in the order of the walk."""
    return (file for file in _list_files(root) if detect_kind(file) in kinds)


def list_images(root: Path | None) -> list[Path]:
    """List the photos (or masks, or depth images) below a folder, in natural order."""
    return list_kind(root, "photo")


def list_by_stem(folder: Path | None) -> dict[str, Path]:
    """List the images below a folder by their stem; none where there is no such folder."""
    return {file.stem: file for file in list_images(folder)}


def list_masks(folder: Path | None) -> dict[str, Path]:
    """List the masks below a folder by their path in it without suffix, also in small letters.

    A folder that holds masks of one part, `<stem>/000.png`, is listed as a whole: what is drawn in them is united.
    """
    masks: dict[str, Path] = {}
    for file in list_images(folder):
        inside = file.relative_to(folder or file)
        masks.setdefault(inside.with_suffix("").as_posix(), file)
        if inside.parent.parts:
            masks.setdefault(inside.parent.as_posix(), file.parent)
    return {**{name.lower(): mask for name, mask in masks.items()}, **masks}


def find_mask(file: Path, masks: Mapping[str, Path], folder: Path | None = None) -> Path | None:
    """Return the mask of a photo among masks by path: `<stem>_mask`, else `<stem>`, else None.

    Args:
        file: the photo.
        masks: as `list_masks` gives them.
        folder: that of the photo's kind, where masks may be in sub-folders as the photos are.
    """
    inside = file.relative_to(folder).with_suffix("").as_posix() if folder else file.stem
    names = (f"{inside}_mask", inside, f"{file.stem}_mask", file.stem)
    return next((masks[name] for name in (*names, *map(str.lower, names)) if name in masks), None)


def _list_files(root: Path | None) -> Iterator[Path]:
    try:
        for found in walk(root) if root else ():
            if not found.reason:
                yield found.path
    except OSError:
        return


def find_test_folder(root: Path) -> Path | None:
    """Return the folder of the test photos of a category: `test` in it, or the folder itself where that is its name."""
    return root if root.name.lower() == "test" else find_folder(root, "test")


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


def label_folder(root: Path, folder: Path, kind: str, find: Callable[[Path], Path | None]) -> Iterator[Sample]:
    """Make a sample of each photo and each cloud below a folder, whose name says what is wrong with them.

    Args:
        root: of the batch.
        folder: it.
        kind: name of that folder.
        find: finds the mask of a file.
    """
    for file in list_kind(folder, "photo", "cloud"):
        sample = label_sample(root, file, kind, find(file))
        yield replace(sample, image=None, cloud=file) if detect_kind(file) == "cloud" else sample


def has_any(folders: Iterable[Path], names: Iterable[str]) -> bool:
    """Tell whether one of some folders has one of some names, in small letters."""
    return bool({folder.name.lower() for folder in folders}.intersection(names))


def note_lone_files(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Say which samples lack a photo or a cloud, where others have both; or that none has both."""
    photos = [sample for sample in samples if sample.cloud is None]
    clouds = [sample for sample in samples if sample.image is None]
    if len(photos) + len(clouds) == len(samples):
        return _note_strangers(photos, clouds)
    return (*_note_shift(samples, photos, clouds), *_note_lone(samples))


def _note_strangers(photos: Sequence[Sample], clouds: Sequence[Sample]) -> tuple[str, ...]:
    if not photos or not clouds:
        return ()
    of_photos = "1 photo" if len(photos) == 1 else f"{len(photos)} photos"
    of_clouds = "1 cloud" if len(clouds) == 1 else f"{len(clouds)} clouds"
    return (
        f"no photo and no cloud belong together by their names, such as {photos[0].name} and {clouds[0].name}: "
        f"{of_photos} and {of_clouds} are scored apart; give those of one part the same name",
    )


def _note_shift(samples: Sequence[Sample], photos: Sequence[Sample], clouds: Sequence[Sample]) -> tuple[str, ...]:
    """Say that numbers may be shifted where the first of the ones and the last of the others have no partner."""
    if not photos or len(photos) != len(clouds):
        return ()
    ordered = sorted(
        samples, key=lambda sample: [int(number) for number in re.findall(r"[0-9]+", Path(sample.name).stem)]
    )
    count = len(photos)
    ends = {sample.name for sample in ordered[:count]}, {sample.name for sample in ordered[-count:]}
    if [{sample.name for sample in some} for some in (photos, clouds)] not in ([*ends], [*ends[::-1]]):
        return ()
    both = next(sample for sample in ordered if sample.image and sample.cloud)
    assert both.image is not None
    assert both.cloud is not None
    return (
        f"photos and clouds may be numbered from different numbers on: see whether {both.image.name} and "
        f"{both.cloud.name} show the same part",
    )


def _note_lone(samples: Sequence[Sample]) -> tuple[str, ...]:
    lone = [sample for sample in samples if sample.image is None or sample.cloud is None]
    if len(lone) > MOST_NOTES:
        photos = sum(sample.cloud is None for sample in lone)
        clouds = len(lone) - photos
        return (f"photos without a cloud: {photos}, clouds without a photo: {clouds}; they are scored as they are",)
    return tuple(
        f"{sample.name} has no {'cloud' if sample.cloud is None else 'photo'}; it is scored without" for sample in lone
    )


MOST_NOTES = 20
"""Samples that are named one by one; of more only the number is told."""
