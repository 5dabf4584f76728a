"""Columns of a table: as wide as what they hold, one takes the rest, and each can be made wider or narrower by hand."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHeaderView, QTreeWidget
from typing_extensions import override

LEAST = 60
"""Pixels of the column that takes the rest."""


class FittedColumns(QObject):
    """Gives the columns of a table their widths; those that were changed by hand keep theirs."""

    def __init__(self, table: QTreeWidget, rest: int) -> None:
        """Serve a table, of which column `rest` takes the room that the others leave."""
        super().__init__(table)
        self._table, self._rest = table, rest
        self._own: set[int] = set()
        self._fitting = False
        header = table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._note)
        table.viewport().installEventFilter(self)

    def fit(self) -> None:
        """Follow what the table holds now."""
        self._fitting = True
        for column in range(self._table.columnCount()):
            if column != self._rest and column not in self._own and not self._table.isColumnHidden(column):
                self._table.resizeColumnToContents(column)
        self._fitting = False
        self._fill()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the table."""
        if event.type() == QEvent.Type.Resize:
            self._fill()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        if self._rest in self._own:
            return
        header = self._table.header()
        taken = sum(header.sectionSize(column) for column in range(header.count()) if column != self._rest)
        self._fitting = True
        header.resizeSection(self._rest, max(LEAST, self._table.viewport().width() - taken))
        self._fitting = False

    def _note(self, column: int, before: int, now: int) -> None:
        """A column was resized; one that is hidden or comes back was not by hand."""
        if not self._fitting and before and now:
            self._own.add(column)
            self._fill()
