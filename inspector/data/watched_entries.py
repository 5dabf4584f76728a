"""The files of a watched folder and those below it, listed fast enough to be listed many times a second."""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from inspector.data.kinds import is_spare
from inspector.data.layouts.own_files import MARKS, find_own_files
from inspector.data.layouts.tree import describe_debris

Entry = tuple[str, str, bool]
"""A file: its name in the folder, its path, and whether its name says that it is unfinished or a copy."""


def list_entries(
    root: str,
    passes_over: Callable[[str], bool] = lambda name: False,
    folders: dict[str, Collection[str]] | None = None,
) -> Iterator[Entry]:
    """Yield what lies in a folder and those below it.

    As `walk` does it, but fast enough to be done many times a second: links are followed, each folder is entered once.

    Args:
        root: path of the folder.
        passes_over: tells names that are not needed.
        folders: receives the names in each folder that this program wrote itself, by its path and "/".
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            status = Path(folder).stat()
            if (identity := (status.st_dev, status.st_ino)) in seen:
                continue
            seen.add(identity)
            own = _find_own_files(folder)
            if folders is not None:
                folders[prefix] = own
            with os.scandir(folder) as entries:  # one by one: there may be a million
                for entry in entries:
                    name = prefix + entry.name
                    if passes_over(name) or entry.name in own:
                        continue
                    if not _is_folder(entry):
                        yield name, entry.path, is_unfinished(entry.name)
                    elif not describe_debris(entry.name, is_folder=True):
                        waiting.append((entry.path, f"{name}/"))
        except OSError:
            if not prefix:
                raise


def _find_own_files(folder: str) -> Collection[str]:
    """Find what this program wrote; the names of all that lies there are only taken together where there is a mark."""
    marked = any(os.path.lexists(f"{folder}/{mark}") for mark in MARKS)
    return find_own_files(Path(folder), os.listdir(folder)) if marked else ()  # noqa: PTH208 - names alone


def is_unfinished(name: str) -> bool:
    """Tell whether a file's name says that it is unfinished, a copy, or debris."""
    return bool(describe_debris(name, False)) or is_spare(name)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as a link to itself
        return False
