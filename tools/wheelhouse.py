"""Gathers what an air-gapped station needs in one folder: all wheels, a script that installs them, and their sums.

    python tools/wheelhouse.py            # for the system it runs on
    python tools/wheelhouse.py windows    # for 64-bit Windows, from any system

Wheels are those of constraints.txt, and fit the version of Python that runs this.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
STATION = Path(__file__).parent / "station"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def name_project() -> str:
    """Return the project with all its extras but that of developers, as in `mutual-inspector[gui,line]`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']}[{','.join(sorted(project['optional-dependencies'].keys() - {'dev'}))}]"


PROJECT = name_project()

WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_release": "",
    "platform_version": "",
}
"""What requirements of packages may depend on, where it is not as here."""


class MissingError(Exception):
    """Wheels that a station needs are not to be had."""


@dataclass(frozen=True)
class Wheel:
    """A package in the folder: its version, and what it needs."""

    version: str
    needs: tuple[Requirement, ...]


def name_system() -> str:
    """Return "linux" or "windows": what this runs on."""
    return "windows" if os.name == "nt" else "linux"


def read_wheels(folder: Path) -> dict[str, Wheel]:
    """Read the wheels of a folder, by canonical name."""
    wheels: dict[str, Wheel] = {}
    for path in sorted(folder.glob("*.whl")):
        with ZipFile(path) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            told = message_from_bytes(archive.read(inside))
        needs = tuple(Requirement(text) for text in told.get_all("Requires-Dist", []))
        wheels[canonicalize_name(told["Name"])] = Wheel(told["Version"], needs)
    return wheels


def list_missing(wheels: Mapping[str, Wheel], wanted: str, environment: Mapping[str, Any]) -> list[str]:
    """List what is needed and not there, or there in a version that does not do.

    Args:
        wheels: what is there.
        wanted: what is to be installed, as in `mutual-inspector[gui]`.
        environment: what the station is, as names and values of markers.

    Returns:
        Requirements without markers, as in "numpy>=2.0", sorted.
    """
    missing, seen, waiting = set(), set(), [Requirement(wanted)]
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        if (key := (name, str(need.specifier), *sorted(need.extras))) in seen:
            continue
        seen.add(key)
        if name not in wheels or not need.specifier.contains(wheels[name].version, prereleases=True):
            missing.add(f"{need.name}{need.specifier}")
            continue
        for further in wheels[name].needs:
            extras = need.extras or {""}
            if further.marker is None or any(further.marker.evaluate({**environment, "extra": e}) for e in extras):
                waiting.append(further)
    return sorted(missing)


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS, as sha256sum reads it, of all other files in a folder and below it."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "SHA256SUMS":
            with path.open("rb") as file:
                lines.append(
                    f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}"
                )
    (folder / "SHA256SUMS").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def write_scripts(folder: Path, system: str) -> None:
    """Write the script that installs the wheels, and what to do with it."""
    for name in ("README.txt", "install.ps1" if system == "windows" else "install.sh"):
        text = (STATION / name).read_text(encoding="utf-8").replace("@PYTHON@", PYTHON).replace("@PROJECT@", PROJECT)
        ends = "\n" if name == "install.sh" else "\r\n"
        (folder / name).write_text(text, encoding="utf-8", newline=ends)


def complete(folder: Path, system: str) -> None:
    """Write scripts and sums for wheels, if these are all.

    Raises:
        MissingError: some are not there.
    """
    environment = {**default_environment(), **(WINDOWS if system == "windows" else {}), "python_version": PYTHON}
    if missing := list_missing(read_wheels(folder / "wheels"), PROJECT, environment):
        raise MissingError(f"wheels for {system} are missing: {', '.join(missing)}")
    write_scripts(folder, system)
    write_sums(folder)


def gather(folder: Path, system: str) -> None:
    """Make a new folder of all that a station needs; raises MissingError where a wheel is not to be had."""
    for old in (folder, ROOT / "build"):  # setuptools would take files that are gone from the latter
        shutil.rmtree(old, ignore_errors=True)
    wheels = folder / "wheels"
    ask_pip("wheel", "--no-deps", "--wheel-dir", wheels, ROOT)
    if system == name_system():
        ours = next(wheels.glob("*.whl"))
        wanted = Requirement(PROJECT)
        ask_pip("wheel", "--wheel-dir", wheels, f"{wanted.name}[{','.join(wanted.extras)}] @ {ours.as_uri()}")
    else:
        fetch_for_windows(wheels)
    complete(folder, system)


def fetch_for_windows(wheels: Path) -> None:
    """Download wheels for Windows until none is missing: pip itself asks requirements what this system is."""
    environment = {**default_environment(), **WINDOWS}
    target = ("--platform", "win_amd64", "--python-version", PYTHON, "--only-binary", ":all:")
    while missing := list_missing(read_wheels(wheels), PROJECT, environment):
        ask_pip("download", "--no-deps", "--dest", wheels, *target, *missing)


def ask_pip(command: str, *words: object) -> None:
    """Run pip with the versions of constraints.txt; raises MissingError where it fails."""
    pip = [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--constraint", ROOT / "constraints.txt", *map(str, words)], check=False).returncode:
        raise MissingError(f"pip {command} did not get what is needed; see above")


def main(words: Sequence[str] | None = None) -> int:
    """Make the folder; return 1 where it cannot be complete."""
    parser = argparse.ArgumentParser(description="Gather all wheels for a station without a network.")
    parser.add_argument("system", nargs="?", choices=("linux", "windows"), default=name_system())
    parser.add_argument("--folder", type=Path, default=ROOT / "wheelhouse", help="a folder of the system is made in it")
    given = parser.parse_args(words)
    if given.system != "windows" and given.system != name_system():
        parser.error("wheels for Linux are made on Linux: some are built there")
    folder = given.folder.absolute() / given.system
    try:
        gather(folder, given.system)
    except MissingError as error:
        sys.stderr.write(f"wheelhouse: {error}\n")
        return 1
    sys.stdout.write(f"{folder}: {describe(folder.rglob('*'))}, for Python {PYTHON}\n")
    return 0


def describe(paths: Iterable[Path]) -> str:
    """Return how many files there are, and their size."""
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
