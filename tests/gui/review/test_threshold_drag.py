"""A drag of the threshold keeps pace with the hand, beside large photos and long lists too."""

import sys
from collections.abc import Callable, Iterator
from threading import Event

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from gui.pictures.sample_picture import Defects, SamplePicture, find_defects
from gui.review.gallery import Gallery
from gui.review.session import Session
from gui.window import MainWindow
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace


def test_regions_follow_the_threshold_and_those_of_left_behind_are_not_looked_for(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, begun, gates, seen = window.review, [], [Event(), Event()], []
    qtbot.waitUntil(lambda: bool(review.photo.defects.regions))

    def look(picture: SamplePicture, threshold: float, rule: object) -> Defects:
        begun.append(threshold)
        assert gates[len(begun) - 1].wait(10)
        return find_defects(picture, threshold)

    monkeypatch.setattr("gui.pictures.picture_cache.find_defects", look)
    review.photo.pictures.found.connect(lambda *_: seen.append(review.photo.defects.regions[0].area))
    for threshold in (0.7, 0.5, 0.3, 0.2):  # the hand goes on while the first is looked for
        review.panel.plot.dragged.emit(threshold)
        qtbot.waitUntil(lambda: bool(begun))
    gates[0].set()
    qtbot.waitUntil(lambda: len(seen) == 1)  # shown, though the line is elsewhere by now
    gates[1].set()
    qtbot.waitUntil(lambda: len(seen) == 2)

    assert review.session is not None
    assert (len(begun), begun[-1]) == (2, review.session.map_threshold)
    assert 0 < seen[0] < seen[1]
    picture = review.viewer.main_view.picture()
    assert picture is not None
    last = find_defects(picture, review.session.map_threshold)
    assert review.photo.defects.regions == last.regions
    drawn = review.viewer.main_view._contour.path().boundingRect()
    points = np.concatenate(last.lines)
    assert (drawn.left(), drawn.bottom()) == (points[:, 0].min(), points[:, 1].max())


def test_a_long_list_is_laid_out_without_asking_python_for_each_row(
    make_large_run: Callable[[int], tuple[Workspace, int]], qtbot: QtBot
) -> None:
    store, run_id = make_large_run(400)
    gallery, calls = Gallery(), 0
    qtbot.addWidget(gallery)
    gallery.samples.open(Session(store, run_id))

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    gallery.samples.refresh()
    gallery.select_sample(5)
    sys.setprofile(None)
    assert gallery.samples.sample_at(gallery.currentIndex().row()) == 5
    assert calls < 400
    gallery.samples.close()
    store.close()


class NoWalk(list[SampleRecord]):
    """Rows that can be looked up, and not gone through."""

    @override
    def __iter__(self) -> Iterator[SampleRecord]:
        raise AssertionError("gone through")


def test_a_drag_finds_nothing_that_does_not_change_with_it(
    session: Session, make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window("1")
    review = window.review
    qtbot.waitUntil(lambda: review.session is not None)
    opened = review.session
    assert opened is not None
    opened.rows = NoWalk(opened.rows)
    monkeypatch.setattr("gui.review.session.choose_threshold", lambda *_, **__: pytest.fail("looked for again"))
    for threshold in (0.5, 0.7):  # the first one, too: it was found where the run was read
        review.panel.plot.dragged.emit(threshold)
    assert opened.threshold == 0.7
    assert opened.label_free() is not None
    opened.give_up_threshold()
