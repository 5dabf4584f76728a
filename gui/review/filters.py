"""Above the list: search, order, and a chip for each filter with its count."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.review.session import FILTERS, ORDERS
from gui.shell.flow_layout import FlowLayout
from gui.shell.quiet_wheel import QuietWheel
from gui.shell.texts import QT_TRANSLATE_NOOP

FILTER_TEXTS = {
    "all": QT_TRANSLATE_NOOP("FilterBar", "All"),
    "flagged": QT_TRANSLATE_NOOP("FilterBar", "Flagged"),
    "passed": QT_TRANSLATE_NOOP("FilterBar", "Not flagged"),
    "unreviewed": QT_TRANSLATE_NOOP("FilterBar", "Unreviewed"),
    "accepted": QT_TRANSLATE_NOOP("FilterBar", "Accepted"),
    "rejected": QT_TRANSLATE_NOOP("FilterBar", "Rejected"),
    "unreadable": QT_TRANSLATE_NOOP("FilterBar", "Unreadable"),
}
KINDS = (("flagged", "passed", "unreadable"), ("unreviewed", "accepted", "rejected"))
"""Filters that go with each other: one of each."""
ORDER_TEXTS = {
    "score": QT_TRANSLATE_NOOP("FilterBar", "Score"),
    "name": QT_TRANSLATE_NOOP("FilterBar", "Name"),
    "time": QT_TRANSLATE_NOOP("FilterBar", "Time of the photo"),
    "verdict": QT_TRANSLATE_NOOP("FilterBar", "Verdict"),
}


class FilterBar(QWidget):
    """Says what is to be listed, and how it is ordered."""

    searched = Signal(str)
    filtered = Signal(str)
    sorted = Signal(str, bool)
    """Order, and whether the largest comes first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the bar; everything is listed by score."""
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search names"))
        self.search.setAccessibleName(self.tr("Search names"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.searched)
        self.order = QComboBox()
        for name in ORDERS:
            self.order.addItem(self.tr(ORDER_TEXTS[name]), name)
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setMinimumContentsLength(6)  # in a narrow window
        self.order.setAccessibleName(self.tr("Sort by"))
        self.direction = QToolButton()
        self.direction.setCheckable(True)
        self.direction.setChecked(True)
        self.direction.setAccessibleName(self.tr("Largest first"))
        self.direction.setToolTip(self.tr("Turn the order round"))
        self.direction.setArrowType(Qt.ArrowType.DownArrow)
        self.grid = QToolButton()
        self.grid.setText(self.tr("Grid"))
        self.grid.setCheckable(True)
        self.grid.setToolTip(self.tr("Show thumbnails side by side; mark several with Shift or Ctrl"))
        self.grid.setAccessibleName(self.tr("Grid of thumbnails"))
        self.order.currentIndexChanged.connect(lambda _: self._take_order())
        self.direction.toggled.connect(lambda _: self._choose_order())
        self.chips: dict[str, QPushButton] = {}
        self._lay_out()
        QuietWheel(self)
        self.show_counts(dict.fromkeys(FILTERS, 0))

    def _lay_out(self) -> None:
        chips = FlowLayout(spacing=5)
        for name in FILTERS:
            chip = QPushButton()
            chip.setCheckable(True)
            chip.setChecked(name == "all")
            chip.setProperty("role", "chip")
            chip.clicked.connect(lambda _=False, name=name: self._take_chip(name))
            chips.addWidget(chip)
            self.chips[name] = chip
        sorting = QHBoxLayout()
        sorting.addWidget(self.order, 1)
        sorting.addWidget(self.direction)
        sorting.addWidget(self.grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.search)
        layout.addLayout(chips)
        layout.addLayout(sorting)

    def chosen(self) -> str:
        """Return what is chosen: names of `FILTERS`, joined by "+" where a sample has to pass several."""
        names = [name for name, chip in self.chips.items() if chip.isChecked() and name != "all"]
        return "+".join(names) or "all"

    def choose(self, filters: str) -> None:
        """Mark the chips of a filter, without telling."""
        for name, chip in self.chips.items():
            chip.setChecked(name in filters.split("+"))

    def only(self, filters: str) -> None:
        """List by a filter and no other."""
        self.choose(filters)
        self.filtered.emit(filters)

    def _take_chip(self, name: str) -> None:
        """A chip goes with those of the other kinds, and takes the place of its own kind; "all" ends them."""
        if name == "all":
            self.only("all")
            return
        kind = next(kind for kind in KINDS if name in kind)
        for other in kind:
            if other != name:
                self.chips[other].setChecked(False)
        self.only(self.chosen())

    def chosen_order(self) -> tuple[str, bool]:
        """Return the order that is chosen, one of `ORDERS`, and whether the largest comes first."""
        return self.order.currentData(), self.direction.isChecked()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write the number of samples on each chip."""
        for name, chip in self.chips.items():
            chip.setText(f"{self.tr(FILTER_TEXTS[name])} {counts[name]}")
            chip.setAccessibleName(
                self.tr("Show: {filter}, samples: {count}").format(
                    filter=self.tr(FILTER_TEXTS[name]), count=counts[name]
                )
            )

    def reset(self) -> None:
        """List everything by score again, without telling."""
        for widget in (self.search, self.order, self.direction):
            widget.blockSignals(True)
        self.search.clear()
        self.order.setCurrentIndex(0)
        self.direction.setChecked(True)
        self.direction.setArrowType(Qt.ArrowType.DownArrow)
        self.choose("all")
        for widget in (self.search, self.order, self.direction):
            widget.blockSignals(False)

    def _take_order(self) -> None:
        """Names go up from A, everything else down from the largest, until the order is turned round."""
        with QSignalBlocker(self.direction):
            self.direction.setChecked(self.order.currentData() != "name")
        self._choose_order()

    def _choose_order(self) -> None:
        largest_first = self.direction.isChecked()
        self.direction.setArrowType(Qt.ArrowType.DownArrow if largest_first else Qt.ArrowType.UpArrow)
        self.sorted.emit(*self.chosen_order())
