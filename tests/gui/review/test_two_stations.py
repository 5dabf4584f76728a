"""Two stations review the same run: nobody overwrites the other unknowingly."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from gui.review.run_content import read_run
from gui.review.session import Session
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace
from tests.gui.conftest import finish


@pytest.fixture
def other(session: Session) -> Iterator[Session]:
    """A second station, with a workspace of its own on the same folder."""
    store = Workspace(session.store.folder)
    yield Session(store, session.run.id)
    store.close()


def said(session: Session) -> list[tuple[str, str]]:
    return [(verdict.operator, verdict.new) for verdict in session.store.verdicts.of_run(session.run.id)]


def test_a_verdict_on_what_another_station_has_judged_is_not_written(session: Session, other: Session) -> None:
    other.decide(0, "rejected", "Ann")

    with pytest.raises(VerdictConflict) as conflict:
        session.decide(0, "accepted", "Mia")

    assert (conflict.value.standing.operator, conflict.value.standing.new) == ("Ann", "rejected")
    assert said(session) == [("Ann", "rejected")]
    assert session.verdict(0) == "rejected"
    assert [verdict.operator for verdict in session.history(0)] == ["Ann"]
    assert not session.can_undo


def test_once_the_other_verdict_is_known_it_can_be_overruled(session: Session, other: Session) -> None:
    other.decide(0, "rejected", "Ann")
    with pytest.raises(VerdictConflict):
        session.decide(0, "accepted", "Mia")

    session.decide(0, "accepted", "Mia")

    assert said(session) == [("Ann", "rejected"), ("Mia", "accepted")]
    assert session.undo("Mia") == 0
    assert session.verdict(0) == "rejected"


def test_an_undo_of_what_another_station_has_changed_is_refused_and_dropped(session: Session, other: Session) -> None:
    session.decide(1, "accepted", "Mia")
    session.decide(0, "accepted", "Mia")
    other.refresh(read_run(other.store, other.run.id))
    other.decide(0, "rejected", "Ann")

    with pytest.raises(VerdictConflict):
        session.undo("Mia")

    assert said(session)[-1] == ("Ann", "rejected")
    assert session.verdict(0) == "rejected"
    assert session.undo("Mia") == 1  # the next one in turn, not the same again


def test_an_undo_is_refused_where_another_station_has_said_the_same(session: Session, other: Session) -> None:
    session.decide(0, "rejected", "Mia")
    other.refresh(read_run(other.store, other.run.id))
    other.decide(0, "rejected", "Ann", "I think so too")
    session.refresh(read_run(session.store, session.run.id))

    with pytest.raises(VerdictConflict) as conflict:
        session.undo("Mia")

    assert conflict.value.standing.operator == "Ann"
    assert not session.can_undo
    assert said(session) == [("Mia", "rejected"), ("Ann", "rejected")]


def test_a_redo_of_what_another_station_has_changed_is_refused(session: Session, other: Session) -> None:
    session.decide(0, "rejected", "Mia")
    session.undo("Mia")
    other.refresh(read_run(other.store, other.run.id))
    other.decide(0, "accepted", "Ann")

    with pytest.raises(VerdictConflict):
        session.redo("Mia")

    assert session.verdict(0) == "accepted"
    assert not session.can_redo


def test_a_list_sorted_by_verdict_follows_the_verdict_that_was_taken_over(session: Session, other: Session) -> None:
    session.sort("verdict", descending=True)
    assert int(session.visible()[0]) == 0
    other.decide(5, "rejected", "Ann")

    with pytest.raises(VerdictConflict):
        session.decide(5, "accepted", "Mia")

    assert int(session.visible()[0]) == 5


def test_refreshing_keeps_what_can_be_undone_and_how_samples_are_listed(session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    session.decide(1, "accepted", "Mia")
    session.undo("Mia")
    session.filter = "unreviewed"
    session.sort("name", descending=True)
    session.search("part")

    changed = session.refresh(read_run(session.store, session.run.id))

    assert not changed
    assert list(session.visible()) == [5, 4, 3, 2, 1]
    assert session.redo("Mia") == 1
    assert [session.undo("Mia"), session.undo("Mia"), session.undo("Mia")] == [1, 0, None]


def test_a_verdict_given_while_the_run_is_read_again_stays(session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    content = read_run(session.store, session.run.id)
    session.decide(0, "accepted", "Mia")
    session.decide(1, "rejected", "Mia")

    session.refresh(content)

    assert [session.verdict(0), session.verdict(1)] == ["accepted", "rejected"]
    assert [verdict.new for verdict in session.history(0)] == ["rejected", "accepted"]


def test_scores_arrive_with_the_end_of_the_scan(make_run: Callable[..., tuple[Workspace, int]]) -> None:
    store, run_id = make_run(3, done=False)
    session = Session(store, run_id)
    session.decide(2, "accepted", "Mia")
    finish(store, run_id, 3)

    changed = session.refresh(read_run(store, run_id))

    assert changed
    assert session.threshold == store.runs.get(run_id).threshold
    assert list(session.flagged) == [True, False, False]
    assert session.undo("Mia") == 2
    store.close()


def test_a_threshold_that_was_moved_and_not_kept_stays(session: Session) -> None:
    session.set_threshold(0.5)
    session.refresh(read_run(session.store, session.run.id))
    assert session.threshold == 0.5
    assert session.counts()["flagged"] == 3


def test_another_run_cannot_be_taken_over(session: Session) -> None:
    content = read_run(session.store, session.run.id)
    with pytest.raises(ValueError, match="expected run 1, but got run 2"):
        session.refresh(replace(content, run=replace(content.run, id=2)))
