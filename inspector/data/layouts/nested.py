"""Datasets inside a folder that is no dataset itself: of each, what its layout scores."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from inspector.data.layouts.layout import Layout
from inspector.data.layouts.listing import name_sample
from inspector.data.layouts.tree import walk
from inspector.data.samples import Sample
from inspector.errors import InputError


class Dataset(NamedTuple):
    """A folder that a layout recognised, and its parts."""

    folder: Path
    name: str
    layout: Layout
    samples: tuple[Sample, ...]


def find_datasets(root: Path, layouts: Mapping[str, Layout]) -> list[Dataset]:
    """Find the folders below a folder that one of some layouts recognises, and read each.

    Args:
        root: the folder.
        layouts: by name, the most particular ones first.

    Returns:
        The outermost of such folders; those that cannot be read as what they look like are left out.
    """
    found: list[Dataset] = []
    for folder in _list_inner_folders(root):
        if any(folder.is_relative_to(dataset.folder) for dataset in found):
            continue
        for name, layout in layouts.items():
            if samples := _try_to_read(folder, layout):
                found.append(Dataset(folder, name, layout, samples))
                break
    return found


def _list_inner_folders(root: Path) -> list[Path]:
    """List the folders that hold folders, the outer ones first."""
    parents = {found.path.parent for found in walk(root) if not found.reason}
    inner = {above for folder in parents for above in folder.parents if above != root and above.is_relative_to(root)}
    return sorted(inner, key=lambda folder: (len(folder.parts), folder))


def _try_to_read(folder: Path, layout: Layout) -> tuple[Sample, ...]:
    try:
        return layout.read(folder).samples if layout.recognise(folder) else ()
    except (InputError, OSError):
        return ()


def take_datasets(samples: tuple[Sample, ...], datasets: list[Dataset], root: Path) -> list[Sample]:
    """Replace the files in datasets by what their layouts score; in a plain folder no part has a label.

    Args:
        samples: all files of the folder.
        datasets: in it.
        root: it.
    """
    outside = [
        sample
        for sample in samples
        if not any((sample.image or sample.cloud or root).is_relative_to(dataset.folder) for dataset in datasets)
    ]
    inside = [
        replace(sample, name=name_sample(root, dataset.folder / sample.name), mask=None, label=None, kind="")
        for dataset in datasets
        for sample in dataset.samples
    ]
    return outside + inside
