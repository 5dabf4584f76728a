"""The folder for stations without a network; tools/try_wheelhouse.sh tries a real one."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools import wheelhouse
from tools.wheelhouse import MissingError, list_missing, read_wheels

ROOT = Path(__file__).parents[1]
OURS = 'Provides-Extra: gui\nRequires-Dist: Some_Numbers>=2\nRequires-Dist: windows>=6; extra == "gui"\n'
NUMBERS = 'Requires-Dist: cuda==1; platform_system == "Linux"\nRequires-Dist: colours; sys_platform == "win32"\n'
LINUX = {"sys_platform": "linux", "platform_system": "Linux"}


def make_wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\nDescription."
        archive.writestr(f"{name}-{version}.dist-info/METADATA", told)


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    """Wheels that Linux needs."""
    monkeypatch.setattr(wheelhouse, "PROJECT", "mutual-inspector[gui]")
    folder = tmp_path / "linux" / "wheels"
    make_wheel(folder, "mutual_inspector", "0.1", OURS)
    make_wheel(folder, "some_numbers", "2.4", NUMBERS)
    make_wheel(folder, "cuda", "1")
    make_wheel(folder, "windows", "6.1")
    return folder


def test_every_requirement_of_a_requirement_is_looked_for_where_it_applies(wheels):
    there = read_wheels(wheels)

    assert list_missing(there, "mutual-inspector[gui]", LINUX) == []
    assert list_missing(there, "mutual-inspector[gui]", wheelhouse.WINDOWS) == ["colours"]
    del there["windows"]
    assert list_missing(there, "mutual-inspector[gui]", LINUX) == ["windows>=6"]
    assert list_missing(there, "mutual-inspector", LINUX) == []


def test_all_extras_are_taken_but_those_of_developers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert wheelhouse.PROJECT.startswith("mutual-inspector[")
    assert {*wheelhouse.Requirement(wheelhouse.PROJECT).extras, "dev"} == project["optional-dependencies"].keys()


def test_a_wheel_of_another_version_is_missing(wheels):
    assert list_missing(
        {**read_wheels(wheels), "some-numbers": wheelhouse.Wheel("1.9", ())}, "some.numbers>=2", {}
    ) == ["some.numbers>=2"]


@pytest.mark.parametrize("system", ["linux", "windows"])
def test_a_whole_folder_gets_a_script_and_the_sums_of_all_files(wheels, system):
    make_wheel(wheels, "colours", "1")
    folder = wheels.parent

    wheelhouse.complete(folder, system)

    script = {"linux": "install.sh", "windows": "install.ps1"}[system]
    assert {path.name for path in folder.iterdir()} == {"wheels", "README.txt", script, "SHA256SUMS"}
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sums == {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*wheels.iterdir(), folder / "README.txt", folder / script)
    }
    text = (folder / script).read_text()
    for word in ("--no-index", "--find-links", "mutual-inspector[gui]", " doctor", "inspector-gui", wheelhouse.PYTHON):
        assert word in text
    assert "@PYTHON@" not in text
    assert "@PROJECT@" not in text
    assert len((folder / "README.txt").read_text().splitlines()) <= 10


def test_a_folder_that_lacks_a_wheel_is_refused_and_the_wheel_named(wheels):
    (wheels / "cuda-1-py3-none-any.whl").unlink()

    with pytest.raises(MissingError, match=r"wheels for linux are missing: cuda==1"):
        wheelhouse.complete(wheels.parent, "linux")

    assert not (wheels.parent / "SHA256SUMS").exists()


@pytest.fixture
def index(monkeypatch):
    """A pip that has the wheels of `offers`; returns what it was asked for."""
    offers = {"some_numbers": NUMBERS, "windows": "", "colours": ""}
    asked = []

    def answer(command, *words):
        asked.append((command, *map(str, words)))
        folder = Path(words[words.index("--dest" if command == "download" else "--wheel-dir") + 1])
        if command == "wheel":
            make_wheel(folder, "mutual_inspector", "0.1", OURS)
        for requirement in words[words.index(":all:") + 1 :] if command == "download" else ():
            name = requirement.partition(">")[0].lower()
            make_wheel(folder, name, "6.0", offers[name])

    monkeypatch.setattr(wheelhouse, "ask_pip", answer)
    return asked


def test_wheels_for_windows_are_those_that_windows_needs(tmp_path, monkeypatch, index):
    monkeypatch.setattr(wheelhouse, "PROJECT", "mutual-inspector[gui]")
    monkeypatch.setattr(wheelhouse, "name_system", lambda: "linux")
    monkeypatch.setattr(wheelhouse, "ROOT", tmp_path / "checkout")
    (tmp_path / "windows").mkdir()
    (tmp_path / "windows" / "old.whl").touch()

    code = wheelhouse.main(["windows", "--folder", str(tmp_path)])

    assert code == 0
    assert {path.name.partition("-")[0] for path in (tmp_path / "windows" / "wheels").iterdir()} == {
        *("mutual_inspector", "some_numbers", "windows", "colours")
    }
    assert not (tmp_path / "windows" / "old.whl").exists()
    assert [words[0] for words in index] == ["wheel", "download", "download"]
    assert "win_amd64" in index[1]
    assert index[2][-1] == "colours"


def test_what_pip_cannot_get_ends_with_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(wheelhouse, "ROOT", tmp_path / "nowhere")

    code = wheelhouse.main(["--folder", str(tmp_path)])

    assert code == 1
    assert "pip wheel did not get what is needed" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the script of Linux")
def test_the_script_refuses_damaged_files_and_another_python(wheels, tmp_path):
    wheelhouse.complete(wheels.parent, "linux")
    with (wheels / "cuda-1-py3-none-any.whl").open("ab") as file:
        file.write(b"\0")

    def install(python):
        words = ["sh", str(wheels.parent / "install.sh"), str(tmp_path / "app")]
        return subprocess.run(words, env=os.environ | {"PYTHON": python}, capture_output=True, text=True, check=False)

    damaged, other = install(sys.executable), install("false")

    assert (damaged.returncode, other.returncode) == (1, 1)
    assert "damaged or missing" in damaged.stderr
    assert f"Python {wheelhouse.PYTHON} with venv is needed" in other.stderr
    assert not (tmp_path / "app").exists()


def test_shell_scripts_are_sound():
    scripts = [ROOT / "tools" / "try_wheelhouse.sh", ROOT / "tools" / "station" / "install.sh"]
    for script in scripts:
        subprocess.run(["sh", "-n", str(script)], check=True)
    if shellcheck := shutil.which("shellcheck"):
        subprocess.run([shellcheck, *map(str, scripts)], check=True)


def test_a_wheel_holds_every_file_that_is_no_code():
    """An installation from the sources has them all anyway: only a wheel lacks what pyproject does not name."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    for room, patterns in named.items():
        packed = {path for pattern in patterns for path in (ROOT / room).glob(pattern)}
        others = {path for path in (ROOT / room).rglob("*") if path.is_file() and "__pycache__" not in path.parts}

        assert {path for path in others if path.suffix not in (".py", ".ts")} == packed
