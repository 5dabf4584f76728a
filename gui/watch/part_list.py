"""The list of a line: a row for each part, the newest at the top."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget
from typing_extensions import override

from gui.shell.columns import FittedColumns
from gui.shell.labels import NameDelegate
from gui.shell.numbers import show_number
from gui.shell.texts import on_one_line, show_letters, translate_sentence
from gui.shell.theme import tones
from gui.watch.line_state import LISTED, ListedPart
from inspector.export.isolates import isolate_path

POSITION = Qt.ItemDataRole.UserRole

NAME = 16
"""Signs of a name that are to be seen; where they are not, the time gives way."""


class PartList(QTreeWidget):
    """Shows parts and tells which one is picked."""

    picked = Signal(int)
    """Position of a part that the operator chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.setHeaderLabels([self.tr("Time"), self.tr("Part"), self.tr("Score"), "", self.tr("Verdict")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAccessibleName(self.tr("Parts, the newest first"))
        self._columns = FittedColumns(self, rest=1)
        self.setItemDelegateForColumn(1, NameDelegate(self))
        self.headerItem().setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._words = {"ok": self.tr("OK"), "ng": self.tr("NG"), "unreadable": self.tr("unreadable")}
        self._said = {"accepted": self.tr("accepted"), "rejected": self.tr("rejected"), "undecided": ""}
        self.itemSelectionChanged.connect(self._tell)
        self.setMinimumWidth(340)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the time where there is room for it."""
        super().resizeEvent(event)
        self._make_room()

    def show_parts(self, parts: Sequence[ListedPart], verdicts: dict[int, str]) -> None:
        """Show parts anew; given the oldest first."""
        self.blockSignals(True)
        self.clear()
        self.insertTopLevelItems(0, [self._make(part, verdicts) for part in reversed(parts)])
        self.blockSignals(False)
        self._make_room()

    def add(self, part: ListedPart) -> None:
        """Put a part at the top."""
        self.insertTopLevelItem(0, self._make(part, {}))
        while (last := self.topLevelItemCount() - 1) >= LISTED:
            item = self.topLevelItem(last)
            if item is not None and (item.isSelected() or item is self.currentItem()):
                self.forget_choice()  # else the row above would be chosen
            self.takeTopLevelItem(last)
        self._make_room()

    def show_verdict(self, position: int, verdict: str) -> None:
        """Show what was said of a part."""
        for row in range(self.topLevelItemCount()):
            item = self.topLevelItem(row)
            if item is not None and item.data(0, POSITION) == position:
                item.setText(4, self._said[verdict])
                self._make_room()
                return

    def forget_choice(self) -> None:
        """Mark no part."""
        self.blockSignals(True)
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self.blockSignals(False)

    def _make_room(self) -> None:
        others = sum(max(self.sizeHintForColumn(each), self.header().sectionSizeHint(each)) for each in (0, 2, 3, 4))
        room = self.viewport().width() - others
        self.setColumnHidden(0, room < NAME * self.fontMetrics().averageCharWidth())
        self._columns.fit()

    def _make(self, part: ListedPart, verdicts: dict[int, str]) -> QTreeWidgetItem:
        score = "" if part.score is None else show_number(part.score)
        said = self._said[verdicts.get(part.position, "undecided")]
        local = part.time.astimezone()
        item = QTreeWidgetItem([f"{local:%H:%M:%S}", on_one_line(part.name), score, self._words[part.verdict], said])
        item.setData(0, POSITION, part.position)
        item.setToolTip(1, show_letters(translate_sentence(part.reason) or isolate_path(part.name)))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if part.verdict != "ok":
            font = self.font()
            font.setBold(True)
            item.setFont(3, font)
            item.setForeground(3, self._bad_colour())
        return item

    def _bad_colour(self) -> QColor:
        return QColor(tones(self.palette()).rejected)

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Colour the parts that are there for another theme, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for row in range(self.topLevelItemCount()):
                item = self.topLevelItem(row)
                if item is not None and item.font(3).bold():
                    item.setForeground(3, self._bad_colour())

    def _tell(self) -> None:
        chosen = self.selectedItems()
        if chosen:
            self.picked.emit(chosen[0].data(0, POSITION))
