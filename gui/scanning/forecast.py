"""What the engine says it would do: asked of a process of its own, of which nothing is left behind."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from gui.engine.ending import OURS, describe_end, describe_not_started
from gui.engine.process import PATIENCE, ask_to_stop, engine_process
from gui.shell.texts import translate_message
from inspector.settings import ScanSettings

TEMPORARY = ("TMPDIR", "TEMP", "TMP")
"""Variables that say where a process puts its temporary files, on one system or another."""


class Forecast(QObject):
    """Asks the engine what a scan would be; the latest question counts."""

    told = Signal(str)
    """All that the engine has said so far in answer to the latest question."""
    refused = Signal(str)
    """Why the engine would not do it, in its own words where it has some; "" while it looks."""

    def __init__(self, parent: QObject, *, command: Sequence[str], patience: int = PATIENCE) -> None:
        """Prepare; `command` is the engine, `patience` milliseconds pass before an ordered stop is enforced."""
        super().__init__(parent)
        self._command, self._patience = list(command), patience
        self._scratch = Path(tempfile.mkdtemp(prefix="inspector-"))
        self._tidy = weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)  # at the latest at exit
        self._said = b""
        self._question: tuple[Path, ScanSettings] | None = None
        self._closed = False
        self._process = engine_process(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name in TEMPORARY:  # what a killed engine leaves goes with the scratch folder
            environment.insert(name, str(self._scratch))
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._tell)
        self._process.finished.connect(self._take_end)
        self._process.errorOccurred.connect(self._take_error)
        app = QCoreApplication.instance()
        assert app is not None
        app.aboutToQuit.connect(self._close_now)

    def ask(self, folder: Path, settings: ScanSettings) -> None:
        """Ask about a folder; an earlier question is given up."""
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._start(folder, settings)
            return
        if self._question is None:
            self._stop()  # what it would say is out of date
        self._question = folder, settings

    def close(self) -> None:
        """Ask no more: the engine is stopped and its files are removed, without waiting for it here."""
        if self._closed:
            return
        self._closed = True
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._remove()
            return
        self.setParent(QCoreApplication.instance())  # whoever asked may be gone before the engine is
        self._stop()

    def _start(self, folder: Path, settings: ScanSettings) -> None:
        self._question = None
        file = self._scratch / "settings.toml"
        file.write_text(settings.to_toml(), encoding="utf-8")
        self._said = b""
        self.told.emit(self.tr("Looking at the folder…"))
        self.refused.emit("")
        arguments = [*self._command[1:], "scan", str(folder), "--settings", str(file), "--dry-run"]
        self._process.start(self._command[0], arguments)

    def _stop(self) -> None:
        ask_to_stop(self._process)
        process, number = self._process, self._process.processId()
        QTimer.singleShot(self._patience, self, lambda: process.kill() if process.processId() == number else None)

    def _tell(self) -> None:
        """Tell what the engine has said so far; the predicted time comes after a short calibration."""
        self._said += bytes(self._process.readAllStandardOutput().data())
        lines = self._said.decode("utf-8", "replace").splitlines()
        if not self._closed and self._question is None:
            said = (line.removeprefix("# ") for line in lines if line.startswith("# "))
            self.told.emit(translate_message("\n".join(said)))

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        wrong = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if self._closed:
            self._remove()
        elif self._question is not None:
            self._start(*self._question)
        elif code != 0:
            last = wrong.splitlines()[-1] if wrong else ""
            crashed = status == QProcess.ExitStatus.CrashExit
            self.told.emit("")
            self.refused.emit(
                last.removeprefix(OURS) if last.startswith(OURS) else describe_end(code, wrong, crashed=crashed)
            )

    def _take_error(self, error: QProcess.ProcessError) -> None:
        """An engine that could not be started does not end, either."""
        if error == QProcess.ProcessError.FailedToStart and self._closed:
            self._remove()
        elif error == QProcess.ProcessError.FailedToStart:
            self.told.emit("")
            self.refused.emit(describe_not_started())

    def _close_now(self) -> None:
        """The app ends: see to it that nothing stays."""
        self.close()
        if self._process.state() != QProcess.ProcessState.NotRunning and not self._process.waitForFinished(
            self._patience
        ):
            self._process.kill()
            self._process.waitForFinished(self._patience)

    def _remove(self) -> None:
        self._tidy()
        self.deleteLater()
