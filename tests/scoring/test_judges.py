"""Who judges whom."""

import pickle

import pytest
import torch

from inspector.errors import InputError
from inspector.scoring.judges import AllOthers, Known, all_others, find_judges, pool, ring


def list_judges(judges, sample):
    """The judges of a sample in the order of their rows, found by asking for each."""
    samples = torch.tensor([sample])
    rows = {int(judges.rows(samples, judge)): judge for judge in judges.of(samples).tolist()}
    rows.pop(-1, None)
    return [rows[row] for row in range(judges.number(sample))]


def test_all_others_judge_in_batch_order():
    assert list_judges(all_others(4), 2) == [0, 1, 3]


@pytest.mark.parametrize(("count", "references"), [(6, 2), (7, 3), (50, 6)])
@pytest.mark.parametrize("seed", [0, 3])
def test_neighbours_on_the_ring_judge_those_ahead_first(count, references, seed):
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
    reach = (references + 1) // 2

    judges = ring(count, references, seed)

    steps = [*range(1, reach + 1), *range(-1, -reach - 1, -1)]
    for place, sample in enumerate(order):
        assert list_judges(judges, sample) == [order[(place + step) % count] for step in steps]
    assert list(judges.order(range(count))) == [*order[reach:], *order[:reach]]


def test_each_sample_has_its_own_judges():
    judges = ring(50, 6)
    found = [list_judges(judges, sample) for sample in range(50)]

    assert all(len(set(others)) == 6 and sample not in others for sample, others in enumerate(found))
    assert len({frozenset(others) for others in found}) == 50


@pytest.mark.parametrize(("count", "references"), [(10, None), (10, 9), (10, 10), (10, 200), (11, 10)])
def test_ring_with_references_enough_is_all_others(count, references):
    assert ring(count, references) == AllOthers(count)


def test_none_but_neighbours_on_the_ring_are_asked():
    judges = ring(50, 6)

    for sample in (0, 7, 49):
        expected = sorted([sample, *list_judges(judges, sample)])
        assert judges.of(torch.tensor([sample])).tolist() == expected


def test_the_ring_is_the_same_in_every_version():
    assert ring(6, 2).ring == tuple(torch.randperm(6, generator=torch.Generator().manual_seed(0)).tolist())


@pytest.mark.parametrize("judges", [all_others(9), ring(9, 2), pool(range(9))])
def test_who_does_not_judge_has_no_place(judges):
    of_four = {*list_judges(judges, 4)}

    assert {int(judges.rows(torch.tensor([4]), other)) for other in range(9) if other not in of_four} == {-1}


def test_pool_judges_all_but_itself():
    judges = pool([5, 1, 3])

    assert list_judges(judges, 0) == [5, 1, 3]
    assert list_judges(judges, 1) == [5, 3]
    assert judges.rows(torch.tensor([0, 1, 3, 5]), 1).tolist() == [1, -1, 1, 0]


def test_views_of_a_part_do_not_judge_each_other():
    """Samples 0 and 1 show part 0, 2 and 3 part 1, 4 and 5 part 2; of the last one nothing is known."""
    known = Known(frozenset([0, 1, 2]), (0, 0, 1, 1, 2, 2))

    judges = find_judges(range(6), 200, known)

    assert [list_judges(judges, sample) for sample in range(6)] == [[2], [2], [0, 1], [0, 1], [0, 1, 2], [0, 1, 2]]
    assert [judges.of_one(sample).tolist() for sample in (1, 3, 5)] == [[2], [0, 1], [0, 1, 2]]
    of_all = find_judges(range(4), 200, Known(frozenset(range(4)), (0, 0, 1, 1)))
    assert list_judges(of_all, 0) == [2, 3]
    assert find_judges(range(6), 200, Known(frozenset([0, 1]), known.parts)) == all_others(6)
    assert find_judges([5, 4, 1, 2], 200, known) == pool([2, 3], (2, 2, 0, 1))


def test_few_are_drawn_of_as_many_parts_as_there_are():
    known = Known(frozenset(range(12)), (*[0] * 10, 1, 2, 3))

    for references in (2, 3):
        drawn = find_judges(range(13), references, known).members
        assert len({known.parts[member] for member in drawn}) == len(drawn) == references


@pytest.mark.parametrize("judges", [all_others(5), ring(9, 4), pool([2, 4])])
def test_judges_can_be_sent_to_another_process(judges):
    assert pickle.loads(pickle.dumps(judges)) == judges


def test_too_few_are_refused_with_a_remedy():
    for build in (lambda: all_others(1), lambda: ring(1, 10), lambda: ring(0, None)):
        with pytest.raises(InputError, match="at least two"):
            build()
    with pytest.raises(InputError, match="pool of references is empty"):
        pool([])


def test_member_of_a_pool_twice_is_refused():
    with pytest.raises(ValueError, match=r"once, but got \(1, 2, 1\)"):
        pool([1, 2, 1])
