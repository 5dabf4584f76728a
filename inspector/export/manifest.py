"""The mark of a folder of exports: a scan of a folder that holds one knows what there is no part of the batch."""

import json
from collections.abc import Iterable
from pathlib import Path

from inspector import __version__
from inspector.files import replacing

MANIFEST = "inspector-export.json"
"""Name of the mark."""

MADE_BY = "mutual inspector"


def write_manifest(folder: Path, run_id: int, written: Iterable[Path]) -> None:
    """Mark a folder as holding exports of a run; what an earlier mark names and is still there stays named.

    Args:
        folder: that of the exports.
        run_id: the run.
        written: files and folders in it.

    Raises:
        OSError: it cannot be written.
    """
    names = {f"{path.name}/" if path.is_dir() else path.name for path in written if path.exists()}
    names |= {name for name in read_manifest(folder) if (folder / name).exists()}
    content = {"made_by": MADE_BY, "version": __version__, "run": run_id, "files": sorted(names)}
    with replacing(folder / MANIFEST) as beside:
        beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> list[str]:
    """Return the names of what was exported to a folder, those of folders with "/"; none where it is not marked."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(content, dict) or content.get("made_by") != MADE_BY or not isinstance(content.get("files"), list):
        return []
    return [name for name in content["files"] if isinstance(name, str) and "/" not in name[:-1] and ".." not in name]
