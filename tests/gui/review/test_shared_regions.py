"""Parts that share a region are shown side by side, and an operator says what it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.review.shared_regions import CUT_SIDE, SharedRegions
from gui.window import MainWindow
from inspector.errors import StoreError
from inspector.export.isolates import isolate_words
from inspector.store.groups import FoundGroup
from inspector.store.workspace import Workspace

REGION = (0.4, 0.4, 0.6, 0.6)


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> MainWindow:
    """A run of six parts, of which 1, 3 and 4 share a region, and 0 and 5 another one."""
    store, run_id = make_run()
    found = [FoundGroup(dict.fromkeys((1, 3, 4), REGION), False), FoundGroup(dict.fromkeys((0, 5), REGION), True)]
    store.groups.keep(run_id, found, {})
    store.close()
    made = make_window("1")
    qtbot.waitUntil(lambda: made.review.session is not None)
    return made


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Iterator[SharedRegions]:
    """The dialog, opened as an operator does."""
    window.review.panel.shared.click()
    made = window.review.findChild(SharedRegions)
    assert made is not None
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


def test_button_says_how_many_and_goes_with_the_run(window: MainWindow) -> None:
    assert window.review.panel.shared.text() == "Shared regions: 2…"
    assert "share a region: 3, 2." in window.review.panel.shared.toolTip()
    assert not window.review.panel.shared.isHidden()
    window.review._show_nothing("")
    assert window.review.panel.shared.isHidden()


def test_a_part_whose_photo_is_gone_says_so(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "photos" / "part_3.png").unlink()
    window.review.panel.shared.click()
    dialog = window.review.findChild(SharedRegions)
    assert dialog is not None
    cuts = dialog.cuts[dialog.groups[0].id]

    qtbot.waitUntil(lambda: cuts.item(1).text() == "⚠ part_3.png")

    assert "cannot be read: No such file" in cuts.item(1).toolTip()
    assert cuts.item(0).text() == "part_1.png"
    dialog.close()


def test_members_are_shown_side_by_side_and_lead_to_the_part(
    window: MainWindow, dialog: SharedRegions, qtbot: QtBot
) -> None:
    first = dialog.cuts[dialog.groups[0].id]
    assert [first.item(place).text() for place in range(first.count())] == ["part_1.png", "part_3.png", "part_4.png"]
    assert {said.textFormat() for said in dialog._said.values()} == {Qt.TextFormat.PlainText}  # names stand there

    def is_bright() -> bool:
        image = first.item(2).icon().pixmap(120, 120).toImage()
        found = image.pixelColor(image.width() // 2, image.height() - 6)
        return found.alpha() == 255 and found.lightness() > 128

    qtbot.waitUntil(is_bright)  # the bright disc of the part is there
    cut = first.item(2).icon().pixmap(CUT_SIDE, CUT_SIDE).toImage()
    assert all(
        cut.pixelColor(column, CUT_SIDE - 1).alpha() == 255 for column in (0, CUT_SIDE - 1)
    )  # as large as it may be

    first.itemClicked.emit(first.item(1))
    assert window.review.current == 3


def test_the_time_of_a_mark_stays_behind_who_made_it(dialog: SharedRegions) -> None:
    group = dialog.groups[0].id
    dialog._ask_operator = lambda: "דוד"
    dialog.buttons[group]["defect"].click()

    assert dialog._said[group].text().startswith(f"{isolate_words('דוד')}, 20")


def test_marks_are_kept_with_operator_and_time(window: MainWindow, dialog: SharedRegions) -> None:
    group = dialog.groups[0].id
    dialog.buttons[group]["defect"].click()

    assert window.store is not None
    assert [(mark.operator, mark.new) for mark in window.store.groups.marks(1)] == [("Mia", "defect")]
    marked = {mark: button.isChecked() for mark, button in dialog.buttons[group].items()}
    assert marked == {"defect": True, "accepted": False, "unmarked": False}
    assert dialog._said[group].text().startswith("Mia, 20")

    dialog.buttons[group]["defect"].click()  # the same again is no news
    assert len(window.store.groups.marks(1)) == 1


def test_another_station_was_faster(
    window: MainWindow, dialog: SharedRegions, problems: list[str], qtbot: QtBot
) -> None:
    group = dialog.groups[0].id
    assert window.store is not None
    window.store.groups.mark(group, "Olga", "accepted")

    dialog.buttons[group]["defect"].click()

    assert window.store.groups.of_run(1)[0].mark == "accepted"
    assert dialog.buttons[group]["accepted"].isChecked()
    assert any("Olga" in told for told in problems)


def test_photo_that_is_gone_leaves_its_place_empty(window: MainWindow, tmp_path: Path) -> None:
    session = window.review.session
    assert session is not None
    for row in session.rows:
        (tmp_path / "photos" / row.name).unlink()

    window.review.show_shared()

    dialog = window.review.findChild(SharedRegions)
    assert dialog is not None
    assert dialog.cuts[dialog.groups[0].id].count() == 3
    dialog.close()


def refuse(*_: object, **__: object) -> None:
    raise StoreError("the database is away")


def test_groups_that_cannot_be_read_are_told(
    window: MainWindow, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.store is not None
    monkeypatch.setattr(window.store.groups, "of_run", refuse)

    window.review.panel.shared.click()

    assert problems == ["the database is away"]
    assert window.review.findChild(SharedRegions) is None


@pytest.mark.parametrize("lost", ["mark", "of_run"])
def test_a_store_that_is_away_is_told_once_and_no_mark_is_shown_that_does_not_stand(
    window: MainWindow, dialog: SharedRegions, problems: list[str], monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    assert window.store is not None
    monkeypatch.setattr(window.store.groups, lost, refuse)
    buttons = dialog.buttons[dialog.groups[0].id]

    buttons["defect"].click()

    assert problems == ["the database is away"]
    assert [mark for mark, button in buttons.items() if button.isChecked()] == ["unmarked"]


def test_it_is_opened_once_and_goes_with_its_run(window: MainWindow, qtbot: QtBot) -> None:
    window.review.show_shared()
    window.review.show_shared()
    assert len(window.review.findChildren(SharedRegions)) == 1
    window.open_run(1)
    qtbot.waitUntil(lambda: not window.review.findChildren(SharedRegions))
