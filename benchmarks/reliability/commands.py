"""Commands of the inspector in processes of their own, which tell each step they take on the disk."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

from inspector.cli import main, progress, watch
from inspector.events import Event

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.truncate", "sqlite3.connect")
"""What Python tells its auditors of a change on the disk, besides files that are opened to be written."""

LOADED = ("evaluation.run", "evaluation.tables", "export.run", "jobs.scan", "jobs.watch", "sinks.register")
"""Modules that commands load when they begin: loaded once here, so that each begins at once."""

for module in LOADED:
    import_module(f"inspector.{module}")

PATIENCE = 300.0
"""Seconds until a command that says nothing is given up."""


Arguments = list[str | Path]
"""Of a command, as on the command line."""


@dataclass(frozen=True)
class Step:
    """A step of a command: `time` in seconds since it began, `stage` "" for a change on the disk."""

    time: float
    stage: str


@dataclass
class Command:
    """A command that runs, forked from this program, which must have no threads.

    Attributes:
        arguments: as on the command line.
        said: file that takes what it prints.
        steps: what it told so far.
        look: called every few milliseconds while it is waited for.
    """

    arguments: Sequence[str | Path]
    said: Path
    look: Callable[[], None] = lambda: None
    steps: list[Step] = field(default_factory=list)

    def __enter__(self) -> "Command":
        self._told, tells = os.pipe()
        sys.stdout.flush()
        self._begun = time.monotonic()
        self._rest = b""
        self.pid = os.fork()
        if not self.pid:
            os.close(self._told)
            _run([str(argument) for argument in self.arguments], self.said, tells)
        os.close(tells)
        self._code: int | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._code is None:
            self.kill()
        os.close(self._told)

    def wait(self, steps: int | None = None) -> bool:
        """Wait until it has told so many steps, or to its end; tell whether it still runs."""
        until = time.monotonic() + PATIENCE
        while steps is None or len(self.steps) < steps:
            if select.select([self._told], [], [], 0.003)[0]:
                heard = os.read(self._told, 65536)
                if not heard:
                    self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
                    return False
                *lines, self._rest = (self._rest + heard).split(b"\n")
                now = time.monotonic() - self._begun
                self.steps += [Step(now, line.decode()) for line in lines]
                until = time.monotonic() + PATIENCE
            self.look()
            if time.monotonic() > until:
                raise TimeoutError(f"{self.arguments} says nothing: {self.said.read_text()}")
        return True

    def kill(self) -> bool:
        """Kill it by SIGKILL; tell whether it still ran then."""
        os.kill(self.pid, signal.SIGKILL)
        self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code == -signal.SIGKILL

    @property
    def stage(self) -> str:
        """The stage it told last."""
        return next((step.stage for step in reversed(self.steps) if step.stage), "begin")

    @property
    def code(self) -> int:
        """Its exit code; negative where a signal ended it."""
        assert self._code is not None
        return self._code


def run(arguments: Sequence[str | Path], said: Path, look: Callable[[], None] = lambda: None) -> Command:
    """Run a command to its end."""
    with Command(arguments, said, look) as command:
        command.wait()
    return command


def succeed(arguments: Sequence[str | Path], said: Path, look: Callable[[], None] = lambda: None) -> Command:
    """Run a command, which must end well."""
    command = run(arguments, said, look)
    if command.code:
        raise RuntimeError(f"{arguments} ended with {command.code}: {said.read_text()}")
    return command


def _run(arguments: list[str], said: Path, tells: int) -> None:
    """Become the command; it does not return."""
    code: Any = 70
    try:
        printed = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        sys.argv = ["inspector", *arguments]
        _tell_steps(tells)
        main()
        code = 0
    except SystemExit as ending:
        code = ending.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code if isinstance(code, int) else 1)


def _tell_steps(tells: int) -> None:
    """Write a line for each change on the disk and each stage that begins."""
    told = [""]

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and _writes(arguments)):
            os.write(tells, b"\n")

    def tell(event: Event) -> None:
        stage = event.stage or event.kind
        if event.kind in ("run", "progress", "part") and stage != told[0]:
            told[0] = stage
            os.write(tells, f"{stage}\n".encode())

    sys.addaudithook(hear)
    for room in (progress, watch):
        patch.object(room, "log_event", tell).start()


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax+")
    return isinstance(path, str | bytes | Path) and bool(flags & (os.O_WRONLY | os.O_RDWR))
