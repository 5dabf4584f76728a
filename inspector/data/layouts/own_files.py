"""What this program itself left between the photos: exports and workspaces, known again by what they hold."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from inspector.data.kinds import read_head
from inspector.places import is_file

MANIFEST = "inspector-export.json"
"""File that each export leaves in its folder: it lists what else there is of it."""

MADE_BY = "mutual inspector"
"""What it says of its maker."""

EXPORTED = frozenset(
    {"clouds", "full-maps", "maps", "masks", "overlays", "report.html", "report.pdf", "scores.csv", "verdicts.csv"}
)
"""What exports are called in their folder; older ones have no manifest that lists them."""

TABLES = ("scores.csv", "verdicts.csv")
FIRST_COLUMNS = b"path,raw_score,rescored,decision"
"""How the tables of exports without a manifest begin."""

DATABASE = "inspector.db"
WORKSPACE = frozenset({"cache", "runs", DATABASE, *(f"{DATABASE}{rest}" for rest in ("-journal", "-shm", "-wal"))})
"""What a workspace holds."""

WORKSPACE_TOO = re.compile(r"inspector-\d{4}\.db|replaced-[\d-]{22}")
"""What an update and a restored backup leave in it."""

MARKS = frozenset({DATABASE, MANIFEST, *TABLES})
"""Files that lie in each folder where this program wrote something."""

OUR_EXPORT = "an export of this program"
OUR_WORKSPACE = "a workspace of this program"
OWN = frozenset({OUR_EXPORT, OUR_WORKSPACE})
"""The reasons that are given."""


def find_own_files(folder: Path, names: Collection[str]) -> Mapping[str, str]:
    """Find what of a folder's children this program wrote; people export into the folder of the photos itself.

    Args:
        folder: it.
        names: of all its children.

    Returns:
        Why a child is no part, by its name.
    """
    own: dict[str, str] = {}
    if DATABASE in names and _begins_with(folder / DATABASE, b"SQLite format 3\0"):
        ours = WORKSPACE.intersection(names)
        if not _holds_runs(folder / "runs"):
            ours -= {"runs"}
        ours |= {name for name in names if WORKSPACE_TOO.fullmatch(name)}
        if "logs" in names and is_file(folder / "logs" / "inspector.log"):
            ours |= {"logs"}
        own |= dict.fromkeys(ours, OUR_WORKSPACE)
    if MANIFEST in names and (listed := read_manifest(folder)):
        exported = {name.rstrip("/") for name in listed}
        own |= dict.fromkeys((exported & set(names)) | {MANIFEST}, OUR_EXPORT)
    elif "overlays" in names or "maps" in names:
        tables = [name for name in TABLES if name in names]
        if any(_begins_with(folder / name, FIRST_COLUMNS) for name in tables):
            own |= dict.fromkeys(EXPORTED.intersection(names), OUR_EXPORT)
    return own


def read_manifest(folder: Path) -> list[str]:
    """Return the names of what was exported to a folder, those of folders with "/"; none where it is not marked."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(content, dict) or content.get("made_by") != MADE_BY or not isinstance(content.get("files"), list):
        return []
    return [name for name in content["files"] if isinstance(name, str) and "/" not in name[:-1] and ".." not in name]


def _holds_runs(folder: Path) -> bool:
    """Tell whether a folder is that of a workspace's runs, which have numbers."""
    try:
        return all(child.name.isdecimal() or child.name.startswith(".pruned-") for child in folder.iterdir())
    except OSError:
        return False


def _begins_with(path: Path, start: bytes) -> bool:
    """Tell how a file begins, a byte order mark passed over."""
    if not is_file(path):  # a pipe would hang
        return False
    return read_head(path).removeprefix(b"\xef\xbb\xbf").startswith(start)
