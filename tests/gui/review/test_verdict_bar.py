"""Only the verdict that stands is drawn as chosen; a key that is held down says nothing twice."""

from collections.abc import Callable

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.review.verdict_bar import VerdictBar
from gui.window import MainWindow
from inspector.store.workspace import Workspace


def fills(bar: VerdictBar) -> dict[str, QColor]:
    """The colour of each button beside its text."""
    found = {}
    for name, button in bar.buttons.items():
        image = button.grab().toImage()
        found[name] = image.pixelColor(10, image.height() // 2)
    return found


def test_only_the_standing_verdict_is_filled(qtbot: QtBot) -> None:
    bar = VerdictBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.mark("")
    plain = fills(bar)

    for verdict in ("accepted", "rejected", "undecided", "accepted"):
        bar.mark(verdict)
        now = fills(bar)
        assert {name for name in now if now[name] != plain[name]} == {verdict}

    bar.close()


def test_a_click_alone_marks_nothing(qtbot: QtBot) -> None:
    bar = VerdictBar()
    qtbot.addWidget(bar)
    bar.mark("accepted")
    said: list[str] = []
    bar.given.connect(said.append)

    bar.buttons["rejected"].click()
    bar.buttons["accepted"].click()

    assert said == ["rejected", "accepted"]
    assert [name for name, button in bar.buttons.items() if button.isChecked()] == ["accepted"]


def test_held_keys_go_on_but_judge_once(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow]
) -> None:
    make_run()[0].close()
    window = make_window("1")

    repeating = {name for name, action in window.menus.actions.items() if action.autoRepeat()}

    assert repeating == {"next", "previous", "next_region", "previous_region", "zoom_in", "zoom_out"}
