"""What lies in a batch's folder and is no part of it: every file, or the folder it is in, with its reason."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from inspector.data.kinds import NOT_READ, NUMBERS, describe_other, detect_kind
from inspector.data.layouts.ground_truth import GROUND_TRUTH
from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import natural_key
from inspector.data.layouts.tree import FoundPath, walk
from inspector.data.samples import LeftOut, Sample

MASKS = frozenset({"ground_truth", "gt", "masks"})
"""Folders of masks in the layouts, in small letters."""

USUAL_SUFFIX = re.compile(r"\.\w{1,10}")

MOST_GROUPS = 8
"""Kinds of files that the note counts one by one."""


def account_for(
    root: Path, samples: Sequence[Sample], passed: Iterable[FoundPath], datasets: Sequence[tuple[Path, str, Layout]]
) -> list[FoundPath]:
    """Give every file below a folder that is no part a reason.

    Args:
        root: of the batch.
        samples: the parts; their masks are accounted for, too.
        passed: files that have their reason already.
        datasets: folder, name and layout of the batch, or of datasets in it, the innermost first.

    Returns:
        All that the folder holds, in the order of the walk; what is used has no reason.
    """
    used = {file for sample in samples for file in (sample.image, sample.cloud, sample.mask) if file is not None}
    known = {found.path: found for found in passed}
    everything = []
    for found in walk(root):
        if found.reason:
            everything.append(found)
        elif found.path not in used and found.path.parent not in used:  # a mask may be a folder
            everything.append(known.get(found.path) or _explain(found.path, datasets))
        else:
            everything.append(FoundPath(found.path))
    return everything


def _explain(file: Path, datasets: Sequence[tuple[Path, str, Layout]]) -> FoundPath:
    """Say why a layout did not take a file."""
    folder, name, layout = next(dataset for dataset in datasets if file.is_relative_to(dataset[0]))
    inside = file.relative_to(folder)
    if other := next((place for place in _list_parents(inside) if place in layout.others), None):
        return FoundPath(file, layout.others[other], by_folder=True)
    if detect_kind(file) is None:
        reason = describe_other(file)
        is_missed = reason not in (NOT_READ, NUMBERS) or name == "plain"  # datasets come with notes and tables
        suffix = file.suffix.lower() if USUAL_SUFFIX.fullmatch(file.suffix) else "without suffix"
        return FoundPath(file, reason, suffix if is_missed else "")
    if MASKS.intersection(part.lower() for part in inside.parts[:-1]):
        if len(datasets) > 1:  # in a plain folder, where masks are of no use
            return FoundPath(file, GROUND_TRUTH, f"masks of the layout {name}", by_folder=True)
        return FoundPath(file, "a mask of no photo that is scored", "mask of no photo", by_folder=True)
    outside = f"photo outside of the layout {name}"
    return FoundPath(file, f"in no folder that the layout {name} scores", outside, by_folder=True)


def _list_parents(file: Path) -> list[str]:
    return [parent.as_posix().lower() for parent in PurePosixPath(file).parents]


def _gather(root: Path, everything: Sequence[FoundPath]) -> list[FoundPath]:
    """Put one entry for a folder in the place of its files where all have one reason, and it is about their place."""
    if not any(found.reason for found in everything):
        return []
    reasons: dict[Path, set[str]] = defaultdict(set)
    counts: Counter[Path] = Counter()
    for found in everything:
        for parent in found.path.parents:
            if parent == root:
                break
            reasons[parent].add(found.reason)
            counts[parent] += 1
    gathered: dict[Path, FoundPath] = {}
    for found in everything:
        if not found.reason:
            continue
        whole = _find_whole(found, root, reasons) if found.by_folder else None
        if whole is None:
            gathered[found.path] = found
        elif whole not in gathered:
            count = counts[whole]
            told = f"{found.reason} ({count} file{'s' if count > 1 else ''})"
            gathered[whole] = FoundPath(whole, told, found.group)
    return list(gathered.values())


def _find_whole(found: FoundPath, root: Path, reasons: dict[Path, set[str]]) -> Path | None:
    """Return the outermost folder around a file that holds nothing but files of the same reason."""
    whole = None
    for parent in found.path.parents:
        if parent == root or len(reasons[parent]) > 1:
            break
        whole = parent
    return whole


def name_left_out(root: Path, everything: Sequence[FoundPath], unnamed: Iterable[FoundPath]) -> tuple[LeftOut, ...]:
    """Name what was left out, in natural order; a folder all of whose files have the same reason is named as one.

    Args:
        root: of the batch.
        everything: as `account_for` gives it.
        unnamed: files whose names are no text.
    """
    ordered = sorted([*_gather(root, everything), *unnamed], key=lambda one: natural_key(one.path))
    return tuple(LeftOut(as_text(one.path.relative_to(root).as_posix()), as_text(one.reason)) for one in ordered)


def as_text(name: str) -> str:
    """Return a file's name, or a sentence that holds one, as text; bytes that are none are written as numbers."""
    return name.encode(errors="backslashreplace").decode()


def is_text(name: str) -> bool:
    """Tell whether a file's name is text, not bytes of another encoding."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def sum_up(found: Iterable[FoundPath]) -> tuple[str, ...]:
    """Say in one sentence how many files of which kinds were left out; nothing where nobody misses them."""
    counts = Counter(one.group for one in found if one.group)
    if not counts:
        return ()
    groups = [_count(group, count) for group, count in counts.most_common(MOST_GROUPS)]
    if rest := len(counts) - len(groups):
        groups.append("1 more kind" if rest == 1 else f"{rest} more kinds")
    total = sum(counts.values())
    return (f"{total} {'file was' if total == 1 else 'files were'} left out: {', '.join(groups)}",)


def _count(group: str, count: int) -> str:
    first, _, rest = group.partition(" ")
    plural = first if count == 1 or first.startswith(".") or first in ("without", "masks", "small") else f"{first}s"
    return f"{count} {plural} {rest}".rstrip()
