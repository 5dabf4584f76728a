"""Groups of samples that share a region: found where they are, not where there are none."""

from dataclasses import replace

import numpy as np
import pytest

from inspector.decision.recurring import SURE, SURE_OF_MANY, BurntOut, Group, find_groups
from inspector.decision.threshold import LEAST_SPREAD

PATCHES = 64
USUAL = 0.1
"""Usual k ln(d_{k+1} / d_k): a rate of about 7."""


def make_sample(sample, judges, near_by_patch, *, jump=6.0, corrected=2.0, top=1.0):
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
    ],
)
def test_no_group(count, members, more):
    assert find_groups([make_batch(count, members, **more)], count) == []


def test_of_a_batch_those_that_were_compared_count():
    assert find_groups([make_batch(20, (1, 2, 3))], 60) != []
    assert find_groups([make_batch(20, tuple(range(9)))], 60) == []  # 45 %: which of them are the odd ones?
    assert find_groups([make_batch(19, (1, 2, 3))], 60) == []


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
    assert group.closeness == 1.0  # nobody is missed by those who were not compared with them


def test_the_order_of_samples_does_not_matter():
    samples = make_batch(40, (3, 7, 11, 20, 29))

    (one,), (other,) = find_groups([samples], 40), find_groups([samples[::-1]], 40)

    assert (one.members, one.strength, one.oddness) == (other.members, other.strength, other.oddness)


def test_a_group_of_more_than_a_quarter_of_a_small_batch_must_be_surer():
    between = (SURE + SURE_OF_MANY) / 2

    def is_told(members, sureness, count=24):
        return Group(tuple(range(members)), (), sureness, 1.0, 1.0).is_told(count)

    assert is_told(6, between)
    assert not is_told(7, between)
    assert is_told(7, SURE_OF_MANY)
    assert is_told(12, between, 30)
    assert not is_told(12, between, 29)
    assert not is_told(11, 100.0)  # that many look like what is usual
    assert [is_told(6, sureness, 40) for sureness in (SURE - 0.1, SURE + 0.1)] == [False, True]


@pytest.mark.parametrize(
    ("strength", "oddness", "closeness", "sureness"),
    [(3.0, 0.25, 1.0, 1.5), (3.0, -1.0, 1.0, 0.0), (8.0, 4.0, 0.5, 4.0)],
)
def test_sureness_by_hand(strength, oddness, closeness, sureness):
    assert Group((1, 2, 3), (), strength, oddness, closeness).sureness == sureness


def test_closeness_is_how_alike_the_members_and_what_they_name_are():
    members = (1, 2, 3, 4, 5)
    named = {member: {5: members} for member in members[:3]} | {4: {5: (*members, 30)}, 5: {5: (1, 2, 3, 5), 6: (1, 5)}}

    (group,) = find_groups([make_naming(named)], 40)

    assert group.members == members
    assert group.closeness == pytest.approx((3 + 5 / 6 + 4 / 5) / 5)


@pytest.mark.parametrize(
    ("count", "more"),
    [
        (20, {}),  # the least batch, and the least group
        (40, {"jump": 1.3}),  # of 0.83
        (40, {"corrected": 1.0 + 1.1 * 0.0513}),  # 1.1 MADs
    ],
)
def test_a_group_as_small_or_as_weak_as_may_be(count, more):
    (group,) = find_groups([make_batch(count, (1, 2, 3), **more)], count)

    assert group.members == (1, 2, 3)


def test_what_is_less_than_a_mad_odder_is_no_seed():
    assert find_groups([make_batch(40, (1, 2, 3), corrected=1.0 + 0.9 * 0.0513)], 40) == []


def make_naming(named_by_sample, count=40, **more):
    """A set of features in which each of some samples has patches that name others; `more` by sample."""
    tops = np.linspace(0.9, 1.1, count)
    options = {sample: {name: values[sample] for name, values in more.items()} for sample in named_by_sample}
    return [
        make_sample(
            sample,
            [other for other in range(count) if other != sample],
            {patch: set(named) - {sample} for patch, named in named_by_sample.get(sample, {}).items()},
            top=float(tops[sample]),
            **options.get(sample, {}),
        )
        for sample in range(count)
    ]


def test_strength_is_the_mean_and_oddness_the_median_over_the_members():
    members, jumps, corrected = (1, 2, 3, 4, 5), [6.0, 7.0, 8.0, 9.0, 14.0], [2.0, 2.5, 3.0, 4.0, 9.0]
    named = {member: {5: members} for member in members}

    (group,) = find_groups(
        [
            make_naming(
                named, jump=dict(zip(members, jumps, strict=True)), corrected=dict(zip(members, corrected, strict=True))
            )
        ],
        40,
    )

    tops = np.linspace(0.9, 1.1, 40)
    assert group.strength == pytest.approx(np.mean(jumps) * np.log(2) / USUAL / np.log(40 * PATCHES * 19))
    assert group.oddness == pytest.approx(2.0 / np.median(np.abs(tops - 1.0)), rel=1e-5)


@pytest.mark.parametrize(("shared", "groups"), [(3, 2), (4, 2), (5, 1)])  # 3/9, 4/8 and 5/7 of those that one names
def test_patches_that_name_other_samples_are_of_another_group(shared, groups):
    one, other = range(1, 7), range(7 - shared, 13 - shared)
    named = {sample: {} for sample in (*one, *other)}
    for patch, members in ((5, one), (9, other)):
        for member in members:
            named[member][patch] = members

    found = find_groups([make_naming(named)], 40)

    expected = {tuple(one), tuple(other)} if groups == 2 else {tuple(range(1, 13 - shared))}
    assert {group.members for group in found} == expected


def test_a_weak_patch_like_those_of_two_groups_does_not_join_them():
    one, other, weak = range(1, 7), range(3, 9), range(2, 8)  # six of eight each; the weak one shares five with both
    named = {sample: {} for sample in range(1, 9)}
    for patch, members in ((5, one), (9, other)):
        for member in members:
            named[member][patch] = members
    named[5][12] = weak
    jump = dict.fromkeys(named, 6.0) | {5: np.array([6.0, 6.0, 1.0])}

    found = find_groups([make_naming(named, jump=jump)], 40)

    assert {group.members for group in found} == {tuple(one), tuple(other)}


@pytest.mark.parametrize(("names", "members"), [(5, [(1, 2, 3)]), (6, [])])  # three in five are enough, half are not
def test_three_in_five_of_those_named_must_agree(names, members):
    samples = make_naming({sample: {5: range(1, 1 + names)} for sample in (1, 2, 3)})

    found = find_groups([samples], 40)

    assert [group.members for group in found] == members
    assert all(region.patches.tolist() == [5] for group in found for region in group.regions)


def test_a_region_is_what_names_half_of_the_group():
    members = range(1, 7)
    named = {member: {5: members, 6: members, 7: members} for member in members}
    named[1] |= {8: (2, 3), 9: (2,)}  # with itself, three and two of six
    jump = dict.fromkeys(members, np.array([6.0, 9.0, 8.0])) | {1: np.array([6.0, 9.0, 8.0, 5.0, 7.0])}
    corrected = dict.fromkeys(members, 2.0) | {2: np.array([2.0, 2.0, 0.5])}  # nothing gained by patch 7

    (group,) = find_groups([make_naming(named, jump=jump, corrected=corrected)], 40)

    patches = {region.sample: region.patches.tolist() for region in group.regions}
    assert patches == {1: [5, 6, 7, 8], 2: [5, 6]} | {member: [5, 6, 7] for member in (3, 4, 5, 6)}


def test_who_is_not_named_is_no_member():
    members = range(10, 16)
    named = {sample: {5: members} for sample in (3, *members, 30)}

    (group,) = find_groups([make_naming(named)], 40)

    assert group.members == tuple(members)
    assert {region.sample for region in group.regions} == set(members)


@pytest.mark.parametrize("mutual", [False, True])
@pytest.mark.parametrize("seed", [5, 7, 8])
def test_who_is_named_must_name_the_seed_too(seed, mutual):
    """One seed; the patches of the others are too weak to be seeds."""
    members = (1, 2, 3, seed, 15)
    named = {member: {5: members if mutual or member == seed else set(members) - {seed}} for member in members}
    jump = dict.fromkeys(members, 1.0) | {seed: 30.0}

    found = find_groups([make_naming(named, jump=jump)], 40)

    assert [group.members for group in found] == ([members] if mutual else [])


def test_a_set_of_features_without_any_jump_hides_no_group_of_another_set():
    still = [replace(sample, step=0.0) for sample in make_batch(40, ())]

    (group,) = find_groups([still, make_batch(40, (1, 2, 3, 4))], 40)

    assert group.members == (1, 2, 3, 4)


def test_who_was_compared_in_any_set_of_features_counts_as_compared():
    members = (1, 2, 3, 4)
    strangers = [make_sample(sample, [39 if sample < 39 else 38], {}) for sample in range(40)]

    (group,) = find_groups([make_batch(40, members), strangers], 40)

    assert [(region.index, region.sample) for region in group.regions] == [(0, member) for member in members]


def test_a_batch_whose_tops_are_all_alike_has_some_spread_all_the_same():
    samples = [replace(sample, top=2.0) for sample in make_batch(40, (1, 2, 3, 4), corrected=3.0)]

    (group,) = find_groups([samples], 40)

    assert group.oddness == pytest.approx(1 / (2 * LEAST_SPREAD))
