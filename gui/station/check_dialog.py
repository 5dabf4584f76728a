"""What `inspector doctor` finds on this station, and what to do about it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.engine.command import ENGINE
from gui.engine.ending import describe_end, describe_not_started
from gui.engine.process import ask_to_stop, engine_process
from gui.shell.background import Background, describe_failure
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.room import open_at
from gui.shell.texts import name_fields, translate_sentence
from gui.shell.theme import tones
from inspector.export.isolates import isolate_path
from inspector.files import replacing
from inspector.health.findings import Finding

WORST = ("good", "skipped", "warning", "wrong")
"""Levels of findings; the worst are shown first."""


class CheckDialog(QDialog):
    """Runs the checks in a process of its own and shows what they find."""

    problem = Signal(str)

    def __init__(
        self, workspace: str | Path, parent: QWidget | None = None, *, command: Sequence[str] = ENGINE
    ) -> None:
        """Begin to look at a workspace; `command` is the engine."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Check this station"))
        open_at(self, 860, 520)
        self.findings: list[Finding] = []
        self._workspace = workspace
        self.summary = WrappedLabel(self.tr("Looking at program, machine and workspace; this takes some seconds…"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(self.tr("The checks are running"))
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(16)
        self.table.setVerticalSpacing(10)
        self.table.setColumnStretch(2, 1)
        self.save = QPushButton(self.tr("Save report…"))
        self.bundle = QPushButton(self.tr("Support archive…"))
        self.bundle.setToolTip(self.tr("Findings, log and settings of runs; no image, no names of people."))
        self._work = Background(self, lambda _key, error: self.problem.emit(describe_failure(error)), threads=1)
        self._work.finished.connect(
            lambda key, _: self.summary.setText(self.tr("Written to {file}").format(file=isolate_path(key)))
        )
        self._process = engine_process(self)
        self._process.setParent(QCoreApplication.instance())  # it may outlive the dialog by a moment
        self._process.finished.connect(self._take_end)
        self._process.errorOccurred.connect(self._take_error)
        self._lay_out()
        self._process.start(command[0], [*command[1:], "doctor", "--json", "--workspace", str(workspace)])

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = QHBoxLayout()
        for button, chosen in ((self.save, self._ask_report), (self.bundle, self._ask_bundle)):
            hold_back(button, self.tr("The station is being checked."))
            button.clicked.connect(chosen)
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.summary)
        layout.addWidget(self.bar)
        holder, area = QWidget(), QScrollArea()
        column = QVBoxLayout(holder)
        column.addLayout(self.table)
        column.addStretch(1)
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Findings"))
        layout.addWidget(area, 1)
        layout.addLayout(buttons)

    @override
    def done(self, result: int) -> None:
        """Stop what still runs, without waiting for it."""
        self._process.finished.disconnect(self._take_end)
        self._process.errorOccurred.disconnect(self._take_error)
        self._process.finished.connect(self._process.deleteLater)
        if self._process.state() == self._process.ProcessState.NotRunning:
            self._process.deleteLater()
        else:
            ask_to_stop(self._process)
        self._work.close()
        super().done(result)

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        self.bar.hide()
        said = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        wrong = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        try:
            self.findings = [Finding(**each) for each in json.loads(said)]
        except (ValueError, TypeError):
            self.summary.setText(self.tr("The checks could not be done."))
            crashed = status == QProcess.ExitStatus.CrashExit
            self.problem.emit(describe_end(code, wrong, crashed=crashed))
            return
        self._show()

    def _take_error(self, error: QProcess.ProcessError) -> None:
        """An engine that could not be started does not end, either."""
        if error == QProcess.ProcessError.FailedToStart:
            self.bar.hide()
            self.summary.setText(describe_not_started())

    def _show(self) -> None:
        levels = {
            "good": self.tr("✓ good"),
            "skipped": self.tr("– left out"),
            "warning": self.tr("! warning"),
            "wrong": self.tr("✗ problem"),
        }
        checks = {
            "versions": self.tr("versions"),
            "devices": self.tr("devices"),
            "memory": self.tr("memory"),
            "weights": self.tr("weights"),
            "gl": self.tr("OpenGL"),
            "database": self.tr("database"),
            "write speed": self.tr("write speed"),
            "clock": self.tr("clock"),
            "disk": self.tr("disk"),
            "self-test": self.tr("self-test"),
        }
        tone = tones(self.palette())
        colours = {"good": tone.accepted, "skipped": tone.dim, "warning": tone.text, "wrong": tone.rejected}
        worst_first = sorted(self.findings, key=lambda each: -WORST.index(each.level))
        for row, finding in enumerate(worst_first):
            level, check = QLabel(levels[finding.level]), QLabel(checks.get(finding.check, finding.check))
            level.setStyleSheet(f"color: {colours[finding.level]}; font-weight: 600")
            remedy = f"\n→ {name_fields(translate_sentence(finding.remedy))}" if finding.remedy else ""
            found = WrappedLabel(translate_sentence(finding.message) + remedy)
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for column, label in enumerate((level, check, found)):
                self.table.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        wrong, warned = (sum(each.level == level for each in self.findings) for level in ("wrong", "warning"))
        text = self.tr("Problems: {wrong}, warnings: {warnings}. What to do stands below each.")
        all_well = self.tr("All is well.")
        self.summary.setText(text.format(wrong=wrong, warnings=warned) if wrong or warned else all_well)
        for button in (self.save, self.bundle):
            hold_back(button, "")

    # Files

    def _ask_report(self) -> None:
        file = self._ask_file(self.tr("Save report"), "station", ".json")
        if file:
            self.save_report(Path(file))

    def _ask_bundle(self) -> None:
        file = self._ask_file(self.tr("Support archive"), "support", ".zip")
        if file:
            self.write_bundle(Path(file))

    def _ask_file(self, title: str, name: str, ending: str) -> str:
        proposed = Path.home() / f"{name}-{datetime.now().astimezone():%Y-%m-%d}{ending}"
        return QFileDialog.getSaveFileName(self, title, str(proposed), f"*{ending}")[0]

    def save_report(self, file: Path) -> None:
        """Write the findings as JSON, off the GUI thread."""
        text = json.dumps([finding.to_json() for finding in self.findings], indent=1, ensure_ascii=False)

        def write() -> None:
            with replacing(file) as beside:
                beside.write_text(text, encoding="utf-8")

        self._work.submit(str(file), write)

    def write_bundle(self, file: Path) -> None:
        """Write the support archive, off the GUI thread."""
        from inspector.health.bundle import write_bundle

        findings = self.findings
        self._work.submit(str(file), lambda: write_bundle(self._workspace, findings, file))
