"""Photos that lie in another folder now: a run that was scanned in the old one finds them again."""

from pathlib import Path

from inspector.errors import StoreError
from inspector.files import file_sha256
from inspector.places import is_file
from inspector.store.workspace import Workspace

FILES = ("image", "cloud", "mask")
"""Columns of a sample that name files of its folder."""


def relocate_run(workspace: Workspace, run_id: int, folder: str | Path, operator: str = "") -> int:
    """Look for the files of a run in another folder from now on; they lie in it as they did in the old one.

    Args:
        workspace: where the run is.
        run_id: the run.
        folder: takes the place of the run's folder in every path.
        operator: who says so, kept in the audit chain; "" = who is signed in.

    Returns:
        How many photos are there.

    Raises:
        StoreError: there is no such run, none of its photos lies there, or the first that does is another one.
    """
    old, new = Path(workspace.runs.get(run_id).root), Path(folder).resolve()
    samples, there = workspace.runs.samples(run_id), 0
    moved: list[dict[str, str | int | None]] = []
    for sample in samples:
        paths = {name: _move(getattr(sample, name), old, new) for name in FILES}
        moved.append({"position": sample.position, **paths})
        photo = Path(paths["image"] or paths["cloud"] or "")
        if is_file(photo):
            if not there and sample.sha256 and file_sha256(photo) != sample.sha256:
                raise StoreError(f"{photo} is another file than the one that was scanned; choose another folder")
            there += 1
    if not there:
        raise StoreError(f"none of the {len(samples)} files of run {run_id} lies in {new}; choose another folder")
    workspace.runs.move_files(run_id, str(new), moved, operator)
    return there


def _move(path: str | None, old: Path, new: Path) -> str | None:
    if path is None or not Path(path).is_relative_to(old):
        return path
    return str(new / Path(path).relative_to(old))
