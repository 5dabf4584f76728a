import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.photos import write_photos


@pytest.mark.parametrize(
    "module", ["inspector", "inspector.settings", "inspector.events", "inspector.store.workspace", "inspector.cli"]
)
def test_import_loads_no_torch(module):
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('torch', 'timm', 'open3d', 'PySide6')))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


FACTS = """
import importlib, json, pkgutil, sys
from pathlib import Path
import inspector
facts = {"light at first": "inspector.store.workspace" not in sys.modules}
facts["names"] = set(inspector.__all__) < set(dir(inspector)) and not hasattr(inspector, "watch")
from inspector import ScanSettings, Workspace, rank_samples, read_batch
facts["light names"] = bool(ScanSettings().method) and "torch" not in sys.modules
facts["all names"] = all(callable(getattr(inspector, name)) for name in inspector.__all__)
facts["torch at last"] = "torch" in sys.modules
with Workspace(Path("workspace")) as store:
    inspector.scan(read_batch(Path("batch")), ScanSettings(image_size=64), store)
facts["scanned with"] = [name for name in ("open3d", "sklearn", "ray") if name in sys.modules]
for found in pkgutil.walk_packages(inspector.__path__, "inspector."):
    if found.name not in ("inspector.jobs.distributed", "inspector.cli.__main__", "inspector.store.migrations.env"):
        importlib.import_module(found.name)
facts["ray at last"] = "ray" in sys.modules
print(json.dumps(facts))
"""
"""In one process, since torch takes seconds to load: each line sees what those before it have loaded."""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    place = tmp_path_factory.mktemp("imports")
    write_photos(place / "batch", 2)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", FACTS]
    done = subprocess.run(command, check=True, cwd=place, env=environment, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def test_public_names_are_lazy_and_exist(facts):
    assert facts["light at first"]
    assert facts["names"]
    assert facts["light names"]
    assert facts["all names"]
    assert facts["torch at last"]


def test_scan_of_photos_loads_no_library_of_clouds_or_clusters(facts):
    assert facts["scanned with"] == []


def test_ray_is_loaded_where_it_is_asked_for_alone(facts):
    assert not facts["ray at last"]
