"""VisA (Zou et al., ECCV 2022): photos and masks of a category, and the published one-class test split."""

from collections.abc import Sequence
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import find_folder, has_any, label_sample, list_by_stem, list_folders, list_images
from inspector.data.layouts.mvtec_ad import has_test_folder, read_mvtec_ad
from inspector.data.layouts.visa_split import LabelledPhoto, read_split
from inspector.data.samples import Batch

SPLIT = Path("split_csv", "1cls.csv")
"""Which photos the papers test on, beside the folders of the categories."""


def _read(root: Path) -> Batch:
    """`Data/Images/{Normal,Anomaly}` with `Data/Masks/Anomaly`, or the variant rearranged as MVTec AD."""
    images = _find_images(root)
    if images is None:
        return read_mvtec_ad(root)
    photos, note = _choose_photos(root, list_images(images))
    samples = (
        label_sample(root, photo.image, "anomaly" if photo.defective else "good", photo.mask) for photo in photos
    )
    return Batch(root, tuple(samples), notes=(note,) if note else ())


def _find_images(root: Path) -> Path | None:
    data = find_folder(root, "data")
    return data and find_folder(data, "images")


def _choose_photos(category: Path, images: Sequence[Path]) -> tuple[list[LabelledPhoto], str]:
    """Choose the photos of the test split, or all where there is no split file beside the category; and say so."""
    split = category.parent / SPLIT
    if split.is_file():
        return read_split(split, category), ""
    data = find_folder(category, "data") or category
    drawn = find_folder(data, "masks")
    masks = list_by_stem(find_folder(drawn, "anomaly") if drawn else None)
    photos = []
    for image in images:
        defective = image.parent.name.lower() != "normal"
        photos.append(LabelledPhoto(image, masks.get(image.stem) if defective else None, defective))
    return photos, f"{split} is missing: all photos are compared, not the published test split"


def _is_visa(root: Path) -> bool:
    images = _find_images(root)
    return images is not None and has_any(list_folders(images), ("normal", "anomaly"))


def _fits(root: Path) -> bool:
    return _is_visa(root) or has_test_folder(root)


NOT_TESTED = "not in the published test split"

VISA = Layout(
    _read,
    marks=("Data/Images", "test"),
    recognise=_is_visa,
    fits=_fits,
    expected="Data/Images/{Normal,Anomaly}/<photo>, with masks in Data/Masks/Anomaly/<photo>",
    others={"data/images": NOT_TESTED, "data/masks": NOT_TESTED, "train": NOT_TESTED},
)
