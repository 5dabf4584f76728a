"""The engine brings the scores of a run in line with what was said of its groups, in a process of its own."""

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from gui.engine.command import ENGINE
from gui.engine.ending import describe_end, describe_not_started
from gui.engine.process import engine_process

LOG = logging.getLogger("inspector.gui")


class Following(QObject):
    """One run at a time; then exactly one of done and failed."""

    done = Signal()
    failed = Signal(str)
    """A sentence."""

    def __init__(self, parent: QObject, *, command: Sequence[str] = ENGINE) -> None:
        """Prepare; `command` is what is started."""
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None

    @property
    def busy(self) -> bool:
        """Whether the engine is at it."""
        return self._process is not None

    def start(self, workspace: str | Path, run_id: int, operator: str) -> None:
        """Begin, unless it is under way: what is marked meanwhile is looked at before it ends."""
        if self._process is not None:
            return
        process = engine_process(self)
        process.finished.connect(self._take_end)
        process.errorOccurred.connect(self._not_started)
        self._process = process
        arguments = ["groups", str(run_id), "--workspace", str(workspace), "--operator", operator]
        process.start(self._command[0], [*self._command[1:], *arguments])

    def stop(self) -> None:
        """End it; the next time a group is marked or shown it begins again."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(2000)

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        told = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        process.deleteLater()
        crashed = status == QProcess.ExitStatus.CrashExit
        if code == 0 and not crashed:
            self.done.emit()
        else:
            LOG.error("the scores could not follow: %s", told)
            reason = describe_end(code, told, crashed=crashed)
            self.failed.emit(self.tr("The scores could not follow: {reason}").format(reason=reason))

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._process.deleteLater()
            self._process = None
            self.failed.emit(describe_not_started())
