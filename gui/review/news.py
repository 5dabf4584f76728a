"""Looks once a second whether another station has judged parts of the open run, or moved its threshold."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gui.review.run_content import News
from gui.review.run_loader import RunLoader
from gui.review.state import ReviewState
from inspector.store.server import ServerLost

PAUSE = 1000
"""Milliseconds between two looks."""

REFUSED_PAUSE = 10_000
"""The same where the workspace refuses: servers shut accounts out that try too often."""


class NewsControl(QObject):
    """Ties what others write to the session."""

    judged = Signal()
    """Others have said something of parts of the run; the session knows it."""
    outdated = Signal()
    """More than verdicts has changed: the run is to be read again."""

    def __init__(self, state: ReviewState, loader: RunLoader, is_wanted: Callable[[], bool], parent: QObject) -> None:
        """Serve a session; `is_wanted` tells whether somebody looks at it."""
        super().__init__(parent)
        self._state, self._loader, self._is_wanted = state, loader, is_wanted
        self.timer = QTimer(self, interval=PAUSE)
        self.timer.timeout.connect(self.look)
        loader.news.connect(self._take)
        loader.away.connect(self._choose_pause)
        self.timer.start()

    def look(self) -> None:
        """Ask the store; what it says comes later."""
        session = self._state.session
        if session is not None and self._is_wanted():
            self._loader.look(session.run.id, session.verdicts.newest)

    def _choose_pause(self, error: Exception | None) -> None:
        pause = PAUSE if error is None or isinstance(error, ServerLost) else REFUSED_PAUSE
        if pause != self.timer.interval():
            self.timer.setInterval(pause)

    def _take(self, news: News) -> None:
        session = self._state.session
        if session is None or session.run.id != news.run.id:
            return
        if session.add_news(news.verdicts):
            self.judged.emit()
        if (news.run.status, news.run.threshold) != (session.run.status, session.run.threshold):
            self.outdated.emit()
