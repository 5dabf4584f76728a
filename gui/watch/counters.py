"""Numbers of a line: parts, flagged ones, the reject rate, and how far the warm-up is."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from gui.shell.labels import WrappedLabel
from gui.watch.alarm_bar import MANY
from gui.watch.line_state import LATEST, LineState


class Counters(QWidget):
    """Shows what a `LineState` counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it with zeros."""
        super().__init__(parent)
        self.values: dict[str, QLabel] = {}
        titles = {
            "judged": self.tr("Judged"),
            "flagged": self.tr("Flagged"),
            "rate": self.tr("Reject rate, last {count}").format(count=LATEST),
            "unreadable": self.tr("Unreadable"),
            "waiting": self.tr("Waiting"),
        }
        row = QHBoxLayout()
        row.setSpacing(28)
        for name, text in titles.items():
            column = QVBoxLayout()
            column.setSpacing(0)
            title, value = QLabel(text), QLabel("0")
            title.setProperty("role", "dim")
            value.setProperty("role", "number")
            value.setAccessibleName(text)
            column.addWidget(value)
            column.addWidget(title)
            row.addLayout(column)
            self.values[name] = value
        row.addStretch(1)
        self.learning = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName(self.tr("Warm-up"))
        column = QVBoxLayout()
        column.addWidget(self.learning)
        column.addWidget(self.bar)
        row.addLayout(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        self.sinks = WrappedLabel()
        self.sinks.setProperty("role", "dim")
        layout.addWidget(self.sinks)
        self.show_state(LineState())

    def show_state(self, state: LineState) -> None:
        """Show the numbers."""
        rate = state.reject_rate
        numbers = {
            "judged": str(state.readable),
            "flagged": str(state.flagged),
            "rate": "–" if rate is None else self.locale().toString(100 * rate, "f", 1) + " %",
            "unreadable": str(state.unreadable),
            "waiting": str(state.waiting),
        }
        for name, text in numbers.items():
            self.values[name].setText(text)
        for widget in (self.learning, self.bar):
            widget.setVisible(state.warm_up is not None)
        if state.warm_up is not None:
            done, total = state.warm_up
            self.learning.setText(self.tr("Learning {done} of {total}").format(done=done, total=total))
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
        waiting = [f"{name}: {count}" for name, count in state.sinks.items() if 0 < count < MANY]
        self.sinks.setText(self.tr("Waiting to be sent – {sinks}").format(sinks=", ".join(waiting)))
        self.sinks.setVisible(bool(waiting))
