"""Groups that share a region: kept with their run, marked by operators, every mark on record."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.settings import ScanSettings
from inspector.store import migrations
from inspector.store.groups import FoundGroup, MarkConflict
from inspector.store.records import RunResult, SampleResult
from inspector.store.workspace import Workspace

BOX = (0.25, 0.5, 0.375, 0.75)


@pytest.fixture
def kept(store, tmp_path):
    """A run of six parts with two groups; the scores follow the second one."""
    parts = tuple(Sample(f"{index}.png", image=tmp_path / f"{index}.png") for index in range(6))
    run_id = store.runs.create(Batch(tmp_path, parts), ScanSettings())
    groups = [FoundGroup(dict.fromkeys((4, 1, 2), BOX), False), FoundGroup({0: BOX, 4: BOX, 5: BOX}, True)]
    store.groups.keep(run_id, groups, {0: 0.5, 4: 0.25})
    return store, run_id


def test_groups_come_back_with_members_in_batch_order(kept):
    store, run_id = kept

    first, second = store.groups.of_run(run_id)

    assert [(each.number, each.corrected, each.mark) for each in (first, second)] == [
        (1, False, "unmarked"),
        (2, True, "unmarked"),
    ]
    assert [member.position for member in first.members] == [1, 2, 4]
    assert {member.box for member in first.members} == {BOX}
    samples = store.runs.samples(run_id)
    assert [member.sample_id for member in second.members] == [samples[position].id for position in (0, 4, 5)]
    assert [sample.plain_score for sample in samples] == [0.5, None, None, None, 0.25, None]
    assert store.groups.of_run(run_id + 1) == []


def test_a_group_says_of_how_many_parts_it_is(kept):
    store, run_id = kept
    results = [SampleResult(position, 0.5, None, 0.5, False, 1 + position % 2) for position in range(5)]
    store.runs.finish(run_id, results, RunResult(Calibration(0.4, False, 0.0, 1.0, 0.0, 1.0)))
    assert [group.looked_at for group in store.groups.of_run(run_id)] == [5, 5], "all with a score where it is not kept"

    store.groups.keep(run_id, [FoundGroup(dict.fromkeys((1, 3), BOX), False, looked_at=4)], {})

    (group,) = store.groups.of_run(run_id)
    assert (group.looked_at, group.variant) == (4, 2)
    assert group.tell() == "2 of 4 parts of variant 2 share a region that the others lack"


def test_a_run_that_is_taken_up_again_keeps_its_newest_groups_alone(kept):
    store, run_id = kept

    store.groups.keep(run_id, [FoundGroup({2: BOX, 3: BOX, 4: BOX}, False)], {})

    (group,) = store.groups.of_run(run_id)
    assert [member.position for member in group.members] == [2, 3, 4]
    assert {sample.plain_score for sample in store.runs.samples(run_id)} == {None}


def test_a_mark_of_a_run_that_is_taken_up_again_stands_with_its_group(kept):
    store, run_id = kept
    store.groups.mark(store.groups.of_run(run_id)[1].id, "Mia", "defect")

    store.groups.keep(run_id, [FoundGroup({2: BOX, 3: BOX}, False), FoundGroup({5: BOX, 0: BOX, 4: BOX}, False)], {})

    found = [
        (group.number, [each.position for each in group.members], group.mark) for group in store.groups.of_run(run_id)
    ]
    assert found == [(1, [2, 3], "unmarked"), (2, [0, 4, 5], "defect")]
    assert store.audit.find_problems() == []


def test_the_last_mark_stands_and_all_are_on_record(kept):
    store, run_id = kept
    group = store.groups.of_run(run_id)[1]

    store.groups.mark(group.id, "Mia", "defect", "the same dent")
    store.groups.mark(group.id, "Ann", "accepted", expected="defect")

    assert [each.mark for each in store.groups.of_run(run_id)] == ["unmarked", "accepted"]
    assert [(mark.operator, mark.old, mark.new, mark.comment) for mark in store.groups.marks(run_id)] == [
        ("Mia", "unmarked", "defect", "the same dent"),
        ("Ann", "defect", "accepted", ""),
    ]


def test_a_mark_that_somebody_else_changed_is_not_overwritten(kept):
    store, run_id = kept
    group = store.groups.of_run(run_id)[0]
    store.groups.mark(group.id, "Mia", "defect")

    with pytest.raises(MarkConflict, match="Mia marked this group meanwhile: defect") as caught:
        store.groups.mark(group.id, "Ann", "accepted", expected="unmarked")

    assert caught.value.standing.operator == "Mia"
    assert len(store.groups.marks(run_id)) == 1


def test_what_cannot_be_marked_is_refused(kept):
    store, run_id = kept

    with pytest.raises(ValueError, match="expected unmarked, defect or accepted, but got 'bad'"):
        store.groups.mark(store.groups.of_run(run_id)[0].id, "Mia", "bad")
    with pytest.raises(StoreError, match="there is no group 99"):
        store.groups.mark(99, "Mia", "defect")


def test_marks_are_in_the_audit_chain(kept, change):
    store, run_id = kept
    store.groups.mark(store.groups.of_run(run_id)[1].id, "Mia", "defect", "the same dent")
    assert [entry.kind for entry in store.audit.entries()] == ["mark"]
    assert store.audit.find_problems() == []

    change(store, "UPDATE recurring_mark SET new = 'accepted'")

    said = f"mark of a group 1 (run {run_id}, by 'Mia') was changed: new is 'accepted', but was 'defect'"
    assert store.audit.find_problems() == [said]


def test_marks_of_before_are_chained_when_the_workspace_is_opened(tmp_path, monkeypatch):
    """Tables of before marks were chained; two marks are in them."""
    engine = create_engine(f"sqlite:///{tmp_path / 'inspector.db'}")
    with monkeypatch.context() as patch, engine.begin() as connection:
        patch.setattr(migrations, "HEAD", "0008")
        migrations._run_revisions(connection, None)
    engine.dispose()
    with Workspace(tmp_path / "new") as new:
        new.runs.create(Batch(tmp_path, (Sample("0.png", image=tmp_path / "0.png"),)), ScanSettings())
    with closing(sqlite3.connect(tmp_path / "inspector.db")) as database:
        database.execute("ATTACH ? AS new", (str(tmp_path / "new" / "inspector.db"),))
        names = ", ".join(name for _, name, *_ in database.execute("PRAGMA main.table_info(run)"))
        database.execute(f"INSERT INTO main.run ({names}) SELECT {names} FROM new.run")
        database.execute("INSERT INTO recurring_group (id, run_id, number, corrected) VALUES (1, 1, 1, 0)")
        for number, mark in enumerate(("defect", "accepted")):
            values = ("Mia", f"2026-01-0{number + 1} 12:00:00.000000", "unmarked", mark, "")
            database.execute(
                "INSERT INTO recurring_mark (group_id, operator, time, old, new, comment) VALUES (1, ?, ?, ?, ?, ?)",
                values,
            )
        database.execute("PRAGMA user_version = 2")
        database.commit()

    with Workspace(tmp_path) as store:
        assert [entry.kind for entry in store.audit.entries()] == ["mark", "mark"]
        assert store.audit.find_problems() == []
