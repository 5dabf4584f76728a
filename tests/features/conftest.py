"""Small networks in the catalogue, and an empty folder of weights."""

from pathlib import Path

import pytest

from inspector.weights.catalogue import CATALOGUE
from tests.features.small_vits import TINY


@pytest.fixture(autouse=True)
def weights_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = tmp_path / "weights"
    monkeypatch.setenv("INSPECTOR_WEIGHTS", str(home))
    return home


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the small transformers to the catalogue."""
    for name, info in TINY.items():
        monkeypatch.setitem(CATALOGUE, name, info)
