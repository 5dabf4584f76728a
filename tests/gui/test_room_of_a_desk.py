"""In 1280 x 720, the least window of a desk, nothing is cut in either language, captions in half the width included."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.shell.labels import GAP, CaptionLabel
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo
from tests.gui.eyes import find_cut, find_cut_captions, find_overlaps, find_unexplained

DESK = (1280, 720)


def look(window: MainWindow, qtbot: QtBot) -> None:
    """Have a look once all is laid out, which takes several turns of events where a text changes meanwhile."""
    window.resize(*DESK)

    def is_whole() -> None:
        assert (window.width(), window.height()) == DESK
        assert find_cut(window) == []
        assert find_cut_captions(window) == []
        assert find_overlaps(window) == []
        assert find_unexplained(window) == []

    qtbot.wait(1)
    qtbot.waitUntil(is_whole)


@pytest.mark.usefixtures("_looks")
def test_nothing_is_cut_in_a_review_and_on_the_pages(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run(9)
    store.close()
    window = make_window(str(run_id))
    look(window, qtbot)
    wait_for_photo(window, qtbot)
    review = window.review
    assert review.session is not None
    review.session.set_threshold(1.0)  # of what nothing is flagged, rings show where it is oddest
    review.threshold.moved.emit()
    window.menus.actions["ask"].trigger()
    wait_for_photo(window, qtbot)
    qtbot.waitUntil(lambda: GAP in review.viewer.main_caption.text() and bool(review.photo.defects.oddest))
    look(window, qtbot)
    review.viewer.compare.setChecked(True)
    qtbot.waitUntil(lambda: review.viewer.second_view.picture() is not None)
    look(window, qtbot)
    assert review.viewer.main_caption.text().count(GAP) == 4
    review.viewer.mode.setCurrentIndex(1)
    look(window, qtbot)
    window.show_start()
    look(window, qtbot)
    window.pages.show_statistics()
    with qtbot.waitSignal(window.pages.statistics.shown):
        window.pages.statistics.refresh()
    look(window, qtbot)


def test_a_caption_in_half_the_width_has_the_same_lines_for_each_part(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(*DESK)
    label = CaptionLabel(holder)
    holder.show()
    label.resize(300, 20)
    heights = set()
    for text in ("a.png", f"a.png{GAP}0.5 flagged", f"{'lot/' * 30}a.png{GAP}0.5 flagged{GAP}{'word ' * 30}"):
        label.setText(text)
        heights.add(label.sizeHint().height())
    assert len(heights) == 1
    name, first, last = label.shown().split("\n")
    assert "…" in name
    assert (first, last[-1]) == ("0.5 flagged", "…")
    assert label.toolTip()
    label.setText(f"a.png{GAP}0.5 flagged{GAP}asked for")
    assert label.shown() == f"a.png\n0.5 flagged{GAP}asked for"
    assert label.toolTip() == ""
    label.resize(900, 20)
    assert label.shown() == label.text()
    assert label.sizeHint().height() < min(heights) / 2
