"""An engineer looks at the pool of a line, takes parts out and keeps others for good."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.watch.pool_dialog import PoolDialog, read_pool
from inspector.export.isolates import isolate_path
from inspector.store.workspace import Workspace


@pytest.fixture
def dialog(line: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> PoolDialog:
    monkeypatch.setattr("gui.watch.pool_dialog.confirm", lambda *_: True)
    shown = PoolDialog(line, 1, lambda: "Mia")
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: shown.members.count() == 4)
    return shown


def texts(dialog: PoolDialog) -> list[list[str]]:
    return [dialog.members.item(row).text().splitlines() for row in range(dialog.members.count())]


def test_members_are_shown_with_since_when_and_why(dialog: PoolDialog) -> None:
    found = texts(dialog)

    assert [(name, why) for name, _, why in found] == [
        ("part_1.png", "warm-up"),
        ("part_2.png", "warm-up"),
        ("part_3.png", "warm-up"),
        ("part_4.png", "learnt"),
    ]
    assert all(time.startswith("2026-03-0") for _, time, _ in found)
    assert not dialog.members.item(0).icon().isNull()
    assert dialog.about.text().startswith("Parts that judge those to come: 4.")
    assert not dialog.out.isEnabled()


def test_what_is_copied_of_a_member_is_as_it_was_given(dialog: PoolDialog) -> None:
    item = dialog.members.item(0)
    dialog.members.setCurrentItem(item)
    (member, *_), told = read_pool(dialog._store, 1).members, "קטע 1.png"
    item.setText(dialog._describe(replace(member, sample=replace(member.sample, name=told))))

    QTest.keySequence(dialog.members, QKeySequence.StandardKey.Copy)

    assert QGuiApplication.clipboard().text().startswith(f"{told}\n2026")
    shown = dialog.members.itemDelegate().displayText(item.text(), QLocale())  # type: ignore[attr-defined]
    assert shown.startswith(f"{isolate_path(told)}\u20282026")


def test_part_is_taken_out_when_that_is_confirmed(
    dialog: PoolDialog, line: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.members.item(2).setSelected(True)
    monkeypatch.setattr("gui.watch.pool_dialog.confirm", lambda *_: False)
    dialog.out.click()
    assert line.pools.changes(1) == []

    monkeypatch.setattr("gui.watch.pool_dialog.confirm", lambda *_: True)
    dialog.out.click()

    (change,) = line.pools.changes(1)
    assert (change.position, change.operator, change.new) == (3, "Mia", "taken out")
    qtbot.waitUntil(lambda: dialog.changes.toPlainText().endswith("Mia took part_3.png out"))


def test_part_is_kept_for_good(dialog: PoolDialog, line: Workspace, qtbot: QtBot) -> None:
    dialog.members.item(1).setSelected(True)
    dialog.keep.click()
    (change,) = line.pools.changes(1)
    assert (change.position, change.new) == (2, "put in")

    state = line.watches.get(1).pool  # as the engine does
    assert state is not None
    line.pools.keep(1, {**state, "by_hand": [2]})
    dialog.read()

    qtbot.waitUntil(lambda: texts(dialog)[1][2] == "put in by Mia")
    marked = dialog.marked()
    assert marked is not None
    assert marked.sample.position == 2  # it is still marked
    assert not dialog.keep.isEnabled()


def test_run_that_was_never_watched_is_told(line: Workspace, qtbot: QtBot) -> None:
    dialog = PoolDialog(line, 99, lambda: "Mia")
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.problem) as told:
        dialog.read()
    dialog.reject()

    assert told.args == ["run 99 is a scan of a batch, not a watched folder"]
