"""Handing a run over: what, where to, a bar while it is written, and Cancel."""

from collections.abc import Callable, Iterable
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
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.shell.background import Background
from inspector.errors import Cancelled, StoreError
from inspector.events import Event, Report
from inspector.store.workspace import Workspace

PARTS = ("csv", "html", "pdf", "masks", "ply")


def export_parts(store: Workspace, run_id: int, folder: Path, parts: Iterable[str], report: Report) -> Path:
    """Write the chosen parts of a finished run to a folder; return the folder.

    Raises:
        StoreError: the run is not done or the folder cannot be written.
        Cancelled: `report` asked for it.
    """
    from gui.export.pdf import write_pdf
    from inspector.export.handover import write_clouds, write_masks, write_verdicts
    from inspector.export.run import export_run

    run, samples = store.runs.get(run_id), store.runs.samples(run_id)
    if run.status != "done":
        raise StoreError(f"run {run_id} is not done yet; finish it first")
    writers: dict[str, Callable[[], object]] = {
        "csv": lambda: write_verdicts(samples, store.verdicts.of_run(run_id), folder / "verdicts.csv"),
        "html": lambda: export_run(store, run_id, folder, report),
        "pdf": lambda: write_pdf(store, run, folder / "report.pdf", report),
        "masks": lambda: write_masks(store, run, samples, folder, report),
        "ply": lambda: write_clouds(store, run, samples, folder, report),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in parts:
            writers[part]()
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}; choose another folder") from error
    return folder


class ExportDialog(QDialog):
    """Chooses parts and a folder, then writes them off the GUI thread."""

    done_writing = Signal(Path)
    _said = Signal(object)

    def __init__(
        self, store: Workspace, run_id: int, folder: Path, *, clouds: bool, parent: QWidget | None = None
    ) -> None:
        """Ask; `folder` is proposed, `clouds` says whether the run has any."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export run {number}").format(number=run_id))
        self.resize(540, 320)
        self._store, self._run_id = store, run_id
        self._stop = Flag()
        self._work = Background(self, self._failed, threads=1)
        self._work.finished.connect(self._written)
        self._said.connect(self._show_event)
        self.boxes = self._make_boxes(clouds=clouds)
        self.path = QLineEdit(str(folder))
        self.path.setAccessibleName(self.tr("Folder to write to"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.message = QLabel()
        self.message.setWordWrap(True)
        self._lay_out()

    def _make_boxes(self, *, clouds: bool) -> dict[str, QCheckBox]:
        texts = {
            "csv": self.tr("Scores and verdicts (CSV)"),
            "html": self.tr("Report with overlays and maps (HTML, PNG, TIFF)"),
            "pdf": self.tr("Report (PDF)"),
            "masks": self.tr("Defect masks (PNG)"),
            "ply": self.tr("Point clouds with scores (PLY)"),
        }
        boxes = {part: QCheckBox(texts[part]) for part in PARTS}
        for part, box in boxes.items():
            box.setChecked(part in ("csv", "html"))
            box.setAccessibleName(texts[part])
        boxes["ply"].setEnabled(clouds)
        boxes["ply"].setProperty("possible", clouds)
        return boxes

    def _lay_out(self) -> None:
        browse = QPushButton(self.tr("Browse…"))
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
        for box in self.boxes.values():
            layout.addWidget(box)
        layout.addSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(self._buttons)

    def begin(self) -> None:
        """Write what is chosen."""
        parts = [part for part, box in self.boxes.items() if box.isChecked()]
        folder = Path(self.path.text().strip()).expanduser()
        if not parts or not self.path.text().strip():
            self.message.setText(self.tr("Choose what to export and a folder."))
            return
        self._stop.clear()
        self._enable(False)
        self.bar.setRange(0, 0)
        self.message.setText(self.tr("Writing…"))
        write = partial(export_parts, self._store, self._run_id, folder, parts, self._report)
        self._work.submit("export", write)

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
            self.message.setText(event.message)

    def _written(self, _key: str, folder: Path) -> None:
        self._enable(True)
        self.bar.setRange(0, 1)
        self.bar.setValue(1)
        self.message.setText(self.tr("Written to {folder}").format(folder=folder))
        close = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        close.setText(QCoreApplication.translate("ExportDialog", "Close"))
        self.done_writing.emit(folder)

    def _failed(self, _key: str, error: Exception) -> None:
        self._enable(True)
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        stopped = isinstance(error, Cancelled)
        self.message.setText(self.tr("Stopped; what was written so far stays.") if stopped else str(error))

    def _enable(self, on: bool) -> None:
        for widget in (*self.boxes.values(), self.path, self.start_button):
            widget.setEnabled(on)
        if on:
            has_clouds = self.boxes["ply"].property("possible")
            self.boxes["ply"].setEnabled(bool(has_clouds))

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

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Closing while writing stops the writing."""
        self._stop.set()
        self._work.close()
        super().closeEvent(event)
