"""Paths that stand in a dataset's own lists: made safe before anything is opened."""

from pathlib import Path, PurePosixPath

from inspector.errors import InputError

LONGEST_NAME = 255
"""Bytes of a file's name; no file system that is in use allows more."""


def locate(root: Path, listed: str, told: str, *, names_category: bool = False) -> Path:
    """Return the file that a list names.

    Args:
        root: the folder that the list is about.
        listed: the path in the list, with slashes or backslashes.
        told: where it stands, for an error.
        names_category: whether the path begins with the name of that folder.

    Raises:
        InputError: it is no path, or leads out of the folder.

    Example:
        locate(Path("visa/pcb"), "pcb/Data/1.JPG", "line 2", names_category=True) gives visa/pcb/Data/1.JPG.
    """
    path = PurePosixPath(listed.replace("\\", "/"))
    parts = path.parts[1:] if names_category else path.parts
    is_odd = path.is_absolute() or ".." in parts or ":" in listed or any(ord(character) < 32 for character in listed)
    if is_odd or not parts or max(len(part.encode(errors="replace")) for part in parts) > LONGEST_NAME:
        short = listed if len(listed) < 80 else f"{listed[:76]} ..."
        raise InputError(f"{told}, names {short!a}, which is no file in {root.name}; copy the list again")
    if names_category and path.parts[0] != root.name:
        raise InputError(f"{told}, names {listed[:80]!a}, which is not in {root.name}; copy the list again")
    return root.joinpath(*parts)
