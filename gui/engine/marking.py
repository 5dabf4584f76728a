"""Runs get their true state in the workspace when their engine has ended, beside the window: a server may be away."""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gui.shell.background import Background

if TYPE_CHECKING:  # carry SQLAlchemy, which the first picture of the window need not wait for
    from inspector.store.records import RunStatus
    from inspector.store.workspace import Workspace

SILENCE = 1500
"""Milliseconds after which it is told that the workspace does not answer."""

PATIENCE = 1.5
"""Seconds that closing waits for a run that is being marked."""

Then = Callable[[Exception | None, bool], object]
"""Gets what hindered the marking, or None, and whether another program has taken the run up."""


class RunMarker(QObject):
    """Marks the run of one engine at a time.

    Attributes:
        busy: whether a run is being marked.
    """

    silent = Signal()
    """The workspace does not answer for a while."""

    def __init__(self, parent: QObject) -> None:
        """Prepare."""
        super().__init__(parent)
        self.busy = False
        self._owner = ""
        self._marked = Event()
        self._then: Then = lambda _error, _elsewhere: None
        self._timer = QTimer(self, singleShot=True, interval=SILENCE)
        self._timer.timeout.connect(self.silent)
        self._background = Background(
            self, lambda key, error: self._take_answer(key, error, elsewhere=False), threads=1
        )
        self._background.finished.connect(lambda key, found: self._take_answer(key, None, elsewhere=bool(found)))

    def note_owner(self, store: "Workspace", run_id: int) -> None:
        """Ask what the engine that has begun a run calls itself."""
        self._owner = ""
        self._background.submit("owner", partial(self._read_owner, store, run_id))

    def mark(
        self, store: "Workspace | None", run_id: int | None, status: "RunStatus", message: str, then: Then
    ) -> None:
        """Mark a run as ended, see `mark_stopped`, and call `then`: at once where there is none."""
        if store is None or run_id is None:
            then(None, False)
            return
        self.busy, self._then = True, then
        self._timer.start()
        self._marked.clear()
        self._background.submit("mark", partial(self._mark, store, run_id, status, message))

    def close(self) -> None:
        """Let a run that is being marked be so, and stop: nothing is told any more."""
        self._timer.stop()
        if self.busy:
            self._marked.wait(PATIENCE)
        self._background.close()

    def _read_owner(self, store: "Workspace", run_id: int) -> None:
        from gui.start.runs import find_owner

        self._owner = find_owner(store, run_id)

    def _mark(self, store: "Workspace", run_id: int, status: "RunStatus", message: str) -> bool:
        from gui.start.runs import mark_stopped

        try:
            return mark_stopped(store, run_id, status, message, self._owner)  # in the thread that read it, and after
        finally:
            self._marked.set()

    def _take_answer(self, key: object, error: Exception | None, elsewhere: bool = False) -> None:
        if key == "mark":
            self.busy = False
            self._timer.stop()
            self._then(error, elsewhere)
