"""Columns that fit, and stay as somebody made them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gui.shell.columns import FittedColumns


@pytest.fixture
def table(qtbot: QtBot) -> QTreeWidget:
    made = QTreeWidget()
    qtbot.addWidget(made)
    made.setHeaderLabels(["Run", "Folder", "State"])
    made.resize(400, 200)
    made.show()
    return made


def widths(table: QTreeWidget) -> list[int]:
    return [table.columnWidth(column) for column in range(3)]


def test_one_column_takes_what_the_others_leave(table: QTreeWidget) -> None:
    columns = FittedColumns(table, rest=1)
    table.addTopLevelItem(QTreeWidgetItem(["12", "/lots/a", "done"]))
    columns.fit()
    assert sum(widths(table)) == table.viewport().width()
    table.resize(500, 200)
    assert sum(widths(table)) == table.viewport().width()


def test_a_column_that_was_made_wider_by_hand_stays_so(table: QTreeWidget) -> None:
    columns = FittedColumns(table, rest=1)
    columns.fit()
    header = table.header()
    edge = QPoint(header.sectionViewportPosition(2) - 1, header.height() // 2)
    before = widths(table)
    for act, by in ((QTest.mousePress, 0), (QTest.mouseMove, 50), (QTest.mouseRelease, 50)):
        spot = edge + QPoint(by, 0)
        if act is QTest.mouseMove:
            QTest.mouseMove(header.viewport(), spot)
        else:
            act(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    wider = widths(table)
    assert wider[1] >= before[1] + 40
    table.addTopLevelItem(QTreeWidgetItem(["12", "/lots/a", "a long state of a run"]))
    columns.fit()
    assert widths(table)[1] == wider[1]
