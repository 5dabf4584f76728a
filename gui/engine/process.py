"""Runs the engine as a process of its own and tells how it ends: once, always."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from gui.engine.command import ENGINE
from gui.engine.ending import describe_end, describe_not_started
from inspector.events import Event

if TYPE_CHECKING:  # carries pydantic, which the first picture of the window need not wait for
    from inspector.settings import ScanSettings

PATIENCE = 5000
"""Milliseconds between asking the engine to stop, telling it, and ending it."""

CANCELLED = 130
"""Exit code of a scan that was stopped and can be resumed."""


class EngineProcess(QObject):
    """One scan, or one watched folder, at a time.

    Signals carry the number of the job; then exactly one of finished, failed, cancelled.
    """

    said = Signal(int, object)
    """Job and `Event`."""
    finished = Signal(int, int)
    """Job and run."""
    failed = Signal(int, object, str, str)
    """Job, run (None where it had none yet), a sentence, details."""
    cancelled = Signal(int, object)
    """Job and run (None where it had none yet)."""

    def __init__(
        self, parent: QObject | None = None, *, command: Sequence[str] = ENGINE, patience: int = PATIENCE
    ) -> None:
        """Prepare; `command` is what is started, `patience` milliseconds pass before an ordered stop is enforced."""
        super().__init__(parent)
        self.job = 0
        self.run_id: int | None = None
        self._command = list(command)
        self._patience = patience
        self._process: QProcess | None = None
        self._asked = False
        self._lines = b""
        self._errors = b""
        self._folder: str | None = None

    @property
    def busy(self) -> bool:
        """Whether a scan is under way."""
        return self._process is not None

    def start(
        self,
        folder: Path,
        workspace: str | Path,
        settings: "ScanSettings | None",
        *,
        layout: str = "auto",
        resume: bool = False,
        recipe: str = "",
        judged_by: int | None = None,
    ) -> int:
        """Start a scan, judged by the accepted parts of a run if one is named, and return the number of its job."""
        further = ["--layout", layout, *(["--resume"] if resume else []), *(["--recipe", recipe] if recipe else [])]
        further += [] if judged_by is None else ["--judged-by", str(judged_by)]
        return self._begin(["scan", str(folder), *further], workspace, settings)

    def watch(self, folder: Path, workspace: str | Path, options: Sequence[str]) -> int:
        """Watch a folder, with options as on the command line; return the number of the job."""
        return self._begin(["watch", str(folder), *options], workspace, None)

    def _begin(self, words: Sequence[str], workspace: str | Path, settings: "ScanSettings | None") -> int:
        if self._process is not None:
            raise ValueError("expected no scan under way, but there is one")
        self.job += 1
        self.run_id, self._asked, self._lines, self._errors = None, False, b"", b""
        arguments = [*self._command[1:], *words, "--workspace", str(workspace), "--events", "jsonl"]
        if settings is not None:
            self._folder = tempfile.mkdtemp(prefix="inspector-")
            file = Path(self._folder) / "settings.toml"
            file.write_text(settings.to_toml(complete=True), encoding="utf-8")
            arguments += ["--settings", str(file)]
        process = engine_process(self)
        process.readyReadStandardOutput.connect(self._read_lines)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._take_end)
        process.errorOccurred.connect(self._not_started)
        self._process = process
        process.start(self._command[0], arguments)
        return self.job

    def cancel(self) -> None:
        """Ask the engine to stop; if it does not, tell it, then end it."""
        if self._process is None or self._asked:
            return
        self._asked = True
        ask_to_stop(self._process)
        job = self.job
        QTimer.singleShot(self._patience, self, lambda: self._enforce(job, QProcess.terminate))
        QTimer.singleShot(2 * self._patience, self, lambda: self._enforce(job, QProcess.kill))

    def stop_and_wait(self) -> None:
        """Stop the engine before the app closes; returns when it is gone."""
        if self._process is None:
            return
        if not self._asked:
            self._asked = True
            ask_to_stop(self._process)
        for harder in (QProcess.terminate, QProcess.kill):
            if self._process is None or self._process.waitForFinished(self._patience):
                return
            harder(self._process)
        if self._process is not None:
            self._process.waitForFinished(self._patience)

    def _enforce(self, job: int, end: Callable[[QProcess], None]) -> None:
        if job == self.job and self._process is not None:
            end(self._process)

    def _read_lines(self) -> None:
        assert self._process is not None
        self._lines += self._process.readAllStandardOutput().data()
        *whole, self._lines = self._lines.split(b"\n")
        for line in whole:
            self._hear(line.decode("utf-8", "replace"))

    def _hear(self, line: str) -> None:
        try:
            event = Event.from_json(line)
        except ValueError:
            return  # a library's own words on stdout
        if event.kind in ("run", "result"):
            self.run_id = int(event.message)
        self.said.emit(self.job, event)

    def _read_errors(self) -> None:
        assert self._process is not None
        self._errors = (self._errors + self._process.readAllStandardError().data())[-20_000:]

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._let_go()
            self.failed.emit(self.job, None, describe_not_started(), reason)

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_lines()
        self._read_errors()
        job, run_id, asked = self.job, self.run_id, self._asked
        details = self._errors.decode("utf-8", "replace").strip()
        self._let_go()
        crashed = status == QProcess.ExitStatus.CrashExit
        if code == 0 and not crashed and run_id is not None:
            self.finished.emit(job, run_id)
        elif code == CANCELLED or asked:
            self.cancelled.emit(job, run_id)
        else:
            self.failed.emit(job, run_id, describe_end(code, details, crashed=crashed), details)

    def _let_go(self) -> None:
        assert self._process is not None
        self._process.deleteLater()
        self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def engine_process(parent: QObject) -> QProcess:
    """Make a process that can be interrupted even where the app itself ignores interrupts."""
    process = QProcess(parent)
    if sys.platform != "win32":
        parameters = QProcess.UnixProcessParameters()
        parameters.flags = QProcess.UnixProcessFlag.ResetSignalHandlers
        process.setUnixProcessParameters(parameters)
    return process


def ask_to_stop(process: QProcess) -> None:
    """Interrupt the engine as Ctrl+C would; Windows knows no such thing, there it is ended: the run stays resumable."""
    if sys.platform == "win32":
        process.kill()
    elif process.processId() > 0:
        os.kill(process.processId(), signal.SIGINT)
