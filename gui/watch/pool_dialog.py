"""The pool of a watched line, for an engineer: which parts judge the others, since when and why; in and out by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.shell.background import Background, describe_failure
from gui.shell.error_dialog import confirm
from gui.shell.grey import hold_back
from gui.shell.labels import Lines, NameDelegate, WrappedLabel
from gui.shell.permits import needs
from gui.shell.room import open_at
from gui.shell.texts import on_one_line, show_letters
from inspector.errors import StoreError
from inspector.export.isolates import isolate_path, isolate_words
from inspector.store.pools import PoolChangeRecord, PoolMember
from inspector.store.workspace import Workspace

THUMBNAIL = QSize(132, 100)

LOOK_AGAIN = 2000
"""Milliseconds after which the pool is read again."""


@dataclass(frozen=True)
class PoolContent:
    """A pool as it stands: its members with thumbnails, what people changed, the oldest first, and parts' names."""

    members: tuple[PoolMember, ...]
    thumbnails: tuple[QImage, ...] = field(repr=False)
    changes: tuple[PoolChangeRecord, ...] = field(repr=False)
    names: dict[int, str] = field(repr=False)


def read_pool(store: Workspace, run_id: int) -> PoolContent:
    """Read a pool; off the GUI thread.

    Raises:
        StoreError: it is no watched run, or the workspace cannot be read.
    """
    members, changes = store.pools.members(run_id), store.pools.changes(run_id)
    paths = (store.artefacts.thumbnail_path(run_id, member.sample.position) for member in members)
    names = {change.position: store.runs.samples(run_id, change.position, 1)[0].name for change in changes}
    return PoolContent(tuple(members), tuple(_read_small(str(path)) for path in paths), tuple(changes), names)


class PoolDialog(QDialog):
    """Shows the parts that judge, and takes some out or keeps them for good."""

    problem = Signal(str)

    def __init__(
        self, store: Workspace, run_id: int, ask_operator: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        """Read the pool of a run, and again every two seconds."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Pool of run {number}").format(number=run_id))
        open_at(self, 900, 640)
        self._store, self._run_id, self._ask_operator = store, run_id, ask_operator
        self._content: PoolContent | None = None
        self._reasons = {
            "given": self.tr("given as good"),
            "warm-up": self.tr("warm-up"),
            "learnt": self.tr("learnt"),
            "put in": self.tr("put in by {operator}"),
        }
        self.about = WrappedLabel()
        self.members = QListWidget()
        self.members.setViewMode(QListWidget.ViewMode.IconMode)
        self.members.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.members.setMovement(QListWidget.Movement.Static)
        self.members.setIconSize(THUMBNAIL)
        self.members.setGridSize(QSize(THUMBNAIL.width() + 28, THUMBNAIL.height() + 70))
        self.members.setWordWrap(True)
        self.members.setItemDelegate(NameDelegate(self.members))
        self.members.setAccessibleName(self.tr("Parts that judge"))
        self.changes = Lines()
        self.changes.setMaximumHeight(96)
        self.changes.setAccessibleName(self.tr("What people changed"))
        self.out = QPushButton(self.tr("Take out…"))
        self.keep = QPushButton(self.tr("Keep for good…"))
        needs("pool", self.out, self.keep)
        self._work = Background(self, self._tell_failure, threads=1, waiting=1)
        self._work.finished.connect(lambda _key, content: self._show(content))
        self._timer = QTimer(self, interval=LOOK_AGAIN)
        self._timer.timeout.connect(self.read)
        self._lay_out()
        self._enable()
        self.read()
        self._timer.start()

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.out)
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        buttons.addWidget(close)
        heading = QLabel(self.tr("What people changed"))
        heading.setProperty("role", "heading")
        layout = QVBoxLayout(self)
        for widget in (self.about, self.members, heading, self.changes):
            layout.addWidget(widget, 1 if widget is self.members else 0)
        layout.addLayout(buttons)
        self.members.itemSelectionChanged.connect(self._enable)
        self.out.clicked.connect(lambda: self._change("taken out"))
        self.keep.clicked.connect(lambda: self._change("put in"))

    def read(self) -> None:
        """Read the pool again."""
        self._work.submit("pool", partial(read_pool, self._store, self._run_id))

    def marked(self) -> PoolMember | None:
        """Return the member that is marked."""
        chosen = self.members.selectedItems()
        if self._content is None or not chosen:
            return None
        position = chosen[0].data(Qt.ItemDataRole.UserRole)
        return next((each for each in self._content.members if each.sample.position == position), None)

    @override
    def done(self, result: int) -> None:
        """End the thread, too."""
        self._timer.stop()
        self._work.close()
        super().done(result)

    def _show(self, content: PoolContent) -> None:
        if content == self._content:
            return
        before = self.marked()
        self._content = content
        self.about.setText(
            self.tr(
                "Parts that judge those to come: {count}. Good parts join by themselves, and older ones that resemble "
                "others leave when there is no more room; those that were put in by hand stay."
            ).format(count=len(content.members))
        )
        self.members.clear()
        for member, thumbnail in zip(content.members, content.thumbnails, strict=True):
            item = QListWidgetItem(QIcon(QPixmap.fromImage(thumbnail)), self._describe(member), self.members)
            item.setData(Qt.ItemDataRole.UserRole, member.sample.position)
            item.setToolTip(show_letters(isolate_path(member.sample.name)))
            if before is not None and member.sample.position == before.sample.position:
                item.setSelected(True)
        self.changes.setPlainText("\n".join(self._list_changes(content.changes)))
        self._enable()

    def _describe(self, member: PoolMember) -> str:
        reason = self._reasons[member.reason].format(operator=member.operator)
        return f"{on_one_line(member.sample.name)}\n{_write_time(member.time)}\n{reason}"

    def _list_changes(self, changes: Sequence[PoolChangeRecord]) -> list[str]:
        assert self._content is not None
        words = {"put in": self.tr("{operator} put {name} in"), "taken out": self.tr("{operator} took {name} out")}
        return [
            f"{_write_time(change.time)}  "
            + words[change.new].format(
                operator=isolate_words(change.operator), name=isolate_path(self._content.names[change.position])
            )
            for change in reversed(changes)
        ]

    def _enable(self) -> None:
        member = self.marked()
        first = self.tr("Mark a part first.") if member is None else ""
        stays = member is not None and member.reason == "put in"
        hold_back(self.out, first)
        hold_back(self.keep, self.tr("This part stays already.") if stays else first)

    def _change(self, new: str) -> None:
        member = self.marked()
        if member is None:
            return
        questions = {
            "taken out": self.tr("Is “{name}” to judge no more? It can be put in again from the list of parts."),
            "put in": self.tr("Is “{name}” to judge for good? It stays until somebody takes it out."),
        }
        if not confirm(self, questions[new].format(name=isolate_path(member.sample.name))):
            return
        if not (operator := self._ask_operator()):
            return
        try:
            self._store.pools.change(self._run_id, member.sample.position, operator, new)
        except StoreError as error:
            self.problem.emit(str(error))
        self.read()

    def _tell_failure(self, _key: str, error: Exception) -> None:
        self._timer.stop()  # not the same sentence every two seconds
        self.problem.emit(describe_failure(error))


def _write_time(time: datetime) -> str:
    return f"{time.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def _read_small(path: str) -> QImage:
    image = QImage(path)
    if image.isNull():
        return image
    return image.scaled(THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
