"""After X a digit says what is wrong with the part; digits that are typed are text."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.review.class_editor import ClassEditor
from gui.shell.keys import conflicts
from gui.window import MainWindow
from inspector.data.samples import Batch, Sample
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]], make_window: Callable[..., MainWindow], qtbot: QtBot
) -> MainWindow:
    store, _ = make_run()
    store.classes.save(["dent", "scratch"])
    store.close()
    made = make_window("1")
    made.activateWindow()
    wait_for_photo(made, qtbot)
    return made


def press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        wait_for_photo(window, qtbot)
        QTest.keyClick(QApplication.focusWidget() or window, key)


def said(window: MainWindow) -> list[tuple[str, str]]:
    assert window.store is not None
    return [(verdict.new, verdict.defect_class) for verdict in window.store.verdicts.of_run(1)]


def test_a_digit_after_x_is_the_class_of_the_part_before(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    first = review.current

    press(window, qtbot, Qt.Key.Key_X)
    assert review.current != first
    assert review.class_bar.isVisible()
    assert review.class_bar.told.text() == "part_0.png rejected, class:"
    press(window, qtbot, Qt.Key.Key_2)

    assert said(window) == [("rejected", ""), ("rejected", "scratch")]
    assert [button.isChecked() for button in review.class_bar.buttons] == [False, True]
    assert review.session is not None
    assert first is not None
    assert review.session.verdicts.defect_class(first) == "scratch"
    press(window, qtbot, Qt.Key.Key_A)
    assert not review.class_bar.isVisible(), "the next verdict ends it"
    press(window, qtbot, Qt.Key.Key_1)
    assert said(window)[2:] == [("accepted", "")]


def test_a_digit_without_a_rejection_does_nothing_but_a_hint(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_1)

    assert said(window) == []
    assert window.review.verdict_bar.hint.text() == "1 to 9 give a class after a rejection"
    press(window, qtbot, Qt.Key.Key_X, Qt.Key.Key_7)
    assert said(window) == [("rejected", "")]
    assert window.review.verdict_bar.hint.text() == "There is no class 7"


def test_going_on_by_hand_ends_it_and_a_rejected_part_can_be_classed_later(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_X, Qt.Key.Key_N)
    assert not window.review.class_bar.isVisible()
    press(window, qtbot, Qt.Key.Key_1)
    assert said(window) == [("rejected", "")]

    window.review.list.show(0)
    wait_for_photo(window, qtbot)
    window.review.class_bar.buttons[0].click()

    assert said(window)[1:] == [("rejected", "dent")]
    assert "rejected: dent" in window.review.panel.history.item(0).text()


def test_digits_that_are_typed_are_text(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_X)
    for field in (window.review.filters.search, window.review.panel.comment):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_1)
        assert field.text() == "1"
        field.clear()

    assert said(window) == [("rejected", "")]


def test_a_class_is_taken_back_and_given_again(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_X, Qt.Key.Key_1)
    review = window.review

    review.verdicts.undo()
    assert review.session is not None
    assert (review.session.verdict(0), review.session.verdicts.defect_class(0)) == ("rejected", "")
    review.verdicts.undo()
    assert review.session.verdict(0) == "undecided"
    review.verdicts.redo()
    review.verdicts.redo()

    assert (review.session.verdict(0), review.session.verdicts.defect_class(0)) == ("rejected", "dent")
    assert window.store is not None
    assert window.store.classes.count(1) == {"dent": 1}


def test_the_list_is_edited_one_a_line(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_X)
    window.review.classes.edit()
    (dialog,) = window.findChildren(ClassEditor)
    dialog.text.setPlainText("burr\nburr")
    assert dialog.message.text()
    dialog.text.setPlainText("burr\n\nstain ")
    assert not dialog.message.text()

    dialog.accept()

    assert window.store is not None
    assert window.store.classes.all() == ["burr", "stain"]
    assert [button.text() for button in window.review.class_bar.buttons] == ["1  burr", "2  stain"]


def test_a_list_that_another_station_changed_is_told(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_X)
    assert window.store is not None
    window.review.classes.edit()
    (dialog,) = window.findChildren(ClassEditor)
    dialog.text.setPlainText("burr")
    window.store.classes.save(["dent", "stain"])

    dialog.accept()

    assert "they are dent, stain now" in dialog.refusal.text()
    assert (dialog.isVisible(), dialog.text.toPlainText()) == (True, "burr")
    dialog.reject()
    assert window.store.classes.all() == ["dent", "stain"]
    assert [button.text() for button in window.review.class_bar.buttons] == ["1  dent", "2  stain"]


def test_list_of_the_recipe_wins_and_is_what_is_edited(window: MainWindow) -> None:
    store = window.store
    assert store is not None
    recipe = Recipe(name="gear", classes=["tooth", "crack"])
    store.recipes.save(recipe)
    batch = Batch(store.folder, (Sample("a.png", image=store.folder / "a.png"),))
    run = store.runs.get(store.runs.create(batch, ScanSettings(), recipe))

    assert store.classes.of_run(run) == ["tooth", "crack"]
    store.classes.save_of_run(run, ["tooth", "bent"])
    assert store.recipes.get("gear").classes == ["tooth", "bent"]
    assert store.classes.of_run(run) == ["tooth", "bent"]
    assert store.classes.all() == ["dent", "scratch"]
    store.recipes.delete("gear")
    assert store.classes.of_run(run) == ["tooth", "crack"], "what the run was begun with"


def test_commands_cannot_have_the_keys_of_classes() -> None:
    assert conflicts({"actual": ["1"], "fit": ["F"]}) == {"1": ["classes", "actual"]}
