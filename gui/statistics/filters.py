"""What the statistics are about: span of time, product, lot, station, operator, shift, and what a point is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLabel, QVBoxLayout, QWidget

from gui.shell.flow_layout import FlowLayout
from inspector.statistics.selection import FIELDS, GROUPINGS, GroupBy, Selection, begin_of, end_of

LEAST_WIDTH = 130
"""Pixels of a field."""


class Filters(QWidget):
    """Fields in lines; `changed` tells that something else is asked for."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the fields; the names to choose from come later."""
        super().__init__(parent)
        self.span, self.shift, self.by = QComboBox(), QComboBox(), QComboBox()
        self.boxes = {name: QComboBox() for name in FIELDS}
        today = QDate.currentDate()
        self.first, self.last = QDateEdit(today.addMonths(-1)), QDateEdit(today)
        for edit in (self.first, self.last):
            edit.setDisplayFormat("yyyy-MM-dd")  # as all dates of the app
            edit.setMinimumHeight(self.span.sizeHint().height())
        self._fill_span()
        self.by.addItems([self.tr("run"), self.tr("shift"), self.tr("day")])
        self._lay_out()
        for box in (self.span, self.shift, self.by, *self.boxes.values()):
            box.currentIndexChanged.connect(lambda _: self._tell())
        for edit in (self.first, self.last):
            edit.dateChanged.connect(lambda _: self._tell())
        self._show_days()

    def _fill_span(self) -> None:
        """Days that count, today among them; None = all, 0 = those that are chosen."""
        for text, days in (
            (self.tr("all"), None),
            (self.tr("today"), 1),
            (self.tr("last 7 days"), 7),
            (self.tr("last 30 days"), 30),
            (self.tr("last 90 days"), 90),
            (self.tr("chosen days"), 0),
        ):
            self.span.addItem(text, days)

    def _lay_out(self) -> None:
        names = {
            "product": self.tr("Product"),
            "folder": self.tr("Folder"),
            "lot": self.tr("Lot"),
            "station": self.tr("Station"),
            "operator": self.tr("Operator"),
        }
        layout = FlowLayout(spacing=8)
        self.setLayout(layout)
        self._days = [_label(self.tr("First day"), self.first), _label(self.tr("Last day"), self.last)]
        layout.addWidget(_label(self.tr("Time"), self.span))
        for widget in self._days:
            layout.addWidget(widget)
        self._holders = {name: _label(names[name], box) for name, box in self.boxes.items()}
        for holder in self._holders.values():
            layout.addWidget(holder)
        layout.addWidget(_label(self.tr("Shift"), self.shift))
        layout.addWidget(_label(self.tr("A point is a"), self.by))

    def offer(self, choices: Mapping[str, Sequence[str]], shifts: Sequence[str]) -> None:
        """Offer names to choose from; what was chosen stays, where it is still there."""
        for name, box in self.boxes.items():
            _refill(box, self.tr("all"), choices[name])
            self._holders[name].setVisible(bool(choices[name]) or box.currentIndex() > 0)
        _refill(self.shift, self.tr("all"), shifts)

    def selection(self) -> Selection:
        """Return what is chosen."""
        return Selection(
            **{name: box.currentData() for name, box in self.boxes.items()}, shift=self.shift.currentData()
        )

    def grouping(self) -> GroupBy:
        """Return what a point of the chart is."""
        return GROUPINGS[self.by.currentIndex()]

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day that count; None = no limit."""
        days = self.span.currentData()
        if days is None:
            return None, None
        if days:
            return today - timedelta(days=days - 1), today
        return _as_date(self.first.date()), _as_date(self.last.date())

    def moments(self, today: date) -> tuple[datetime | None, datetime | None]:
        """Return when samples count, from and before."""
        first, last = self.days(today)
        return begin_of(first), end_of(last)

    def describe(self, today: date) -> list[tuple[str, str]]:
        """Return what is chosen, as names and values."""
        first, last = self.days(today)
        told = [] if first is None or last is None else [(self.tr("Time"), f"{first} – {last}")]
        for widget in self.findChildren(QComboBox):
            if widget not in (self.span, self.by) and widget.currentIndex() > 0:
                told.append((widget.accessibleName(), widget.currentText()))
        return told

    def _tell(self) -> None:
        self._show_days()
        self.changed.emit()

    def _show_days(self) -> None:
        for widget in self._days:
            widget.setVisible(self.span.currentData() == 0)


def _label(name: str, field: QWidget) -> QWidget:
    holder = QWidget()
    caption = QLabel(name)
    caption.setProperty("role", "dim")
    caption.setBuddy(field)
    field.setAccessibleName(name)
    field.setMinimumWidth(LEAST_WIDTH)
    field.setMaximumWidth(2 * LEAST_WIDTH)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(caption)
    layout.addWidget(field)
    return holder


def _refill(box: QComboBox, everything: str, names: Sequence[str]) -> None:
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    box.addItem(everything, None)
    for name in names if chosen is None or chosen in names else [*names, chosen]:
        box.addItem(name, name)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)


def _as_date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
