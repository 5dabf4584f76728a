"""What this program itself left between the photos: exports and workspaces, known again by what they hold."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from inspector.data.kinds import read_head

MANIFEST = "inspector-export.json"
"""File that each export leaves in its folder."""

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
        own |= dict.fromkeys(WORKSPACE.intersection(names), OUR_WORKSPACE)
    if MANIFEST in names and (listed := _read_manifest(folder / MANIFEST)) is not None:
        own |= dict.fromkeys((listed & set(names)) | {MANIFEST}, OUR_EXPORT)
    elif "overlays" in names or "maps" in names:
        tables = [name for name in TABLES if name in names]
        if any(_begins_with(folder / name, FIRST_COLUMNS) for name in tables):
            own |= dict.fromkeys(EXPORTED.intersection(names), OUR_EXPORT)
    return own


def _read_manifest(path: Path) -> set[str] | None:
    """Read which children of its folder an export wrote, None where another program made the file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("made_by") != "mutual inspector":
        return None
    listed = [name for value in content.values() if isinstance(value, list) for name in value if isinstance(name, str)]
    return {name.split("/")[0] for name in listed} or set(EXPORTED)


def _begins_with(path: Path, start: bytes) -> bool:
    """Tell how a file begins, a byte order mark passed over."""
    if not path.is_file():  # a pipe would hang
        return False
    return read_head(path).removeprefix(b"\xef\xbb\xbf").startswith(start)
