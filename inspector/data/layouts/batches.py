"""The batches below a folder: a dataset of several categories, or the lots of a week."""

import os
from collections.abc import Iterator
from pathlib import Path

from inspector.data.kinds import detect_kind
from inspector.data.layouts.folders import LAYOUTS
from inspector.data.layouts.listing import find_path, has_any, list_folders, natural_key, require_folder
from inspector.data.layouts.pairing import CLOUD_WORDS, PHOTO_WORDS
from inspector.data.layouts.plain import PLAIN
from inspector.data.layouts.tree import list_files_of
from inspector.errors import InputError


def find_batches(root: str | Path, layout: str = "auto") -> list[Path]:
    """List the folders below a folder that are a batch each, as `read_batch` takes them.

    A folder is one where it holds photos or clouds itself, or a folder of each (as rgb and xyz), or looks like a
    dataset's category; with a layout that was named, where it has the folders of that. What lies below it is its own. A
    folder that cannot be listed is given too: `read_batch` says why.

    Args:
        root: the folder.
        layout: a name in `LAYOUTS`, or "auto".

    Returns:
        Absolute paths in natural order.

    Raises:
        InputError: the folder is missing, is a batch itself, or has none below it.
        ValueError: the layout is unknown.
    """
    root = Path(root).absolute()
    if layout != "auto" and layout not in LAYOUTS:
        raise ValueError(f"expected a layout of {', '.join(LAYOUTS)}, but got {layout!r}")
    require_folder(root)
    try:
        if of_root := _find_layout(root, layout):
            raise InputError(
                f"{root} holds one batch, of the layout {of_root}, not a folder for each; scan it with `inspector "
                "scan`, or name the `layout` of the folders in it"
            )
        found = [batch for folder in list_folders(root) for batch in _find_below(folder, layout, set())]
    except OSError as error:
        raise InputError(f"the folder {root} cannot be listed: {error.strerror or error}") from error
    if not found:
        raise InputError(f"no folder below {root} holds a batch; check the path and the `layout`")
    return sorted(found, key=natural_key)


def _find_below(folder: Path, layout: str, seen: set[str]) -> Iterator[Path]:
    """Yield the outermost batches of a folder, itself or below it."""
    real = os.path.realpath(folder)
    if real in seen:  # a link back
        return
    seen.add(real)
    try:
        if _find_layout(folder, layout):
            yield folder
            return
        inner = list_folders(folder)
    except OSError:
        yield folder
        return
    for each in inner:
        yield from _find_below(each, layout, seen)


def _find_layout(folder: Path, layout: str) -> str:
    """Return the name of the layout by which a folder is a batch, "" where it is none."""
    known = LAYOUTS.get(layout, PLAIN)
    if known is not PLAIN:
        has_marks = any(find_path(folder, mark) is not None for mark in known.marks)
        return layout if has_marks and known.fits(folder) else ""
    if layout == "auto":
        others = (name for name, other in LAYOUTS.items() if other is not PLAIN and other.recognise(folder))
        if name := next(others, ""):
            return name
    inner = list_folders(folder)
    has_both = has_any(inner, PHOTO_WORDS) and has_any(inner, CLOUD_WORDS)
    return "plain" if has_both or any(map(detect_kind, list_files_of(folder))) else ""
