"""Groups of photos on their way through the network: in order, within memory, and the same when taken up again."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from inspector.data.parts import Part
from inspector.errors import InputError, InspectorError
from inspector.features.cache import TokenCache
from inspector.features.reader import ImageFeatures, _count_photos, cache_tokens, read_within_memory

OUT_OF_MEMORY = RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")


class Network:
    """Means of 4 x 4 patches, as long as no more than `most` photos come together; the size of each group is kept."""

    device = "cpu"
    few_shapes = False
    name = "means"
    image_size = 8

    def __init__(self, most=100, error=OUT_OF_MEMORY):
        self.most = most
        self.error = error
        self.groups = []

    def tokens(self, images):
        self.groups.append(len(images))
        if len(images) > self.most:
            raise self.error
        layer = torch.nn.functional.avg_pool2d(images, 4).permute(0, 2, 3, 1)
        return [layer], layer.mean(dim=(1, 2))


def photo(position):
    square = np.full((8, 8, 3), position, np.uint8)
    return Part(position, size=(8, 8), squares=square[None], preview=square, image_key=f"photo-{position}")


def bad(position):
    return Part(position, reason="no image")


def run(folder, network, readers, *, batch_size=4, left=lambda: 1 << 40):
    shrunk = []
    features = ImageFeatures(network, TokenCache(folder))
    groups = list(cache_tokens(readers, features, None, batch_size=batch_size, left=left, shrunk=shrunk.append))
    return groups, shrunk, features.cache


def readers(count, without=()):
    return [partial(bad if position in without else photo, position) for position in range(count)]


def test_as_many_samples_are_read_side_by_side_as_memory_allows(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("inspector.features.reader.count_readers", lambda *given: told.append(given) or 1)

    run(tmp_path, Network(), readers(2), left=lambda: 5_000_000_000)

    assert told == [(5_000_000_000, "cpu")]


def test_network_that_wants_few_shapes_sees_powers_of_two(tmp_path):
    usual, filled = Network(), Network()
    filled.few_shapes = True

    caches = [
        run(tmp_path / name, network, readers(13), batch_size=8)[2]
        for name, network in (("usual", usual), ("filled", filled))
    ]

    assert (usual.groups, filled.groups) == ([8, 5], [8, 8])
    assert all(torch.equal(*(cache.layer(f"photo-{place}", 0) for cache in caches)) for place in range(13))


def test_groups_are_fixed_by_position_and_bad_files_leave_gaps(tmp_path):
    network = Network()

    groups, shrunk, _ = run(tmp_path, network, readers(10, without=(1, 2)))

    assert [[part.position for part in group] for group in groups] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert network.groups == [2, 4, 2]
    assert shrunk == []


@pytest.mark.parametrize("error", [OUT_OF_MEMORY, MemoryError(), torch.OutOfMemoryError("GPU")])
def test_memory_that_runs_out_halves_the_groups_from_there_on(tmp_path, error):
    network = Network(most=2, error=error)

    groups, shrunk, cache = run(tmp_path, network, readers(16), batch_size=8)

    assert [len(group) for group in groups] == [8, 8]
    assert shrunk == [4, 2]
    assert network.groups == [8, 4, 2, 2, 2, 2, 2, 2, 2, 2]
    for position in range(16):
        assert torch.equal(cache.layer(f"photo-{position}", 0), torch.full((2, 2, 3), position / 255).half())


def test_smaller_groups_nest_in_the_larger_ones(tmp_path):
    network = Network(most=3)

    _, shrunk, _ = run(tmp_path, network, readers(18, without=(4,)), batch_size=9)

    assert shrunk == [3]
    assert network.groups == [8, 3, 2, 3, 3, 3, 3]  # photo 4 is missing from the second three


def test_scan_taken_up_with_the_smaller_size_sends_what_is_missing_in_the_same_groups(tmp_path):
    whole, rest = Network(most=4), Network()
    _, (size,), cache = run(tmp_path, whole, readers(24, without=(9,)), batch_size=8)
    for position in range(12, 24):
        (cache.folder / f"photo-{position}.safetensors").unlink()

    run(tmp_path, rest, readers(24, without=(9,)), batch_size=size)

    assert whole.groups == [8, 4, 4, 3, 4, 4, 4]
    assert rest.groups == [4, 4, 4]


@pytest.mark.parametrize(
    ("squares", "tiles", "photos"), [(12, 1, 12), (12, 4, 2), (64, 9, 4), (32, 9, 2), (8, 9, 1), (1, 4, 1), (32, 10, 2)]
)
def test_groups_of_tiles_nest_too(squares, tiles, photos):
    assert _count_photos(squares, tiles) == photos


def test_one_photo_that_does_not_fit_is_told_with_a_remedy(tmp_path):
    with pytest.raises(InspectorError, match="one image of 8 x 8 pixels in means; choose a smaller image_size"):
        run(tmp_path, Network(most=0), readers(3))


def test_other_errors_of_the_network_pass(tmp_path):
    network = Network(most=0, error=RuntimeError("shapes cannot be multiplied"))

    with pytest.raises(RuntimeError, match="multiplied"):
        run(tmp_path, network, readers(3))

    assert network.groups == [3]


def test_file_that_does_not_fit_is_lost_alone(tmp_path):
    def huge():
        raise MemoryError

    groups, _, cache = run(tmp_path, Network(), [*readers(2), huge, partial(photo, 3)])

    assert [part.reason for part in groups[0]] == [
        "",
        "",
        "it does not fit into memory; reduce its size or allow more memory",
        "",
    ]
    assert groups[0][2].position == 2
    assert [cache.holds(f"photo-{position}") for position in (0, 1, 3)] == [True] * 3


@pytest.mark.parametrize(("left", "most"), [(1 << 40, 8), (384 * 5, 5), (0, 0)])
def test_samples_are_read_ahead_only_while_they_fit(tmp_path, left, most):
    # A photo holds 2 x 192 bytes; while a group of 4 is at work, 8 more are read ahead, or as many as fit.
    started, waiting = [], []

    def read(position):
        started.append(position)
        return photo(position)

    done = 0
    stream = cache_tokens(
        [partial(read, position) for position in range(40)],
        ImageFeatures(Network(), TokenCache(tmp_path)),
        None,
        batch_size=4,
        left=lambda: left,
        shrunk=lambda size: None,
    )
    for group in stream:
        done += len(group)
        waiting.append(len(started) - done)

    assert done == 40
    assert max(waiting) <= most


def test_clouds_are_dropped_when_their_tokens_are_kept(tmp_path):
    points = np.zeros((5, 3), np.float32)
    given = Part(0, cloud=SimpleNamespace(points=points), points=points, preview=np.zeros((2, 2, 3), np.uint8))

    (group,) = cache_tokens([lambda: given], None, None, batch_size=4, left=lambda: 0, shrunk=lambda size: None)

    assert (group[0].cloud, group[0].points) == (None, None)


def test_cloud_that_cannot_be_described_leaves_the_photo_and_says_why(monkeypatch):
    def refuse(*_):
        raise InputError("part.ply has 3 points")

    monkeypatch.setattr("inspector.features.reader._cache_cloud", refuse)
    part = replace(photo(0), cloud=SimpleNamespace(points=None), cloud_key="cloud", note="it has no colours")

    read = read_within_memory(0, lambda: part, SimpleNamespace(cache=SimpleNamespace(holds=lambda _: False)))

    assert (read.cloud_key, read.problem) == ("", "part.ply has 3 points")
    assert read.note == "it has no colours; scored by its photo alone: part.ply has 3 points"
