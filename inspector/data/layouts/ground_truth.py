"""Drawings of defects and small copies among photos that nobody labelled: found by name, content and partner."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from inspector.data.layouts.tree import FoundPath
from inspector.data.photos import read_bytes
from inspector.data.pixels.pillow_photo import open_picture
from inspector.data.samples import Sample
from inspector.errors import InputError

SURE = re.compile(r"(?:.*[ ._-])?(?:ground[ ._-]?truths?|gt)", re.IGNORECASE)
LIKELY = re.compile(
    r"(?:.*[ ._-])?(?:masks?|labels?|annotations?|seg(?:mentations?)?|anomaly[ ._-]?maps?)", re.IGNORECASE
)
"""Names of folders of masks. Those that are likely may hold photos just as well: of labels, of face masks."""

COPIES = re.compile(r"(?:.*[ ._-])?(?:thumb(?:nail)?s?|previews?)", re.IGNORECASE)
"""Names of folders of small copies."""

MASK_END = re.compile(r"[ ._-](?:masks?|gt|labels?|seg(?:mentation)?|ground[ ._-]?truth)$", re.IGNORECASE)
"""What follows the photo's stem in the name of its mask."""

PROBES = 5
"""Files that are looked at to see what kind a folder holds."""

MOST_PIXELS = 100_000_000
"""Larger pictures are not decoded for that."""

FEW_VALUES = 8
"""A drawing has no more colours than that, but for the noise of a JPEG along its edges."""

NOISE = 0.02
"""Share of pixels that may have other colours."""

GROUND_TRUTH = "a mask: a drawing of where a photo shows a defect"
SMALL_COPY = "a small copy of a photo"


def find_drawings(samples: Sequence[Sample], root: Path) -> tuple[list[FoundPath], list[str]]:
    """Find masks and small copies among the photos of a folder that nobody labelled.

    A folder is taken for masks where that is sure: its name says so, and it holds drawings, or photos elsewhere have
    the names of its files; a name such as `labels` counts only with both. A small copy is smaller than the photo of
    the same name.

    Args:
        samples: all that were found.
        root: of the batch.

    Returns:
        What is no part, folders that hold nothing else as a whole; and a note for each folder of drawings that was
        kept, since they belong to no photo.
    """
    files = [sample.image for sample in samples if sample.image is not None]
    groups = _group_by_folder(files, root)
    others = set(files).difference(*groups.values())
    stems = {file.stem.lower() for file in others}
    found, notes = _find_beside(others, root), []
    for folder, members in groups.items():
        paired = sum(bool(_name_partners(file, folder) & stems) for file in members) * 2 >= len(members)
        if COPIES.fullmatch(folder.name):
            if paired and _are_smaller(members, others):
                found += _pass_over(folder, members, SMALL_COPY)
            continue
        drawn = _are_drawings(members)
        if (paired and drawn) or (SURE.fullmatch(folder.name) and (paired or drawn)):
            found += _pass_over(folder, members, GROUND_TRUTH)
        elif drawn:
            name = folder.relative_to(root).as_posix()
            notes.append(f"{name} looks like masks, but no photos have the same names: its files are scored as parts")
    return (found, notes) if len(found) < len(files) else ([], [])  # there must be something to score


def _group_by_folder(files: Iterable[Path], root: Path) -> dict[Path, list[Path]]:
    """Put files together by the outermost folder on their way that has a name of masks or copies."""
    groups: dict[Path, list[Path]] = defaultdict(list)
    outermost: dict[Path, Path | None] = {}
    for file in files:
        if file.parent not in outermost:
            outermost[file.parent] = _find_outermost(file.parent, root)
        if (folder := outermost[file.parent]) is not None:
            groups[folder].append(file)
    return groups


def _find_outermost(folder: Path, root: Path) -> Path | None:
    inside = folder.relative_to(root).parts
    folders = (root.joinpath(*inside[:depth]) for depth in range(1, len(inside) + 1))
    kinds = (SURE, LIKELY, COPIES)
    return next((above for above in folders if any(kind.fullmatch(above.name) for kind in kinds)), None)


def _name_partners(file: Path, folder: Path) -> set[str]:
    """Return the stems that the photo of a mask may have: its own, without `_mask`, or those of its folders."""
    around = file.relative_to(folder).parts[:-1]
    return {file.stem.lower(), MASK_END.sub("", file.stem).lower(), *(name.lower() for name in around[1:])}


def _find_beside(files: Iterable[Path], root: Path) -> list[FoundPath]:
    """Find masks that lie beside their photos, `<stem>_mask.png`."""
    folders: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    present = {file.with_suffix("") for file in files}
    for file in files:
        end = MASK_END.search(file.stem)
        if end and end.start() and file.with_name(file.stem[: end.start()]) in present:
            folders[file.parent, end[0].lower()].append(file)
    drawn = (members for members in folders.values() if _are_drawings(sorted(members)))
    return [FoundPath(file, GROUND_TRUTH, "mask beside its photo") for members in drawn for file in members]


def _pass_over(folder: Path, members: Sequence[Path], reason: str) -> list[FoundPath]:
    group = f"{'masks' if reason == GROUND_TRUTH else 'small copies'} in {folder.name}"
    return [FoundPath(file, reason, group, by_folder=True) for file in members]


def _probe(files: Sequence[Path]) -> Sequence[Path]:
    return files[:: -(-len(files) // PROBES)]


def _are_drawings(files: Sequence[Path]) -> bool:
    return all(_is_drawing(file) for file in _probe(files))


def _is_drawing(file: Path) -> bool:
    """Tell whether a picture has next to no colours, as masks have."""
    try:
        with open_picture(read_bytes(file)) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            pixels = np.asarray(image.convert("RGBA") if image.mode == "PA" else image)
    except (OSError, SyntaxError, ValueError, MemoryError, InputError, Image.DecompressionBombError):
        return False
    flat = pixels.reshape(pixels.shape[0] * pixels.shape[1], -1)
    _, counts = np.unique(flat[:: max(1, len(flat) // 200_000)], axis=0, return_counts=True)
    usual = np.sort(counts)[::-1][:FEW_VALUES].sum()
    return bool(usual >= (1 - NOISE) * counts.sum())


def _are_smaller(files: Sequence[Path], others: Iterable[Path]) -> bool:
    photos = {file.stem.lower(): file for file in others}
    pairs = [
        (_measure(file), _measure(photos[file.stem.lower()])) for file in _probe(files) if file.stem.lower() in photos
    ]
    return bool(pairs) and all(small[0] < large[0] and small[1] < large[1] for small, large in pairs)


def _measure(file: Path) -> tuple[int, int]:
    try:
        with open_picture(read_bytes(file)) as image:
            return image.size
    except (OSError, SyntaxError, ValueError, InputError, Image.DecompressionBombError):
        return (0, 0)
