"""Parts that lie in many poses are told by which others their patches find their like in: the same few."""

from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F

from inspector.errors import Cancelled
from inspector.scoring.poses import lie_in_many_poses, measure_favour


class Set:
    """Features of samples as a batch has them, (N, P, C)."""

    def __init__(self, features):
        self.features = features

    def __call__(self, place):
        return self.features[place]

    def choose(self, places):
        return Set(self.features[list(places)])


def batch(poses: int, each: int, *, tiles: int = 1):
    """Random features of so many poses, the samples of one pose nearly alike."""
    chance = torch.Generator().manual_seed(1)
    common = torch.randn(poses, 1, 6, 16, generator=chance).expand(-1, each, -1, -1).flatten(0, 1)
    noise = torch.randn(common.shape, generator=chance)
    count = poses * each
    sets = (Set(F.normalize(common + 0.5 * noise, dim=2)),)
    return SimpleNamespace(photos=tuple(range(count)), tiles=(sets,) * tiles)


def test_patches_that_name_the_same_judges_favour_them():
    same, two, all_ten = torch.ones(10, 2), torch.ones(10, 2), torch.ones(10, 10)
    same[3] = two[3, 0] = two[7, 1] = 0.5
    all_ten.fill_diagonal_(0.5)

    assert measure_favour(same) == pytest.approx(10)
    assert measure_favour(two) == pytest.approx(5)
    assert measure_favour(all_ten) == pytest.approx(1)


def test_each_patch_names_a_tenth_of_the_judges():
    to_others = torch.ones(40, 3)
    to_others[:4] = 0.5

    assert measure_favour(to_others) == pytest.approx(10)


@pytest.mark.parametrize("tiles", [1, 2])
def test_several_poses_are_told_from_one(tiles):
    assert lie_in_many_poses(batch(5, 10, tiles=tiles))
    assert not lie_in_many_poses(batch(1, 50, tiles=tiles))
    assert not lie_in_many_poses(batch(50, 1, tiles=tiles))  # all differ: none is near


def test_how_far_it_is_is_told_and_it_can_be_cancelled():
    told = []

    def report(event):
        told.append((event.stage, event.done, event.total))
        if event.done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        lie_in_many_poses(batch(5, 10, tiles=2), report=report)

    assert told == [("look", done, 100) for done in range(4)]


def test_of_few_parts_it_is_not_told():
    assert lie_in_many_poses(batch(4, 10))
    assert not lie_in_many_poses(batch(3, 13))


def test_large_batches_are_told_by_a_part_of_them():
    loaded = []
    found = batch(8, 100)
    every = found.tiles[0][0]
    every.choose = lambda places: loaded.extend(places) or Set(every.features[places])

    assert lie_in_many_poses(found)
    assert len(loaded) == len(set(loaded)) == 64
    assert max(loaded) > 500
