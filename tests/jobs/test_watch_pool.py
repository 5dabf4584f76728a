"""An engineer looks at the pool of a line and changes it: the job that watches does so, and keeps who wanted it."""

import json

import pytest

from inspector.errors import StoreError
from tests.watching import OPTIONS, follow, warnings


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch):
    monkeypatch.setattr("inspector.jobs.pool_keeper.LOOK_AGAIN", 0.0)


def members_of(store, run_id):
    return [member.sample.position for member in store.pools.members(run_id)]


def tokens_of(store, run_id):
    return {path.stem for path in (store.artefacts.run_folder(run_id) / "pool").rglob("*.safetensors")}


def test_members_say_since_when_and_why_they_judge(parts, drop, folder, store):
    drop(parts["good"])
    run_id, _, _ = follow(folder, store)

    members = store.pools.members(run_id)
    arrived = {each.position: each for _, each in store.watches.arrived(run_id)}
    for member in members:
        position = member.sample.position
        if position < OPTIONS.warm_up:
            assert (member.reason, member.time) == ("warm-up", arrived[position].time)
        else:
            assert (member.reason, member.time) == ("learnt", arrived[position + 1].time)
    assert {member.reason for member in members} == {"warm-up", "learnt"}


def test_part_that_is_taken_out_judges_no_more_and_stays_out(parts, drop, folder, store):
    drop(parts["good"][:7])
    run_id, _, _ = follow(folder, store)
    out = members_of(store, run_id)[1]

    store.pools.change(run_id, out, "Ada", "taken out")
    follow(folder, store, resume=True)
    drop(parts["good"][7:9], "later_{}")
    follow(folder, store, resume=True)

    assert out not in members_of(store, run_id)
    assert store.watches.arrived(run_id)[out][1].content not in tokens_of(store, run_id)
    (change,) = store.pools.changes(run_id)
    assert (change.position, change.operator, change.new) == (out, "Ada", "taken out")


def test_part_that_is_put_in_is_read_again_and_stays(parts, drop, folder, store):
    drop([*parts["good"][:6], parts["bad"]])
    run_id, _, _ = follow(folder, store)
    assert 6 not in members_of(store, run_id)

    store.pools.change(run_id, 6, "Ada", "put in")
    follow(folder, store, resume=True)

    member = store.pools.members(run_id)[-1]
    (change,) = store.pools.changes(run_id)
    assert (member.sample.position, member.reason, member.operator) == (6, "put in", "Ada")
    assert member.time == change.time
    assert store.watches.arrived(run_id)[6][1].content in tokens_of(store, run_id)
    assert store.watches.get(run_id).pool["changes"] == change.id


def test_photo_that_is_another_one_by_now_is_not_put_in_and_that_is_told(parts, drop, folder, store, tmp_path):
    drop([*parts["good"][:6], parts["bad"]])
    run_id, _, _ = follow(folder, store)
    store.watches.move_files(run_id, 6, parts["good"][8])

    store.pools.change(run_id, 6, "Ada", "put in")
    _, _, events = follow(folder, store, resume=True)
    _, _, later = follow(folder, store, resume=True)

    assert 6 not in members_of(store, run_id)
    assert warnings(events) == [
        f"06_part_0.png cannot judge others: {parts['good'][8]} is not what was judged any more"
    ]
    assert warnings(later) == []  # it is told once


def test_photo_that_is_gone_is_told(parts, drop, folder, store):
    drop([*parts["good"][:6], parts["bad"]])
    run_id, _, _ = follow(folder, store)
    (folder / "06_part_0.png").unlink()

    store.pools.change(run_id, 6, "Ada", "put in")
    _, _, events = follow(folder, store, resume=True)

    assert warnings(events) == [f"06_part_0.png cannot judge others: {folder / '06_part_0.png'} is not there any more"]


def test_changes_are_in_the_audit_chain(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    store.pools.change(run_id, 2, "Ada", "taken out")

    entry = store.audit.entries()[-1]
    said = json.loads(entry.fields)
    assert (entry.kind, said["operator"], said["position"], said["new"]) == ("pool", "Ada", 2, "taken out")
    assert store.audit.find_problems() == []
    with store.database.session() as session:
        session.connection().exec_driver_sql("UPDATE pool_change SET position = 3")
    assert store.audit.find_problems() == [
        f"pool change 1 (run {run_id}, by 'Ada') was changed: position is 3, but was 2"
    ]


def test_rejected_and_unknown_parts_cannot_be_put_in(parts, drop, folder, store):
    drop(parts["good"][:6])
    run_id, _, _ = follow(folder, store)
    store.verdicts.add(store.runs.samples(run_id)[2].id, "Ada", "rejected")

    with pytest.raises(StoreError, match="part 3 of run 1 was rejected"):
        store.pools.change(run_id, 2, "Ada", "put in")
    with pytest.raises(StoreError, match="has no part 100"):
        store.pools.change(run_id, 99, "Ada", "taken out")
    with pytest.raises(ValueError, match="expected one of put in, taken out"):
        store.pools.change(run_id, 1, "Ada", "burnt")
    assert store.pools.changes(run_id) == []
