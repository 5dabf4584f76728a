"""What tests of the review share."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> MainWindow:
    """The review of six parts with scores 1, .8, .6, .4, .2, 0 and the threshold 0.9; the first one can be judged."""
    make_run()[0].close()
    made = make_window("1")
    qtbot.waitUntil(lambda: made.review.session is not None)
    wait_for_photo(made, qtbot)
    return made
