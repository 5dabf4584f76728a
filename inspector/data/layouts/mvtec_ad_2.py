"""MVTec AD 2 (Heckler-Kram et al., 2025): test photos in four folders, masks of the public ones among them."""

from pathlib import Path

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import FOR_TRAINING, GOOD, find_folder, has_any, list_folders
from inspector.data.layouts.mvtec_ad import read_kinds
from inspector.data.samples import Batch

PRIVATE = "photos of a test set without published masks; scan that folder alone to score them"


def _read(root: Path) -> Batch:
    """`test_public/<kind>/<stem>.*` with masks in `ground_truth/<kind>/<stem>_mask.*` there; root or that folder."""
    test = _find_public(root) or root
    return Batch(root, tuple(read_kinds(root, test, find_folder(test, "ground_truth"))))


def _find_public(root: Path) -> Path | None:
    return root if root.name.lower() == "test_public" else find_folder(root, "test_public")


def _is_mvtec_ad_2(root: Path) -> bool:
    test = _find_public(root)
    return test is not None and has_any(list_folders(test), ("bad", *GOOD))


MVTEC_AD_2 = Layout(
    _read,
    marks=("test_public",),
    recognise=_is_mvtec_ad_2,
    fits=_is_mvtec_ad_2,
    expected="test_public/{good,bad}/<photo>, with masks in test_public/ground_truth/bad/<photo>_mask",
    others={
        "train": FOR_TRAINING,
        "validation": FOR_TRAINING,
        "test_private": PRIVATE,
        "test_private_mixed": PRIVATE,
    },
)
