"""What is wrong with a line, plainly, at the top: it stays as long as it lasts."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.shell.labels import WrappedLabel
from gui.shell.texts import translate_sentence
from gui.watch.line_state import LineState
from inspector.events import Event
from inspector.export.isolates import remove_isolates

MANY = 10
"""Results that wait for a sink, from which on it is an alarm."""


class AlarmBar(QWidget):
    """A line for each alarm; hidden where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it, hidden."""
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._labels: list[QLabel] = []
        self.hide()

    def texts(self) -> list[str]:
        """Return what is told now."""
        return [label.text() for label in self._labels]

    def show_state(self, state: LineState, engine: str = "") -> None:
        """Show what is wrong; `engine` is a sentence about the engine itself, or ""."""
        told = [engine, *(self.describe(event, state) for event in state.alarms.values()), *self._describe_sinks(state)]
        texts = [f"⚠  {text}" for text in told if text]
        if [remove_isolates(text) for text in texts] == self.texts():
            return
        for label in self._labels:
            label.deleteLater()
        self._labels = [self._make(text) for text in texts]
        self.setVisible(bool(texts))

    def _make(self, text: str) -> QLabel:
        label = WrappedLabel(text)
        label.setProperty("role", "alarm")
        self._layout.addWidget(label)
        return label

    def describe(self, event: Event, state: LineState) -> str:
        """Put a warning into words; those that are about nothing known are the engine's own."""
        texts = {
            "burst": self.tr("Several of the latest parts are flagged: nothing is learnt until parts are good again."),
            "change": self.tr(
                "Change of product? The flagged parts are like each other and unlike all that judge them. "
                "If the product has changed, stop, and watch the folder anew."
            ),
            "alarm": self.tr("Alarm: {count} of the last {total} parts flagged."),
            "away": self.tr("The folder cannot be read; it is looked at again and again."),
            "behind": self.tr("Parts come faster than they are judged: {waiting} wait."),
            "over": self.tr("Parts are good again: the pool goes on learning."),
            "calm": self.tr("The alarm is over: {count} of the last {total} parts flagged."),
            "back": self.tr("The folder can be read again."),
            "level": self.tr("Parts are judged as they come again."),
        }
        if event.stage not in texts:
            return translate_sentence(event.message)
        return texts[event.stage].format(count=event.done, total=event.total, waiting=max(state.waiting, event.total))

    def _describe_sinks(self, state: LineState) -> list[str]:
        said = self.tr("{name}: {count} results wait to be sent. None is lost.")
        return [said.format(name=name, count=count) for name, count in state.sinks.items() if count >= MANY]
