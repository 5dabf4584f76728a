from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from inspector.files import replacing


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
