from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from inspector.files import expand_home, is_device, replacing


def test_threads_may_save_one_file_at_once(tmp_path: Path) -> None:
    both_write = Barrier(2, timeout=10)

    def save(text: str) -> None:
        with replacing(tmp_path / "plan.json") as beside:
            beside.write_text(text)
            both_write.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, ("one", "two")))

    assert (tmp_path / "plan.json").read_text() in ("one", "two")
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]


def test_a_name_as_long_as_a_file_system_takes(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".png")

    with replacing(path) as beside:
        beside.write_bytes(b"whole")
        assert beside.suffix == ".png"

    assert path.read_bytes() == b"whole"


def test_file_that_another_program_reads_is_replaced_when_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where an open file cannot be replaced."""
    path, replace, refusals = tmp_path / "map.npy", type(tmp_path).replace, iter([True, True])

    def refuse_twice(beside: Path, target: Path) -> Path:
        if next(refusals, False):
            raise PermissionError(13, "in use", str(target))
        return replace(beside, target)

    monkeypatch.setattr("inspector.files.READERS_BLOCK", True)
    monkeypatch.setattr("inspector.files.PAUSES", (0.0, 0.0))
    monkeypatch.setattr(type(tmp_path), "replace", refuse_twice)
    with replacing(path) as beside:
        beside.write_bytes(b"whole")

    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_stays_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(beside: Path, target: Path) -> Path:
        raise PermissionError(13, "in use", str(target))

    monkeypatch.setattr("inspector.files.READERS_BLOCK", True)
    monkeypatch.setattr("inspector.files.PAUSES", (0.0,))
    monkeypatch.setattr(type(tmp_path), "replace", refuse)
    with pytest.raises(PermissionError, match="in use"), replacing(tmp_path / "map.npy") as beside:
        beside.write_bytes(b"whole")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [".", "/"])
def test_what_can_be_no_file_is_refused_as_a_folder(path: str) -> None:
    with pytest.raises(IsADirectoryError), replacing(path):
        pass


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as beside:
            beside.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_names_that_windows_takes_for_devices() -> None:
    devices = ("con", "Aux.png", "nul .a.png", "COM1", "lpt\u00b9.x", "conin$", "prn.a\nb")

    assert [name for name in devices if not is_device(name)] == []
    assert [name for name in ("icon", "con_", "com", "com10", "x.con", "") if is_device(name)] == []


@pytest.mark.parametrize(
    ("text", "expanded"),
    [("~", "HOME"), ("~/own", "HOME/own"), ("~nobody/own", "~nobody/own"), ("own~", "own~"), ("", "")],
)
def test_the_users_folder_stands_for_a_tilde(text, expanded, monkeypatch):
    monkeypatch.setenv("HOME", "HOME")
    monkeypatch.setenv("USERPROFILE", "HOME")

    assert expand_home(text) == expanded
