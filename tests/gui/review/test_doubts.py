"""A doubtful decision is said above the photo; what is shown as normal is normal."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.pictures.companion import candidates, find_most_similar
from gui.review.doubts import list_doubts
from gui.review.run_content import read_run
from gui.review.session import Session
from gui.window import MainWindow
from inspector.decision.threshold import TWO_GROUPS, UNSURE_GROUPS
from inspector.store.embeddings import save_embeddings
from inspector.store.groups import FoundGroup
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

MakeRun = Callable[..., tuple[Workspace, int]]
SPOT = (0.4, 0.4, 0.6, 0.6)


@pytest.fixture
def large(make_run: MakeRun) -> Session:
    store, run_id = make_run(24)
    return Session(store, run_id)


def test_a_usual_run_of_enough_parts_is_not_doubted(large: Session) -> None:
    assert list_doubts(large) == []


def test_few_parts_are_doubted(session: Session) -> None:
    assert list_doubts(session) == ["Only 6 parts were compared: what is usual is not sure."]
    session.run = replace(session.run, calibration={**(session.run.calibration or {}), "sure": False})
    assert list_doubts(session)[0].startswith("Fewer than 20 scores do not tell good parts from bad ones.")


def test_one_flagged_part_of_few_vouches_for_no_other(make_run: MakeRun) -> None:
    store, run_id = make_run(3)

    assert list_doubts(Session(store, run_id)) == ["Only 3 parts were compared: what is usual is not sure."]


def test_a_line_that_is_unsure_is_asked_about_when_no_more_parts_come(large: Session) -> None:
    large.run = replace(large.run, layout="watch", calibration={**(large.run.calibration or {}), "sure": False})
    (told,) = list_doubts(large)
    assert "When it is paused or has ended, judge the parts that are asked for" in told


def test_groups_that_are_others_before_rescoring_are_told(large: Session) -> None:
    doubtful = {**(large.run.calibration or {}), "why": UNSURE_GROUPS, "sure": False}
    large.run = replace(large.run, calibration=doubtful)
    (told,) = list_doubts(large)
    assert told.startswith("The scores fall into two groups, but into others before re-scoring.")


def test_every_measure_has_its_sentence(large: Session) -> None:
    large.set_threshold(0.5)  # 12 of 24
    assert "12 of 24 parts are flagged" in list_doubts(large)[0]
    run, judged = large.run, "judged by the 9 parts that were accepted in run 7"
    large.run = replace(run, notes=[judged])
    assert list_doubts(large) == []  # the remedy was taken: accepted parts alone judge
    large.run = run
    large.give_up_threshold()

    large.run = replace(large.run, calibration={**(large.run.calibration or {}), "why": TWO_GROUPS, "sure": False})
    assert "no two groups" in list_doubts(large)[0]
    assert "two groups" in list_doubts(large)[1]
    large.run = large.store.runs.get(large.run.id)

    rows = [replace(row, variant=1 + row.position % 2) for row in large.rows]
    rows[3] = replace(rows[3], reason="one flat colour")
    large.refresh(replace(read_run(large.store, large.run.id), rows=rows))
    large.store.groups.keep(large.run.id, [FoundGroup({1: SPOT, 2: SPOT, 3: SPOT}, False)], {})
    large.groups = large.store.groups.of_run(large.run.id)
    told = list_doubts(large)
    assert ["2 variants" in told[0], "share a region" in told[1], "misread: 1" in told[2]] == [True, True, True]
    assert (len(told), large.rows[3].name in told[2]) == (3, True)
    large.store.groups.mark(large.groups[0].id, "Mia", "accepted")
    large.groups = large.store.groups.of_run(large.run.id)
    assert len(list_doubts(large)) == 2


def test_the_banner_can_be_folded_and_is_not_lost(
    make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    make_run(6, unreadable=True)[0].close()
    window = make_window("1")
    qtbot.waitUntil(lambda: window.review.session is not None)
    banner = window.review.doubts
    assert banner.isVisible()
    assert banner.title.text().endswith("Reasons: 2")
    assert "Only 6 parts" in banner.reasons.text()
    assert "could not be read and were not judged: 1" in banner.reasons.text()
    assert banner.geometry().bottom() <= window.review.viewer.geometry().top() + 1  # above the photo

    banner.title.click()

    assert not banner.reasons.isVisible()
    assert banner.title.isVisible()
    banner.show_reasons(())
    assert not banner.isVisible()
    banner.show_reasons(["Another run."])
    assert banner.reasons.isVisible()


def test_decisions_are_named_as_what_they_are(
    make_run: MakeRun, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    make_run(6)[0].close()
    window = make_window("1")
    qtbot.waitUntil(lambda: window.review.session is not None)
    window.review.show_sample(3)
    wait_for_photo(window, qtbot)

    assert "not flagged" in window.review.viewer.main_caption.text()
    assert window.review.filters.chips["passed"].text().startswith("Not flagged")


def test_no_odd_part_stands_for_what_is_normal(session: Session) -> None:
    session.store.groups.keep(session.run.id, [FoundGroup({1: SPOT, 2: SPOT}, False)], {})
    session.groups = session.store.groups.of_run(session.run.id)
    session.decide(3, "rejected", "Mia")

    assert set(candidates(session, 5)) == {4}  # 0 is flagged, 1 and 2 share a region, 3 is rejected
    assert set(candidates(session, 0)) == {4, 5}


def test_likeness_is_that_of_the_runs_own_embeddings(session: Session) -> None:
    vectors = np.eye(6, dtype=np.float32)
    vectors[4] = 9 * vectors[1] + vectors[0]  # long, and yet less like 0 than 5 is
    vectors[5] = vectors[0] + 0.1 * vectors[2]
    save_embeddings(session.store, session.run.id, vectors)

    assert find_most_similar(session.store, session.run.id, 0, [3, 4, 5]) == 2
    assert find_most_similar(session.store, session.run.id, 0, []) is None


def test_without_embeddings_thumbnails_are_compared(session: Session) -> None:
    found = find_most_similar(session.store, session.run.id, 0, [1, 2, 3])

    assert found in (0, 1, 2)
