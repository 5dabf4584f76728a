"""Groups of samples that share a region: found where they are, not where there are none."""

import numpy as np
import pytest

from inspector.decision.recurring import SURE, SURE_OF_MANY, BurntOut, Group, find_groups

PATCHES = 64
USUAL = 0.1
"""Usual k ln(d_{k+1} / d_k): a rate of about 7."""


def make_sample(sample, judges, near_by_patch, *, jump=6.0, corrected=2.0, top=1.0, share=0.0):
    """A sample whose patches `near_by_patch` name some judges."""
    judges = np.array(judges)
    near = np.array([np.isin(judges, list(named)) for named in near_by_patch.values()], bool).reshape(-1, len(judges))
    count = len(near_by_patch)
    return BurntOut(
        sample,
        judges,
        np.array(list(near_by_patch), np.int64),
        np.full(count, jump, np.float32),
        np.packbits(near, axis=1),
        np.full(count, 0.5, np.float32),
        np.full(count, corrected, np.float32),
        USUAL,
        top,
        share,
        PATCHES,
    )


def make_batch(count, members, **more):
    """A set of features in which patches 5 and 6 of the members name the other members; tops of all are 0.9 to 1.1."""
    tops = np.linspace(0.9, 1.1, count)
    samples = []
    for sample in range(count):
        judges = [other for other in range(count) if other != sample]
        named = {patch: set(members) - {sample} for patch in (5, 6)} if sample in members else {}
        samples.append(make_sample(sample, judges, named, top=float(tops[sample]), **more))
    return samples


def test_members_that_name_each_other_are_a_group_with_its_regions():
    members = (3, 7, 11, 20, 29)

    (group,) = find_groups([make_batch(40, members)], 40)

    assert group.members == members
    assert [(region.index, region.sample, sorted(region.patches)) for region in group.regions] == [
        (0, member, [5, 6]) for member in members
    ]
    assert all((region.gain == 1.5).all() for region in group.regions)


def test_two_groups_are_told_apart_the_surest_first():
    of_both = [make_batch(40, (1, 2, 3, 4)), make_batch(40, (10, 11, 12, 13, 14), jump=9.0)]

    found = find_groups(of_both, 40)

    assert [group.members for group in found] == [(10, 11, 12, 13, 14), (1, 2, 3, 4)]
    assert [{region.index for region in group.regions} for group in found] == [{1}, {0}]


@pytest.mark.parametrize(
    ("count", "members", "more"),
    [
        (19, (1, 2, 3, 4), {}),  # too few samples to tell what is usual
        (40, (1, 2), {}),  # too few members
        (40, tuple(range(18)), {}),  # as many as half of the batch: which half is the odd one?
        (40, (1, 2, 3, 4), {"corrected": 1.0}),  # not odd without each other
        (40, (1, 2, 3, 4), {"jump": 1.0}),  # a jump that comes by chance
        (40, (1, 2, 3, 4), {"share": 0.3}),  # variants of the whole part
    ],
)
def test_no_group(count, members, more):
    assert find_groups([make_batch(count, members, **more)], count) == []


def test_those_who_are_named_must_agree():
    samples = make_batch(40, (1, 2, 3, 4, 5, 6))
    silent = [
        sample if sample.sample in (1, 2) else make_sample(sample.sample, sample.judges, {}) for sample in samples
    ]

    assert len(find_groups([samples], 40)) == 1
    assert find_groups([silent], 40) == []


def test_a_group_is_found_although_not_all_members_judge_each_other():
    count, members = 60, tuple(range(0, 60, 6))
    samples = []
    for sample in range(count):
        judges = [(sample + step) % count for step in (*range(1, 20), *range(41, 60))]
        named = {5: set(members) - {sample}} if sample in members else {}
        samples.append(make_sample(sample, judges, named, top=1 + 0.002 * sample))

    (group,) = find_groups([samples], count)

    assert group.members == members


def test_the_order_of_samples_does_not_matter():
    samples = make_batch(40, (3, 7, 11, 20, 29))

    (one,), (other,) = find_groups([samples], 40), find_groups([samples[::-1]], 40)

    assert (one.members, one.strength, one.oddness) == (other.members, other.strength, other.oddness)


def test_a_group_of_more_than_a_quarter_of_a_small_batch_must_be_surer():
    between = (SURE + SURE_OF_MANY) / 2

    def is_told(members, sureness, count=24):
        return Group(tuple(range(members)), (), sureness, 1.0).is_told(count)

    assert is_told(6, between)
    assert not is_told(7, between)
    assert is_told(7, SURE_OF_MANY)
    assert is_told(12, between, 30)
    assert not is_told(11, 100.0)  # that many look like what is usual
