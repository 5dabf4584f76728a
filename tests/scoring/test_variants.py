"""Groups of parts: found where they lie apart, not made of good and bad ones; their scores on one footing."""

import numpy as np
import pytest
import torch

from inspector.scoring import variants
from inspector.scoring.batch import BatchScores
from inspector.scoring.variants import Variants, find_gap, find_variants, join_scores, one_kind


def make_group(count: int, direction: int, spread: float = 0.05, seed: int = 0) -> torch.Tensor:
    """Embeddings around one of 32 directions that are at right angles to each other."""
    noise = torch.randn(count, 32, generator=torch.Generator().manual_seed(100 * direction + seed))
    return torch.eye(32)[direction] + spread * noise


def join(*groups: torch.Tensor) -> torch.Tensor:
    return torch.cat(groups)


def test_groups_of_enough_parts_are_variants_the_largest_first():
    found = find_variants(join(make_group(10, 0), make_group(14, 1), make_group(12, 2)))

    assert found.numbers.tolist() == [3] * 10 + [1] * 14 + [2] * 12
    assert found.members == [list(range(10, 24)), list(range(24, 36)), list(range(10))]
    assert found.apart == []


def test_order_and_length_of_embeddings_do_not_matter():
    embeddings = join(make_group(20, 0), make_group(12, 1))
    order = torch.randperm(32, generator=torch.Generator().manual_seed(3))

    found = find_variants(embeddings[order] * torch.linspace(0.5, 9, 32)[:, None])

    assert found.numbers.tolist() == find_variants(embeddings).numbers[order.numpy()].tolist()


@pytest.mark.parametrize(("small", "large"), [(9, 11), (12, 200)], ids=["below ten", "below a tenth"])
def test_a_group_too_small_to_judge_itself_is_told_and_stays_with_the_others(small, large):
    found = find_variants(join(make_group(large, 0), make_group(small, 1)))

    assert found.members == []
    assert found.numbers.tolist() == [0] * (small + large)
    assert found.apart == [list(range(large, large + small))]


def test_a_small_group_goes_with_the_nearest_variant():
    small = make_group(6, 2) + 0.7 * torch.eye(32)[1]

    found = find_variants(join(make_group(30, 0), make_group(20, 1), small))

    assert found.numbers.tolist() == [1] * 30 + [2] * 26
    assert found.apart == [list(range(50, 56))]


def test_four_odd_parts_are_not_told():
    assert find_variants(join(make_group(30, 0), make_group(4, 1))) == (pytest.approx(0), [])


def test_good_and_bad_parts_are_no_variants():
    """Six parts in ten differ, each in a way of its own, some a little and some much."""
    good = make_group(40, 0)
    ways = torch.randn(60, 32, generator=torch.Generator().manual_seed(8))
    bad = make_group(60, 0, seed=1) + torch.linspace(0.05, 0.3, 60)[:, None] * ways

    assert find_variants(join(good, bad)).members == []


def test_one_kind_however_wide_is_no_variant():
    for seed in range(20):
        assert find_variants(make_group(60, 0, spread=0.3, seed=seed)).members == []


def test_photos_of_one_part_taken_twice_make_no_variants():
    """Copies lie as near as nothing; what parts them is less than parts of one kind differ by."""
    parts = make_group(2, 0, spread=0.01)

    assert find_variants(parts.repeat_interleave(12, dim=0) + 1e-5).members == []


def test_parts_beyond_those_that_groups_are_made_of_go_with_the_nearest(monkeypatch):
    embeddings = join(make_group(70, 0), make_group(50, 1))
    wanted = find_variants(embeddings).numbers.tolist()
    monkeypatch.setattr(variants, "MOST", 60)

    assert find_variants(embeddings).numbers.tolist() == wanted == [1] * 70 + [2] * 50


def test_two_parts_are_one_kind():
    assert find_variants(torch.eye(2)).members == []


def test_gap_is_the_link_by_the_usual_distance_of_neighbours():
    """Parts at 0, 1, 2 and 10, 11, 12 and, linked later, at 30: the link of 8 by neighbours at 1."""
    places = np.array([0, 1, 2, 10, 11, 12, 30.0])

    gap, sides = find_gap(np.abs(places[:, None] - places), least=3)

    assert gap == pytest.approx(8)
    assert sorted(map(sorted, sides)) == [[0, 1, 2], [3, 4, 5]]


def test_two_groups_of_no_more_than_there_must_be_have_a_gap():
    places = np.array([0, 1, 2, 3, 4, 10, 11, 12, 13, 14.0])

    gap, sides = find_gap(np.abs(places[:, None] - places))

    assert gap == pytest.approx(6)
    assert sorted(map(sorted, sides)) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_usual_is_where_nine_in_ten_have_their_neighbour():
    """Parts at 0, 1, 3, their neighbours at 1, 1, 2, and others like them 17 further on."""
    places = np.array([0, 1, 3, 20, 21, 23.0])

    gap, _ = find_gap(np.abs(places[:, None] - places), least=3)

    assert gap == pytest.approx(17 / 1.8)


def test_scores_of_variants_come_on_the_footing_of_the_largest():
    large = BatchScores({place: torch.tensor([0.1, 0.4]) for place in range(3)})
    small = BatchScores(
        {0: torch.tensor([0.1, 0.2]), 1: torch.tensor([0.2, 0.1])}, phases={0: torch.tensor([[0.1, 0.1], [0.1, 0.3]])}
    )

    found = join_scores([([4, 0, 2], large), ([1, 3], small)])

    assert sorted(found.patches) == [0, 1, 2, 3, 4]
    torch.testing.assert_close(found.patches[0], torch.tensor([0.1, 0.4]))
    torch.testing.assert_close(found.patches[1], torch.tensor([0.2, 0.4]))
    torch.testing.assert_close(found.phases[1], torch.tensor([[0.2, 0.2], [0.2, 0.6]]))


def test_footing_is_that_of_good_parts_where_half_are_defective():
    dull = BatchScores({place: torch.tensor([0.2 if place < 10 else 0.9]) for place in range(20)})
    glossy = BatchScores({place: torch.tensor([0.4]) for place in range(10)})

    found = join_scores([(range(20), dull), (range(20, 30), glossy)])

    torch.testing.assert_close(found.patches[25], torch.tensor([0.2]))
    torch.testing.assert_close(found.patches[15], torch.tensor([0.9]))


def test_scores_of_nothing_but_rounding_are_not_enlarged():
    equal = BatchScores({place: torch.full((3,), 1e-5) for place in range(4)})
    other = BatchScores({place: torch.full((3,), 0.5) for place in range(4)})

    found = join_scores([(range(4), other), (range(4, 8), equal)])

    assert float(found.patches[5].max()) < 1e-3


def test_what_was_found_is_said_by_number_and_name():
    names = [f"{place}.png" for place in range(30)]
    numbers = np.array([2] * 10 + [1] * 20)

    told = Variants(numbers, [[3, 4, 5, 6, 7]]).describe(names)

    assert told[0].startswith(
        "the batch holds 2 variants (20 parts, 10.png first; 10 parts, 0.png first); each is judged"
    )
    assert told[1].startswith("5 parts, 3.png first, differ from the others as a whole")
    assert one_kind(30).describe(names) == []


def test_of_many_parts_the_same_ones_are_compared_each_time(monkeypatch):
    monkeypatch.setattr(variants, "MOST", 100)
    embeddings = join(make_group(120, 0), make_group(64, 1), make_group(16, 2))

    first, *others = (find_variants(embeddings) for _ in range(3))

    assert [other.apart for other in others] == [first.apart] * 2
    assert first.apart


def test_groups_that_are_all_too_small_are_not_told():
    assert find_variants(join(*(make_group(6, way) for way in range(3)))) == (pytest.approx(0), [])
