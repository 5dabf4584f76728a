"""The screen of a running scan: stages, counts, time gone and time left, Cancel."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.scanning.arrivals import ArrivalStrip
from gui.scanning.time_left import STAGES, Pace, seconds_left, seconds_left_in_all
from gui.shell.grey import hold_back
from gui.shell.labels import Lines, WrappedLabel
from gui.shell.permits import needs
from gui.shell.texts import translate_message
from inspector.events import Event

FURTHER = ("fetch", "measure", "look")
"""Stages that only some scans have: they show when they begin, and no time left is told of them."""


def clock(seconds: float) -> str:
    """Write seconds as 0:07 or 1:02:03."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


class ProgressScreen(QWidget):
    """Shows the events of a scan."""

    cancel_wanted = Signal()
    look_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], float] = time.monotonic) -> None:
        """Make the screen; `now` gives seconds."""
        super().__init__(parent)
        self._now = now
        self._began = self._stage_began = now()
        self._stage, self._done, self._total, self._first = "", 0, 0, 0
        self.title, self.folder, self.times = QLabel(), WrappedLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.folder.setProperty("role", "dim")
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars: dict[str, QProgressBar] = {}
        self.labels: dict[str, QLabel] = {}
        self.counts: dict[str, QLabel] = {}
        self.warnings = Lines()
        self.warnings.setAccessibleName(self.tr("Warnings"))
        self._warned = QLabel(self.tr("Warnings"))
        self._warned.setProperty("role", "heading")
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Stop the scan; it can be resumed later"))
        self.cancel_button.clicked.connect(self.cancel_wanted)
        needs("verdict", self.cancel_button)
        self.look_button = QPushButton(self.tr("Look at the samples so far"))
        self.look_button.setAccessibleName(self.tr("Look at the samples so far"))
        self.look_button.clicked.connect(self.look_wanted)
        self.arrivals, self._pace = ArrivalStrip(), Pace()
        self._timer = QTimer(self, interval=500)
        self._timer.timeout.connect(self._tell_times)
        self._lay_out()

    def _lay_out(self) -> None:
        self._readings = {
            "photos": self.tr("Reading photos"),
            "clouds": self.tr("Reading clouds"),
            "photos and clouds": self.tr("Reading photos and clouds"),
        }
        texts = {
            "fetch": self.tr("Fetching files"),
            "measure": self.tr("Measuring values"),
            "look": self.tr("Looking at parts"),
            "read": self._readings["photos"],
            "score": self.tr("Mutual scoring"),
            "maps": self.tr("Anomaly maps"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        for row, stage in enumerate(texts):
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setAccessibleName(texts[stage])
            self.bars[stage], self.counts[stage] = bar, QLabel()
            self.counts[stage].setMinimumWidth(110)
            self.labels[stage] = QLabel(texts[stage])
            grid.addWidget(self.labels[stage], row, 0)
            grid.addWidget(bar, row, 1)
            grid.addWidget(self.counts[stage], row, 2)
        self._hide_further()
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.look_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 36, 48, 28)
        layout.setSpacing(14)
        layout.addWidget(self.title)
        layout.addWidget(self.folder)
        layout.addSpacing(10)
        layout.addLayout(grid)
        layout.addWidget(self.times)
        layout.addWidget(self.arrivals)
        layout.addLayout(buttons)
        layout.addSpacing(10)
        layout.addWidget(self._warned)
        layout.addWidget(self.warnings, 1)
        layout.addStretch(1)

    def begin(self, folder: str, pace: Pace | None = None) -> None:
        """Start anew; `pace` is that of an earlier run."""
        self._pace = pace or Pace()
        self.arrivals.open(None)
        self._began = self._stage_began = self._now()
        self._stage, self._done, self._total, self._first = "", 0, 0, 0
        self.title.setText(self.tr("Starting the engine…"))
        self.folder.setText(folder)
        self.warnings.clear()
        for widget in (self._warned, self.warnings):
            widget.hide()
        self._hide_further()
        for stage in self.bars:
            self.bars[stage].setRange(0, 1)
            self.bars[stage].setValue(0)
            self.counts[stage].clear()
        self.bars["read"].setRange(0, 0)  # it moves, though nothing is known yet
        hold_back(self.cancel_button, "")
        hold_back(self.look_button, self.tr("The run has not begun yet."))
        self._timer.start()
        self._tell_times()

    def _hide_further(self) -> None:
        for stage in FURTHER:
            for widget in self._row(stage):
                widget.hide()

    def _row(self, stage: str) -> tuple[QWidget, ...]:
        return self.labels[stage], self.bars[stage], self.counts[stage]

    def show_event(self, event: Event) -> None:
        """Show what the engine said."""
        if event.kind == "run":
            self.title.setText(self.tr("Scanning, run {number}").format(number=event.message))
            hold_back(self.look_button, "")
        elif event.kind == "warning":
            for widget in (self._warned, self.warnings):
                widget.show()
            self.warnings.appendPlainText(translate_message(event.message))
        elif event.kind == "progress" and event.stage in self.bars:
            self._show_stage(event)

    def cancelling(self) -> None:
        """Say that the engine was asked to stop."""
        self.title.setText(self.tr("Stopping…"))
        hold_back(self.cancel_button, self.tr("Stopping…"))

    def end(self) -> None:
        """Stop the clock, and what moves."""
        self._timer.stop()
        self.bars["read"].setRange(0, max(1, self.bars["read"].maximum()))
        hold_back(self.cancel_button, self.tr("The scan is over."))

    def _show_stage(self, event: Event) -> None:
        if event.stage != self._stage:
            self._stage, self._stage_began, self._first = event.stage, self._now(), 0
        if event.done and not self._first:
            self._stage_began, self._first = self._now(), event.done
        self._done, self._total = event.done, event.total
        if event.stage == "read" and event.message in self._readings:
            self.labels["read"].setText(self._readings[event.message])
            self.bars["read"].setAccessibleName(self._readings[event.message])
        for widget in self._row(event.stage):
            widget.show()
        bar = self.bars[event.stage]
        bar.setRange(0, max(1, event.total))
        bar.setValue(event.done)
        self.counts[event.stage].setText(f"{event.done} / {event.total}")
        self._tell_times()

    def _tell_times(self) -> None:
        now = self._now()
        gone = self.tr("{time} elapsed").format(time=clock(now - self._began))
        spent = now - self._stage_began
        left = seconds_left(spent, self._done, self._total, self._first)
        if left is None or self._stage not in STAGES:
            self.times.setText(gone)
        else:
            each = spent / (self._done - self._first)
            whole = seconds_left_in_all(self._stage, left, each, self._total, self._pace)
            rest = self.tr("about {time} left").format(time=clock(whole))
            self.times.setText(f"{gone}, {rest}")
        self.arrivals.look()
