"""Where the part was found is drawn around it while regions are shown."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.geometry.placement import Placement
from inspector.store.part_models import save_boxes
from inspector.store.workspace import Workspace


def outline(window: MainWindow) -> QRectF:
    """The line that is seen; empty where there is none."""
    item = window.review.viewer.main_view._box
    return item.path().boundingRect() if item.isVisible() else QRectF()


def test_box_of_the_part_is_drawn_with_the_regions(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    store, run_id = make_run()
    save_boxes(store, run_id, {0: Placement(40, 30, 20, 10, 90)})
    window = make_window("1")
    review = window.review
    qtbot.waitUntil(lambda: review.viewer.main_view.picture() is not None, timeout=10_000)
    assert outline(window).isEmpty()  # nobody asked for it

    review.viewer.boxes.setChecked(True)

    found = outline(window)
    assert (found.x(), found.y(), found.width(), found.height()) == pytest.approx((35, 20, 10, 20))

    window.menus.actions["next"].trigger()
    qtbot.waitUntil(lambda: outline(window).isEmpty(), timeout=10_000)  # the next part has no box
    store.close()
