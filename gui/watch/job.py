"""A watched folder in an engine of its own: begun, paused, stopped; taken up again when the engine or the app ended."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from gui.engine.marking import RunMarker
from gui.engine.process import EngineProcess
from gui.shell.background import describe_failure
from gui.shell.preferences import Preferences
from gui.watch.choice import RememberedWatch, WatchChoice
from inspector.errors import StoreAway
from inspector.events import Event

if TYPE_CHECKING:  # carries SQLAlchemy, which the first picture of the window need not wait for
    from inspector.store.workspace import Workspace

FIRST_WAIT, LONGEST_WAIT = 1000, 60_000
"""Milliseconds before an engine that ended is started again: the first, then twice as long each time."""

MEMORY = "watch"
"""Where the preferences keep what was watched last."""

Mode = Literal["off", "going", "pausing", "paused", "stopping", "restarting"]


class WatchJob(QObject):
    """One watched folder at a time.

    Attributes:
        mode: what goes on.
        choice: what is watched, and how.
        run_id: the run; None before it began.
        answered: whether the workspace could be written when the last engine had ended; else it is not asked at once.
    """

    turned = Signal(str)
    """The mode has changed; a sentence about an engine that ended, or ""."""
    said = Signal(object)
    """`Event` of the engine."""
    noted = Signal(str)
    """A sentence for the operator: why it goes on."""
    problem = Signal(str, str)
    """A sentence and details."""

    def __init__(self, preferences: Preferences, engine: EngineProcess, parent: QObject) -> None:
        """Prepare."""
        super().__init__(parent)
        self.mode: Mode = "off"
        self.choice = WatchChoice("")
        self.run_id: int | None = None
        self.answered = True
        self._preferences, self._engine = preferences, engine
        self._store: Workspace | None = None
        self._wait = FIRST_WAIT
        self._resumes = False
        self._why, self._reason = "", ""
        self._marker = RunMarker(self)
        self._marker.silent.connect(self._tell_silence)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look_again)
        engine.said.connect(lambda _job, event: self._hear(event))
        engine.finished.connect(lambda _job, run: self._take_end(run))
        engine.cancelled.connect(lambda _job, run: self._take_end(run))
        engine.failed.connect(self._take_failure)

    @property
    def active(self) -> bool:
        """Whether a folder is watched, or paused."""
        return self.mode != "off"

    def begin(
        self,
        store: "Workspace",
        choice: WatchChoice,
        *,
        resume: bool = False,
        run_id: int | None = None,
        why: str = "",
    ) -> None:
        """Watch a folder.

        Args:
            store: where its run is kept.
            choice: which one, and how.
            resume: whether its last run goes on.
            run_id: that run, where it is known: it is left to another station that has taken it up.
            why: a sentence about why it goes on, or "".
        """
        if self.active:
            raise ValueError("expected no watched folder, but there is one")
        self._store, self.choice, self.run_id = store, choice, run_id
        self._why, self._wait = why, FIRST_WAIT
        self._start(resume=resume)

    def pause(self) -> None:
        """Stop the engine; what arrives meanwhile is judged when it goes on."""
        self._end("pausing", "paused")

    def go_on(self) -> None:
        """Go on after a pause."""
        if self.mode == "paused":
            self._wait = FIRST_WAIT
            self._start(resume=True)

    def stop(self) -> None:
        """Stop watching."""
        self._end("stopping", "off")

    def close_down(self) -> None:
        """The app ends: so does the engine. A folder that is watched, and not paused, goes on at the next start."""
        self._timer.stop()
        self._engine.blockSignals(True)
        self._engine.stop_and_wait()
        self._marker.close()

    def recall(self) -> RememberedWatch | None:
        """Return what was watched last; None where nothing was."""
        return RememberedWatch.from_json(self._preferences.text(MEMORY))

    def leave(self, kept: RememberedWatch) -> None:
        """Do not go on with a folder at the next start."""
        self._preferences.remember(MEMORY, replace(kept, going=False).to_json())

    def _remember(self, *, going: bool) -> None:
        assert self._store is not None
        self._preferences.remember(MEMORY, RememberedWatch(self._store.location, self.choice, going).to_json())

    def _start(self, *, resume: bool) -> None:
        assert self._store is not None
        self._resumes = resume
        self._remember(going=True)
        self._engine.watch(Path(self.choice.folder), self._store.location, self.choice.to_options(resume=resume))
        self._turn("going")

    def _end(self, ending: Mode, ended: Mode) -> None:
        self._timer.stop()
        self._remember(going=False)
        if self._engine.busy or self._marker.busy:
            self._turn(ending)
            self._engine.cancel()
        else:
            self._turn(ended)

    def _turn(self, mode: Mode, sentence: str = "") -> None:
        self.mode = mode
        self.turned.emit(sentence)

    # The engine

    def _hear(self, event: Event) -> None:
        if event.kind == "run":
            assert self._store is not None
            self.run_id = int(event.message)
            self._marker.note_owner(self._store, self.run_id)
            why, self._why = self._why, ""
            if self.mode == "going":
                self._turn("going")  # its number is known now
            if why:
                self.noted.emit(why)
        elif event.kind in ("part", "alive"):
            self._wait = FIRST_WAIT
        self.said.emit(event)

    def _take_end(self, run_id: int | None) -> None:
        """The engine ended as it was asked to, by whomever."""
        self._remember(going=False)
        self._marker.mark(self._store, run_id, "cancelled", "stopped", lambda error, _: self._settle(error))

    def _settle(self, error: Exception | None) -> None:
        """The run is marked, or cannot be: the engine is not waited for any more."""
        self.answered = error is None
        self._turn("off" if self.mode == "stopping" else "paused")
        if error is not None:
            self.problem.emit(describe_failure(error), "")

    def _tell_silence(self) -> None:
        from inspector.store.location import is_address

        assert self._store is not None
        if is_address(self._store.location) and self.mode in ("pausing", "stopping"):
            stopping = self.mode == "stopping"
            told = self.tr("Stopping; the server does not answer.")
            self._turn(self.mode, told if stopping else self.tr("Pausing; the server does not answer."))

    def _take_failure(self, _job: int, run_id: int | None, sentence: str, details: str) -> None:
        take = partial(self._settle_failure, run_id is not None, sentence, details)
        known = self.run_id if run_id is None else run_id  # it may have been refused to go on with it
        self._marker.mark(self._store, known, "failed", sentence, take)

    def _settle_failure(
        self, was_begun: bool, sentence: str, details: str, error: Exception | None, elsewhere: bool
    ) -> None:
        self.answered = error is None
        if self.mode in ("pausing", "stopping"):
            self._remember(going=False)
            self._settle(error)
        elif elsewhere or not (was_begun or self._resumes):
            self._remember(going=False)
            self._turn("off")
            self.problem.emit(sentence, details)
        else:
            if error is not None and not isinstance(error, StoreAway):  # which the engine has told
                self.problem.emit(describe_failure(error), "")
            self._restart(sentence)

    def _restart(self, reason: str) -> None:
        """Start the engine again after a while; it takes the run up where it was."""
        self._reason = reason
        self._why = self.tr("The engine had ended; it goes on. {reason}").format(reason=reason)
        told = self.tr("The engine ended and is started again in {seconds} s. {reason}")
        sentence = told.format(seconds=round(self._wait / 1000), reason=reason)
        self._timer.start(self._wait)
        self._wait = min(2 * self._wait, LONGEST_WAIT)
        self._turn("restarting", sentence)
        self.noted.emit(sentence)

    def _look_again(self) -> None:
        """Another station may have taken the run up since the engine ended, and may have ended it, too."""
        self._marker.mark(self._store, self.run_id, "failed", self._reason, self._start_again)

    def _start_again(self, error: Exception | None, elsewhere: bool) -> None:
        self.answered = error is None
        if self.mode in ("pausing", "stopping"):
            self._settle(error)
        elif elsewhere:
            self._remember(going=False)
            self._turn("off")
            told = self.tr("Run {number} was taken up at another station meanwhile, and is left to it.")
            self.problem.emit(told.format(number=self.run_id), "")
        else:
            self._start(resume=True)
