"""Reads runs off the GUI thread; what arrives for a run that is no longer wanted is dropped."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.review.past import Past
from gui.review.run_content import read_news, read_run, read_times
from gui.review.session import Session
from gui.shell.background import Background, describe_failure
from inspector.store.workspace import Workspace


class RunLoader(QObject):
    """Serves one run at a time: the one that was asked for last."""

    opened = Signal(object)
    """A new `Session`."""
    read_again = Signal(object)
    """`RunContent` of the run that is open."""
    news = Signal(object)
    """`News` of the run that was looked at."""
    timed = Signal(object)
    """Times of the files of the open run: (N,) float64."""
    away = Signal(object)
    """Why it cannot be asked what others have written, None = it can; it is tried again soon."""
    open_failed = Signal(str)
    """Why the run could not be read."""
    problem = Signal(str)
    """Why something of the open run could not be read; what is known of it already stays."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Make its thread."""
        super().__init__(parent)
        self.run_id: int | None = None
        self._store: Workspace | None = None
        self._pasts: dict[tuple[Workspace, int], Past] = {}
        self._work = Background(self, self._tell_failure, threads=1, waiting=4)
        self._work.finished.connect(self._hand_over)

    def open(self, store: Workspace, run_id: int) -> None:
        """Read a run from now on; the one before is given up."""
        self._work.forget()
        self._store, self.run_id = store, run_id
        past = self._pasts.setdefault((store, run_id), Past())
        self._work.submit("open", partial(open_session, store, run_id, past))

    def reread(self) -> None:
        """Read again what the store holds of the run; `read_again` brings it."""
        if self._store is not None and self.run_id is not None:
            self._work.submit("reread", partial(read_run, self._store, self.run_id))

    def look(self, run_id: int, newest: int) -> None:
        """Ask what was written on the run after the verdict of a number; `news` brings it."""
        if self._store is not None and self.run_id == run_id and not self._work.waits("news"):
            self._work.submit("news", partial(read_news, self._store, run_id, newest))

    def find_times(self, session: Session) -> None:
        """Ask when the files of a session were changed; `timed` brings it."""
        self._work.submit("times", partial(read_times, session.rows))

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    def _hand_over(self, key: str, found: Any) -> None:
        if key != "times":  # those are of the files
            self.away.emit(None)
        {"open": self.opened, "reread": self.read_again, "news": self.news, "times": self.timed}[key].emit(found)

    def _tell_failure(self, key: str, error: Exception) -> None:
        if key == "news":
            self.away.emit(error)
        else:
            (self.open_failed if key == "open" else self.problem).emit(describe_failure(error))


def open_session(store: Workspace, run_id: int, past: Past) -> Session:
    """Read a run, and find here what the first move of the threshold would else wait for. Raises as `Session`."""
    session = Session(store, run_id, past)
    session.label_free()
    return session
