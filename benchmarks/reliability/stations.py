"""Small batches, workspaces as what must be equal in them, and tables."""

import hashlib
import io
import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image
from safetensors import safe_open

from inspector.store.database import FILE
from inspector.store.workspace import Workspace

WASHERS = Path(__file__).parents[2] / "samples" / "washers"

TWO_SIZES = ("--image-size", "128", "--more-sizes", "192", "--recurring", "correct", "--batch-size", "4")
"""All stages of the default, with less work for each."""

ONE_SIZE = ("--image-size", "128", "--batch-size", "4")

UNEQUAL = ("results.db", "plan.json")
"""Files of a run that hold when something was done, or how much memory was free."""


def write_parts(folder: Path, count: int, first: int = 0, *, seed: int = 7) -> list[Path]:
    """Write photos of like parts in the order of their names: a disc on grey with noise, each tenth has a dark spot."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, cols = np.mgrid[:96, :128]
    disc = (rows - 48) ** 2 + (cols - 64) ** 2 < 32**2
    paths = []
    for index in range(first, first + count):
        noise = np.random.default_rng((seed, index))
        pixels = np.where(disc, 180, 90)[..., None] + noise.normal(0, 4, (96, 128, 3))
        if index % 10 == 9:
            pixels[40:56, 60:76] = 10
        whole = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(whole, "PNG")
        hidden, path = folder / f".{index}.tmp", folder / f"{index:04d}.png"
        hidden.write_bytes(whole.getvalue())
        hidden.replace(path)
        paths.append(path)
    return paths


def write_dataset(root: Path, categories: Sequence[str] = ("first", "second")) -> Path:
    """Make a labelled dataset of categories, each the washers of `samples/`, by links."""
    for name in categories:
        (root / name).mkdir(parents=True)
        for part in ("test", "ground_truth"):
            (root / name / part).symlink_to(WASHERS / part)
    return root


def describe(workspace: Path) -> dict[str, Any]:
    """Return all that must be equal whatever happened meanwhile: runs, scores, decisions, and digests of files."""
    found: dict[str, Any] = {}
    with Workspace(workspace) as store:
        for run in store.runs.all():
            found[f"run {run.id}"] = (run.status, run.samples, run.flagged, run.unreadable, run.threshold)
            found[f"calibration {run.id}"] = json.dumps(run.calibration, sort_keys=True)
            for row in store.runs.samples(run.id):
                scores = (row.raw_score, row.rescored, row.final, row.flagged)
                found[f"sample {run.id} {row.position}"] = (row.name, row.status, row.reason, row.sha256, scores)
            found[f"groups {run.id}"] = [(g.number, g.members, g.corrected) for g in store.groups.of_run(run.id)]
            found |= digest_files(store.artefacts.run_folder(run.id))
    return found


def digest_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder, but of `UNEQUAL` and hidden ones."""
    return {
        str(path.relative_to(folder.parent)): digest(path)
        for path in list_files(folder)
        if not path.name.startswith((".", *UNEQUAL))
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of what a file holds; of arrays without the time in their container."""
    if path.suffix == ".npz":
        with np.load(path) as arrays:
            content = b"".join(name.encode() + arrays[name].tobytes() for name in sorted(arrays))
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def list_files(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def find_halves(workspace: Path) -> list[str]:
    """Return the files of a workspace that bear their final name and cannot be read, the database among them."""
    halves = []
    for path in list_files(workspace):
        if path.name.startswith(".") or path.name.startswith(FILE):
            continue
        try:
            _read(path)
        except Exception as error:
            halves.append(f"{path.relative_to(workspace)}: {error}")
    if (workspace / FILE).exists() and (told := check_database(workspace / FILE)) != "ok":
        halves.append(f"{FILE}: {told}")
    return halves


def check_database(path: Path) -> str:
    """Return what SQLite's integrity check says, of a copy: the disk may be full, or a program at work."""
    with TemporaryDirectory() as folder:
        for name in (path.name, f"{path.name}-wal"):
            if path.with_name(name).exists():
                shutil.copyfile(path.with_name(name), Path(folder) / name)
        with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def _read(path: Path) -> None:
    if path.suffix == ".npy":
        np.load(path)
    elif path.suffix == ".npz":
        digest(path)
    elif path.suffix == ".safetensors":
        with safe_open(path, "numpy") as file:
            for name in sorted(file.keys()):
                file.get_tensor(name)
    elif path.suffix in (".jpg", ".png"):
        with Image.open(path) as image:
            image.load()
    elif path.suffix == ".json":
        json.loads(path.read_text(encoding="utf-8"))


def name_differences(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table, row by row as they come."""
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}", flush=True)
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)
