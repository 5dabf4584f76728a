"""Work in a process whose address space is limited: what takes memory as it likes fails there, a scan does not."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.features.backbones import load_backbone
from inspector.jobs.scan import scan
from inspector.machine import is_out_of_memory, scan_budget
from inspector.scoring.batch import score_alone
from inspector.scoring.judges import ring
from inspector.settings import ScanSettings
from inspector.store.plan import load_plan
from inspector.store.workspace import Workspace
from tests import processes

pytest.importorskip("resource", reason="Windows has no limit of the address space")

SETTINGS = ScanSettings(image_size=512, layers=(4,))


def limit_to(megabytes: int) -> None:
    import resource

    limit = psutil.Process().memory_info().vms + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def runs_out(work: Callable[[], object]) -> bool:
    try:
        work()
    except Exception as error:
        return is_out_of_memory(error)
    return False


def work_limited(work: Callable[..., list[object]], *arguments: object) -> list:
    """Work in a process of its own; return what the work returned."""
    said: Path = arguments[0] / "said"
    assert processes.run(tell, work, *arguments, said=said) == 0, said.read_text()
    return json.loads(said.read_text())


def tell(work: Callable[..., list[object]], *arguments: object) -> None:
    torch.set_num_threads(1)  # each thread maps an arena of its own
    sys.stdout.write(json.dumps(work(*arguments)))


def scan_limited(folder: Path, settings: ScanSettings) -> list[object]:
    batch = read_batch(folder / "photos")
    with Workspace(folder / "limited") as store:
        scan(batch, settings.changed(image_size=64), store)  # all libraries are loaded, all threads were started once
        limit_to(540)
        run = scan(batch, settings, store)
        backbone = load_backbone("efficientnet-lite0", image_size=512, layers=settings.layers)
        tight = runs_out(lambda: backbone.tokens(torch.zeros(12, 3, 512, 512)))
        return [tight, load_plan(store, run).batch_size, [s.raw_score for s in store.runs.samples(run)]]


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float | None]]:
    """A folder with twelve photos in `photos`, and their scores."""
    folder, random = tmp_path_factory.mktemp("unlimited"), np.random.default_rng(0)
    (folder / "photos").mkdir()
    for index in range(12):
        pixels = random.integers(0, 255, (80, 80, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((160, 160)).save(folder / "photos" / f"{index:02}.png")
    with Workspace(folder / "workspace") as store:
        run = scan(read_batch(folder / "photos"), SETTINGS, store)
        return folder, [sample.raw_score for sample in store.runs.samples(run)]


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [None, 8])
def test_limited_scan_ends_with_the_same_scores(unlimited, tmp_path, batch_size):
    folder, expected = unlimited
    (tmp_path / "photos").symlink_to(folder / "photos")

    tight, found, scores = work_limited(scan_limited, tmp_path, SETTINGS.changed(batch_size=batch_size))

    assert tight  # all twelve photos at a time take some 1100 MB, eight 730; 540 are there
    assert found < 8
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-4)


def score(number: int, memory: int) -> list[float]:
    features = torch.rand(1200, 16, 32, generator=torch.Generator().manual_seed(0))[:number]
    found = score_alone(
        [features.__getitem__], range(number), ring(number, 10_000), share=0.3, memory=memory, step=lambda: None
    )
    return found[:, 0].tolist()


def score_limited(_: Path) -> list[object]:
    score(30, 1 << 30)
    limit_to(30)
    tight = runs_out(lambda: torch.empty(PARTS, PARTS, 16))
    within = score(PARTS, int(0.8 * scan_budget(None).left()))
    return [tight, within, score(PARTS, 1 << 40)]


PARTS = 800


@pytest.mark.slow
def test_limited_comparison_ends_with_the_same_scores(tmp_path):
    expected = score(PARTS, 1 << 40)

    tight, within_budget, without_budget = work_limited(score_limited, tmp_path)

    assert tight  # the table of all distances takes 41 MB, 30 are there
    np.testing.assert_allclose(within_budget, expected, rtol=0, atol=1e-4)
    np.testing.assert_allclose(without_budget, expected, rtol=0, atol=1e-4)
