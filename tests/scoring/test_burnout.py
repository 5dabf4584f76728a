"""Patches that run out of near samples: found by hand, equal for rings, never changing the scores that are watched."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inspector.decision.recurring import BESIDE, Group, MemberRegion, find_groups
from inspector.scoring.batch import BatchScores, score_alone
from inspector.scoring.burnout import (
    AT_ONCE,
    LEAST_JUDGES,
    LOOSE,
    WHOLE,
    BurnoutRecorder,
    SetPlace,
    _count_alike,
    find_burnt_out,
    recorder_bytes,
)
from inspector.scoring.correction import correct_scores, find_gains, take_as_scores
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.judges import Ring, all_others, pool, ring

MEMBERS = (4, 9, 15, 22, 31)
PATCH = 7


def nothing() -> None:
    pass


def make_features(count=40, patches=32, channels=24):
    """Patches that vary a little about one vector each; one patch of the members shows something else."""
    chance = torch.Generator().manual_seed(0)
    usual = torch.randn(1, patches, channels, generator=chance)
    features = usual + 0.5 * torch.randn(count, patches, channels, generator=chance)
    other = torch.randn(channels, generator=chance)
    for member in MEMBERS:
        features[member, PATCH] = other + 0.02 * torch.randn(channels, generator=chance)
    return F.normalize(features, dim=-1)


def test_near_judges_and_corrected_score_by_hand():
    jumping = torch.tensor([1.0, 9, 1.1, 9, 1.2, 9, 9, 9, 9, 9])
    smooth = torch.linspace(1, 1.2, 10)
    to_others = torch.stack([smooth] * 8 + [jumping] + [smooth] * 7, dim=1)

    found = find_burnt_out(to_others, to_others.mean(dim=0), torch.arange(1, 11), 0, 0.3)

    assert found.patches.tolist() == [8]
    near = np.unpackbits(found.near[0], count=10).astype(bool)
    assert found.judges[near].tolist() == [1, 3, 5]
    assert found.corrected.tolist() == [9.0]
    np.testing.assert_allclose(found.strength, 3 * np.log(9 / 1.2), rtol=1e-6)


@pytest.mark.parametrize(("place", "beside", "top"), [(5, 8, 9.0), (0, 3, 9.0), (15, 3, 9.0), (5, 0, 9.1)])
def test_patches_around_an_odd_one_gain_without_its_near_judges(place, beside, top):
    jumping = torch.tensor([1.0, 9, 1.1, 9, 1.2, 9, 9, 9, 9, 9])
    to_others = torch.linspace(1, 1.2, 10)[:, None].repeat(1, 16)
    to_others[:, place] = jumping
    plain = torch.ones(16)
    plain[place] = top

    found = find_burnt_out(to_others, plain, torch.arange(1, 11), 0, 0.3, (4, 4))

    assert found.patches.tolist() == [place]
    gained = found.beside[found.beside > 0]
    assert len(gained) == beside
    np.testing.assert_allclose(gained, (to_others[1, 1] + to_others[3, 1]) / 2 - 1 if place == 5 else gained)
    around = [place + down * found.columns + right for down, right in np.array(BESIDE)[found.beside[0] > 0]]
    rows, cols = np.divmod(np.array(around, int), 4)
    assert (np.maximum(abs(rows - place // 4), abs(cols - place % 4)) == 1).all()


def test_regions_hold_what_lies_around_their_patches_once_with_the_largest_gain():
    features, recorder = make_features(), BurnoutRecorder(0.3)
    features[list(MEMBERS), PATCH + 8] = features[list(MEMBERS), PATCH]  # one below the other
    judges = all_others(40)
    finder = recorder.make_finder(0, range(40), judges, 1, 1, (4, 8))

    score_alone([features.__getitem__], range(40), judges, share=0.3, memory=1 << 30, step=nothing, finder=finder)

    (group,) = find_groups(recorder.found, 40)
    around = {6, 7, 14, 15, 22, 23}
    for region in group.regions:
        assert {PATCH, PATCH + 8} < set(region.patches.tolist()) <= around
        assert len(set(region.patches.tolist())) == len(region.patches)
        gain = dict(zip(region.patches.tolist(), region.gain.tolist(), strict=True))
        assert min(gain[PATCH], gain[PATCH + 8]) > 5 * max(
            gain[each] for each in gain if each not in (PATCH, PATCH + 8)
        )
        assert region.gain.min() > 0


def test_watching_changes_no_bit_and_finds_the_members():
    features, recorder = make_features(), BurnoutRecorder(0.3)
    judges = all_others(40)
    finder = recorder.make_finder(0, range(40), judges, 2, 1)
    options = {"share": 0.3, "memory": 1 << 30, "step": nothing}

    watched = score_alone([features.__getitem__] * 2, range(40), judges, **options, finder=finder)

    assert torch.equal(watched, score_alone([features.__getitem__] * 2, range(40), judges, **options))
    (group,) = find_groups(recorder.found, 40)
    assert group.members == MEMBERS
    assert {int(patch) for region in group.regions for patch in region.patches} == {PATCH}
    assert recorder.places == [SetPlace(0, 0, 2)] * 2


def test_the_members_are_found_by_a_ring_of_judges_and_numbered_by_the_batch():
    features, recorder = make_features(), BurnoutRecorder(0.3)
    judges = ring(40, 30)
    finder = recorder.make_finder(0, [2 * sample for sample in range(40)], judges, 1, 1)

    score_alone([features.__getitem__], range(40), judges, share=0.3, memory=1 << 30, step=nothing, finder=finder)

    assert isinstance(judges, Ring)
    (group,) = find_groups(recorder.found, 80)
    assert group.members == tuple(2 * member for member in MEMBERS)


@pytest.mark.parametrize(("references", "watched"), [(8, False), (LEAST_JUDGES, True)])
def test_too_few_judges_are_not_watched(references, watched):
    finder = BurnoutRecorder(0.3).make_finder(0, range(40), ring(40, references), 1, 1)

    assert (finder is not None) == watched


@pytest.mark.parametrize(("sets", "of_one_set", "numbers"), [(1, 5 * 43 * 67, 43), (3, 5 * 43 * 67 // 3, 129)])
def test_bytes_of_a_recorder_by_hand(sets, of_one_set, numbers):
    """Ten samples of 67 patches, 43 judges each: kept are one patch in eight, 24 bytes, four for each patch around it
    and a bit a judge, and judges' numbers; while they are looked for, a block of distances, and five bytes for each
    distance of a set."""
    kept = 10 * (8 * (24 + 4 * 8 + 5) + 8 * numbers)

    assert recorder_bytes(10, 43, 67, sets) == 48 * AT_ONCE + of_one_set + kept


def test_judges_of_one_are_in_the_order_of_their_rows():
    for judges in (all_others(9), ring(9, 4), pool((1, 4, 7))):
        for sample in range(9):
            listed = judges.of_one(sample).tolist()
            rows = [int(judges.rows(torch.tensor([sample]), judge)[0]) for judge in listed]
            assert rows == list(range(judges.number(sample)))


def test_corrected_scores_are_those_without_the_other_members():
    features, recorder = make_features(), BurnoutRecorder(0.3)
    judges = all_others(40)
    (scores,) = score_alone(
        [features.__getitem__],
        range(40),
        judges,
        share=0.3,
        memory=1 << 30,
        step=nothing,
        finder=recorder.make_finder(0, range(40), judges, 1, 1),
    )
    groups = find_groups(recorder.found, 40)
    batch = BatchFeatures(tuple(range(40)), (), ((),), (), (4, 8), 1)
    plain = BatchScores(dict(enumerate(scores)))

    better = correct_scores(plain, find_gains(groups, recorder.places, batch, plain))

    rest = [sample for sample in range(40) if sample not in MEMBERS]
    for member in MEMBERS:
        alone = [member, *rest]
        (expected,) = score_alone(
            [features[alone].__getitem__], range(36), all_others(36), share=0.3, memory=1 << 30, step=nothing
        )
        torch.testing.assert_close(better.patches[member][PATCH], expected[0, PATCH])
        assert better.patches[member][PATCH] > 1.5 * plain.patches[member][PATCH]
    assert all(torch.equal(better.patches[sample], plain.patches[sample]) for sample in rest)


def test_gains_of_tiles_and_passes_lie_where_their_patches_are():
    found = make_features(), BurnoutRecorder(0.3)
    features, recorder = found
    for tile in range(2):
        finder = recorder.make_finder(tile, range(40), all_others(40), 2, 2)
        score_alone(
            [features.__getitem__] * 2,
            range(40),
            all_others(40),
            share=0.3,
            memory=1 << 30,
            step=nothing,
            phases=2,
            finder=finder,
        )
    batch = BatchFeatures(tuple(range(40)), (), ((), ()), (), (4, 8), 1, phases=2)

    gains = find_gains(find_groups(recorder.found, 40), recorder.places, batch, BatchScores())

    assert gains.samples == list(MEMBERS)
    assert gains.patches[MEMBERS[0]].nonzero().tolist() == [[0, PATCH], [0, 32 + PATCH], [1, PATCH], [1, 32 + PATCH]]


def test_a_gain_counts_by_its_share_of_the_sets():
    region = MemberRegion(0, 3, np.array([1]), np.array([0.6], np.float32))
    group = Group((3,), (region,), 1.0, 1.0, 1.0)
    batch = BatchFeatures((3,), (), ((),), (), (1, 2), 2)

    gains = find_gains([group], [SetPlace(0, 0, 2)] * 2, batch, BatchScores())

    torch.testing.assert_close(gains.patches[3], torch.tensor([[0.0, 0.3]]))


def test_gains_of_clouds_and_of_passes_together_are_divided_as_the_scores_were():
    regions = tuple(MemberRegion(index, 3, np.array([1]), np.array([0.6], np.float32)) for index in (0, 1))
    batch = BatchFeatures((3,), (3,), ((),), (), (1, 2), 2, phases=2)
    scores = BatchScores({3: torch.ones(2)}, {3: torch.ones(3)}, divisors=(0.5, 3.0))

    gains = find_gains(
        [Group((3,), regions, 1.0, 1.0, 1.0)], [SetPlace(0, None, 1), SetPlace(None, 0, 2)], batch, scores
    )
    better = correct_scores(scores, gains)

    torch.testing.assert_close(better.patches[3], torch.tensor([1.0, 2.2]))
    torch.testing.assert_close(better.groups[3], torch.tensor([1.0, 1.1, 1.0]))
    assert (better.typical_patch, better.typical_group) == (1, 1)
    shown = take_as_scores(gains, scores, 3)
    torch.testing.assert_close((shown.patches[3], shown.groups[3]), (torch.tensor([0, 1.2]), torch.tensor([0, 0.1, 0])))


def test_what_is_left_of_few_judges_is_one():
    jumping, smooth = torch.tensor([1.0, 1, 1, 9, 10, 11, 12, 13]), torch.linspace(1, 1.2, 8)
    to_others = torch.stack([jumping] + [smooth] * 15, dim=1)

    found = find_burnt_out(to_others, torch.ones(16), torch.arange(1, 9), 0, 0.3)

    assert found.patches.tolist() == [0]
    assert found.corrected.tolist() == [9.0]


def test_of_few_patches_the_strongest_alone_is_kept():
    to_others = torch.linspace(1, 1.2, 10)[:, None].repeat(1, 8)
    to_others[3:, 2], to_others[:7, 5] = 9, 16  # the fourth to tenth judge are far, or the first to seventh

    found = find_burnt_out(to_others, torch.ones(8), torch.arange(1, 11), 0, 0.3)

    assert found.patches.tolist() == [5]


@pytest.mark.parametrize("at_once", [1, 35, 110])
def test_distances_may_be_sorted_a_few_at_a_time(monkeypatch, at_once):
    smooth, far = torch.linspace(1, 1.2, 10), torch.tensor([1.0, 9, 1.1, 9, 1.2, 9, 9, 9, 9, 9])
    to_others = torch.stack([smooth] * 8 + [far, far.roll(1)] + [smooth] * 7, dim=1)
    monkeypatch.setattr("inspector.scoring.burnout.AT_ONCE", at_once)

    found = find_burnt_out(to_others, torch.ones(17), torch.arange(1, 11), 0, 0.3)

    assert sorted(found.patches.tolist()) == [8, 9]
    near = np.unpackbits(found.near, axis=1, count=10).astype(bool)
    assert sorted(tuple(found.judges[of_one]) for of_one in near) == [(1, 3, 5), (2, 4, 6)]
    assert found.corrected.tolist() == [9.0, 9.0]


def test_equal_distances_jump_nowhere():
    found = find_burnt_out(torch.ones(10, 16), torch.ones(16), torch.arange(1, 11), 0, 0.3)

    assert len(found.patches) == 0
    assert found.step == 0


@pytest.mark.parametrize(("times", "kept"), [(0.98, []), (1.02, [8])])
def test_a_patch_is_kept_from_a_jump_that_chance_rarely_makes(times, kept):
    smooth = torch.linspace(1, 1.2, 10)
    step = find_burnt_out(smooth[:, None].expand(-1, 16), torch.ones(16), torch.arange(1, 11), 0, 0.3).step
    jump = np.exp(times * (LOOSE + np.log(5)) * step / np.log(2) / 3)
    jumping = torch.cat([smooth[:3], smooth[2] * jump * torch.linspace(1, 1.01, 7)])
    to_others = torch.stack([smooth] * 8 + [jumping] + [smooth] * 7, dim=1)

    found = find_burnt_out(to_others, torch.ones(16), torch.arange(1, 11), 0, 0.3)

    assert found.patches.tolist() == kept


@pytest.mark.parametrize(("variant", "left"), [(WHOLE - 1 / 32, True), (WHOLE, True), (WHOLE + 1 / 32, False)])
def test_what_so_many_patches_share_is_a_variant_and_hides_no_region(variant, left):
    """Patches of a part that has three near samples in many places, and two others in one."""
    smooth = torch.linspace(1, 1.2, 10)
    part, region = 9 * torch.ones(10), 9 * torch.ones(10)
    part[:3], region[[5, 7]] = smooth[:3], 0.05
    patches = [part] * round(32 * variant) + [region]
    to_others = torch.stack([*patches, *[smooth] * (32 - len(patches))], dim=1)

    found = find_burnt_out(to_others, torch.ones(32), torch.arange(1, 11), 0, 0.3)

    named = {tuple(found.judges[near.astype(bool)]) for near in np.unpackbits(found.near, axis=1, count=10)}
    assert named == {(6, 8)} | ({(1, 2, 3)} if left else set())


def test_a_patch_is_alike_where_both_name_most_of_either():
    named = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [0, 1, 1, 1, 1], [0, 0, 0, 1, 1]], dtype=torch.bool)

    assert _count_alike(named).tolist() == [2, 3, 2, 1]
    assert _count_alike(named[:0]).tolist() == []
