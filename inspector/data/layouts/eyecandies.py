"""Eyecandies (Bonfiglioli et al., ACCV 2022): rendered sweets, each in six lightings, with depth."""

from dataclasses import replace
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import label_sample, list_images
from inspector.data.masks import read_mask
from inspector.data.samples import Batch


def _read(root: Path) -> Batch:
    """`test_public/data/<number>_{image_4,depth,mask}.png`; of the six lightings the one that MuSc-V2 takes.

    The dataset names no kinds in its folders: a part is defective where its mask is not empty, as published.
    """
    samples = []
    for file in list_images(root / "test_public" / "data"):
        number, _, rest = file.name.partition("_")
        if rest != "image_4.png":
            continue
        mask, cloud = (_find(file.with_name(f"{number}_{other}.png")) for other in ("mask", "depth"))
        defective = mask is not None and bool(read_mask(mask).any())
        sample = label_sample(root, file, "anomaly" if defective else "good", mask, cloud)
        samples.append(sample if mask else replace(sample, label=None, kind=""))
    return Batch(root, tuple(samples))


def _find(file: Path) -> Path | None:
    return file if file.is_file() else None


def _is_eyecandies(root: Path) -> bool:
    return (root / "test_public" / "data").is_dir()


EYECANDIES = Layout(_read, marks=("test_public/data",), recognise=_is_eyecandies)
