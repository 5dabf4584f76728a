"""Real-IAD (Wang et al., CVPR 2024): parts from five views, with lists of the test photos in JSON."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listed_paths import locate
from inspector.data.layouts.listing import find_folder, label_sample, list_folders, list_images
from inspector.data.samples import Batch, Sample
from inspector.errors import InputError

LISTS = (".", "..", "../realiad_jsons", "../../realiad_jsons", "../../realiad_jsons/realiad_jsons")
"""Where the list of a category, `<category>.json`, is looked for, from its folder; the last is as published."""

VIEW = re.compile(r"_(C\d)_", re.IGNORECASE)
"""The view in the name of a photo."""

MOST_BYTES = 200_000_000
"""Of a list; the largest published one has 4 MB."""


def _read(root: Path) -> Batch:
    """`{OK,NG/<defect>}/<part>/<category>_<part>_.._<view>_<time>.jpg`, masks beside them as PNG of the same stem."""
    places = (root / folder / f"{root.name}.json" for folder in LISTS)
    listed = next((place.resolve() for place in places if place.is_file()), None)
    samples = _read_list(root, listed) if listed else _read_folders(root)
    views = sorted({found[1].upper() for sample in samples if (found := VIEW.search(sample.name))})
    notes = (
        [] if listed else [f"no list {root.name}.json was found: all photos are compared, not the published test set"]
    )
    if len(views) > 1:
        notes.append(f"photos of {len(views)} views ({', '.join(views)}) are compared with each other, as published")
    return Batch(root, tuple(samples), notes=tuple(notes))


def _read_list(root: Path, path: Path) -> list[Sample]:
    content = _load(path)
    good, rows = content["meta"]["normal_class"], content["test"]
    samples: dict[str, Sample] = {}
    for number, row in enumerate(rows, start=1):
        told = f"{path}, test photo {number}"
        kind, image, mask = (_get(row, key) for key in ("anomaly_class", "image_path", "mask_path"))
        if not kind or not image:
            raise InputError(f"{told}, lacks anomaly_class or image_path; copy the list again")
        sample = label_sample(
            root,
            locate(root, image, told),
            "good" if kind == good else kind,
            locate(root, mask, told) if mask and kind != good else None,
        )
        if sample.name in samples:
            raise InputError(f"{told}, names {image!a} a second time; copy the list again")
        samples[sample.name] = sample
    if not samples:
        raise InputError(f"{path} lists no test photo; copy it again")
    return list(samples.values())


def _get(row: object, key: str) -> str:
    """Return a word of a row, "" where it has none."""
    word = row.get(key) if isinstance(row, dict) else None
    return word if isinstance(word, str) else ""


def _load(path: Path) -> Mapping[str, Any]:
    """Read the list as far as its outermost shape."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is too large for a list of photos; copy it again")
        content = json.loads(path.read_bytes())
        known = isinstance(content["meta"]["normal_class"], str) and isinstance(content["test"], list)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read ({str(error)[:200]}); copy it again") from error
    except (KeyError, TypeError, IndexError):
        known = False
    if not known:
        raise InputError(f"{path} is no list of Real-IAD: it must hold meta with normal_class, and test; copy it again")
    return dict(content)


def _read_folders(root: Path) -> list[Sample]:
    """Without a list, a photo below NG is defective where a mask lies beside it: the others do not show the defect."""
    samples = []
    for top in (find_folder(root, "ok"), find_folder(root, "ng")):
        files = list_images(top)
        masks = {file.with_suffix(""): file for file in files if file.suffix.lower() == ".png"}
        for file in files:
            if file.suffix.lower() != ".png" and top is not None:
                mask = masks.get(file.with_suffix(""))
                samples.append(label_sample(root, file, file.relative_to(top).parts[0] if mask else "good", mask))
    return samples


def _is_real_iad(root: Path) -> bool:
    """Parts have folders of their own, with a photo for each view."""
    good, bad = find_folder(root, "ok"), find_folder(root, "ng")
    if good is None or bad is None:
        return False
    parts = [part for folder in (good, *list_folders(bad)) for part in list_folders(folder)[:1]]
    return any(VIEW.search(file.name) for part in parts for file in part.iterdir())


NOT_TESTED = "not among the published test photos"

REAL_IAD = Layout(
    _read,
    marks=("ok", "ng"),
    recognise=_is_real_iad,
    fits=lambda root: find_folder(root, "ok", "ng") is not None,
    expected="OK/<part>/<photo> and NG/<defect>/<part>/<photo>, with masks beside the photos",
    others={"ok": NOT_TESTED, "ng": NOT_TESTED},
)
