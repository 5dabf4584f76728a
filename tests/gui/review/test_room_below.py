"""Views, classes and the end of a list leave room for the photo in a low window, and are in sight all the same."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from gui.review.class_bar import ClassBar
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo

SMALL = (800, 500)


def test_a_low_window_does_not_grow_and_shows_the_photo(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(3)
    for position in (0, 1):
        store.runs.keep_identity(run_id, position, {"part": "0012", "lot": "A7-2026-11", "station": "line 4"})
    store.classes.save(["bent terminal", "blot on the housing", "crack", "scratch along the edge"])
    store.close()
    window = make_window()
    window.resize(*SMALL)
    window.open_run(run_id)
    wait_for_photo(window, qtbot)
    review = window.review
    view, heights = review.viewer.main_view, []
    for verdict in ("rejected", "rejected"):
        review.verdicts.decide(verdict)
        wait_for_photo(window, qtbot)
        qtbot.wait(1)
        heights.append(view.height())
    assert review.end_bar.isVisible()
    told = review.end_bar.told
    qtbot.waitUntil(lambda: told.visibleRegion().boundingRect().height() == told.height())
    review.list.show(0)
    wait_for_photo(window, qtbot)
    qtbot.wait(1)
    assert (review.view_strip.isVisible(), review.class_bar.isVisible()) == (True, True)
    assert (window.width(), window.height()) == SMALL
    assert min(*heights, view.height()) > 90
    last = review.class_bar.buttons[-1]
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect().height() == last.height())
    assert "flagged" in review.viewer.main_caption.shown()
    review.doubts.show_reasons(
        [f"Another reason, told in a sentence that takes its place: {number}" for number in range(6)]
    )
    review.doubts.title.setChecked(True)
    review.away.show()
    qtbot.wait(1)
    assert review.doubts.reasons.isVisible()
    assert review.away.visibleRegion().boundingRect().height() == review.away.height()
    assert (window.width(), window.height()) == SMALL
    assert view.height() >= 80
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: review.view_strip.visibleRegion().boundingRect().height() == review.view_strip.height())


def test_a_class_of_many_words_fits_the_narrow_pane(qtbot: QtBot) -> None:
    bar, long = ClassBar(), "scratch along the edge that one sees only under the lamp on the left & when it is wet"
    qtbot.addWidget(bar)
    bar.resize(340, 80)
    bar.show()
    bar.ask("part_0.png", ["burr", long], "burr")
    short, chip = bar.buttons
    qtbot.waitUntil(lambda: bar.rect().contains(chip.geometry()))
    assert (short.toolTip(), chip.toolTip()) == ("", long)
    assert "…" in chip.text()
    assert long in chip.accessibleName()
