"""The pool of judges of a line: what it takes in, what leaves it, and what it never learns."""

import json

import numpy as np
import pytest

from inspector.scoring.line_pool import BURST, CALM, RECENT, LinePool, Member, _find_nearest

SHARE = 0.3
THRESHOLD = 0.6
"""Parts further from those that judge them are flagged; good ones are about 0.3 apart."""


def make_pool(vectors, capacity=10, every=2):
    members = [Member(-1 - index, np.asarray(vector, np.float32)) for index, vector in enumerate(vectors)]
    return LinePool(members[::-1], capacity, every)


def grid(count=8):
    """Good parts: a cloud of vectors."""
    return np.random.default_rng(0).normal(0, 0.1, (count, 4))


def score(pool, vector):
    """Mean distance to the nearest 30 % of the judges, as mutual scores are."""
    far = np.sort([np.linalg.norm(vector - member.embedding) for member in pool.members])
    return far[: max(1, int(SHARE * len(far)))].mean()


def send(pool, vectors, first=0):
    """Judge parts one by one; return which were flagged, what was told, and what was dropped."""
    flagged, told, dropped = [], [], []
    for position, vector in enumerate(np.asarray(vectors, np.float32), start=first):
        flagged.append(bool(score(pool, vector) > THRESHOLD))
        learnt = pool.consider(position, vector, flagged=flagged[-1])
        told.append(learnt.told)
        dropped += learnt.dropped
    return flagged, told, dropped


def positions(pool):
    return [member.position for member in pool.members]


def good(count, seed=1):
    return np.random.default_rng(seed).normal(0, 0.1, (count, 4))


def defects(count):
    """Equal ones, as of a worn tool: as far from the good parts as to be flagged."""
    return np.add(good(count, seed=2), [0.9, 0, 0, 0])


def test_every_nth_good_part_is_taken_in_when_n_more_have_come():
    pool = make_pool(grid(3), every=2)
    _, _, dropped = send(pool, good(7))

    assert [position for position in positions(pool) if position >= 0] == [1, 3]
    assert pool.kept == {-1, -2, -3, 1, 3, 5}
    assert dropped == [0, 2, 4, 6]


def test_flagged_parts_are_never_taken_in():
    pool = make_pool(grid(), every=1)
    vectors = good(9)
    vectors[::4] += 5

    flagged, told, _ = send(pool, vectors)

    assert [place for place, is_flagged in enumerate(flagged) if is_flagged] == [0, 4, 8]
    assert not {0, 4, 8} & pool.kept
    assert set(told) == {""}


def test_rejected_parts_leave_and_one_member_stays():
    pool = make_pool(grid(3), every=1)
    send(pool, good(3))
    assert pool.kept == {-1, -2, -3, 0, 1, 2}

    assert pool.remove({1, 2, -2, 99}) == (-2, 1, 2)
    assert pool.kept == {-1, -3, 0}
    assert pool.remove({-1, -3, 0}) == (-3, -1)
    assert positions(pool) == [0]


def test_part_that_was_put_in_by_hand_stays_when_the_pool_is_full():
    pool = make_pool([[0, 0], [4, 0], [4.1, 0], [9, 0]][::-1], capacity=4, every=1)  # positions -4, -3, -2, -1
    assert pool.put(Member(-3, pool.members[1].embedding)) == ()
    assert pool.put(Member(7, np.array([4.2, 0], np.float32), joined=8)) == (-2,)

    assert positions(pool) == [-4, -1, -3, 7]
    for step in range(12):
        pool.consider(10 + step, np.array([20.0 * step, 0], np.float32), flagged=False)
    assert {-3, 7} <= set(positions(pool))
    assert len(positions(pool)) == 4


def test_pool_remembers_after_which_part_each_member_joined_and_who_was_put_in():
    pool = make_pool(grid(3), every=2)
    send(pool, good(5))
    pool.put(Member(4, pool.members[0].embedding, joined=4))

    again = LinePool.from_json(json.loads(json.dumps(pool.to_json())), lambda _: np.zeros(4, np.float32), 10, 2)

    assert [(each.position, each.joined, each.by_hand) for each in again.members if each.position >= 0] == [
        (1, 3, False),
        (4, 4, True),
    ]


def test_what_is_put_in_by_hand_may_drive_out_the_latest():
    pool = make_pool([[0, 0], [5, 0]][::-1], capacity=2)  # positions -2, -1

    assert pool.put(Member(7, np.array([5.1, 0], np.float32))) == (-1,)


def test_of_members_that_were_all_put_in_by_hand_one_leaves():
    pool = make_pool([[0, 0], [5, 0]], capacity=2)
    for position, place in ((7, 20.0), (8, 30.0), (9, 31.0)):
        pool.put(Member(position, np.array([place, 0], np.float32)))

    assert positions(pool) == [7, 9]


def test_the_last_that_nobody_put_in_leaves_before_those_that_somebody_did():
    pool = make_pool([[0, 0], [9, 0]][::-1], capacity=2)  # positions -2, -1
    pool.put(Member(-2, pool.members[0].embedding))

    assert pool.put(Member(7, np.array([0.1, 0], np.float32))) == (-1,)


def test_a_candidate_waits_on_unless_it_is_itself_put_in():
    pool = make_pool(grid(3), every=1)
    send(pool, good(1))

    pool.put(Member(-1, pool.members[-1].embedding))
    assert 0 in pool.kept
    pool.put(Member(0, good(1)[0].astype(np.float32)))
    send(pool, good(1, seed=5), first=1)

    assert sorted(positions(pool)) == [-3, -2, -1, 0]
    assert pool.to_json()["candidate"] == 1


def test_a_pool_is_filled_before_anybody_leaves():
    pool = make_pool(grid(3), capacity=4, every=1)

    send(pool, good(2))

    assert positions(pool) == [-3, -2, -1, 0]


def test_a_copy_learns_apart():
    pool = make_pool(grid(3), every=1)
    state = pool.to_json()

    other = pool.copy()
    send(other, [*good(4), *defects(BURST)])

    assert other.in_burst
    assert len(other.members) > 3
    assert pool.to_json() == state | {"told": "", "latest": []}


def test_full_pool_drops_the_older_of_the_two_nearest():
    pool = make_pool([[0, 0], [4, 0], [4.1, 0], [9, 0]][::-1], capacity=4, every=1)  # positions -4, -3, -2, -1
    pool.consider(0, np.array([20, 0], np.float32), flagged=False)
    learnt = pool.consider(1, np.array([30, 0], np.float32), flagged=False)

    assert learnt.dropped == (-3,)
    assert positions(pool) == [-4, -2, -1, 0]


def test_latest_members_stay_however_alike_they_are():
    pool = make_pool([[x, 0] for x in range(10)], capacity=10, every=1)
    for step in range(19):
        pool.consider(step, np.array([0.01 * step, 0], np.float32), flagged=False)

    newest = int(np.ceil(RECENT * 10))
    assert positions(pool)[-newest:] == [14, 15, 16, 17]


def test_more_members_than_there_is_room_for_are_thinned_to_the_most_diverse():
    pool = make_pool([[0, 0], [0.1, 0], [5, 0], [5.1, 0], [9, 0]], capacity=3)

    assert sorted(round(float(member.embedding[0])) for member in pool.members) == [0, 5, 9]


def test_drifting_line_is_followed():
    drift = np.arange(400)[:, None] * [[0.01, 0, 0, 0]] + good(400)
    frozen, pool = make_pool(grid(), capacity=10, every=10_000), make_pool(grid(), capacity=10, every=2)

    assert np.mean(send(frozen, drift)[0]) > 0.5
    flagged, told, _ = send(pool, drift)
    assert np.mean(flagged) < 0.02
    assert set(told) == {""}
    assert min(position for position in positions(pool)[-4:]) > 380


def test_burst_of_equal_defects_is_told_and_not_learnt():
    pool = make_pool(grid(), every=1)
    learnt_before = pool.kept

    flagged, told, _ = send(pool, defects(30))

    assert all(flagged)
    assert told[BURST - 1] in ("burst", "change")
    assert pool.kept == learnt_before
    flagged, told, _ = send(pool, good(10, seed=3), first=30)
    assert not any(flagged)
    assert told.index("over") == CALM - 1
    assert pool.to_json()["told"] == ""
    assert {member.position for member in pool.members} & set(range(30)) == set()


def test_what_came_just_before_a_burst_is_not_learnt():
    """A defect that begins below the threshold."""
    pool = make_pool(grid(), every=2)
    begins = np.array([[0.35, 0, 0, 0]] * 2)

    flagged, _, _ = send(pool, [*begins, *defects(BURST)])

    assert flagged == [False, False, *[True] * BURST]
    assert not pool.kept & {0, 1}


def test_after_a_burst_as_many_good_parts_are_waited_for_as_ever():
    pool = make_pool(grid(), every=2)
    send(pool, [*good(1), *defects(BURST), *good(CALM, seed=3)])
    over = BURST + CALM
    assert not pool.in_burst
    assert not pool.kept & set(range(over + 1))

    send(pool, good(1, seed=4), first=over + 1)

    assert over + 1 in pool.kept


def test_nothing_is_learnt_of_what_passes_during_a_burst():
    """A defect about the threshold: every other part is flagged."""
    pool = make_pool(grid(), every=1)
    before = pool.kept
    for position in range(40):
        pool.consider(position, np.full(4, 0.4, np.float32), flagged=position % 2 == 0)

    assert {position for position in pool.kept - before if position > BURST + 1} == set()
    assert pool.in_burst


def test_change_of_product_is_told_once_and_not_swallowed():
    pool = make_pool(grid(), every=1)

    flagged, told, _ = send(pool, good(50, seed=2) + 3)

    assert all(flagged)
    assert [word for word in told if word] == ["change"]
    assert pool.kept == {-1 - index for index in range(8)}


def test_a_change_of_product_stays_one_whatever_is_flagged_next():
    pool = make_pool(grid(), every=1)
    send(pool, good(6, seed=2) + 3)

    _, told, _ = send(pool, np.eye(4).repeat(2, axis=0) * np.array([[3], [-3]] * 4), first=6)

    assert set(told) == {""}
    assert pool.to_json()["told"] == "change"


def test_a_single_member_cannot_tell_another_product():
    _, told, _ = send(make_pool(grid(1)), good(6, seed=2) + 3)

    assert [word for word in told if word] == ["burst"]


def test_parts_lie_as_far_as_their_nearest_and_members_as_theirs():
    some = np.array([[0.0], [4.0]])

    assert _find_nearest(some, np.array([[1.0], [9.0], [6.0]])).tolist() == [1.0, 2.0]
    assert _find_nearest(some, some, own=True).tolist() == [4.0, 4.0]


def test_flagged_parts_that_are_each_different_are_no_other_product():
    pool = make_pool(grid(), every=1)

    _, told, _ = send(pool, np.eye(4).repeat(2, axis=0) * np.array([[3], [-3]] * 4))

    assert [word for word in told if word] == ["burst"]


@pytest.mark.parametrize("cut", [3, 11, 17])
def test_state_goes_round_and_the_pool_goes_on_alike(cut):
    vectors = np.concatenate([good(10), defects(4), good(20, seed=3)]).astype(np.float32)
    whole, parted = make_pool(grid(), every=2), make_pool(grid(), every=2)
    known = {member.position: member.embedding for member in parted.members} | dict(enumerate(vectors))
    send(whole, vectors)
    send(parted, vectors[:cut])

    again = LinePool.from_json(json.loads(json.dumps(parted.to_json())), known.__getitem__, 10, 2)
    send(again, vectors[cut:], first=cut)

    assert again.to_json() == whole.to_json()


def test_no_room_is_refused():
    with pytest.raises(ValueError, match="room for two members"):
        make_pool(grid(), capacity=1)


def test_two_members_are_room_enough_and_tell_another_product():
    pool = make_pool(grid(2), capacity=2)

    _, told, _ = send(pool, good(50, seed=2) + 3)

    assert "change" in told


def test_state_without_when_members_joined_is_taken_up():
    pool = make_pool(grid(3))
    state = pool.to_json()
    known = {member.position: member.embedding for member in pool.members}
    old = {name: value for name, value in state.items() if name not in ("joined", "by_hand")}

    again = LinePool.from_json(old, known.__getitem__, 10, 2)

    assert [(member.position, member.joined, member.by_hand) for member in again.members] == [
        (position, position, False) for position in (-3, -2, -1)
    ]


def test_equal_defects_near_the_good_parts_are_no_other_product():
    pool = make_pool(grid(), every=1)
    near = np.tile([0.35, 0, 0, 0], (6, 1)).astype(np.float32)

    told = [pool.consider(position, vector, flagged=True).told for position, vector in enumerate(near)]

    assert [word for word in told if word] == ["burst"]
