"""The list of runs, read off the GUI thread: a server or a share may not answer."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from gui.shell.background import Background, describe_failure
from gui.start.screen import StartScreen

if TYPE_CHECKING:  # see the start screen
    from gui.start.runs import ListedRuns
    from inspector.store.workspace import Workspace


class RunLister(QObject):
    """Brings the list of the start screen up to date; until then it is as it was."""

    problem = Signal(str)
    """Why the runs could not be read, told where the list is looked at."""

    def __init__(self, screen: StartScreen, is_busy: Callable[[], bool], parent: QObject) -> None:
        """Serve a screen; while it `is_busy`, the app can take up no run."""
        super().__init__(parent)
        self._screen, self._is_busy = screen, is_busy
        self._work = Background(self, self._tell_failure, threads=1, waiting=1)
        self._work.finished.connect(lambda _key, found: self.show(found))

    def read(self, store: "Workspace") -> None:
        """Read the runs, then list them."""
        from gui.start.runs import read_runs

        self._work.submit("runs", partial(read_runs, store))

    def show(self, found: "ListedRuns") -> None:
        """List runs; keys act on the first list that comes, too."""
        was_empty = not self._screen.runs.topLevelItemCount()
        self._screen.show_runs(found.runs, set() if self._is_busy() else found.resumable, found.now)
        if was_empty and self._screen.isVisible() and self._screen.scan_button.hasFocus():
            self._screen.take_keys()

    def close(self) -> None:
        """Read no more."""
        self._work.close()

    def _tell_failure(self, _key: str, error: Exception) -> None:
        if self._screen.isVisible() and QApplication.activeModalWidget() is None:  # else it has been told
            self.problem.emit(describe_failure(error))
