import pickle

import pytest
import torch
import torch.nn.functional as F

from inspector.scoring.distances import distances, fit_at_once
from inspector.scoring.judges import all_others, pool, ring
from inspector.scoring.nearest import BLOCK, Comparison
from inspector.scoring.stretches import Stretches


def make_features(count, patches=9, channels=12, unit=True):
    found = torch.randn(count, patches, channels, generator=torch.Generator().manual_seed(count))
    found[1] = found[0]  # their distances are measured anew
    return F.normalize(found, dim=2) if unit else found


@pytest.mark.parametrize("length", [1, 2, 3, 5, 30])
@pytest.mark.parametrize(("count", "references"), [(2, 9), (13, 99), (13, 4), (13, 10), (30, 8)])
@pytest.mark.parametrize("products_at_once", [1, 200, BLOCK])
def test_distances_are_those_of_one_process_to_the_bit(count, references, length, products_at_once, monkeypatch):
    monkeypatch.setattr("inspector.scoring.nearest.BLOCK", products_at_once)
    features, judges = make_features(count), ring(count, references)
    comparison = Comparison(grid=(3, 3), radius=1 if count == 30 else None)
    load = features.__getitem__

    stretches = pickle.loads(pickle.dumps(Stretches(judges, length)))
    pieces = [[] for _ in range(stretches.number)]
    for stretch in range(stretches.number):
        for index, piece in zip(
            stretches.slices_of(stretch), stretches.compare(load, stretch, 0, comparison), strict=True
        ):
            pieces[index].append(piece)
    found = [one for index, some in enumerate(pieces) for one in stretches.complete(index, some)]

    expected = list(distances(load, range(count), judges, comparison=comparison))
    assert [one.sample for one in found] == [one.sample for one in expected]
    assert all(torch.equal(own.to_others, one.to_others) for own, one in zip(found, expected, strict=True))


def test_each_pair_is_compared_once_and_slices_are_complete_as_early_as_can_be():
    stretches = Stretches(ring(100, 20), 10)

    compared = [stretches.compare(make_features(100).__getitem__, at, 0, Comparison()) for at in range(10)]

    assert sum(len(piece.rows) for pieces in compared for piece in pieces) == 100 * 20
    assert stretches.count_needed() == [2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert Stretches(all_others(10), 4).count_needed() == [1, 2, 3]


def test_only_whole_batches_that_fit_are_compared_at_once():
    load = make_features(13).__getitem__

    assert fit_at_once(load, range(13), ring(13, 4), memory=1 << 30)
    assert not fit_at_once(load, range(13), ring(13, 4), memory=1000)
    assert not fit_at_once(load, range(12), ring(13, 4), memory=1 << 30)
    assert not fit_at_once(load, range(13), pool((1, 2)), memory=1 << 30)
    assert not fit_at_once(load, [], ring(13, 4), memory=1 << 30)
