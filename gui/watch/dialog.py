"""Before a folder is watched: which one, what judges at first, and where results go."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.name_box import make_name_box
from gui.shell.path_field import PathField, say_why_no_folder
from gui.shell.room import open_at
from gui.watch.camera_fields import CameraFields
from gui.watch.choice import Start, WatchChoice, usable_presets


class WatchDialog(QDialog):
    """Asks how to watch a folder. `choice` holds the answer once it is accepted."""

    def __init__(
        self, proposed: WatchChoice, runs: dict[int, str], parent: QWidget | None = None, *, recipes: Sequence[str] = ()
    ) -> None:
        """Ask.

        Args:
            proposed: what the fields hold at first.
            runs: finished runs whose good parts could judge, by number, with what they are called.
            parent: owner.
            recipes: names of the recipes that go on a line.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Watch a folder"))
        open_at(self, 760, 640)
        self.path, self.golden = PathField(proposed.folder), PathField(proposed.golden)
        self.path.setAccessibleName(self.tr("Folder that photos of like parts arrive in"))
        self.golden.setAccessibleName(self.tr("Folder of known good parts"))
        self.starts: dict[Start, QRadioButton] = {
            "warm-up": QRadioButton(self.tr("the first parts, compared with each other")),
            "golden": QRadioButton(self.tr("known good parts of a folder")),
            "like": QRadioButton(self.tr("the good parts of a reviewed run")),
        }
        self.warm_up = QSpinBox()
        self.warm_up.setRange(2, 1000)
        self.warm_up.setValue(proposed.warm_up)
        self.warm_up.setAccessibleName(self.tr("Parts of the warm-up"))
        self.like = make_name_box()
        self.like.setAccessibleName(self.tr("Reviewed run"))
        for number, text in runs.items():
            self.like.addItem(text, number)
        self.like.setCurrentIndex(max(0, self.like.findData(proposed.like)))
        hold_back(self.starts["like"], "" if runs else self.tr("No scan of this workspace is finished yet."))
        self.preset = QComboBox()
        self.preset.addItems(usable_presets())
        self.preset.setCurrentText(proposed.preset)
        self._make_recipe(proposed, recipes)
        self.camera = CameraFields(proposed)
        self._make_wait(proposed)
        self.only_new = QCheckBox(self.tr("Leave out photos that are in the folder already"))
        self.only_new.setChecked(proposed.only_new)
        self._make_alarm(proposed)
        self._make_sinks(proposed)
        self.message = WrappedLabel()
        self._proposed = proposed
        self._lay_out()
        start = self.starts[proposed.start]
        (start if start.isEnabled() else self.starts["warm-up"]).setChecked(True)
        self._connect()
        self._check()

    def choice(self) -> WatchChoice:
        """Return what the fields say."""
        start: Start = next((name for name, button in self.starts.items() if button.isChecked()), "warm-up")
        said = replace(
            self._proposed,
            folder=self.path.path(),
            start=start,
            warm_up=self.warm_up.value(),
            golden=self.golden.path(),
            like=self.like.currentData() or 0,
            preset=self.preset.currentText(),
            recipe=self.recipe.currentData() or "",
            partner_wait=self.partner_wait.value(),
            only_new=self.only_new.isChecked(),
            sinks=tuple(line.strip() for line in self.sinks.toPlainText().splitlines() if line.strip()),
            alarm_rate=self.alarm_rate.value() / 100 if self.alarm.isChecked() else None,
        )
        return self.camera.add_to(said)

    def _make_recipe(self, proposed: WatchChoice, recipes: Sequence[str]) -> None:
        self.recipe = make_name_box()
        self.recipe.setAccessibleName(self.tr("Recipe of the product"))
        self.recipe.addItem(self.tr("none"), "")
        for name in recipes:
            self.recipe.addItem(name, name)
        self.recipe.setCurrentIndex(max(0, self.recipe.findData(proposed.recipe)))

    def _make_wait(self, proposed: WatchChoice) -> None:
        self.partner_wait = QDoubleSpinBox()
        self.partner_wait.setRange(0, 3600)
        self.partner_wait.setDecimals(1)
        self.partner_wait.setSuffix(" s")
        self.partner_wait.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.partner_wait.setValue(proposed.partner_wait)
        self.partner_wait.setAccessibleName(self.tr("Seconds that photo and cloud of a part wait for each other"))

    def _make_alarm(self, proposed: WatchChoice) -> None:
        self.alarm = QCheckBox(self.tr("Alarm when more of the last 50 parts are flagged than"))
        self.alarm_rate = QDoubleSpinBox()
        self.alarm_rate.setRange(1, 100)
        self.alarm_rate.setDecimals(0)
        self.alarm_rate.setSuffix(" %")
        self.alarm_rate.setValue(10 if proposed.alarm_rate is None else 100 * proposed.alarm_rate)
        self.alarm_rate.setAccessibleName(self.tr("Share of flagged parts that raises the alarm"))
        self.alarm.setChecked(proposed.alarm_rate is not None)

    def _make_sinks(self, proposed: WatchChoice) -> None:
        self.sinks = QPlainTextEdit("\n".join(proposed.sinks))
        self.sinks.setPlaceholderText("file:/line/results\nmqtt://broker.example:1883/line1/results")
        self.sinks.setAccessibleName(self.tr("Where results are sent, one address a line"))
        self.sinks.setTabChangesFocus(True)
        self.sinks.setFixedHeight(72)

    def _lay_out(self) -> None:
        self._group = QButtonGroup(self)
        judges = QVBoxLayout()
        judges.setSpacing(6)
        fields = {"warm-up": self.warm_up, "golden": self._with_browse(self.golden), "like": self.like}
        for name, button in self.starts.items():
            self._group.addButton(button)
            line = QHBoxLayout()
            line.addWidget(button)
            line.addWidget(fields[name], 0 if name == "warm-up" else 1)
            if name == "warm-up":
                line.addStretch(1)
            judges.addLayout(line)
        alarm = QHBoxLayout()
        alarm.addWidget(self.alarm)
        alarm.addWidget(self.alarm_rate)
        alarm.addStretch(1)
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(0, 0, 8, 0)
        form.setVerticalSpacing(10)
        form.addRow(self.tr("Folder"), self._with_browse(self.path))
        form.addRow(self.tr("What judges at first"), judges)
        form.addRow(self.tr("Camera"), self.camera)
        form.addRow(self.tr("Recipe"), self.recipe)
        form.addRow(self.tr("Preset"), self.preset)
        form.addRow(self.tr("Photo waits for cloud"), self.partner_wait)
        form.addRow("", self.only_new)
        form.addRow("", alarm)
        form.addRow(self.tr("Results go to"), self.sinks)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start_button = self._buttons.addButton(self.tr("Start"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.start_button.setProperty("role", "primary")
        self.start_button.setDefault(True)
        layout = QVBoxLayout(self)
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setProperty("role", "plain")
        area.setWidgetResizable(True)
        area.setWidget(content)
        layout.addWidget(area, 1)
        layout.addWidget(self.message)
        layout.addWidget(self._buttons)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        for field in (self.path, self.golden, self.sinks):
            field.textChanged.connect(self._check)
        self._group.buttonToggled.connect(lambda *_: self._check())
        self.camera.changed.connect(self._check)
        self.recipe.currentIndexChanged.connect(self._check)
        self.alarm.toggled.connect(self._offer_rate)
        self._offer_rate(self.alarm.isChecked())

    def _with_browse(self, field: QLineEdit) -> QWidget:
        browse = QPushButton(self.tr("Browse…"))
        browse.setAutoDefault(False)  # Enter starts
        browse.clicked.connect(lambda: self._browse(field))
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # no higher than its field
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(field, 1)
        line.addWidget(browse)
        return holder

    def _browse(self, field: QLineEdit) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.windowTitle(), field.text() or str(Path.home()))
        if chosen:
            field.setText(chosen)

    def _check(self) -> None:
        texts = {
            "": "",
            "folder": self.tr("Name the folder that photos arrive in.") if not self.path.path() else "",
            "golden": self.tr("Name a folder of known good parts."),
            "source": self.tr("A camera is a number as 0, /dev/video0, genicam:PRODUCER.cti, or file:FILM."),
            "trigger": self.tr("This camera gives photos all the time: say when one is to be taken."),
            "message": self.tr("Messages come from mqtt://HOST/TOPIC."),
            "sink": self.tr("An address is KIND:PLACE, as in file:/line/results; docs/line.md has all kinds."),
        }
        problem = self.choice().find_problem()
        if problem == "folder" and not texts["folder"]:
            texts["folder"] = say_why_no_folder(self.path.path())
        self.message.setText(texts[problem])
        hold_back(self.start_button, texts[problem])
        hold_back(self.preset, self.tr("The recipe says how.") if self.recipe.currentData() else "")

    def _offer_rate(self, on: bool) -> None:
        hold_back(self.alarm_rate, "" if on else self.tr("There is no alarm: tick it first."))
