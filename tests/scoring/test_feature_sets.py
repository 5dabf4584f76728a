"""What samples are compared by: made of cached tokens, and sent to other processes without a network."""

import pickle
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F

from inspector.data.parts import Part
from inspector.features.aggregation import AGGREGATIONS, join_layers, lnamd, snamd_grid, snamd_points
from inspector.features.cache import TokenCache
from inspector.features.metric import lnamd_learnt
from inspector.features.reader import CloudFeatures, ImageFeatures
from inspector.scoring.feature_sets import collect_features

NETWORK = SimpleNamespace(layers=(3, 6), device="cpu", network=lambda: None)  # a lambda cannot be pickled
PARTS = [
    Part(0, image_key="photo 0", cloud_key="cloud 0"),
    Part(1, image_key="photo 1"),
    Part(2, cloud_key="cloud 2"),
]


@pytest.fixture
def caches(tmp_path):
    generator = torch.Generator().manual_seed(0)
    images, clouds = TokenCache(tmp_path, kind="images"), TokenCache(tmp_path, kind="clouds")
    for index in (0, 1):
        layers = [torch.randn(3, 4, 6, generator=generator) for _ in range(16)]  # two layers, two phases, four tiles
        images.save(f"photo {index}", layers, {})
    for index in (0, 2):
        points = torch.randn(30, 3, generator=generator)
        others = {
            "points": points,
            "center_index": torch.tensor([3, 20, 7, 11]),
            "curvature": torch.tensor([0.0, 1, 0, 0]),
            "pixels": torch.arange(100, 130),
        }
        clouds.save(f"cloud {index}", [torch.randn(4, 5, generator=generator) for _ in range(3)], others)
    return ImageFeatures(NETWORK, images, phases=2, tiles=(2, 2)), CloudFeatures(None, 4, 8, 4, clouds)


def collect(caches, aggregation="lnamd", parts=PARTS, **more):
    return collect_features(parts, *caches, aggregation=aggregation, degrees=(1, 3), point_degrees=(1, 3), **more)


@pytest.mark.parametrize(("aggregation", "sets"), [("lnamd", 8), ("lnamd-mean", 4), ("snamd", 4)])
def test_sets_of_a_batch(caches, aggregation, sets):
    found = collect(caches, aggregation)

    assert (found.photos, found.clouds, found.both) == ((0, 1), (0, 2), [0])
    assert [len(of_tile) for of_tile in found.tiles] == [sets] * 4
    assert [each.layer for of_tile in found.tiles for each in of_tile] == sorted([*range(16)] * (sets // 4))
    assert [each.layer for each in found.points] == [0, 1, 2]
    assert (found.grid, found.per_layer, found.tiling) == ((3, 4), sets // 4, (2, 2))


def test_joined_layers_are_one_set_a_pass(caches):
    found = collect(caches, "lnamd-joined")

    sets = [each for of_tile in found.tiles for each in of_tile]
    assert [(each.layer, each.joined) for each in sets] == [(first, (first + 1,)) for first in range(0, 16, 2)]
    assert (found.per_layer, found.phases) == (1, 2)
    layers = [caches[0].cache.layer("photo 1", index)[None].float() for index in (2, 3)]
    joined = torch.cat([(tokens - tokens.mean()) / tokens.std(correction=0) for tokens in layers], dim=3)
    expected = F.normalize(lnamd(joined, 1) + lnamd(joined, 3), dim=-1)[0]
    torch.testing.assert_close(sets[1](1), expected, atol=1e-4, rtol=1e-4)  # a layer norm adds 1e-5 to variances


def test_joined_layers_are_compared_by_the_learnt_metric(tmp_path):
    cache = TokenCache(tmp_path, kind="images")
    cache.save("photo 0", [torch.randn(3, 4, 40), torch.randn(3, 4, 112)] * 2, {})
    caches = ImageFeatures(NETWORK, cache, phases=2), None

    (learnt,) = collect(caches, "lnamd-joined", [Part(0, image_key="photo 0")], metric=True).tiles

    layers = [cache.layer("photo 0", index)[None].float() for index in (2, 3)]
    expected = lnamd_learnt(join_layers(layers), (1, 3))[0]
    assert [len(learnt), [each.layer for each in learnt]] == [2, [0, 2]]
    torch.testing.assert_close(pickle.loads(pickle.dumps(learnt[1]))(0), expected)


def test_sets_of_each_size(tmp_path):
    cache = TokenCache(tmp_path, kind="images")
    sides = [2, 2, 2, 2, 3, 3, 4, 4] * 4  # two layers, two passes at the first size, one at two more, four tiles
    cache.save("photo 0", [torch.randn(side, side, 6) for side in sides], {})
    images = ImageFeatures(NETWORK, cache, phases=2, tiles=(2, 2), more=(NETWORK, NETWORK))

    found = [
        collect_features(PARTS[:1], images, None, aggregation="lnamd-mean", degrees=(1,), point_degrees=(1,), size=size)
        for size in range(3)
    ]

    assert [(each.grid, each.phases) for each in found] == [((2, 2), 2), ((3, 3), 1), ((4, 4), 1)]
    assert [each.layer for each in found[0].tiles[1]] == [8, 9, 10, 11]
    assert [each.layer for each in found[1].tiles[1]] == [12, 13]
    assert [each.layer for each in found[2].tiles[3]] == [30, 31]


def test_batches_without_photos_or_clouds(caches):
    photos = collect((caches[0], None), parts=[Part(0, image_key="photo 0"), Part(1, image_key="photo 1")])
    clouds = collect((None, caches[1]), parts=[Part(0, cloud_key="cloud 0"), Part(1, cloud_key="cloud 2")])

    assert (photos.clouds, photos.points) == ((), ())
    assert (clouds.photos, clouds.tiles, clouds.grid, clouds.tiling) == ((), ((),), (0, 0), (1, 1))
    assert collect(caches, parts=[Part(0, cloud_key="cloud 0"), Part(1, cloud_key="cloud 2")]).photos == ()


def test_whole_photos_have_the_sets_of_the_others(caches):
    whole = [replace(part, whole_key=part.image_key) for part in PARTS]

    found = collect(caches, "lnamd-joined", whole)

    assert found.whole_photos == (0, 1)
    assert found.whole == found.tiles[0]


def test_photos_of_some_samples_are_a_batch_of_their_own(caches):
    found = collect(caches, parts=[replace(part, whole_key=part.image_key) for part in PARTS])

    chosen = found.choose([1])

    assert (chosen.photos, chosen.clouds, chosen.points, chosen.whole, chosen.whole_photos) == ((0,), (), (), (), ())
    assert (chosen.grid, chosen.per_layer, chosen.phases, chosen.tiling) == ((3, 4), 2, 2, (2, 2))
    assert len(chosen.tiles) == 4
    for of_tile, chosen_of_tile in zip(found.tiles, chosen.tiles, strict=True):
        assert [torch.equal(own(0), one(1)) for own, one in zip(chosen_of_tile, of_tile, strict=True)] == [True] * 8


def test_held_features_are_made_once_for_each_content(caches):
    photos = collect(caches).tiles[0][0]
    holding = replace(photos, held={})

    first = holding(1)

    assert torch.equal(first, photos(1))
    assert holding(1) is first
    assert holding.choose([1])(0) is first
    assert torch.equal(holding(0), photos(0))
    assert sorted(holding.held) == ["photo 0", "photo 1"]


def test_features_of_a_photo(caches):
    tokens = caches[0].cache.layer("photo 1", 5)[None]
    layer = {name: [each for each in collect(caches, name).tiles[1] if each.layer == 5] for name in AGGREGATIONS}

    assert [each(1).shape for each in layer["lnamd"]] == [(12, 6)] * 2
    for each, degree in zip(layer["lnamd"], (1, 3), strict=True):
        torch.testing.assert_close(each(1), lnamd(tokens, degree)[0])
    torch.testing.assert_close(layer["lnamd-mean"][0](1), F.normalize(lnamd(tokens, 1) + lnamd(tokens, 3), dim=-1)[0])
    assert torch.equal(layer["snamd"][0](1), snamd_grid(tokens, (1, 3))[0])


def test_features_of_a_cloud(caches):
    points, cache = collect(caches).points[1], caches[1].cache
    centers = cache.read("cloud 2", "points")[[3, 20, 7, 11]]

    expected = snamd_points(cache.layer("cloud 2", 1), centers, torch.tensor([0.0, 1, 0, 0]), (1, 3))
    assert torch.equal(points(2), expected)
    assert points.center_pixels(2).tolist() == [103, 120, 107, 111]


def test_chosen_samples_are_numbered_anew(caches):
    points = collect(caches).points[0]

    assert points.choose([2, 0]).keys == ("cloud 2", "cloud 0")
    assert torch.equal(points.choose([2, 0])(0), points(2))


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_sets_can_be_sent_to_another_process(caches, aggregation):
    found = collect(caches, aggregation)

    sent = pickle.loads(pickle.dumps(found))

    for before, after in zip((*found.tiles[2], *found.points), (*sent.tiles[2], *sent.points), strict=True):
        assert torch.equal(before(0), after(0))


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_sets_hold_no_network(caches, aggregation):
    found = collect(caches, aggregation)

    for each in (*found.tiles[0], *found.points):
        assert not [value for value in vars(each).values() if value is NETWORK or isinstance(value, torch.nn.Module)]
        assert len(pickle.dumps(each)) < 1000
