"""The screen of a watched line: OK or NG, the parts as they come, and what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.shell.background import Background, describe_failure
from gui.shell.error_dialog import confirm
from gui.shell.grey import hold_back
from gui.shell.labels import ElidedLabel, Lines
from gui.shell.low_window import LowWindowArea
from gui.shell.permits import needs
from gui.shell.texts import translate_sentence
from gui.watch.alarm_bar import AlarmBar
from gui.watch.band import Band
from gui.watch.counters import Counters
from gui.watch.line_state import Earlier, LineState, read_earlier
from gui.watch.part_list import PartList
from gui.watch.part_view import PartView, load_part
from inspector.errors import StoreError
from inspector.events import Event
from inspector.export.isolates import isolate_path
from inspector.roles import Action
from inspector.store.workspace import Workspace

REFUSED_TOLD = 3
"""Results that a sink refused for good, the latest, of which the part and the reason are told."""


class LiveScreen(QWidget):
    """Follows one watched folder. Parts of it can be judged by people while others come."""

    pause_wanted = Signal()
    go_on_wanted = Signal()
    stop_wanted = Signal()
    review_wanted = Signal()
    pool_wanted = Signal()
    changed = Signal()
    """What is known of the line has changed."""
    problem = Signal(str)

    def __init__(self, ask_operator: Callable[[Action], str], parent: QWidget | None = None) -> None:
        """Make an empty screen.

        Args:
            ask_operator: returns the operator's name, asking for it where needed; "" = not told, or they may not.
            parent: owner.
        """
        super().__init__(parent)
        self._ask_operator = ask_operator
        self.state = LineState()
        self._store: Workspace | None = None
        self._held: int | None = None
        self._early: list[Event] | None = None
        self._engine = ""
        self.title, self.folder = ElidedLabel(), ElidedLabel()
        self.title.setProperty("role", "title")
        self.folder.setProperty("role", "dim")
        self.alarms, self.band, self.counters = AlarmBar(), Band(), Counters()
        self.list, self.view, self.notices = PartList(), PartView(), Lines()
        self.notices.setMaximumBlockCount(200)
        self.notices.setMaximumHeight(96)
        self.notices.setMinimumHeight(36)  # in a low window
        self.notices.setAccessibleName(self.tr("What the engine said"))
        self.notices.hide()
        self.pause = QPushButton(self.tr("Pause"))
        self.stop = QPushButton(self.tr("Stop"))
        self.review = QPushButton(self.tr("Review the parts so far"))
        self.pool = QPushButton(self.tr("Pool…"))
        needs("verdict", self.pause, self.stop)
        self._work = Background(self, self._tell_failure, threads=1, waiting=3)
        self._work.finished.connect(self._take_loaded)
        self._is_paused = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head, line = QVBoxLayout(), QHBoxLayout()
        head.setSpacing(0)
        line.setSpacing(6)  # else it would take that of the head: buttons that touch are pressed by mistake
        head.addWidget(self.title)
        head.addLayout(line)
        line.addWidget(self.folder, 1)
        for button in (self.pause, self.stop, self.review, self.pool):
            line.addWidget(button)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.notices)
        for pane in (left, self.view):
            panes.addWidget(pane)
        panes.setSizes([460, 760])
        for place, share in enumerate((2, 3)):
            panes.setStretchFactor(place, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(LowWindowArea((self.alarms,), share=8, end=False))
        layout.addWidget(self.band)
        layout.addWidget(self.counters)
        layout.addWidget(panes, 1)

    def _connect(self) -> None:
        self.pause.clicked.connect(lambda: (self.go_on_wanted if self._is_paused else self.pause_wanted).emit())
        self.stop.clicked.connect(self.stop_wanted)
        self.review.clicked.connect(self.review_wanted)
        self.pool.clicked.connect(self.pool_wanted)
        self.list.picked.connect(self.hold)
        self.view.held.connect(self._toggle_hold)
        self.view.given.connect(self._decide)
        self.view.pool_wanted.connect(self._put_into_pool)

    @property
    def held(self) -> int | None:
        """The part that is held; None = the newest is shown."""
        return self._held

    # A run

    def begin(self, store: Workspace, folder: str) -> None:
        """Begin anew with a folder; the engine is being started."""
        self._work.forget()
        self._store, self._held, self._early = store, None, None
        self.state = LineState()
        self.folder.setText(folder)
        self.notices.clear()
        self.notices.hide()
        self.list.show_parts((), {})
        self.view.show_part(None, held=False)
        self.show_mode(self.tr("Starting the engine…"))

    def show_mode(self, title: str, *, paused: bool = False, engine: str = "") -> None:
        """Say what is going on; `engine` is a sentence about an engine that ended, or ""."""
        self._is_paused, self._engine = paused, engine
        self.title.setText(title)
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self._show_state()

    def take(self, event: Event) -> None:
        """Take in what the engine says."""
        if event.kind == "run":
            self.state.alarms.clear()  # what lasts is told anew
            self.state.sinks.clear()
            self._begin_run(int(event.message))
        elif self._early is not None:
            self._early.append(event)
        else:
            self._take(event)

    def note(self, text: str) -> None:
        """Write a sentence with its time below all others."""
        self.notices.show()
        self.notices.appendPlainText(f"{datetime.now().astimezone():%H:%M:%S}  {text}")

    def refresh(self) -> None:
        """Read again what the run has: people may have said something of its parts elsewhere."""
        if self.state.run_id is not None and self._early is None:
            self._begin_run(self.state.run_id)

    def close_down(self) -> None:
        """End the thread."""
        self._work.close()

    def _begin_run(self, run_id: int) -> None:
        assert self._store is not None
        self._early = []
        self._work.submit("run", partial(_read_run, self._store, run_id))

    def _take(self, event: Event) -> None:
        part = self.state.take(event)
        if event.kind == "warning":
            self.note(self.alarms.describe(event, self.state))
        if part is not None:
            self.list.add(part)
            if self._held is None:
                self._load(part.position)
        self._show_state()

    def _show_state(self) -> None:
        state = self.state
        self.alarms.show_state(state, self._engine)
        self.counters.show_state(state)
        message = self.tr("Waiting for the first part…")
        if state.warm_up is not None:
            message = self.tr("Learning: the first parts are judged together.")
        self.band.show_part(state.newest, message if state.run_id is not None else "")
        for button in (self.review, self.pool):
            hold_back(button, "" if state.run_id is not None else message)
        self.changed.emit()

    # A part

    def hold(self, position: int) -> None:
        """Show a part until the newest one is wanted again."""
        self._held = position
        self._load(position)

    def _toggle_hold(self, wanted: bool) -> None:
        meant = self.view.meant
        if wanted and meant is not None:
            self.hold(meant.position)
            return
        self._held = None
        self.list.forget_choice()
        if self.state.newest is not None:
            self._load(self.state.newest.position)

    def _load(self, position: int) -> None:
        assert self._store is not None
        assert self.state.run_id is not None
        self._work.submit("part", partial(load_part, self._store, self.state.run_id, position))

    def _take_loaded(self, key: str, found: Any) -> None:
        if key == "run":
            self._take_run(*found)
        elif self._held in (None, found.position):
            self.view.show_part(found, held=self._held is not None)

    def _take_run(self, run_id: int, earlier: Earlier) -> None:
        is_new = self.state.run_id != run_id
        self.state.begin(run_id, earlier)
        early, self._early = self._early or [], None
        for event in early:
            self.state.take(event)
            if event.kind == "warning":
                self.note(self.alarms.describe(event, self.state))
        for sink, results in earlier.refused.items() if is_new else ():
            told = self.tr(
                "Results that {name} refused for good: {count}; they are not sent again. The latest: {parts}"
            )
            self.note(told.format(name=sink, count=len(results), parts=_list_latest(results)))
        self.list.show_parts(self.state.parts, self.state.verdicts)
        self._show_state()
        if self._held is None and self.state.newest is not None:
            self._load(self.state.newest.position)

    def _tell_failure(self, key: str, error: Exception) -> None:
        if key == "run":
            self._early = None
        self.problem.emit(describe_failure(error))

    # What people say

    def _decide(self, verdict: str) -> None:
        part = self.view.part
        if part is None or self._store is None or not (operator := self._ask_operator("verdict")):
            return
        question = self.tr("There is no photo of this part to be seen. Accept it all the same?")
        if part.picture is None and verdict == "accepted" and not confirm(self, question):
            return
        try:
            self._store.verdicts.add(part.sample_id, operator, verdict, expected=part.verdict)
        except StoreError as error:
            self.problem.emit(str(error))
        else:
            self.view.show_part(replace(part, verdict=verdict), held=True)
            self.state.verdicts[part.position] = verdict
            self.list.show_verdict(part.position, verdict)
        self._load(part.position)  # what stands now

    def _put_into_pool(self) -> None:
        part = self.view.part
        question = self.tr("Is “{name}” to judge the parts to come? It stays until somebody takes it out.")
        if part is None or self._store is None or self.state.run_id is None:
            return
        asked = question.format(name=isolate_path(part.name))
        if not confirm(self, asked) or not (operator := self._ask_operator("pool")):
            return
        try:
            self._store.pools.change(self.state.run_id, part.position, operator, "put in")
        except StoreError as error:
            self.problem.emit(str(error))
        else:
            self.note(self.tr("{name} is put into the pool.").format(name=isolate_path(part.name)))


def _list_latest(results: Sequence[tuple[str, str]]) -> str:
    """Name the latest results that a sink refused, and why."""
    return ", ".join(f"{isolate_path(part)} ({translate_sentence(why)})" for part, why in results[-REFUSED_TOLD:])


def _read_run(store: Workspace, run_id: int) -> tuple[int, Earlier]:
    return run_id, read_earlier(store, run_id)
