"""Names of exported files: they fit every file system, differ on every one, and say which sample they are of."""

import os
import unicodedata
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from inspector.files import fold_name, is_device
from inspector.store.records import SampleRecord

LONGEST_NAME = 255
"""Bytes of the name of a file or folder, on all file systems in use."""

LONGEST_PATH = 4095 if os.name == "posix" else 259
"""Bytes of a whole path."""

LONGEST_SUFFIX = 8
"""Bytes kept free for what an export adds to a name."""

TEMPORARY = 64
"""Bytes kept free in a path for the folder of an export, and the name a file has while it is written."""


def name_files(samples: Sequence[SampleRecord], room: int = LONGEST_PATH) -> dict[int, str]:
    """Name files without suffix, by position; the photo's suffix is kept where two differ only in it.

    A name that does not fit is shortened, one that another system takes for the same as another's, or for a device, is
    changed; both get a few characters that depend on the sample's name alone.

    Args:
        samples: those that get files.
        room: bytes that a name may take with its folders.

    Returns:
        Names that differ, also where case and composition of characters do not count; "/" between folders.
    """
    bare = {sample.position: str(PurePosixPath(sample.name).with_suffix("")) for sample in samples}
    uses = Counter(fold_name(name) for name in bare.values())
    folders = {fold_name(str(folder)) for sample in samples for folder in PurePosixPath(sample.name).parents}
    taken: set[str] = set()
    names = {}
    for sample in sorted(samples, key=lambda sample: sample.position):
        wanted = bare[sample.position] if uses[fold_name(bare[sample.position])] == 1 else sample.name
        name = fit_name(wanted, sample.name, room)
        like_a_folder = any(folder.startswith(f"{fold_name(name)}.") for folder in folders)
        if fold_name(name) in taken or like_a_folder:
            name = _mark(name, sample.name, room)
        taken.add(fold_name(name))
        names[sample.position] = name
    return names


def fit_name(wanted: str, sample: str, room: int = LONGEST_PATH) -> str:
    """Change a name as little as needed for it to be one of a file everywhere.

    Args:
        wanted: the name without suffix, "/" between folders.
        sample: whose name it is.
        room: bytes that it may take with its folders.
    """
    *folders, last = wanted.split("/")
    folders = [f"{folder}_" if folder.endswith((".", " ")) else folder for folder in folders]
    pieces = [_fit_piece(folder, LONGEST_NAME, sample) for folder in folders]
    name = "/".join([*pieces, _fit_piece(last, LONGEST_NAME - LONGEST_SUFFIX, sample)])
    if count_bytes(name) <= room:
        return name
    return _mark(last, sample, min(room, LONGEST_NAME - LONGEST_SUFFIX))


def count_bytes(text: str) -> int:
    """Return how many bytes a file system needs for a name."""
    return len(os.fsencode(text))


def room_below(folder: str | Path) -> int:
    """Return the bytes that the names of files in a folder's folders may take."""
    folder = Path(folder)
    return max(16, LONGEST_PATH - count_bytes(str(folder.absolute())) - TEMPORARY)


def _fit_piece(piece: str, most: int, sample: str) -> str:
    if is_device(piece):
        piece = f"_{piece}"
    return piece if count_bytes(piece) <= most else _mark(piece, sample, most)


def _mark(name: str, sample: str, most: int) -> str:
    """Shorten a name, never within a character, and put what tells samples apart behind it."""
    mark = f"~{sha256(os.fsencode(sample)).hexdigest()[:8]}"
    kept = name
    *folders, last = name.split("/")
    limit = LONGEST_NAME - LONGEST_SUFFIX - len(mark)
    while last and (count_bytes(last) > limit or count_bytes("/".join([*folders, last])) > most - len(mark)):
        last = last[:-1]
    if last != kept.split("/")[-1]:
        while last and (unicodedata.combining(kept.split("/")[-1][len(last)]) or last[-1] == "\u200d"):
            last = last[:-1]  # an accent or a joined sign belongs to what stands before it
    return "/".join([*folders, last + mark])
