"""Reads runs off the GUI thread; what arrives for a run that is no longer wanted is dropped."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.review.run_content import read_run, read_times
from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from inspector.store.workspace import Workspace


class RunLoader(QObject):
    """Serves one run at a time: the one that was asked for last."""

    opened = Signal(object)
    """A new `Session`."""
    read_again = Signal(object)
    """`RunContent` of the run that is open."""
    timed = Signal(object)
    """Times of the files of the open run: (N,) float64."""
    open_failed = Signal(str)
    """Why the run could not be read."""
    problem = Signal(str)
    """Why something of the open run could not be read; what is known of it already stays."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make its thread."""
        super().__init__(parent)
        self.run_id: int | None = None
        self._store: Workspace | None = None
        self._work = Background(self, self._tell_failure, threads=1, waiting=3)
        self._work.finished.connect(self._hand_over)

    def open(self, store: Workspace, run_id: int) -> None:
        """Read a run from now on; the one before is given up."""
        self._work.forget()
        self._store, self.run_id = store, run_id
        self._work.submit("open", partial(Session, store, run_id))

    def reread(self) -> None:
        """Read again what the store holds of the run; `read_again` brings it."""
        if self._store is not None and self.run_id is not None:
            self._work.submit("reread", partial(read_run, self._store, self.run_id))

    def find_times(self, session: Session) -> None:
        """Ask when the files of a session were changed; `timed` brings it."""
        self._work.submit("times", partial(read_times, session.rows))

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    def _hand_over(self, key: str, found: Any) -> None:
        {"open": self.opened, "reread": self.read_again, "times": self.timed}[key].emit(found)

    def _tell_failure(self, key: str, error: Exception) -> None:
        (self.open_failed if key == "open" else self.problem).emit(describe_failure(error))
