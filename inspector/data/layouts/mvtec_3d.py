"""MVTec 3D-AD (Bergmann et al., VISAPP 2022): photos, clouds and masks of a category, by kind of defect."""

from dataclasses import replace
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import (
    find_test_folder,
    label_sample,
    list_by_stem,
    list_folders,
    list_images,
    note_lone_files,
)
from inspector.data.samples import Batch


def _read(root: Path) -> Batch:
    """`test/<kind>/{rgb,xyz,gt}/<stem>.*`; root or its test folder."""
    samples = []
    for kind in list_folders(find_test_folder(root)):
        masks, clouds = list_by_stem(kind / "gt"), list_by_stem(kind / "xyz")
        for file in list_images(kind / "rgb"):
            samples.append(label_sample(root, file, kind.name, masks.get(file.stem), clouds.pop(file.stem, None)))
        for stem, cloud in clouds.items():
            sample = label_sample(root, cloud, kind.name, masks.get(stem), cloud)
            samples.append(replace(sample, image=None))
    return Batch(root, tuple(samples), notes=note_lone_files(samples))


def _is_mvtec_3d(root: Path) -> bool:
    return any((kind / "rgb").is_dir() for kind in list_folders(find_test_folder(root)))


MVTEC_3D = Layout(_read, marks=("test",), recognise=_is_mvtec_3d)
