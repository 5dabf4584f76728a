"""Fields of a camera that takes the photos of a watched folder: which one, and when it takes one."""

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from gui.shell.grey import hold_back
from gui.watch.choice import WatchChoice

When = Literal["camera", "clock", "message"]
"""What has a photo taken: the camera itself, time, or a message of MQTT."""


class CameraFields(QWidget):
    """Asks for a camera; where none is named, photos arrive in the folder by themselves."""

    changed = Signal()

    def __init__(self, proposed: WatchChoice, parent: QWidget | None = None) -> None:
        """Ask; the fields hold what is proposed."""
        super().__init__(parent)
        self.source = QLineEdit(proposed.source)
        self.source.setPlaceholderText(self.tr("none: photos arrive by themselves"))
        self.source.setAccessibleName(self.tr("Camera that takes photos into the folder"))
        self.source.setToolTip(
            self.tr("0 or /dev/video0, genicam:PRODUCER.cti, or file:FILM; docs/line.md says what each is")
        )
        self.when = QComboBox()
        self.when.setAccessibleName(self.tr("When a photo is taken"))
        self.when.addItem(self.tr("whenever the camera gives a photo"), "camera")
        self.when.addItem(self.tr("by the clock, every"), "clock")
        self.when.addItem(self.tr("at each message of MQTT"), "message")
        self.every = QDoubleSpinBox()
        self.every.setRange(0.05, 86_400)
        self.every.setSuffix(" s")
        self.every.setValue(1.0 if proposed.every is None else proposed.every)
        self.every.setAccessibleName(self.tr("Seconds from one photo to the next"))
        self.message = QLineEdit(proposed.trigger)
        self.message.setPlaceholderText("mqtt://broker.example/line1/part")
        self.message.setAccessibleName(self.tr("Address of the messages"))
        when: When = "clock" if proposed.every is not None else "message" if proposed.trigger else "camera"
        self.when.setCurrentIndex(self.when.findData(when))
        self._lay_out()
        self.source.textChanged.connect(self._turn)
        self.message.textChanged.connect(self._turn)
        self.when.currentIndexChanged.connect(self._turn)
        self._turn()

    def add_to(self, choice: WatchChoice) -> WatchChoice:
        """Return a choice with what the fields say."""
        source, when = self.source.text().strip(), self.when.currentData()
        return replace(
            choice,
            source=source,
            every=self.every.value() if source and when == "clock" else None,
            trigger=self.message.text().strip() if source and when == "message" else "",
        )

    def _lay_out(self) -> None:
        trigger = QHBoxLayout()
        trigger.addWidget(self.when)
        trigger.addWidget(self.every)
        trigger.addWidget(self.message, 1)
        trigger.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # no higher than its fields
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.source)
        layout.addLayout(trigger)

    def _turn(self) -> None:
        """Offer what belongs to what was chosen."""
        none = "" if self.source.text().strip() else self.tr("Name a camera first.")
        hold_back(self.when, none)
        self.every.setVisible(self.when.currentData() == "clock")
        self.message.setVisible(self.when.currentData() == "message")
        for field in (self.every, self.message):
            hold_back(field, none)
        self.changed.emit()
