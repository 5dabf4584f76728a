"""One workspace for all cases, so that equal pictures are read once, and what the 8-bit originals score."""

from collections.abc import Iterator

import pytest

from inspector import Workspace
from tests.cases.batches import Scanned, save_png, scan_folder, store_chips


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace(tmp_path_factory.mktemp("cases") / "workspace") as opened:
        yield opened


@pytest.fixture(scope="session")
def colour(tmp_path_factory: pytest.TempPathFactory, shelf: Workspace) -> Scanned:
    """The chips as 8-bit colour PNG."""
    return scan_folder(store_chips(tmp_path_factory.mktemp("colour"), save_png), shelf)


@pytest.fixture(scope="session")
def grey(tmp_path_factory: pytest.TempPathFactory, shelf: Workspace) -> Scanned:
    """The chips as 8-bit grey PNG."""
    return scan_folder(store_chips(tmp_path_factory.mktemp("grey"), save_png, grey=True), shelf)
