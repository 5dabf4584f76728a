"""Groups of parts that share a region which the others lack: shown side by side, marked as a defect or as none."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.engine.following import Following
from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from gui.shell.labels import NameDelegate, WrappedLabel
from gui.shell.painting import painting
from gui.shell.permits import needs
from gui.shell.room import open_at
from gui.shell.texts import keep_apart, on_one_line, show_letters, translate_message, translate_sentence
from inspector.data.photos import read_image
from inspector.errors import StoreError
from inspector.export.isolates import isolate_words
from inspector.export.rendering import cut_out, encode
from inspector.store.groups import Box, GroupRecord, MarkConflict, MarkRecord, choose_followed

if TYPE_CHECKING:
    from gui.review.screen import Review

CUT_SIDE = 120
"""Longer side of a cut-out, in pixels."""


class SharedRegions(QDialog):
    """Shows the groups of a run; an operator says what each is."""

    chosen = Signal(int)
    """A member was clicked: its place in the batch."""
    rescored = Signal()
    """Scores and maps of the run changed in the store."""
    problem = Signal(str)

    def __init__(self, session: Session, ask_operator: Callable[[], str], parent: QWidget | None = None) -> None:
        """Show the groups as the store has them now; `ask_operator` returns the operator's name, "" = not told.

        Raises:
            StoreError: the workspace cannot be read.
        """
        read = _read_groups(session)  # before there is any dialog
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shared regions"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._ask_operator = session, ask_operator
        self.groups, self._marks = read
        self.buttons: dict[int, dict[str, QPushButton]] = {}
        self.cuts: dict[int, QListWidget] = {}
        self._said: dict[int, QLabel] = {}
        self._work = Background(self, partial(_tell_no_cut, self.cuts), threads=1, waiting=1024)
        self._work.finished.connect(self._show_cut)
        self.following = Following(self)
        self.following.done.connect(self._take_scores)
        self.following.failed.connect(self._give_up)
        self.finished.connect(lambda _: self._close())
        self._headings: dict[int, QLabel] = {}
        self._wait = QLabel(self.tr("Scores are brought in line with what was said…"))
        self._wait.setProperty("role", "dim")
        self._lay_out()
        open_at(self, 860, min(720, 150 + 270 * max(1, len(self.groups))))
        self._show_marks()
        self._cut_all()
        self._follow("")

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        stays = self.tr(
            "Parts that share a region vouch for one another: their scores may be too low. Say whether it is a "
            "defect, or no defect. Scores stay as they are."
        )
        follows = self.tr(
            "Parts that share a region vouch for one another. Say whether it is a defect, and they are scored as if "
            "they could not; or no defect, and they are scored as they are."
        )
        none = self.tr("No region of this run is shared by several parts.")
        told = follows if any(group.may_follow for group in self.groups) else stays
        column.addWidget(WrappedLabel(told if self.groups else none))
        for group in self.groups:
            self._add_group(column, group)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(self.windowTitle())
        area.setWidget(inner)
        self._wait.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(self._wait)
        layout.addWidget(buttons)

    def _add_group(self, column: QVBoxLayout, group: GroupRecord) -> None:
        heading = self._headings[group.id] = WrappedLabel()
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addWidget(self._make_list(group))
        line = QHBoxLayout()
        self.buttons[group.id] = {}
        marks = {"defect": self.tr("Defect"), "accepted": self.tr("No defect"), "unmarked": self.tr("Open")}
        for mark, text in marks.items():
            button = QPushButton(text)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{group.number}: {text}")
            button.clicked.connect(partial(self._mark, group.id, mark))
            needs("mark", button)
            self.buttons[group.id][mark] = button
            line.addWidget(button)
        self._said[group.id] = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._said[group.id].setProperty("role", "dim")
        line.addWidget(self._said[group.id], 1)
        column.addLayout(line)
        column.addSpacing(12)

    def _make_list(self, group: GroupRecord) -> QListWidget:
        cuts = QListWidget()
        cuts.setViewMode(QListView.ViewMode.IconMode)
        cuts.setFlow(QListView.Flow.LeftToRight)
        cuts.setWrapping(False)
        cuts.setMovement(QListView.Movement.Static)
        cuts.setIconSize(QSize(CUT_SIDE, CUT_SIDE))
        cuts.setGridSize(QSize(CUT_SIDE + 24, CUT_SIDE + 34))
        cuts.setItemDelegate(NameDelegate(cuts))
        cuts.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        cuts.setFixedHeight(CUT_SIDE + 64)
        cuts.setAccessibleName(self.tr("What the parts of group {number} share").format(number=group.number))
        blank = QPixmap(CUT_SIDE, CUT_SIDE)
        blank.fill(Qt.GlobalColor.transparent)
        for member in group.members:
            item = QListWidgetItem(QIcon(blank), on_one_line(self._session.rows[member.position].name))
            item.setData(Qt.ItemDataRole.UserRole, member.position)
            item.setToolTip(show_letters(keep_apart(item.text())))
            cuts.addItem(item)
        cuts.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.cuts[group.id] = cuts
        return cuts

    # Cut-outs, off this thread

    def _cut_all(self) -> None:
        for group in reversed(self.groups):  # what is asked for last comes first
            for place, member in reversed(list(enumerate(group.members))):
                row = self._session.rows[member.position]
                path = self._session.store.artefacts.picture_of(row)
                if path is not None:
                    self._work.submit((group.id, place), partial(self._cut, path, row.photo_sha256, member.box))

    def _cut(self, path: Path, sha256: str, box: Box) -> bytes:
        return encode(cut_out(read_image(path, self._session.run.ranges, sha256), box, CUT_SIDE))

    def _show_cut(self, key: tuple[int, int], png: bytes) -> None:
        pixmap, square = QPixmap(), QPixmap(CUT_SIDE, CUT_SIDE)
        pixmap.loadFromData(png)
        kept, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        pixmap = pixmap.scaled(CUT_SIDE, CUT_SIDE, kept, smooth)  # those of small photos are small
        square.fill(Qt.GlobalColor.transparent)  # names below stand in one line
        with painting(square) as painter:
            painter.drawPixmap((CUT_SIDE - pixmap.width()) // 2, CUT_SIDE - pixmap.height(), pixmap)
        group, place = key
        self.cuts[group].item(place).setIcon(QIcon(square))

    # Scores

    def _follow(self, operator: str) -> None:
        """Let the engine bring scores in line with the marks, where they are not."""
        wanted = choose_followed(self.groups)
        if wanted != [group.corrected for group in self.groups]:
            self._wait.show()
            self.following.start(self._session.store.location, self._session.run.id, operator)

    def _take_scores(self) -> None:
        self._wait.hide()
        self._reread()
        self.rescored.emit()

    def _give_up(self, reason: str) -> None:
        self._wait.hide()
        self.problem.emit(reason)

    def _close(self) -> None:
        self._work.close()
        self.following.stop()

    # Marks

    def _mark(self, group_id: int, mark: str, _checked: bool = False) -> None:
        standing = self._find(group_id).mark
        operator = self._ask_operator()
        if operator and mark != standing:
            try:
                self._session.store.groups.mark(group_id, operator, mark, expected=standing)
            except MarkConflict as error:
                self.problem.emit(str(error))
            except StoreError as error:
                self.problem.emit(str(error))
                self._show_marks()  # what was pressed goes back
                return
        self._reread()
        self._follow(operator)

    def _reread(self) -> None:
        try:
            self.groups, self._marks = _read_groups(self._session)
        except StoreError as error:
            self.problem.emit(str(error))
        self._show_marks()

    def _show_marks(self) -> None:
        said: dict[int, MarkRecord] = {mark.group_id: mark for mark in self._marks}
        for group in self.groups:
            for mark, button in self.buttons[group.id].items():
                button.setChecked(mark == group.mark)
            told = translate_sentence(group.tell())
            if group.corrected:
                told += self.tr("; scores are as if they could not vouch for one another")
            self._headings[group.id].setText(f"{group.number}. {told}")
            last = said.get(group.id)
            self._said[group.id].setText("" if last is None else f"{isolate_words(last.operator)}, {_local(last)}")

    def _find(self, group_id: int) -> GroupRecord:
        return next(group for group in self.groups if group.id == group_id)


def show_shared(review: "Review", ask_operator: Callable[[], str]) -> None:
    """Show the regions that parts of the open run share, side by side, until another run is opened."""
    session, shown = review.session, review.findChild(SharedRegions)
    if session is None:
        return
    if shown is not None and shown.isVisible():
        shown.activateWindow()
        return
    try:
        dialog = SharedRegions(session, ask_operator, review)
    except StoreError as error:
        review.problem.emit(str(error))
        return
    dialog.chosen.connect(review.list.show)
    dialog.problem.connect(review.problem)
    dialog.rescored.connect(review.reread)

    def follow() -> None:
        if review.session is not session:  # its parts are those of the run that went
            dialog.reject()

    review.changed.connect(follow)
    dialog.finished.connect(lambda _: review.changed.disconnect(follow))
    dialog.show()


def _tell_no_cut(cuts: dict[int, QListWidget], key: tuple[int, int], error: Exception) -> None:
    """Say of a part why its region cannot be shown."""
    group, place = key
    item = cuts[group].item(place)
    item.setText(f"⚠ {item.text()}")
    item.setToolTip(show_letters(translate_message(describe_failure(error))))


def _read_groups(session: Session) -> tuple[list[GroupRecord], list[MarkRecord]]:
    """Read the groups of a run, and what was said of them; raises StoreError."""
    groups = session.store.groups
    return groups.of_run(session.run.id), groups.marks(session.run.id)


def _local(mark: MarkRecord) -> str:
    return f"{mark.time.astimezone():%Y-%m-%d %H:%M}"
