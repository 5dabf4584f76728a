import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "module", ["inspector", "inspector.settings", "inspector.events", "inspector.store.workspace", "inspector.cli"]
)
def test_import_loads_no_torch(module):
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('torch', 'timm', 'open3d', 'PySide6')))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_ray_is_loaded_where_it_is_asked_for_alone():
    code = """
import pkgutil, importlib, sys, inspector
for found in pkgutil.walk_packages(inspector.__path__, "inspector."):
    if found.name not in ("inspector.jobs.distributed", "inspector.cli.__main__", "inspector.store.migrations.env"):
        importlib.import_module(found.name)
sys.exit("ray" in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_public_names_are_lazy_and_exist():
    code = """
import sys, inspector
assert "inspector.store.workspace" not in sys.modules
assert set(inspector.__all__) < set(dir(inspector)) and not hasattr(inspector, "watch")
from inspector import ScanSettings, Workspace, rank_samples, read_batch
assert ScanSettings().method and "torch" not in sys.modules
assert all(callable(getattr(inspector, name)) for name in inspector.__all__)
sys.exit("torch" not in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_scan_of_photos_loads_no_open3d(tmp_path, make_photos):
    make_photos(tmp_path / "batch", 2)
    code = """
import sys
from pathlib import Path
from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.store.workspace import Workspace
from inspector.settings import ScanSettings
with Workspace(Path("workspace")) as store:
    scan(read_batch(Path("batch")), ScanSettings(image_size=64), store)
sys.exit("open3d" in sys.modules)
"""
    root = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": str(root)}

    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path, env=environment).returncode == 0
