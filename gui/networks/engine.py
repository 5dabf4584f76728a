"""The engine lists networks and brings weights in, one job at a time, in a process of its own."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from gui.engine.command import ENGINE
from gui.engine.ending import describe_end, describe_not_started
from gui.engine.process import PATIENCE, ask_to_stop, engine_process
from gui.networks.listing import read_listing
from inspector.events import Event


class WeightsEngine(QObject):
    """Each job ends with exactly one of listed, done, failed and cancelled."""

    listed = Signal(list)
    """All networks."""
    progressed = Signal(int, int)
    """Bytes so far and altogether."""
    done = Signal()
    failed = Signal(str, str)
    """A sentence and details."""
    cancelled = Signal()

    def __init__(self, parent: QObject, *, command: Sequence[str] = ENGINE, patience: int = PATIENCE) -> None:
        """Prepare; `command` is the engine, `patience` milliseconds pass before an ordered stop is enforced."""
        super().__init__(parent)
        self._command, self._patience = list(command), patience
        self._process: QProcess | None = None
        self._lists, self._asked = False, False
        self._out = b""

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._process is not None

    def list_networks(self) -> None:
        """Ask which networks there are."""
        self._start(["backbones", "--json"], lists=True)

    def fetch(self, name: str) -> None:
        """Download the weights of a network and bring them in; what was fetched before is not fetched again."""
        self._start(["weights", "import", "--from-hub", name, "--events", "jsonl"])

    def bring(self, file: Path, name: str) -> None:
        """Bring a file of weights in; it must be of that network."""
        self._start(["weights", "import", "--as", name, "--events", "jsonl", "--", str(file)])

    def cancel(self) -> None:
        """Ask the engine to stop; if it does not, end it."""
        process = self._process
        if process is None or self._asked:
            return
        self._asked = True
        ask_to_stop(process)
        QTimer.singleShot(self._patience, process, process.kill)

    def close(self) -> None:
        """End what is under way, without a word."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(self._patience)

    def _start(self, arguments: list[str], *, lists: bool = False) -> None:
        if self._process is not None:
            raise ValueError("expected no job under way, but there is one")
        self._lists, self._asked, self._out = lists, False, b""
        self._process = process = engine_process(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._take_end)
        process.errorOccurred.connect(self._not_started)
        process.start(self._command[0], [*self._command[1:], *arguments])

    def _read(self) -> None:
        if self._process is None:
            return
        self._out += bytes(self._process.readAllStandardOutput().data())
        if self._lists:
            return
        *lines, self._out = self._out.split(b"\n")
        for line in lines:
            try:
                event = Event.from_json(line.decode("utf-8", "replace"))
            except ValueError:
                continue  # what it says at the end
            if event.kind == "progress":
                self.progressed.emit(event.done, event.total)

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._let_go()
            self.failed.emit(describe_not_started(), reason)

    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        self._read()
        details = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        self._let_go()
        good = code == 0 and status == QProcess.ExitStatus.NormalExit
        if self._asked and not good:
            self.cancelled.emit()
        elif not good:
            sentence = describe_end(code, details, crashed=status == QProcess.ExitStatus.CrashExit)
            self.failed.emit(sentence.rstrip(".") + ".", details)
        elif self._lists:
            self._tell_listing()
        else:
            self.done.emit()

    def _tell_listing(self) -> None:
        try:
            networks = read_listing(self._out.decode("utf-8", "replace"))
        except ValueError as error:
            self.failed.emit(self.tr("The engine does not say which networks there are."), str(error))
        else:
            self.listed.emit(networks)

    def _let_go(self) -> None:
        assert self._process is not None
        self._process.deleteLater()
        self._process = None
