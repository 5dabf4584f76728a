import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.photos import write_photos

LIGHT = [
    "inspector",
    "inspector.settings",
    "inspector.events",
    "inspector.machine",
    "inspector.store.workspace",
    "inspector.weights.store",
    "inspector.cli.weights",
    "inspector.cli",
]

FACTS = """
import importlib, json, logging, pkgutil, sys, warnings
from pathlib import Path
facts = {}
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
    facts.setdefault("light at first", "inspector.store.workspace" not in sys.modules)
    facts[name] = [heavy for heavy in ("torch", "timm", "open3d", "PySide6") if heavy in sys.modules]

import inspector
facts["names"] = set(inspector.__all__) < set(dir(inspector)) and not hasattr(inspector, "watch")
from inspector import ScanSettings, Workspace, rank_samples, read_batch
facts["light names"] = bool(ScanSettings().method) and "torch" not in sys.modules

import cv2, numpy, PIL.Image, scipy.sparse, scipy.special, tifffile, timm, torch, torchvision
def state():
    logger = logging.getLogger("tifffile")
    return (PIL.Image.MAX_IMAGE_PIXELS, logger.disabled, list(logger.filters), list(warnings.filters),
            torch.get_num_threads(), torch.is_grad_enabled(), numpy.geterr(), logging.root.handlers[:])
before = state()
facts["engine at first"] = "inspector.jobs.scan" in sys.modules
facts["all names"] = all(callable(getattr(inspector, name)) for name in inspector.__all__)
facts["engine at last"] = "inspector.jobs.scan" in sys.modules
import inspector.jobs.predict
facts["engine changes nothing"] = state() == before

with Workspace(Path("workspace")) as store:
    inspector.scan(read_batch(Path("batch")), ScanSettings(image_size=64), store)
facts["scanned with"] = [name for name in ("open3d", "sklearn", "ray") if name in sys.modules]

import sklearn.cluster
before = state()
import inspector.evaluation.run, inspector.export.run
facts["exports change nothing"] = state() == before
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
    command = [sys.executable, "-c", FACTS, json.dumps(LIGHT)]
    done = subprocess.run(command, check=True, cwd=place, env=environment, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", LIGHT)
def test_import_loads_no_torch(facts, module):
    assert facts[module] == []


def test_public_names_are_lazy_and_exist(facts):
    assert facts["light at first"]
    assert facts["names"]
    assert facts["light names"]
    assert not facts["engine at first"]
    assert facts["all names"]
    assert facts["engine at last"]


def test_imports_change_no_setting_of_the_libraries(facts):
    assert facts["engine changes nothing"]
    assert facts["exports change nothing"]


def test_scan_of_photos_loads_no_library_of_clouds_or_clusters(facts):
    assert facts["scanned with"] == []


def test_ray_is_loaded_where_it_is_asked_for_alone(facts):
    assert not facts["ray at last"]
