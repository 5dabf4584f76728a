"""Scans as the window sees them: one engine at a time, and the store kept true however it ends."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.engine.job_bar import JobBar
from gui.engine.marking import RunMarker
from gui.engine.process import EngineProcess
from gui.scanning.progress import ProgressScreen
from gui.shell.background import describe_failure
from inspector.events import Event

if TYPE_CHECKING:  # carry numpy, SQLAlchemy and pydantic, which the first picture of the window need not wait for
    from inspector.settings import ScanSettings
    from inspector.store.workspace import Workspace


class Scans(QObject):
    """Starts, follows and stops the engine; shows it on the progress screen and in the status bar.

    Attributes:
        answered: whether the workspace could be written when the last engine had ended; else it is not asked at once.
    """

    started = Signal()
    ended = Signal()
    """However it ended; what follows tells how."""
    done = Signal(int)
    """Run that is complete."""
    notice = Signal(str)
    watch_wanted = Signal(str)
    """Folder whose watched run is to go on."""
    problem = Signal(str, str)
    """A sentence and details."""

    def __init__(self, engine: EngineProcess, screen: ProgressScreen, bar: JobBar, parent: QObject) -> None:
        """Serve a screen and a bar."""
        super().__init__(parent)
        self.engine, self._screen, self._bar = engine, screen, bar
        self.store: Workspace | None = None
        self.answered = True
        self._marker = RunMarker(self)
        screen.cancel_wanted.connect(self.cancel)
        engine.said.connect(self._heard)
        engine.finished.connect(self._take_result)
        engine.cancelled.connect(self._take_cancellation)
        engine.failed.connect(self._take_failure)

    @property
    def busy(self) -> bool:
        """Whether a scan is under way, or its end is being kept."""
        return self.engine.busy or self._marker.busy

    def scan(
        self,
        folder: Path,
        settings: "ScanSettings | None",
        *,
        layout: str = "auto",
        resume: bool = False,
        recipe: str = "",
        judged_by: int | None = None,
    ) -> None:
        """Start the engine on a folder; `recipe` is what the settings come from, `judged_by` as on the command line."""
        from gui.start.runs import find_pace

        if self.store is None or self.refuse_second():
            return
        self._screen.begin(str(folder), find_pace(self.store))
        self.engine.start(
            folder, self.store.location, settings, layout=layout, resume=resume, recipe=recipe, judged_by=judged_by
        )
        self.started.emit()

    def resume(self, run_id: int) -> None:
        """Finish a stopped run."""
        if self.store is not None:
            from inspector.store.claims import WATCHED

            run = self.store.runs.get(run_id)
            if run.layout == WATCHED:
                self.watch_wanted.emit(run.root)
                return
            self.scan(Path(run.root), None, layout=run.layout, resume=True)

    def cancel(self) -> None:
        """Stop the scan; it can be resumed."""
        self._screen.cancelling()
        self.engine.cancel()

    def refuse_second(self) -> bool:
        """Say that only one scan can run at a time, if one does."""
        if self.busy:
            self.problem.emit(self.tr("A scan is running. Wait for its end, or cancel it first."), "")
        return self.busy

    def _heard(self, job: int, event: Event) -> None:
        if job == self.engine.job:
            self._screen.show_event(event)
            if event.kind == "run" and self.store is not None:
                self._marker.note_owner(self.store, int(event.message))
                self._screen.arrivals.open(self.store.artefacts.thumbnail_path(int(event.message), 0).parent)
            self._bar.show_event(event)

    def close_down(self) -> None:
        """The app ends: so does the engine."""
        self.engine.stop_and_wait()
        self._marker.close()

    def _take_result(self, _job: int, run_id: int) -> None:
        self._end(None)
        self.done.emit(run_id)

    def _take_cancellation(self, _job: int, run_id: int | None) -> None:
        def tell(error: Exception | None, _elsewhere: bool) -> None:
            self._end(error)
            self.notice.emit(self.tr("The scan was stopped. It can be resumed."))

        self._marker.mark(self.store, run_id, "cancelled", "stopped before it was done", tell)

    def _take_failure(self, _job: int, run_id: int | None, sentence: str, details: str) -> None:
        def tell(error: Exception | None, _elsewhere: bool) -> None:
            self._end(error)
            resumable = "" if run_id is None else "\n" + self.tr("Run {number} can be resumed.").format(number=run_id)
            self.problem.emit(sentence + resumable, details)

        self._marker.mark(self.store, run_id, "failed", sentence, tell)

    def _end(self, error: Exception | None) -> None:
        """The run is marked, or cannot be."""
        self.answered = error is None
        self._screen.end()
        self.ended.emit()
        if error is not None:
            self.problem.emit(describe_failure(error), "")
