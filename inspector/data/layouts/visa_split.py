"""The split file of VisA: which photos the papers test on, as copies of it reached people."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from inspector.data.layouts.listed_paths import locate
from inspector.data.layouts.listing import GOOD
from inspector.errors import InputError

COLUMNS = ("object", "split", "label", "image", "mask")


class LabelledPhoto(NamedTuple):
    """A photo, its mask, and whether it is labelled as defective."""

    image: Path
    mask: Path | None
    defective: bool


def read_split(split: Path, category: Path) -> list[LabelledPhoto]:
    """Read the test photos of a category from the split file.

    Args:
        split: the file; its paths begin with the name of the category, with slashes or backslashes.
        category: folder of the category, which has its name in VisA.

    Raises:
        InputError: the file cannot be read, is no split file, does not know the category, or a line of it names no
            photo in the category or one that was named before.
    """
    photos: dict[Path, LabelledPhoto] = {}
    for line, row in _read_rows(split):
        if row["object"] != category.name or row["split"] != "test":
            continue
        told = f"{split}, line {line}"
        if not row["label"] or not row["image"]:
            raise InputError(f"{told}, lacks a label or a photo; copy the file again from VisA's archive")
        image = locate(category, row["image"], told, names_category=True)
        if image in photos:
            raise InputError(f"{told}, names {row['image']!a} a second time; copy the file again from VisA's archive")
        mask = locate(category, row["mask"], told, names_category=True) if row["mask"] else None
        photos[image] = LabelledPhoto(image, mask, row["label"].lower() not in GOOD)
    if not photos:
        raise InputError(f"{split} lists no test photo of {category.name!r}; the folder must have its name in VisA")
    return list(photos.values())


def _read_rows(split: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines of the file with their numbers; a cell that is missing is empty."""
    try:
        with split.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="", restkey="")
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise InputError(f"{split} has no columns {', '.join(COLUMNS)}; copy it again from VisA's archive")
            for row in reader:
                yield reader.line_num, {column: row[column].strip() for column in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{split} cannot be read ({error}); copy it again from VisA's archive") from error
