"""Equal files have one name in the cache, and two threads may come to it at once."""

import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inspector.data.clouds.cloud import Cloud
from inspector.data.parts import Part
from inspector.errors import StoreError
from inspector.features.cache import TokenCache
from inspector.features.point_groups import PointGroups
from inspector.features.reader import CloudFeatures, cache_tokens
from inspector.storage import SCRATCH, Storage


@pytest.fixture
def both_write_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no save end before another one has written its file, too."""
    written = Barrier(2)

    def save(tensors: Mapping[str, Tensor], path: Path) -> None:
        save_file(dict(tensors), path)
        written.wait(timeout=30)

    monkeypatch.setattr("inspector.features.cache.save_file", save)


def test_machines_that_share_no_folder_have_the_same_tokens_by_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(f"file://{tmp_path.as_posix()}/bucket")
    here = TokenCache(tmp_path / "workspace", storage, network="none")
    here.save("a", [torch.ones(2, 3)], {"embedding": torch.zeros(4)})

    monkeypatch.setenv(SCRATCH, str(tmp_path / "other machine"))
    there = pickle.loads(pickle.dumps(here))

    assert (there.holds("a"), there.holds("b")) == (True, False)
    assert torch.equal(there.layer("a", 0), torch.ones(2, 3, dtype=torch.float16))
    assert torch.equal(there.read("a", "embedding"), torch.zeros(4))
    assert len(list((tmp_path / "other machine").rglob("a.safetensors"))) == 1


def test_tokens_of_a_scan_without_an_address_are_put_there_when_they_are_met(tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path.as_posix()}/bucket")
    TokenCache(tmp_path / "workspace", network="none").save("a", [torch.ones(2, 3)], {})

    assert TokenCache(tmp_path / "workspace", storage, network="none").holds("a")
    assert TokenCache(tmp_path / "other", storage, network="none").holds("a")


def test_tokens_that_are_not_there_are_told(tmp_path: Path) -> None:
    cache = TokenCache(tmp_path, network="none")

    assert not cache.holds("a")
    for use in (lambda: cache.layer("a", 0), lambda: cache.count_layers("a")):
        with pytest.raises(StoreError, match=r"removed meanwhile; `resume`"):
            use()


@pytest.mark.usefixtures("both_write_at_once")
def test_two_threads_keep_equal_photos_at_once(tmp_path: Path) -> None:
    cache = TokenCache(tmp_path, network="none")
    tokens = torch.arange(6.0).view(2, 3)

    with ThreadPoolExecutor(2) as pool:
        saves = [pool.submit(cache.save, "photo", [tokens], {}) for _ in range(2)]

    assert [save.result() for save in saves] == [None, None]
    assert cache.layer("photo", 0).tolist() == tokens.tolist()
    assert [path.name for path in cache.folder.iterdir()] == ["photo.safetensors"]


@pytest.mark.usefixtures("both_write_at_once")
def test_two_threads_read_equal_clouds_at_once(tmp_path: Path) -> None:
    points = np.random.default_rng(0).random((40, 3)).astype(np.float32)
    cloud = Cloud(points, np.arange(40), (5, 8))
    part = Part(0, size=(5, 8), cloud=cloud, points=1000 * points, cloud_key="cloud")
    cache = TokenCache(tmp_path, feature="centres")

    def describe(points: Tensor, groups: PointGroups, normals: Tensor | None) -> Tensor:
        return points[groups.center_index][None]

    features = CloudFeatures(describe, groups=4, size=6, step=3, cache=cache)
    readers = [lambda: part, lambda: part]

    (group,) = cache_tokens(readers, None, features, batch_size=2, left=lambda: 1 << 30, shrunk=lambda size: None)

    assert [read.reason for read in group] == ["", ""]
    assert torch.equal(cache.read("cloud", "points"), torch.from_numpy(points))
    assert [path.name for path in cache.folder.iterdir()] == ["cloud.safetensors"]


def test_reading_loses_no_memory(tmp_path: Path) -> None:
    cache = TokenCache(tmp_path, network="none")
    cache.save("a", [torch.ones(64, 16), torch.ones(64, 16)], {"embedding": torch.zeros(400)})

    def read() -> int:
        for _ in range(200):
            assert cache.holds("a")
            cache.read("a", "embedding")
        return sys.getallocatedblocks()

    read()
    before = read()

    assert read() - before < 100
