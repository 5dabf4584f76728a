"""MVTec 3D-AD (Bergmann et al., VISAPP 2022): photos, clouds and masks of a category, by kind of defect."""

from dataclasses import replace
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import (
    FOR_TRAINING,
    find_folder,
    find_test_folder,
    label_sample,
    list_by_stem,
    list_folders,
    list_images,
)
from inspector.data.samples import Batch


def _read(root: Path) -> Batch:
    """`test/<kind>/{rgb,xyz,gt}/<stem>.*`; root or its test folder."""
    samples = []
    for kind in list_folders(find_test_folder(root) or root):
        masks, clouds = list_by_stem(find_folder(kind, "gt")), list_by_stem(find_folder(kind, "xyz"))
        for file in list_images(find_folder(kind, "rgb")):
            samples.append(label_sample(root, file, kind.name, masks.get(file.stem), clouds.pop(file.stem, None)))
        for stem, cloud in clouds.items():
            sample = label_sample(root, cloud, kind.name, masks.get(stem), cloud)
            samples.append(replace(sample, image=None))
    return Batch(root, tuple(samples))


def _is_mvtec_3d(root: Path) -> bool:
    """Every kind has photos, some have clouds or masks beside them; other programs have folders called rgb, too."""
    kinds = list_folders(find_test_folder(root) or root)
    has_photos = bool(kinds) and all(find_folder(kind, "rgb") for kind in kinds)
    return has_photos and any(find_folder(kind, "xyz", "gt") for kind in kinds)


def _fits(root: Path) -> bool:
    kinds = list_folders(find_test_folder(root) or root)
    return any(find_folder(kind, "rgb", "xyz") for kind in kinds)


MVTEC_3D = Layout(
    _read,
    marks=("test",),
    recognise=_is_mvtec_3d,
    fits=_fits,
    expected="test/<kind of defect>/{rgb,xyz,gt}/<number>",
    others={"train": FOR_TRAINING, "validation": FOR_TRAINING},
)
