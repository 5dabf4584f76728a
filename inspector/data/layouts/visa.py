"""VisA (Zou et al., ECCV 2022): photos and masks of a category, and the published one-class test split."""

import csv
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import label_sample, list_images
from inspector.data.layouts.mvtec_ad import read_mvtec_ad
from inspector.data.samples import Batch
from inspector.errors import InputError

SPLIT = Path("split_csv", "1cls.csv")
"""Which photos the papers test on, beside the folders of the categories."""

COLUMNS = ("object", "split", "label", "image", "mask")


class _Photo(NamedTuple):
    """A photo, its mask, and whether it is labelled as defective."""

    image: Path
    mask: Path | None
    defective: bool


def _read(root: Path) -> Batch:
    """`Data/Images/{Normal,Anomaly}` with `Data/Masks/Anomaly`, or the variant rearranged as MVTec AD."""
    if not (root / "Data").is_dir():
        return read_mvtec_ad(root)
    photos, note = _choose_photos(root, list_images(root / "Data" / "Images"))
    samples = (
        label_sample(root, photo.image, "anomaly" if photo.defective else "good", photo.mask) for photo in photos
    )
    return Batch(root, tuple(samples), notes=(note,) if note else ())


def _choose_photos(category: Path, images: Sequence[Path]) -> tuple[list[_Photo], str]:
    """Choose the photos of the test split, or all where there is no split file beside the category; and say so."""
    split = category.parent / SPLIT
    if split.is_file():
        return _read_split(split, category), ""
    masks = {file.stem: file for file in sorted((category / "Data" / "Masks" / "Anomaly").glob("*"))}
    photos = []
    for image in images:
        defective = image.parent.name != "Normal"
        photos.append(_Photo(image, masks.get(image.stem) if defective else None, defective))
    return photos, f"{split} is missing: all photos are compared, not the published test split"


def _read_split(split: Path, category: Path) -> list[_Photo]:
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
        _Photo(
            _locate(category, row["image"]),
            _locate(category, row["mask"]) if row["mask"] else None,
            row["label"] != "normal",
        )
        for row in rows
    ]


def _locate(category: Path, listed: str) -> Path:
    """Paths in the split file begin with the name of the category."""
    return category.joinpath(*PurePosixPath(listed).parts[1:])


def _is_visa(root: Path) -> bool:
    return (root / "Data" / "Images").is_dir()


VISA = Layout(_read, marks=("Data/Images", "test"), recognise=_is_visa)
