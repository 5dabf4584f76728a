"""Scans that were asked for: one after the other, each as a process of its own."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition, Event, Thread
from typing import IO, Any, Literal

import tomli_w

from inspector.events import Event as Said
from inspector.server.tokens import JUDGE, READ, WRITE

_log = logging.getLogger(__name__)

ENGINE = (sys.executable, "-m", "inspector.cli")

PATIENCE = 10.0
"""Seconds between asking the engine to stop, telling it, and ending it."""

CANCELLED = 130
"""Exit code of a scan that was stopped and can be resumed."""

KEPT_EVENTS = 1000
"""Of a job, the newest; who comes back later than that misses some."""

KEPT_JOBS = 500
"""That have ended, the newest."""

Status = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass
class QueuedScan:
    """A scan that was asked for.

    Attributes:
        number: 1, 2, 3, ... since the server began.
        folder: of the photos.
        options: of the command line, such as the layout.
        settings: by name, with `preset`.
        status: how it stands.
        run: number of its run, None before it has one.
        message: why it failed, in one sentence.
        events: number, kind and JSON of each event that is kept, oldest first; the last one is "end".
        cancelled: whether somebody wants it to stop.
    """

    number: int
    folder: Path
    options: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    status: Status = "waiting"
    run: int | None = None
    message: str = ""
    events: deque[tuple[int, str, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS), repr=False)
    cancelled: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ("done", "failed", "cancelled")

    def to_fields(self) -> dict[str, Any]:
        """Return what is told of it."""
        told = {"id": self.number, "folder": str(self.folder), "status": self.status}
        return {**told, "run": self.run, "message": self.message}

    @property
    def newest(self) -> int:
        """Number of the last event, 0 = there is none."""
        kept = tuple(self.events)
        return kept[-1][0] if kept else 0

    def since(self, number: int) -> list[tuple[int, str, str]]:
        """Return the events after one."""
        return [event for event in tuple(self.events) if event[0] > number]

    def tell(self, kind: str, text: str) -> None:
        """Keep an event."""
        self.events.append((self.newest + 1, kind, text))


class ScanQueue:
    """Scans of one workspace, one at a time, in the order in which they were asked for."""

    def __init__(self, workspace: str | Path, *, command: Sequence[str] = ENGINE, patience: float = PATIENCE) -> None:
        """Scan into `workspace`.

        Args:
            workspace: as the command line takes it.
            command: what is started.
            patience: seconds that pass before an ordered stop is enforced.
        """
        self._workspace, self._command, self._patience = str(workspace), list(command), patience
        self._jobs: dict[int, QueuedScan] = {}
        self._changed = Condition()
        self._process: subprocess.Popen[str] | None = None
        self._running: QueuedScan | None = None
        self.closing = Event()
        self._count = 0
        self._thread = Thread(target=self._work, name="scans", daemon=True)
        self._thread.start()

    def add(
        self, folder: str | Path, options: Sequence[str], settings: Mapping[str, Any], most: int
    ) -> QueuedScan | None:
        """Put a scan at the end of the queue; None where `most` wait already."""
        with self._changed:
            if sum(job.status == "waiting" for job in self._jobs.values()) >= most:
                return None
            self._count += 1
            job = self._jobs[self._count] = QueuedScan(self._count, Path(folder), options, settings)
            for old in [each.number for each in self._jobs.values() if each.has_ended][:-KEPT_JOBS]:
                del self._jobs[old]
            self._changed.notify_all()
            return job

    def all(self) -> list[QueuedScan]:
        """Return the jobs that are known, oldest first."""
        with self._changed:
            return list(self._jobs.values())

    def get(self, number: int) -> QueuedScan | None:
        """Return a job, None where there is none of this number."""
        return self._jobs.get(number)

    def cancel(self, job: QueuedScan) -> None:
        """Stop a job; one that runs ends soon, and its run can be resumed."""
        with self._changed:
            if job.has_ended or job.cancelled:
                return
            job.cancelled = True
            if job.status == "waiting":
                self._end(job, "cancelled")
                return
            process = self._process if self._running is job else None
        if process is not None:
            Thread(target=self._stop, args=(process,), daemon=True).start()

    def close(self) -> None:
        """Stop what runs and forget what waits; returns when the engine is gone."""
        self.closing.set()
        for job in self.all():
            self.cancel(job)
        with self._changed:
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                job = next((each for each in self._jobs.values() if each.status == "waiting"), None)
                if self.closing.is_set():
                    return
                if job is None:
                    self._changed.wait()
                    continue
                job.status, self._running = "running", job
            try:
                status, message = self._scan(job)
            except OSError as error:
                status, message = "failed", f"the engine could not be started: {error.strerror or error}"
            except Exception:  # the scans that wait must not wait for ever
                _log.critical("a scan ends by an error that nobody expected", exc_info=True)
                status, message = "failed", "an error that nobody expected; the log in the workspace says more"
            with self._changed:
                self._process = self._running = None
                self._end(job, status, message)

    def _end(self, job: QueuedScan, status: Status, message: str = "") -> None:
        told = {**job.to_fields(), "status": status, "message": message}
        job.tell("end", json.dumps(told, ensure_ascii=False))  # before it is known to have ended
        job.message, job.status = message, status

    def _scan(self, job: QueuedScan) -> tuple[Status, str]:
        with TemporaryDirectory(prefix="inspector-") as name, (Path(name) / "errors").open("w+b") as errors:
            settings = Path(name) / "settings.toml"
            settings.write_text(tomli_w.dumps(dict(job.settings)), encoding="utf-8")
            words = ["scan", str(job.folder), *job.options, "--settings", str(settings)]
            process = self._start([*words, "--workspace", self._workspace, "--events", "jsonl"], errors)
            with self._changed:
                self._process = process
                late = job.cancelled  # before there was a process
            if late:
                Thread(target=self._stop, args=(process,), daemon=True).start()
            assert process.stdout is not None
            with process.stdout as lines:
                for line in lines:
                    self._hear(job, line)
            code = process.wait()
            errors.seek(0)
            told = errors.read()[-20_000:].decode("utf-8", "replace").strip().splitlines()
        if code == 0:
            return "done", ""
        if code == CANCELLED or job.cancelled:
            return "cancelled", ""
        last = told[-1] if told else ""
        if last.startswith("inspector: "):
            return "failed", last.removeprefix("inspector: ")
        return "failed", f"the engine ended with code {code}; the log in the workspace says more"

    def _start(self, words: Sequence[str], errors: IO[bytes]) -> "subprocess.Popen[str]":
        """Start the engine out of reach of this terminal's Ctrl+C, and without the tokens."""
        environment = {name: value for name, value in os.environ.items() if name not in (WRITE, READ, JUDGE)}
        return subprocess.Popen(
            [*self._command, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="replace",
            env=environment,
            start_new_session=True,
        )

    def _hear(self, job: QueuedScan, line: str) -> None:
        try:
            event = Said.from_json(line)
        except (ValueError, TypeError):
            return  # a library's own words on stdout
        if event.kind in ("run", "result"):
            job.run = int(event.message)
        job.tell(event.kind, event.to_json())

    def _stop(self, process: "subprocess.Popen[str]") -> None:
        """Interrupt the engine as Ctrl+C would (Windows knows no such thing); if it does not end, be harder."""
        gentle = process.terminate if os.name == "nt" else lambda: process.send_signal(signal.SIGINT)
        for order in (gentle, process.terminate, process.kill):
            order()
            try:
                process.wait(self._patience)
                return
            except subprocess.TimeoutExpired:
                continue
