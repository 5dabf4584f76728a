"""The mark of a folder of exports: a scan of a folder that holds one knows what there is no part of the batch."""

import json
from collections.abc import Iterable
from pathlib import Path

from inspector import __version__
from inspector.data.layouts.own_files import MADE_BY, MANIFEST, read_manifest
from inspector.files import replacing


def write_manifest(folder: str | Path, run_id: int, written: Iterable[Path]) -> None:
    """Mark a folder as holding exports of a run; what an earlier mark names and is still there stays named.

    Args:
        folder: that of the exports.
        run_id: the run.
        written: files and folders in it.

    Raises:
        OSError: it cannot be written.
    """
    folder = Path(folder)
    names = {f"{path.name}/" if path.is_dir() else path.name for path in written if path.exists()}
    names |= {name for name in read_manifest(folder) if (folder / name).exists()}
    content = {"made_by": MADE_BY, "version": __version__, "run": run_id, "files": sorted(names)}
    with replacing(folder / MANIFEST) as beside:
        beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
