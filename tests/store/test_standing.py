"""What stands after verdicts, undo, redo and comments; the same again adds nothing."""

import pytest

from inspector.data.samples import Batch, Sample
from inspector.export.tables import VERDICT_COLUMNS, write_table
from inspector.settings import ScanSettings
from inspector.store.standing import find_standing, list_standing
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace


@pytest.fixture
def part(store, tmp_path):
    return store.runs.samples(
        store.runs.create(Batch(tmp_path, (Sample("a.png", image=tmp_path / "a.png"),)), ScanSettings())
    )[0]


def standing(store):
    found = find_standing(store.verdicts.of_run(1))
    return found and (found.verdict, found.operator, found.comment)


def test_the_same_verdict_again_adds_no_history(store, part):
    assert store.verdicts.add(part.id, "Ada", "undecided") is None
    first = store.verdicts.add(part.id, "Ada", "accepted")

    assert store.verdicts.add(part.id, "Ada", "accepted") is None
    assert store.verdicts.add(part.id, "Bob", "accepted", expected="accepted", seen=first.id) is None

    assert [said.id for said in store.verdicts.of_run(1)] == [first.id]
    assert len(store.audit.entries()) == 1


def test_of_two_stations_that_say_the_same_the_later_is_told(store, part):
    with Workspace(store.location) as other:
        other.verdicts.add(part.id, "Bob", "accepted", expected="undecided")

    with pytest.raises(VerdictConflict) as conflict:
        store.verdicts.add(part.id, "Ada", "accepted", expected="undecided")

    assert conflict.value.standing.operator == "Bob"
    assert len(store.verdicts.of_run(1)) == 1


def test_a_comment_later_belongs_to_the_verdict_that_stands(store, part):
    first = store.verdicts.add(part.id, "Ada", "accepted", "clean")
    store.verdicts.add(part.id, "Bob", "accepted", "no, dusty")

    assert [said.kind for said in store.verdicts.of_run(1)] == ["verdict", "comment"]
    found = find_standing(store.verdicts.of_run(1))
    assert (found.operator, found.comment) == ("Ada", "clean; no, dusty")
    assert found.time == first.time.replace(tzinfo=None)


def test_a_comment_of_before_the_verdict_goes_with_it(store, part):
    store.verdicts.add(part.id, "Ada", "undecided", "a spot")
    assert standing(store) == ("undecided", "Ada", "a spot")

    store.verdicts.add(part.id, "Bob", "rejected", "a dent")

    assert standing(store) == ("rejected", "Bob", "a spot; a dent")


def test_what_is_taken_back_gives_way_to_the_verdict_before(store, part):
    store.verdicts.add(part.id, "Ada", "accepted", "clean")
    store.verdicts.add(part.id, "Bob", "rejected", "dent")
    assert standing(store) == ("rejected", "Bob", "dent")

    store.verdicts.add(part.id, "Bob", "accepted", kind="undo")
    assert standing(store) == ("accepted", "Ada", "clean")
    store.verdicts.add(part.id, "Bob", "undecided", kind="undo")
    assert standing(store) is None
    store.verdicts.add(part.id, "Bob", "accepted", kind="redo")
    store.verdicts.add(part.id, "Bob", "rejected", kind="redo")
    assert standing(store) == ("rejected", "Bob", "dent")
    assert store.audit.find_problems() == []


def test_rows_that_contradict_each_other_end_with_what_the_last_says(store, part):
    store.verdicts.add(part.id, "Ada", "accepted", kind="undo")
    assert standing(store) == ("accepted", "Ada", "")


def test_the_table_shows_comments_with_the_verdict_they_belong_to(store, part, tmp_path):
    store.verdicts.add(part.id, "Ada", "rejected", "dent")
    store.verdicts.add(part.id, "Ada", "rejected", "at the rim")
    store.verdicts.add(part.id, "Bob", "accepted", "polished")
    store.verdicts.add(part.id, "Bob", "rejected", kind="undo")

    write_table([part], tmp_path / "t.csv", VERDICT_COLUMNS, store.verdicts.of_run(1))

    assert ",rejected,Ada," in (tmp_path / "t.csv").read_text()
    assert ",dent; at the rim," in (tmp_path / "t.csv").read_text()
    assert list_standing(store.verdicts.of_run(1))[part.id].comment == "dent; at the rim"


def test_what_was_written_since_is_found(store, part):
    first = store.verdicts.add(part.id, "Ada", "rejected")
    second = store.verdicts.add(part.id, "Ada", "accepted")

    assert [said.id for said in store.verdicts.since(1, 0)] == [first.id, second.id]
    assert [said.id for said in store.verdicts.since(1, first.id)] == [second.id]
    assert store.verdicts.since(2, 0) == []
