"""The first screen: scan a folder, take a sample batch, or open an earlier run."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.shell.columns import FittedColumns
from gui.shell.grey import hold_back
from gui.shell.labels import NameDelegate, WrappedLabel
from gui.shell.permits import needs
from gui.shell.texts import on_one_line, show_letters, translate_message
from inspector.export.isolates import isolate_path
from inspector.places import is_folder

if TYPE_CHECKING:  # carries numpy and SQLAlchemy, which the first picture of the window need not wait for
    from inspector.store.records import RunRecord

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
"""The sample batches, where the program runs from its sources."""

COUNT_COLUMNS = (3, 4, 5)


class StartScreen(QWidget):
    """Tells what the operator wants to begin with."""

    scan_wanted = Signal()
    watch_wanted = Signal()
    folder_given = Signal(Path)
    run_chosen = Signal(int)
    resume_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the screen with an empty list."""
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._resumable: set[int] = set()
        self.drop = QFrame()
        self.drop.setProperty("role", "drop")
        self.scan_button = QPushButton(self.tr("Scan a folder…"))
        self.scan_button.setProperty("role", "primary")
        self.scan_button.setMinimumHeight(40)
        self.scan_button.setAccessibleName(self.tr("Scan a folder"))
        self.scan_button.clicked.connect(self.scan_wanted)
        self.watch_button = QPushButton(self.tr("Watch a folder…"))
        self.watch_button.setMinimumHeight(40)
        self.watch_button.setToolTip(self.tr("Parts that arrive one by one are judged at once."))
        self.watch_button.setAccessibleName(self.tr("Watch a folder"))
        self.watch_button.clicked.connect(self.watch_wanted)
        needs("scan", self.scan_button, self.watch_button)
        self.runs = QTreeWidget()
        self.runs.setRootIsDecorated(False)
        self.runs.setUniformRowHeights(True)
        self.runs.setAllColumnsShowFocus(True)
        self.runs.setAlternatingRowColors(True)
        self.runs.setAccessibleName(self.tr("Earlier runs"))
        self.runs.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        names = (self.tr("Run"), self.tr("Date"), self.tr("Folder"), self.tr("Samples"), self.tr("Flagged"))
        self.runs.setHeaderLabels([*names, self.tr("Unreadable"), self.tr("State")])
        self._columns = FittedColumns(self.runs, rest=2)
        self.runs.setItemDelegateForColumn(2, NameDelegate(self.runs))
        self.runs.itemActivated.connect(lambda item: self.run_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self.runs.currentItemChanged.connect(lambda *_: self._enable())
        self.open_button = QPushButton(self.tr("Open"))
        self.open_button.setAccessibleName(self.tr("Open the marked run"))
        self.resume_button = QPushButton(self.tr("Resume"))
        self.resume_button.setAccessibleName(self.tr("Finish the marked run"))
        self.open_button.clicked.connect(lambda: self.run_chosen.emit(self.marked()))
        self.resume_button.clicked.connect(lambda: self.resume_wanted.emit(self.marked()))
        for button in (self.open_button, self.resume_button):
            action = QAction(button.text(), self.runs)
            action.triggered.connect(button.click)
            self.runs.addAction(action)
        self.runs.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._empty = WrappedLabel(
            self.tr("No runs yet. Scan a folder with photos of like parts, or try a sample batch.")
        )
        self._empty.setProperty("role", "dim")
        self._lay_out()
        self.show_runs((), set())

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Which parts are odd?"))
        title.setProperty("role", "title")
        about = WrappedLabel(
            self.tr("Parts of one batch are compared with each other; nothing has to be labelled or trained.")
        )
        about.setProperty("role", "dim")
        hint = QLabel(self.tr("or drop a folder here"))
        hint.setProperty("role", "dim")
        inside = QVBoxLayout(self.drop)
        inside.setContentsMargins(24, 22, 24, 22)
        inside.setSpacing(10)
        line = QHBoxLayout()
        line.addWidget(self.scan_button)
        line.addWidget(hint)
        line.addStretch(1)
        line.addWidget(self.watch_button)
        inside.addLayout(line)
        samples = QHBoxLayout()
        self.sample_buttons = self._sample_buttons()
        if self.sample_buttons:
            label = QLabel(self.tr("Sample batches:"))
            label.setProperty("role", "dim")
            samples.addWidget(label)
        for button in self.sample_buttons:
            samples.addWidget(button)
        samples.addStretch(1)
        inside.addLayout(samples)
        earlier = QLabel(self.tr("Earlier runs"))
        earlier.setProperty("role", "heading")
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.resume_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 36, 48, 28)
        layout.setSpacing(12)
        for widget in (title, about, self.drop):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(earlier)
        layout.addWidget(self._empty)
        layout.addWidget(self.runs, 1)
        layout.addLayout(buttons)
        layout.addStretch()  # without a list, all begins at the top

    def _sample_buttons(self) -> list[QPushButton]:
        buttons = []
        for name, text in (("washers", self.tr("Washers (photos)")), ("housings", self.tr("Housings (photos and 3D)"))):
            folder = SAMPLES / name
            if folder.is_dir():
                button = QPushButton(text)
                button.setAccessibleName(self.tr("Scan the sample batch: {name}").format(name=text))
                button.clicked.connect(lambda _=False, folder=folder: self.folder_given.emit(folder))
                needs("scan", button)
                buttons.append(button)
        return buttons

    def take_keys(self) -> None:
        """Let keys act on the list of runs, or on the button where there are none yet."""
        (self.runs if self.runs.topLevelItemCount() else self.scan_button).setFocus()

    def show_runs(self, runs: "Sequence[RunRecord]", resumable: set[int], now: datetime | None = None) -> None:
        """List runs, the newest first; it is marked where it is new, else what was marked before.

        Args:
            runs: as they stand.
            resumable: numbers of those that can be taken up.
            now: when they were read, by the clock that all stations agree on; None = by that of this one.
        """
        self._resumable = resumable
        newest, marked = _number_of(self.runs.topLevelItem(0)), self.marked()
        self.runs.clear()
        for run in runs:
            self._add_run(run, now)
        self._columns.fit()
        gone, shown = (self._empty, self.runs) if runs else (self.runs, self._empty)
        gone.hide()  # first: a low window has no room for both
        shown.show()
        if runs:
            rows = {run.id: row for row, run in enumerate(runs)}
            row = rows.get(marked, 0) if marked is not None and newest == runs[0].id else 0
            self.runs.setCurrentIndex(self.runs.model().index(row, 0))
        self._enable()

    def _add_run(self, run: "RunRecord", now: datetime | None) -> None:
        from inspector.store.claims import WATCHED  # with the database: not before there is a run to list

        local = run.created.replace(tzinfo=UTC).astimezone()
        decided = run.status == "done" or run.layout == WATCHED
        counts = (str(run.samples), str(run.flagged) if decided else "", str(run.unreadable))
        cells = (str(run.id), f"{local:%Y-%m-%d %H:%M}", on_one_line(run.root), *counts, self._state(run, now))
        item = QTreeWidgetItem(self.runs, list(cells))
        item.setData(0, Qt.ItemDataRole.UserRole, run.id)
        item.setToolTip(6, show_letters(translate_message(run.message)))
        item.setToolTip(2, show_letters(isolate_path(run.root)))
        for column in COUNT_COLUMNS:
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def marked(self) -> int | None:
        """Return the number of the marked run."""
        return _number_of(self.runs.currentItem())

    def _state(self, run: "RunRecord", now: datetime | None) -> str:
        from inspector.store.claims import WATCHED, is_alive

        if is_alive(run, now):
            return self.tr("being watched") if run.layout == WATCHED else self.tr("being scanned")
        words = {
            "done": self.tr("done"),
            "cancelled": self.tr("stopped"),
            "failed": self.tr("failed"),
            "running": self.tr("unfinished"),
        }
        return words.get(run.status, run.status)

    def _enable(self) -> None:
        first = self.tr("Mark a run first.") if self.marked() is None else ""
        whole = "" if self.marked() in self._resumable else self.tr("Only a run that was stopped can be resumed.")
        hold_back(self.open_button, first)
        hold_back(self.resume_button, first or whole)
        for action, button in zip(self.runs.actions(), (self.open_button, self.resume_button), strict=True):
            action.setEnabled(button.isEnabled())
            action.setToolTip(button.toolTip())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders are welcome."""
        if self._find_dropped(event) is not None:
            event.acceptProposedAction()
            self._highlight(True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Undo the highlight when the folder leaves without being dropped."""
        self._highlight(False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Take the folder."""
        self._highlight(False)
        folder = self._find_dropped(event)
        if folder is not None:
            event.acceptProposedAction()
            self.folder_given.emit(folder)

    def _find_dropped(self, event: QDropEvent) -> Path | None:
        """Return the folder that is dragged; None where there is none, or several, of which one would be lost."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        folders = list(filter(is_folder, paths))
        return folders[0] if len(folders) == 1 else None

    def _highlight(self, over: bool) -> None:
        self.drop.setProperty("over", over)
        self.drop.style().unpolish(self.drop)
        self.drop.style().polish(self.drop)


def _number_of(item: QTreeWidgetItem | None) -> int | None:
    return None if item is None else int(item.data(0, Qt.ItemDataRole.UserRole))
