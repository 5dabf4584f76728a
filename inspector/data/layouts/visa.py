"""VisA (Zou et al., ECCV 2022): photos and masks of a category, and the published one-class test split."""

import csv
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from inspector.errors import InputError

SPLIT = Path("split_csv", "1cls.csv")
"""Which photos the papers test on, beside the folders of the categories."""

COLUMNS = ("object", "split", "label", "image", "mask")


class VisaPhoto(NamedTuple):
    """A photo, its mask, and whether it is labelled as defective."""

    image: Path
    mask: Path | None
    defective: bool


def visa_photos(category: Path, images: Sequence[Path]) -> tuple[list[VisaPhoto], str]:
    """Choose the test photos of a category in the original layout.

    Args:
        category: absolute path of the folder with `Data/Images/{Normal,Anomaly}` and `Data/Masks/Anomaly`; the split
            file is looked for beside it.
        images: all photos below `Data/Images`.

    Returns:
        The photos of the test split, or all where there is no split file; and a note that says so, or "".

    Raises:
        InputError: the split file cannot be read, or does not know the category.
    """
    split = category.parent / SPLIT
    if split.is_file():
        return _test_split(split, category), ""
    masks = {file.stem: file for file in sorted((category / "Data" / "Masks" / "Anomaly").glob("*"))}
    photos = []
    for image in images:
        defective = image.parent.name != "Normal"
        photos.append(VisaPhoto(image, masks.get(image.stem) if defective else None, defective))
    return photos, f"{split} is missing: all photos are compared, not the published test split"


def _test_split(split: Path, category: Path) -> list[VisaPhoto]:
    name = category.name
    try:
        with split.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise InputError(f"{split} has no columns {', '.join(COLUMNS)}; copy it again from VisA's archive")
            rows = [row for row in reader if row["object"] == name and row["split"] == "test"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{split} cannot be read ({error}); copy it again from VisA's archive") from error
    if not rows:
        raise InputError(f"{split} lists no test photo of {name!r}; the folder must have its name in VisA")
    return [
        VisaPhoto(
            _inside(category, row["image"]),
            _inside(category, row["mask"]) if row["mask"] else None,
            row["label"] != "normal",
        )
        for row in rows
    ]


def _inside(category: Path, listed: str) -> Path:
    """Paths in the split file begin with the name of the category."""
    return category.joinpath(*PurePosixPath(listed).parts[1:])
