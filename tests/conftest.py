"""What many tests need: the golden arrays, small batches of photos, and the command line."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector.cli import main
from inspector.store.workspace import Workspace
from tests.databases import address, change, location, pytest_generate_tests, server  # noqa: F401 - for all tests

os.environ.setdefault("GOMP_SPINCOUNT", "3000")  # as the command line sets it, before torch is loaded

GOLDEN = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def golden_2d() -> dict[str, NDArray[np.generic]]:
    with np.load(GOLDEN / "musc_2d.npz") as arrays:
        return dict(arrays)


@pytest.fixture
def store(tmp_path):
    with Workspace(tmp_path / "workspace") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "batch"


@pytest.fixture
def make_photos() -> Callable[..., list[Path]]:
    """Write photos of like parts (a bright disc on grey, noise) into a folder; part 0 may get a dark spot."""

    def make(folder: Path, count: int, *, size: tuple[int, int] = (64, 80), spot: bool = False) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(7)
        height, width = size
        rows, cols = np.mgrid[:height, :width]
        disc = (rows - height / 2) ** 2 + (cols - width / 2) ** 2 < (min(size) / 3) ** 2
        paths = []
        for index in range(count):
            pixels = np.where(disc, 180, 90)[..., None] + noise.normal(0, 4, (height, width, 3))
            if spot and index == 0:
                pixels[height // 2 - 6 : height // 2 + 6, width // 2 - 6 : width // 2 + 6] = 10
            paths.append(folder / f"part_{index}.png")
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(paths[-1])
        return paths

    return make


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line; return (exit code, stdout, stderr)."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["inspector", *map(str, arguments)])
        monkeypatch.setenv("INSPECTOR_WORKSPACE", str(tmp_path / "workspace"))
        with pytest.raises(SystemExit) as ending:
            main()
        captured = capsys.readouterr()
        return ending.value.code, captured.out, captured.err

    return call
