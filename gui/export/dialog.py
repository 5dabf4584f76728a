"""Handing a run over: what, where to, a bar while it is written, and Cancel."""

from functools import partial
from pathlib import Path
from threading import Event as Flag

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.shell.background import Background
from gui.shell.error_dialog import confirm
from gui.shell.grey import hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.path_field import NO_SIGN, PathField, say_why_no_folder
from gui.shell.room import open_at
from gui.shell.texts import QT_TRANSLATE_NOOP, app_language, say_alone, translate_message
from inspector.errors import Cancelled
from inspector.events import Event
from inspector.export.csv_files import Decimal
from inspector.export.isolates import isolate_path
from inspector.export.register import USUAL, list_exports, load_exports
from inspector.export.run import write_exports
from inspector.store.workspace import Workspace

TITLES = (
    QT_TRANSLATE_NOOP("Exports", "Scores (CSV)"),
    QT_TRANSLATE_NOOP("Exports", "Scores and verdicts (CSV)"),
    QT_TRANSLATE_NOOP("Exports", "Regions (CSV)"),
    QT_TRANSLATE_NOOP("Exports", "Report (HTML)"),
    QT_TRANSLATE_NOOP("Exports", "Photos with their maps (PNG)"),
    QT_TRANSLATE_NOOP("Exports", "Anomaly maps (TIFF)"),
    QT_TRANSLATE_NOOP("Exports", "Anomaly maps at the size of the photos (TIFF)"),
    QT_TRANSLATE_NOOP("Exports", "Defect masks (PNG)"),
    QT_TRANSLATE_NOOP("Exports", "Point clouds with scores (PLY)"),
    QT_TRANSLATE_NOOP("Exports", "Confirmed regions (COCO)"),
    QT_TRANSLATE_NOOP("Exports", "Confirmed regions (YOLO)"),
    QT_TRANSLATE_NOOP("Exports", "Confirmed regions (Pascal VOC)"),
    QT_TRANSLATE_NOOP("Exports", "Confirmed regions (labelme)"),
    QT_TRANSLATE_NOOP("Exports", "Data set to train with (anomalib)"),
    QT_TRANSLATE_NOOP("Exports", "Report (PDF)"),
)
"""Titles of exports, once more: here Qt's tools find what is to be translated."""


class ExportDialog(QDialog):
    """Chooses parts and a folder, then writes them off the GUI thread."""

    done_writing = Signal(Path)
    _said = Signal(object)

    def __init__(self, store: Workspace, run_id: int, folder: Path, parent: QWidget | None = None) -> None:
        """Ask; `folder` is proposed."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export run {number}").format(number=run_id))
        open_at(self, 540, 320)
        self._store, self._run_id = store, run_id
        self._stop = Flag()
        self._missing: list[str] = []
        self._work = Background(self, self._show_failure, threads=1)
        self._work.finished.connect(self._show_result)
        self._said.connect(self._show_event)
        self.boxes = self._make_boxes()
        self.comma = QCheckBox(self.tr("Decimal commas in CSV files, semicolons between cells"))
        self.comma.setAccessibleName(self.comma.text())
        self.path = PathField(str(folder))
        self.path.setAccessibleName(self.tr("Folder to write to"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.bar.hide()
        self.message = WrappedLabel()
        self._lay_out()

    def _make_boxes(self) -> dict[str, QCheckBox]:
        run = self._store.runs.get(self._run_id)
        boxes = {}
        for name, export in load_exports(list_exports()).items():
            title = QCoreApplication.translate("Exports", export.title)
            box = boxes[name] = QCheckBox(title)
            box.setAccessibleName(title)
            possible = export.is_possible(self._store, run)
            lacking = translate_message(export.lacking) or self.tr("This run has nothing of this kind.")
            hold_back(box, "" if possible else lacking)
            box.setChecked(name in (*USUAL, "verdicts") and box.isEnabled())
        return boxes

    def _lay_out(self) -> None:
        self._browse_button = browse = QPushButton(self.tr("Browse…"))
        browse.setAccessibleName(self.tr("Choose another folder"))
        browse.clicked.connect(self._browse)
        browse.setAutoDefault(False)  # Enter exports
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(browse)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start_button = self._buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.ActionRole)
        self.start_button.setProperty("role", "primary")
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self.begin)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        self._choices = QWidget()
        choices = QGridLayout(self._choices)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setHorizontalSpacing(18)
        rows = (len(self.boxes) + 1) // 2
        for place, box in enumerate(self.boxes.values()):
            choices.addWidget(box, place % rows, place // rows)
        choices.setRowMinimumHeight(rows, 6)
        choices.addWidget(self.comma, rows + 1, 0, 1, 2)
        layout.addWidget(self._choices)
        layout.addSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(self._buttons)

    def begin(self) -> None:
        """Write what is chosen."""
        names = [name for name, box in self.boxes.items() if box.isChecked()]
        folder = Path(self.path.path())
        if not names or not self.path.path():
            self.message.setText(self.tr("Choose what to export and a folder."))
            return
        if NO_SIGN in self.path.path():
            self.message.setText(say_why_no_folder(self.path.path()))
            return
        question = self.tr("There are files in {folder} already; those of the same names are replaced. Write there?")
        if holds_files(folder) and not confirm(self, question.format(folder=isolate_path(str(folder)))):
            return
        self._missing = []
        self._stop.clear()
        self._enable(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.message.setText(self.tr("Writing…"))
        decimal: Decimal = "comma" if self.comma.isChecked() else "point"
        language = app_language()
        given = (self._store, self._run_id, folder, names, self._report)
        write = partial(write_exports, *given, decimal=decimal, language=language)
        self._work.submit(str(folder), write)

    def _report(self, event: Event) -> None:
        """Hear the export's thread; called on that thread."""
        if self._stop.is_set():
            raise Cancelled("the export was stopped")
        self._said.emit(event)

    def _show_event(self, event: Event) -> None:
        if event.kind == "progress":
            self.bar.setRange(0, max(1, event.total))
            self.bar.setValue(event.done)
        elif event.kind == "warning":
            self._missing.append(translate_message(event.message))
            self.message.setText(self._missing[-1])

    def _show_result(self, folder: str, _show_result: object) -> None:
        self._enable(True)
        self.bar.setRange(0, 1)
        self.bar.setValue(1)
        self.message.setText(self._tell_written(folder))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        close.setText(QCoreApplication.translate("ExportDialog", "Close"))
        self.done_writing.emit(Path(folder))

    def _tell_written(self, folder: str) -> str:
        """Say where everything is; or what is not there."""
        if not self._missing:
            return self.tr("Written to {folder}").format(folder=isolate_path(folder))
        said = self.tr("Not all could be written to {folder}. Missing: {count}, the first: {reason}")
        return said.format(folder=isolate_path(folder), count=len(self._missing), reason=self._missing[0])

    def _show_failure(self, _key: str, error: Exception) -> None:
        self._enable(True)
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        stopped = isinstance(error, Cancelled)
        self.message.setText(self.tr("Stopped; what was written so far stays.") if stopped else say_alone(str(error)))

    def _enable(self, on: bool) -> None:
        for widget in (self._choices, self.path, self._browse_button, self.start_button):
            hold_back(widget, "" if on else self.tr("Writing…"))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.windowTitle(), self.path.text())
        if chosen:
            self.path.setText(chosen)

    def reject(self) -> None:
        """Stop a running export first; otherwise close."""
        if not self.start_button.isEnabled():
            self._stop.set()
            return
        self._work.close()
        super().reject()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing while writing stops the writing, and waits for nothing."""
        self._stop.set()
        self._work.close()
        self._enable(True)  # it is over, or `reject` would go on waiting for its end
        super().closeEvent(event)


def holds_files(folder: Path) -> bool:
    """Tell whether a folder is there and not empty; one that cannot be read is told of when it is written to."""
    try:
        return folder.is_dir() and any(folder.iterdir())
    except OSError:
        return False
