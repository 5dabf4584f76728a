from collections.abc import Callable

import numpy as np
import pytest

from gui.review.run_content import read_run
from gui.review.session import Session
from inspector.errors import StoreError
from inspector.store.tables import SampleRow
from inspector.store.workspace import Workspace


def names(session: Session) -> list[str]:
    return [session.rows[index].name for index in session.visible()]


def test_samples_are_listed_by_falling_score(session: Session) -> None:
    assert names(session) == [f"part_{i}.png" for i in range(6)]
    assert session.counts() == {
        "all": 6, "flagged": 1, "passed": 5, "unreviewed": 6, "accepted": 0, "rejected": 0, "unreadable": 0,
    }  # fmt: skip


def test_unknown_scores_come_last_in_both_directions(make_run: Callable[..., tuple[Workspace, int]]) -> None:
    session = Session(*make_run(3, unreadable=True))
    assert names(session)[-1] == "part_broken.png"

    session.sort("score", descending=False)

    assert names(session) == ["part_2.png", "part_1.png", "part_0.png", "part_broken.png"]
    assert session.counts()["unreadable"] == 1


def test_a_part_that_could_not_be_read_is_unreviewed_until_somebody_judges_it(
    make_run: Callable[..., tuple[Workspace, int]],
) -> None:
    session = Session(*make_run(3, unreadable=True))
    for part in (0, 1, 2):
        session.decide(part, "accepted", "Mia")
    counts = session.counts()
    assert counts["unreviewed"] == counts["all"] - counts["accepted"] - counts["rejected"] == 1
    assert session.next_unreviewed(2) == 3

    session.decide(3, "rejected", "Mia")
    assert (session.counts()["unreviewed"], session.next_unreviewed(2)) == (0, None)


@pytest.mark.parametrize(
    ("order", "descending", "expected"),
    [
        ("name", False, [0, 1, 2]),
        ("name", True, [2, 1, 0]),
        ("verdict", True, [1, 2, 0]),
        ("verdict", False, [0, 2, 1]),
    ],
)
def test_orders(session: Session, order: str, descending: bool, expected: list[int]) -> None:
    session.decide(1, "rejected", "Mia")
    session.decide(2, "accepted", "Mia")

    session.sort(order, descending)

    assert [index for index in session.visible() if index < 3] == expected


def test_unknown_order_is_the_callers_mistake(session: Session) -> None:
    with pytest.raises(ValueError, match="expected one of score, name, time, verdict, but got 'colour'"):
        session.sort("colour", descending=True)


def test_photos_are_sorted_by_their_time(session: Session) -> None:
    import os

    for age, row in enumerate(session.rows):
        os.utime(row.image or "", (1000 - age, 1000 - age))

    session.sort("time", descending=False)

    assert list(session.visible()) == [5, 4, 3, 2, 1, 0]


def test_search_wants_all_words_in_any_case(session: Session) -> None:
    session.search("PNG part_3")
    assert names(session) == ["part_3.png"]

    session.search("")
    assert len(names(session)) == 6


def test_moving_the_threshold_decides_all_samples_anew(session: Session) -> None:
    session.set_threshold(0.5)  # final scores are 1, .8, .6, .4, .2, 0
    session.filter = "flagged"
    assert list(session.visible()) == [0, 1, 2]

    session.filter = "passed"
    assert list(session.visible()) == [3, 4, 5]


def test_a_score_on_the_threshold_passes(session: Session) -> None:
    session.set_threshold(float(session.finals[1]))
    assert list(session.flagged) == [True, False, False, False, False, False]


def test_the_map_threshold_lies_between_the_raw_scores_as_the_threshold_does(session: Session) -> None:
    session.set_threshold(0.5)
    low, high = session.raw_scores.min(), session.raw_scores.max()
    assert session.map_threshold == pytest.approx((low + high) / 2)


def test_the_kept_threshold_is_that_of_exports(session: Session) -> None:
    session.set_threshold(0.5)
    session.keep_threshold("Mia")

    run = session.store.runs.get(session.run.id)
    assert (run.threshold, run.flagged, run.map_threshold) == (0.5, 3, session.map_threshold)
    flags = [row.flagged for row in session.store.runs.samples(session.run.id)]
    assert flags == [True, True, True, False, False, False]


def test_label_free_threshold_is_median_and_mads(session: Session) -> None:
    # median 0.5, distances .5 .3 .1 .1 .3 .5: MAD 0.3
    suggested = session.label_free()
    assert suggested is not None
    assert suggested.value == pytest.approx(0.5 + 0.3 * session.run.settings["threshold_k"])


def test_each_verdict_is_in_the_audit_table_at_once(session: Session) -> None:
    session.decide(0, "rejected", "Mia", "a dark spot")

    kept = session.store.verdicts.of_run(session.run.id)
    assert [(v.old, v.new, v.operator, v.comment) for v in kept] == [("undecided", "rejected", "Mia", "a dark spot")]
    assert session.history(0)[0].id == kept[0].id
    assert session.counts()["rejected"] == 1


def test_undo_and_redo_append_and_go_back_to_the_beginning(session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    session.decide(0, "accepted", "Mia")
    session.decide(1, "accepted", "Mia")

    assert [session.undo("Mia") for _ in range(4)] == [1, 0, 0, None]
    assert [session.verdict(0), session.verdict(1)] == ["undecided", "undecided"]
    assert [session.redo("Mia") for _ in range(4)] == [0, 0, 1, None]
    assert [session.verdict(0), session.verdict(1)] == ["accepted", "accepted"]
    kept = session.store.verdicts.of_run(session.run.id)
    assert [v.new for v in kept[3:6]] == ["undecided", "rejected", "undecided"]
    assert [v.kind for v in kept] == ["verdict"] * 3 + ["undo"] * 3 + ["redo"] * 3
    assert {v.comment for v in kept} == {""}


def test_a_new_verdict_ends_what_could_be_redone(session: Session) -> None:
    session.decide(0, "rejected", "Mia")
    session.undo("Mia")
    session.decide(1, "accepted", "Mia")

    assert session.can_undo
    assert not session.can_redo


def test_verdicts_are_there_when_the_run_is_opened_again(session: Session) -> None:
    session.decide(2, "accepted", "Mia")
    again = Session(session.store, session.run.id)
    assert again.verdict(2) == "accepted"
    assert len(again.history(2)) == 1
    assert not again.can_undo


def test_next_unreviewed_goes_round_and_ends(session: Session) -> None:
    assert session.next_unreviewed(None) == 0
    assert session.next_unreviewed(0) == 1
    for index in (1, 2, 3, 4, 5):
        session.decide(index, "accepted", "Mia")
    assert session.next_unreviewed(3) == 0
    assert session.next_unreviewed(0) is None


def test_neighbours_are_those_in_the_list(session: Session) -> None:
    session.sort("name", descending=True)
    assert session.neighbours(3) == [2, 1, 4, 5]
    assert session.neighbours(0) == [1, 2]
    session.search("part_5")
    assert session.neighbours(3) == []


def test_a_run_under_way_has_no_scores_and_no_threshold(make_run: Callable[..., tuple[Workspace, int]]) -> None:
    session = Session(*make_run(3, done=False))
    assert session.threshold is None
    assert session.map_threshold is None
    assert session.label_free() is None
    assert not session.flagged.any()
    assert list(session.visible()) == [0, 1, 2]


def test_ten_thousand_samples_are_decided_by_arrays(session: Session) -> None:
    session.rows = session.rows * 2000
    session.finals = np.tile(session.finals, 2000)
    session.set_threshold(0.5)
    assert int(session.flagged.sum()) == 6000


def test_run_that_grows_is_taken_over_with_what_is_said_of_it(
    make_run: Callable[..., tuple[Workspace, int]],
) -> None:
    """A watched run that is looked at while parts come."""
    store, run_id = make_run(3)
    session = Session(store, run_id)
    session.decide(1, "rejected", "Mia")
    with store.database.session() as changes:
        changes.add(SampleRow(run_id=run_id, position=3, name="part_3.png", status="ok", final=0.95, raw_score=0.95))

    session.refresh(read_run(store, run_id))

    assert names(session) == ["part_0.png", "part_3.png", "part_1.png", "part_2.png"]
    assert session.counts()["unreviewed"] == 3
    session.decide(3, "accepted", "Mia")
    assert (session.verdict(1), session.verdict(3)) == ("rejected", "accepted")


def test_a_move_that_cannot_be_taken_back_now_can_be_later(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.set_threshold(0.5)
    session.keep_threshold("Ada")

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(type(session.store.runs), "set_threshold", fail)
        with pytest.raises(StoreError, match="full"):
            session.undo("Ada")
        patch.setattr(type(session.store.runs), "get", fail)
        with pytest.raises(StoreError, match="full"):
            session.undo("Ada")
    assert (session.threshold, session.can_undo) == (0.5, True)

    session.undo("Ada")
    assert session.threshold == pytest.approx(0.9)
