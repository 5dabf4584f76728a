"""The list on the screen: rows or cells, one current sample, several marked ones."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QWidget
from typing_extensions import override

from gui.review.gallery_model import GalleryModel, Index
from gui.review.row_painter import RowPainter
from gui.shell.painting import painting
from gui.shell.theme import tones


class Gallery(QListView):
    """The list on the screen."""

    chosen = Signal(int)
    """A sample was made the current one."""
    pressed_early = Signal(object)
    """A key was pressed while no run is there yet: a copy of the `QKeyEvent`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self.samples = GalleryModel(self)
        self.setModel(self.samples)
        self._rows = RowPainter(self)
        self._row_height = 0
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Samples"))
        self.setMouseTracking(True)

    def select_sample(self, sample: int | None) -> None:
        """Make a sample the current one, where it is listed."""
        row = self.samples.row_of(sample)
        if row is None:
            self.clearSelection()
            return
        index = self.samples.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def marked(self) -> list[int]:
        """Return the marked samples, in their order on the screen."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [sample for row in rows if (sample := self.samples.sample_at(row)) is not None]

    def mark(self, samples: Sequence[int]) -> None:
        """Mark more samples, where they are listed; the current one stays."""
        listed = QItemSelection()  # at one go: each further selection is compared with all before
        for sample in samples:
            row = self.samples.row_of(sample)
            if row is not None:
                listed.select(self.samples.index(row), self.samples.index(row))
        self.selectionModel().select(listed, QItemSelectionModel.SelectionFlag.Select)

    def show_grid(self, cells: QStyledItemDelegate | None) -> None:
        """Show cells that `cells` paints, or rows (None); the current sample stays in sight."""
        on = cells is not None
        self.setViewMode(QListView.ViewMode.IconMode if on else QListView.ViewMode.ListMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust if on else QListView.ResizeMode.Fixed)
        self.setUniformItemSizes(True)
        self.setItemDelegate(cells or self._rows)
        self.scrollTo(self.currentIndex())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names a second line where the list got too narrow for them, and take it back."""
        super().resizeEvent(event)
        height = self.sizeHintForRow(0)
        if height != self._row_height:
            self._row_height = height
            self.scheduleDelayedItemsLayout()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; say so where filter and search leave none."""
        super().paintEvent(event)
        session = self.samples.session
        if session is None or self.samples.rowCount():
            return
        nothing_found = self.tr("No sample matches filter and search.")
        text = nothing_found if session.rows else self.tr("This run holds no samples.")
        area = self.viewport().rect().adjusted(16, 16, -16, -16)
        with painting(self.viewport()) as painter:
            painter.setPen(QColor(tones(self.palette()).dim))
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the list."""
        if self.samples.session is None:
            self.pressed_early.emit(event.clone())
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Get the keys as by a click: Qt would else bring the first sample up where the current one is not listed."""
        super().focusInEvent(QFocusEvent(event.type(), Qt.FocusReason.MouseFocusReason))

    @override
    def keyboardSearch(self, search: str) -> None:
        """Look for nothing: a finger beside the key of a verdict must not bring another part up."""

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which sample is looked at."""
        super().currentChanged(current, previous)
        sample = self.samples.sample_at(current.row())
        if sample is not None:
            self.chosen.emit(sample)
