"""MVTec AD (Bergmann et al., IJCV 2021), and what is laid out alike: MVTec LOCO, BTAD (Mishra et al., ISIE 2021)."""

from functools import partial
from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import (
    FOR_TRAINING,
    GOOD,
    find_folder,
    find_mask,
    find_test_folder,
    has_any,
    label_folder,
    list_folders,
    list_masks,
)
from inspector.data.samples import Batch, Sample

EXPECTED = "test/<kind of defect>/<photo>, with masks in ground_truth/<kind of defect>/<photo>_mask"

OTHERS = {"train": FOR_TRAINING, "validation": FOR_TRAINING}


def read_mvtec_ad(root: Path) -> Batch:
    """List `test/<kind>/<stem>.*` with masks in `ground_truth/<kind>/<stem>[_mask].*`; root or its test folder.

    In MVTec LOCO a part has several masks, `ground_truth/<kind>/<stem>/000.png`, which are united; how much of each
    has to be found (saturation thresholds) is left aside.
    """
    test = find_test_folder(root) or root
    return Batch(root, tuple(read_kinds(root, test, find_folder(test.parent, "ground_truth"))))


def read_kinds(root: Path, test: Path, ground_truth: Path | None) -> list[Sample]:
    """Make samples of `<kind>/**` in a folder of test photos.

    Args:
        root: of the batch.
        test: folder of the kinds.
        ground_truth: folder of the masks, `<kind>/<stem>[_mask].*`, or None.
    """
    samples: list[Sample] = []
    for kind in list_folders(test):
        if kind != ground_truth:
            masks = list_masks(find_folder(ground_truth, kind.name.lower()) if ground_truth else None)
            find = partial(find_mask, masks=masks, folder=kind)
            samples += label_folder(root, kind, kind.name, find)
    return samples


def has_test_folder(root: Path) -> bool:
    """Tell whether a folder is a category or the test folder of one."""
    return find_test_folder(root) is not None


def _is_mvtec_ad(root: Path) -> bool:
    """Masks beside the test photos, or good photos both to train and to test with."""
    test = find_test_folder(root)
    if test is None:
        return False
    if find_folder(test.parent, "ground_truth"):
        return True
    train = find_folder(root, "train")
    return train is not None and has_any(list_folders(train), GOOD) and has_any(list_folders(test), GOOD)


def _is_btad(root: Path) -> bool:
    test = find_test_folder(root)
    return test is not None and bool(find_folder(test, "ok") and find_folder(test, "ko"))


def _is_mvtec_loco(root: Path) -> bool:
    test = find_test_folder(root)
    return test is not None and has_any(list_folders(test), ("logical_anomalies", "structural_anomalies"))


MVTEC_AD = Layout(read_mvtec_ad, ("test",), _is_mvtec_ad, has_test_folder, EXPECTED, OTHERS)
BTAD = Layout(read_mvtec_ad, ("test",), _is_btad, has_test_folder, EXPECTED, OTHERS)
MVTEC_LOCO = Layout(
    read_mvtec_ad,
    ("test",),
    _is_mvtec_loco,
    has_test_folder,
    "test/{good,logical_anomalies,structural_anomalies}/<photo>, with masks in ground_truth/<kind>/<photo>/",
    OTHERS,
)
