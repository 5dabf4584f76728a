"""Several views of one part are one part: one row, one verdict, the worst view decides; all are seen side by side."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.review.session import Session
from gui.window import MainWindow
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

VIEWS = {0: "top", 3: "side", 5: "end"}
"""Of part 7: of six samples, whose scores fall from the first to the last; the first is flagged."""


@pytest.fixture
def kept(make_run: Callable[..., tuple[Workspace, int]]) -> Iterator[Workspace]:
    store, run_id = make_run()
    for position, view in VIEWS.items():
        store.runs.keep_identity(run_id, position, {"part": "7", "view": view})
    yield store
    store.close()


@pytest.fixture
def session(kept: Workspace) -> Session:
    return Session(kept, 1)


@pytest.fixture
def window(kept: Workspace, make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    made = make_window("1")
    wait_for_photo(made, qtbot)
    return made


def said(store: Workspace) -> dict[int, list[str]]:
    names = {sample.id: sample.position for sample in store.runs.samples(1)}
    found: dict[int, list[str]] = {}
    for verdict in store.verdicts.of_run(1):
        found.setdefault(names[verdict.sample_id], []).append(verdict.new)
    return found


def test_a_part_counts_once_by_its_worst_view(session: Session) -> None:
    assert session.visible().tolist() == [0, 1, 2, 4]
    assert {name: count for name, count in session.counts().items() if count} == {
        "all": 4,
        "flagged": 1,
        "passed": 3,
        "unreviewed": 4,
    }
    assert session.mask("flagged").tolist() == [True, False, False, True, False, True]
    assert session.flagged.tolist() == [True, False, False, False, False, False]


def test_a_word_in_the_name_of_any_view_finds_the_part(session: Session) -> None:
    session.search("part_5")

    assert session.visible().tolist() == [0]


def test_a_verdict_is_for_all_views_and_taken_back_as_one(session: Session, kept: Workspace) -> None:
    session.decide(3, "rejected", "Mia", "", "dent")
    assert said(kept) == {0: ["rejected"], 3: ["rejected"], 5: ["rejected"]}
    assert session.counts()["rejected"] == 1
    assert kept.classes.count(1) == {"dent": 3}

    assert session.undo("Mia") == 0
    assert [session.verdict(view) for view in VIEWS] == ["undecided"] * 3
    assert not session.can_undo
    assert session.redo("Mia") == 0
    assert [session.verdict(view) for view in VIEWS] == ["rejected"] * 3


def test_a_view_that_somebody_else_judged_is_not_overruled_in_silence(
    session: Session, kept: Workspace, tmp_path: Path
) -> None:
    kept.verdicts.add(kept.runs.samples(1)[3].id, "Ann", "rejected")

    with pytest.raises(VerdictConflict):
        session.decide(0, "accepted", "Mia")

    assert said(kept)[3] == ["rejected"]
    assert session.verdict(3) == "rejected", "it is known here now"


def test_undo_leaves_a_part_alone_of_which_somebody_else_judged_a_view(session: Session, kept: Workspace) -> None:
    session.decide(0, "accepted", "Mia")
    kept.verdicts.add(kept.runs.samples(1)[5].id, "Ann", "rejected")
    session.add_news(kept.verdicts.since(1, session.verdicts.newest))

    with pytest.raises(VerdictConflict):
        session.undo("Mia")

    assert said(kept) == {0: ["accepted"], 3: ["accepted"], 5: ["accepted", "rejected"]}
    assert not session.can_undo


def test_views_are_shown_side_by_side_and_gone_through(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    strip = review.view_strip
    assert strip.isVisible()
    assert strip.told.text() == "7: 3 views"
    assert [button.text().split("  ")[0] for button in strip.buttons.values()] == ["top", "side", "end"]
    assert all(not button.icon().isNull() for button in strip.buttons.values())

    strip.buttons[3].click()
    assert (review.current, review.gallery.samples.rowCount()) == (3, 4)
    wait_for_photo(window, qtbot)
    assert "part_3.png" in review.viewer.main_caption.text()
    assert [sample for sample, button in strip.buttons.items() if button.isChecked()] == [3]
    review.views.step()
    assert review.current == 5
    review.views.step()
    assert review.current == 0


def test_a_verdict_on_any_view_brings_up_the_next_part(window: MainWindow, kept: Workspace, qtbot: QtBot) -> None:
    review = window.review
    review.view_strip.buttons[5].click()
    wait_for_photo(window, qtbot)

    review.verdicts.decide("rejected")

    assert said(kept) == {0: ["rejected"], 3: ["rejected"], 5: ["rejected"]}
    assert review.current == 1
    assert not review.view_strip.isVisible()
    assert review.filters.chips["rejected"].text().endswith("1")
    review.classes.give(0)
    assert review.session is not None


def test_a_part_that_is_typed_becomes_a_view_and_stays_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    review.gallery.select_sample(2)
    window.menus.actions["part"].trigger()
    (dialog,) = [child for child in window.findChildren(object) if type(child).__name__ == "PartDialog"]
    dialog.fields["part"].setText("7")

    dialog.accept()

    qtbot.waitUntil(lambda: review.gallery.samples.rowCount() == 3)
    assert review.current == 2
    assert len(review.view_strip.buttons) == 4
