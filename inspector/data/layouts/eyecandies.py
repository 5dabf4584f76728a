"""Eyecandies (Bonfiglioli et al., ACCV 2022): rendered sweets, each in six lightings, with depth."""

from dataclasses import replace
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import FOR_TRAINING, find_folder, label_sample, list_images
from inspector.data.masks import read_mask
from inspector.data.samples import Batch


def _read(root: Path) -> Batch:
    """`test_public/data/<number>_{image_4,depth,mask}.png`; of the six lightings the one that MuSc-V2 takes.

    The dataset names no kinds in its folders: a part is defective where its mask is not empty, as published.
    """
    samples = []
    files = {file.name.lower(): file for file in list_images(_find_data(root))}
    for name, file in files.items():
        number, _, rest = name.partition("_")
        if rest != "image_4.png":
            continue
        mask, cloud = (files.get(f"{number}_{other}.png") for other in ("mask", "depth"))
        defective = mask is not None and bool(read_mask(mask).any())
        sample = label_sample(root, file, "anomaly" if defective else "good", mask, cloud)
        samples.append(sample if mask else replace(sample, label=None, kind=""))
    return Batch(root, tuple(samples))


def _find_data(root: Path) -> Path | None:
    test = find_folder(root, "test_public")
    return test and find_folder(test, "data")


def _is_eyecandies(root: Path) -> bool:
    data = _find_data(root)
    return data is not None and any(file.name.lower().endswith("_image_4.png") for file in data.iterdir())


EYECANDIES = Layout(
    _read,
    marks=("test_public/data",),
    recognise=_is_eyecandies,
    fits=_is_eyecandies,
    expected="test_public/data/<number>_{image_4,depth,mask}.png",
    others={
        "test_public/data": "another picture of a part, or notes on it",
        "test_private": "photos of a test set without published masks",
        "train": FOR_TRAINING,
        "val": FOR_TRAINING,
    },
)
