"""All that lies below a folder: files that may be parts, and what is passed over, each with its reason."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from inspector.data.kinds import detect_kind
from inspector.data.layouts.own_files import OWN, find_own_files

SYSTEM_FOLDERS = frozenset(
    {
        "#recycle",
        "#snapshot",
        "$recycle.bin",
        "@__thumb",
        "@eadir",
        "@recently-snapshot",
        "@recycle",
        "@tmp",
        "__macosx",
        "__pycache__",
        "found.000",
        "lost+found",
        "msocache",
        "network trash folder",
        "node_modules",
        "recycled",
        "recycler",
        "system volume information",
        "temporary items",
    }
)
"""Folders that systems and other programs make, in small letters: thumbnails, copies, deleted files."""

SYSTEM_FILES = frozenset({"desktop.ini", "ehthumbs.db", "ehthumbs_vista.db", "icon\r", "picasa.ini", "thumbs.db"})
"""Files that systems and other programs leave, in small letters."""

SPECIAL = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class FoundPath(NamedTuple):
    """Something below a folder."""

    path: Path
    reason: str = ""
    """Why it is passed over; "" = a file that may be a part."""
    group: str = ""
    """What a note counts it among where it is passed over; "" = nobody misses it."""
    by_folder: bool = False
    """Whether the reason holds for all files of its kind of folder, which may be named instead."""


def walk(root: Path) -> Iterator[FoundPath]:
    """Walk all that lies below a folder: links are followed, each real folder is entered once.

    A folder that is passed over is given once, not file by file. Only files are opened later: pipes would hang.

    Raises:
        OSError: `root` itself cannot be listed; a folder below it that cannot is given with its reason.
    """
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:
            yield FoundPath(folder, "a link to a folder that is listed elsewhere")
            continue
        seen.add(real)
        try:
            files, folders, passed = _list(folder)
        except OSError as error:
            if folder == root:
                raise
            told = f"a folder that cannot be listed: {error.strerror or error}"
            yield FoundPath(folder, told, f"folder that cannot be listed ({folder.relative_to(root).as_posix()})")
            continue
        if folder != root and not files and not folders and (own := {found.reason for found in passed} & OWN):
            yield FoundPath(folder, own.pop())
            continue
        yield from passed
        yield from map(FoundPath, files)
        waiting += reversed(folders)


def list_folders_of(folder: Path) -> list[Path]:
    """List the folders in a folder that may hold parts, sorted by name as text."""
    return _list(folder)[1]


def list_files_of(folder: Path) -> list[Path]:
    """List the files in a folder that may be parts, sorted by name as text."""
    return _list(folder)[0]


def _list(folder: Path) -> tuple[list[Path], list[Path], list[FoundPath]]:
    """List a folder: files and folders that may be parts, and what is passed over, each sorted by name as text."""
    with os.scandir(os.fspath(folder)) as entries:
        children = sorted(entries, key=lambda entry: entry.name)
    own = find_own_files(folder, {child.name for child in children})
    files, folders, passed = [], [], []
    for child in children:
        path = folder / child.name
        is_folder = _is(child.is_dir)
        if reason := own.get(child.name) or describe_debris(child.name, is_folder):
            passed.append(FoundPath(path, reason))
        elif is_folder:
            folders.append(path)
        elif _is(child.is_file) or _is_lost(path):
            files.append(path)
        else:
            passed.append(_describe_special(path))
    return files, folders, passed


def _is(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except OSError:  # as a link to itself
        return False


def _is_lost(path: Path) -> bool:
    """Tell whether a link leads to a photo or cloud that is not there: a part that cannot be read."""
    is_link = os.path.islink(path)  # noqa: PTH114 - Path.is_symlink may raise
    return is_link and not os.path.lexists(os.path.realpath(path)) and detect_kind(path) is not None


def describe_debris(name: str, is_folder: bool) -> str:
    """Say what a file or folder is that systems and other programs leave, by its name; "" where it may be a part."""
    if name.casefold() in (SYSTEM_FOLDERS if is_folder else SYSTEM_FILES):
        return "made by the system or by another program: thumbnails, spare copies, deleted files"
    if name.startswith("._") and not is_folder:
        return "a Mac's companion of another file"
    if name.startswith("."):
        return "a hidden folder" if is_folder else "a hidden file"
    return "a lock of an office program" if name.startswith("~$") else ""


def _describe_special(path: Path) -> FoundPath:
    try:
        mode = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return FoundPath(path, "a link to a file that is not there", "link to nothing")
    except OSError as error:
        return FoundPath(path, f"cannot be opened: {error.strerror or error}", "file that cannot be opened")
    what = SPECIAL.get(mode, "no file")
    return FoundPath(path, f"{what}, not a file", what.removeprefix("a "))
