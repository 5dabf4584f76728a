"""MVTec AD (Bergmann et al., IJCV 2021), and BTAD (Mishra et al., ISIE 2021), which is laid out alike."""

from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import (
    find_mask,
    find_test_folder,
    label_sample,
    list_by_stem,
    list_folders,
    list_images,
)
from inspector.data.samples import Batch


def read_mvtec_ad(root: Path) -> Batch:
    """List `test/<kind>/<stem>.*` with masks in `ground_truth/<kind>/<stem>[_mask].*`; root or its test folder."""
    test = find_test_folder(root)
    samples = []
    for kind in list_folders(test):
        masks = list_by_stem(test.parent / "ground_truth" / kind.name)
        samples += [label_sample(root, file, kind.name, find_mask(file, masks)) for file in list_images(kind)]
    return Batch(root, tuple(samples))


def _is_mvtec_ad(root: Path) -> bool:
    test = find_test_folder(root)
    return (test.parent / "ground_truth").is_dir() and test.name == "test"


def _is_btad(root: Path) -> bool:
    test = find_test_folder(root)
    return (test / "ok").is_dir() and (test / "ko").is_dir()


MVTEC_AD = Layout(read_mvtec_ad, marks=("test",), recognise=_is_mvtec_ad)
BTAD = Layout(read_mvtec_ad, marks=("test",), recognise=_is_btad)
