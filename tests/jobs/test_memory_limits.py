"""Work in a process whose address space is limited: what takes memory as it likes fails there, a scan does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.scoring.batch import score_alone
from inspector.scoring.judges import ring
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

pytest.importorskip("resource", reason="Windows has no limit of the address space")

LIMIT = """
import json, resource, sys
from pathlib import Path
import psutil, torch
from inspector.machine import is_out_of_memory, scan_budget

def limit_to(megabytes):
    limit = psutil.Process().memory_info().vms + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

def runs_out(work):
    try:
        work()
    except Exception as error:
        return is_out_of_memory(error)
    return False
"""

SCAN = """
from inspector.data.layouts import read_batch
from inspector.features.backbones import load_backbone
from inspector.jobs.scan import scan
from inspector.store.plan import load_plan
from inspector.store.workspace import Workspace
from inspector.settings import ScanSettings

batch, settings = read_batch(Path(sys.argv[1])), ScanSettings(**json.loads(sys.argv[2]))
with Workspace(Path("limited")) as store:
    scan(batch, settings.changed(image_size=64), store)  # all libraries are loaded, all threads were started once
    limit_to(540)
    run = scan(batch, settings, store)
    backbone = load_backbone("efficientnet-lite0", image_size=512, layers=settings.layers)
    tight = runs_out(lambda: backbone.tokens(torch.zeros(12, 3, 512, 512)))
    print(json.dumps([tight, load_plan(store, run).batch_size, [s.raw_score for s in store.runs.samples(run)]]))
"""

SCORE = """
from inspector.scoring.batch import score_alone
from inspector.scoring.judges import ring

features = torch.rand(1200, 16, 32, generator=torch.Generator().manual_seed(0))
def scores(memory):
    return score_alone(
        [features.__getitem__], range(1200), ring(1200, 10_000), share=0.3, memory=memory, step=lambda: None
    )
score_alone([features.__getitem__], range(30), ring(30, 99), share=0.3, memory=1 << 30, step=lambda: None)
limit_to(60)
tight = runs_out(lambda: torch.empty(1200, 1200, 16))
within = scores(int(0.8 * scan_budget(None).left()))[:, 0].tolist()
print(json.dumps([tight, within, scores(1 << 40)[:, 0].tolist()]))
"""


def limited(script: str, folder: Path, *arguments: str) -> list:
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}  # each thread maps an arena of its own
    command = [sys.executable, "-c", LIMIT + script, *arguments]
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [None, 8])
def test_limited_scan_ends_with_the_same_scores(tmp_path, batch_size):
    random = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for index in range(12):
        pixels = random.integers(0, 255, (80, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((160, 160)).save(tmp_path / "photos" / f"{index:02}.png")
    settings = {"image_size": 512, "layers": [4], "batch_size": batch_size}
    with Workspace(tmp_path / "unlimited") as store:
        run = scan(read_batch(tmp_path / "photos"), ScanSettings(**settings), store)
        expected = [sample.raw_score for sample in store.runs.samples(run)]

    tight, found, scores = limited(SCAN, tmp_path, str(tmp_path / "photos"), json.dumps(settings))

    assert tight  # all twelve photos at a time take some 1100 MB, eight 730; 540 are there
    assert found < 8
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-4)


@pytest.mark.slow
def test_limited_comparison_ends_with_the_same_scores(tmp_path):
    features = torch.rand(1200, 16, 32, generator=torch.Generator().manual_seed(0))
    expected = score_alone(
        [features.__getitem__], range(1200), ring(1200, 10_000), share=0.3, memory=1 << 40, step=lambda: None
    )

    tight, within_budget, without_budget = limited(SCORE, tmp_path)

    assert tight  # the table of all distances takes 92 MB, 60 are there
    np.testing.assert_allclose(within_budget, expected[:, 0], rtol=0, atol=1e-4)
    np.testing.assert_allclose(without_budget, expected[:, 0], rtol=0, atol=1e-4)
