"""The one hot loop: every way of comparing gives each sample the distances to its judges."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from inspector.errors import InputError
from inspector.scoring.distances import AT_ONCE, _measure_group, distances, fit_at_once
from inspector.scoring.judges import all_others, pool, ring
from inspector.scoring.mutual import lowest_mean
from inspector.scoring.nearest import BLOCK, Comparison
from tests.scoring import literal


def random_features(*shape, seed=0):
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


def test_distances_come_in_batch_order_without_the_sample_itself():
    features = random_features(4, 3, 5)

    found = list(distances(features.__getitem__, range(4), all_others(4)))

    assert [one.sample for one in found] == [0, 1, 2, 3]
    expected = torch.stack([torch.cdist(features[2], features[j]).amin(dim=1) for j in (0, 1, 3)])
    torch.testing.assert_close(found[2].to_others, expected, atol=1e-5, rtol=0)


POOLS = {
    "one beside": (range(1, 9), [0]),
    "two beside": (range(2, 9), [1, 0]),
    "five, two of them judged": ([8, 0, 3, 5], [6, 0, 2, 5, 7]),
    "all": (range(9), range(9)),
    "all for one": ([4], range(9)),
    "two, each the other's": ([0, 1], [0, 1]),
}


@pytest.mark.parametrize("memory", [1, 2500, 1 << 30])
@pytest.mark.parametrize(("samples", "members"), POOLS.values(), ids=POOLS)
def test_pool_judges_as_the_literal_loop(samples, members, memory):
    features = random_features(9, 12, 8)
    expected = literal.judged_scores(
        features, {sample: [member for member in members if member != sample] for sample in samples}
    )

    found = list(distances(features.__getitem__, samples, pool(members), memory=memory))

    assert [one.sample for one in found] == list(samples)
    for sample, to_others in found:
        assert len(to_others) == len(set(members) - {sample})
        torch.testing.assert_close(lowest_mean(to_others, 0.3), expected[sample], atol=1e-5, rtol=0)


def test_rows_of_a_pool_come_in_its_order():
    features = random_features(5, 3, 4)

    (found,) = distances(features.__getitem__, [2], pool([4, 2, 0]))

    expected = torch.stack([torch.cdist(features[2], features[other]).amin(dim=1) for other in (4, 0)])
    torch.testing.assert_close(found.to_others, expected, atol=1e-5, rtol=0)


def test_pool_of_the_whole_batch_is_all_others():
    features = random_features(9, 12, 8)
    everyone = distances(features.__getitem__, range(9), all_others(9))

    for one, other in zip(distances(features.__getitem__, range(9), pool(range(9))), everyone, strict=True):
        torch.testing.assert_close(one.to_others, other.to_others, atol=1e-6, rtol=0)


@pytest.mark.parametrize("members", [[0], [0, 4], range(6)])
def test_pool_is_loaded_once_where_memory_suffices(members):
    features, loaded = random_features(6, 4, 6), []

    list(distances(lambda sample: (loaded.append(sample), features[sample])[1], range(1, 6), pool(members)))

    assert sorted(loaded) == sorted([1, *range(1, 6), *members])  # one more tells the shape


def test_sample_is_not_judged_by_itself_alone():
    with pytest.raises(InputError, match="sample 3 would be compared with itself alone"):
        list(distances(random_features(5, 2, 3).__getitem__, [1, 3], pool([3])))


@pytest.mark.parametrize("references", [None, 4])
@pytest.mark.parametrize("memory", [1, 1 << 30])
def test_part_of_a_batch_has_the_distances_it_has_in_the_whole(references, memory):
    features, judges = random_features(13, 12, 8), ring(13, references)
    whole = {one.sample: one.to_others for one in distances(features.__getitem__, range(13), judges)}

    found = list(distances(features.__getitem__, [7, 2, 11], judges, memory=memory))

    assert sorted(one.sample for one in found) == [2, 7, 11]
    for sample, to_others in found:
        torch.testing.assert_close(to_others, whole[sample], atol=1e-6, rtol=0)


def test_no_samples_have_no_distances():
    assert list(distances(random_features(3, 2, 3).__getitem__, [], all_others(3))) == []


@pytest.mark.parametrize("references", [None, 4, 5])
def test_groups_give_the_order_and_the_rows_of_the_fast_ways(monkeypatch, references):
    features, judges = random_features(13, 12, 8), ring(13, references)
    expected = list(distances(features.__getitem__, range(13), judges))
    monkeypatch.delitem(AT_ONCE, type(judges))

    found = list(distances(features.__getitem__, range(13), judges))

    assert [one.sample for one in found] == [one.sample for one in expected]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.to_others, other.to_others, atol=1e-6, rtol=0)


def test_ring_loads_few_samples_twice():
    features = random_features(30, 4, 6)
    loaded = []

    list(distances(lambda i: (loaded.append(i), features[i])[1], range(30), ring(30, 6)))

    assert len(loaded) == 30 + 3 + 1  # the three that close the ring, and one that tells the shape
    assert set(loaded) == set(range(30))


@pytest.mark.parametrize("references", [None, 4, 5])
@pytest.mark.parametrize("memory", [1, 2000, 100_000])
def test_memory_budget_changes_neither_order_nor_rows(references, memory):
    features = random_features(13, 12, 8)
    expected = list(distances(features.__getitem__, range(13), ring(13, references)))

    found = list(distances(features.__getitem__, range(13), ring(13, references), memory=memory))

    assert [one.sample for one in found] == [one.sample for one in expected]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.to_others, other.to_others, atol=1e-6, rtol=0)


@pytest.mark.parametrize("references", [None, 4])
@pytest.mark.parametrize("refused", [{2}, {5, 20}, {3, 4, 5, 6}, {14}])
def test_refused_memory_is_made_do_without(references, refused):
    features = random_features(13, 12, 8)
    expected = list(distances(features.__getitem__, range(13), ring(13, references)))
    calls = itertools.count(1)

    def load(sample):
        if next(calls) in refused:
            raise MemoryError
        return features[sample]

    found = list(distances(load, range(13), ring(13, references)))

    assert next(calls) > max(refused)
    assert [one.sample for one in found] == [one.sample for one in expected]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.to_others, other.to_others, atol=1e-6, rtol=0)


@pytest.mark.parametrize("comparison", [Comparison(), Comparison(grid=(1, 4), radius=1)])
def test_hopeless_lack_of_memory_is_told(comparison):
    features, calls = random_features(3, 4, 5), itertools.count()

    def load(sample):
        if next(calls):
            raise MemoryError
        return features[sample]

    with pytest.raises(InputError, match=r"no memory .* reduce image_size"):
        list(distances(load, range(3), all_others(3), comparison=comparison))


@pytest.mark.parametrize(
    ("most", "block", "tried"),
    [
        (8, BLOCK, [8]),
        (2, BLOCK, [8, 4, 2, 2, 2, 2]),
        (1, BLOCK, [8, 4, 2] + 8 * [1]),
        (1, BLOCK // 4, [8, 4, 2, 1, 1] + 8 * [1]),  # products are halved twice, too
    ],
)
def test_what_there_is_no_memory_for_is_halved_until_there_is(monkeypatch, most, block, tried):
    features, sizes = random_features(9, 12, 8), []
    expected = list(distances(features.__getitem__, range(8), pool([8])))

    def refuse(load, members, judges, measure):
        sizes.append(len(members))
        if len(members) > most or measure.block > block:
            raise MemoryError
        return _measure_group(load, members, judges, measure)

    monkeypatch.setattr("inspector.scoring.distances._measure_group", refuse)

    found = list(distances(features.__getitem__, range(8), pool([8])))

    assert sizes == tried
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.to_others, other.to_others, atol=1e-6, rtol=0)


def test_other_errors_pass_through():
    calls = itertools.count()

    def load(sample):
        if next(calls):
            raise OSError("disk is gone")
        return torch.zeros(4, 5)

    with pytest.raises(OSError, match="disk is gone"):
        list(distances(load, range(3), all_others(3)))


def least_memory(judges, held, fixed=0):
    """Bytes below which a batch of samples of 12 patches and 8 channels is not compared all at once."""
    features, table = 12 * 8 * 4 + 12 * 4 + 1, 4 * 12 * judges.most
    return fixed + 12 * BLOCK + held * features + (judges.most + 2) * table


@pytest.mark.parametrize(("references", "held"), [(None, 13), (4, 4)])
@pytest.mark.parametrize("lacking", [0, 1])
def test_all_at_once_takes_no_byte_more_than_there_is(references, held, lacking):
    features, judges, loaded = random_features(13, 12, 8), ring(13, references), []
    memory = least_memory(judges, held) - lacking

    list(distances(lambda i: (loaded.append(i), features[i])[1], range(13), judges, memory=memory))

    assert fit_at_once(features.__getitem__, range(13), judges, memory=memory) == (not lacking)
    assert (len(loaded) > 16) == bool(lacking)  # once each, those that close the ring, one that tells the shape


@pytest.mark.parametrize("lacking", [0, 1])
def test_cells_of_a_search_radius_count_as_memory(lacking):
    features, judges, comparison = random_features(13, 12, 8), all_others(13), Comparison(grid=(1, 12), radius=1)
    fixed = 8 * 12 + 8 * 12 + 4 * 12 * 12  # of the only cell: its patches, those around it, which are compared
    memory = least_memory(judges, 13, fixed) - lacking

    fits = fit_at_once(features.__getitem__, range(13), judges, memory=memory, comparison=comparison)

    assert fits == (not lacking)


@pytest.mark.parametrize(
    ("block", "products"), [(10, 80), (20, 144), (200, 200)]
)  # a pair makes 144, in 8 blocks at most
def test_products_of_a_pair_count_as_memory(monkeypatch, block, products):
    features, judges = random_features(13, 12, 8), all_others(13)
    monkeypatch.setattr("inspector.scoring.nearest.BLOCK", block)
    memory = least_memory(judges, 13) - 12 * BLOCK + 12 * products

    fits = [fit_at_once(features.__getitem__, range(13), judges, memory=memory - lacking) for lacking in (0, 1)]

    assert fits == [True, False]


def test_without_memory_samples_are_compared_one_by_one():
    features, loaded = random_features(5, 4, 6), []

    list(distances(lambda i: (loaded.append(i), features[i])[1], range(5), all_others(5), memory=1))

    assert len(loaded) >= 5 * 5  # for each sample itself and those that it is compared with


@pytest.mark.parametrize(("spare", "groups"), [(0, 5), (-1, 7)])
def test_groups_are_as_large_as_memory_allows(spare, groups):
    features, judges, loaded = random_features(16, 12, 8), pool([13, 14, 15]), []
    of_one, table = 12 * 8 * 4 + 12 * 4 + 1, 4 * 12 * 3
    memory = 12 * BLOCK + 2 * of_one + 3 * (of_one + table) + spare  # three at a time

    list(distances(lambda i: (loaded.append(i), features[i])[1], range(13), judges, memory=memory))

    assert len(loaded) == 1 + 13 + 3 * groups  # one tells the shape; judges come once a group
