"""What became of one input that a reader was given, and the process with limits in which it is tried."""

import contextlib
import os
import re
import resource
import shutil
import signal
import tempfile
import traceback
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal, NamedTuple, Self

from inspector.errors import InspectorError
from tests import processes
from tests.properties.readers import READERS

SECONDS = 10
"""Of the processor, that one small file may take: more is a hang."""

PATIENCE = 120.0
"""Seconds by the clock after which a reader is taken to wait for something that never comes."""

MEBIBYTE = 1 << 20

ADDRESSES = 3072
"""MiB of addresses that a reader may take besides what its libraries take."""

MEMORY = 1024
"""MiB of memory that one small file may really fill."""

LEAST_SENTENCE, MOST_SENTENCE = 20, 600
"""Length of what an operator is told, in characters."""


class Outcome(NamedTuple):
    """How the reading of one input ended."""

    kind: Literal["read", "refused", "escaped"]
    told: str
    """The refusal, or what escaped."""
    place: str = ""
    """File and line of the inspector where it escaped."""


class Trial:
    """A process that reads what it is given under limits; started again when it dies of an input."""

    def __init__(self) -> None:
        self._context = processes.forking()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def read(self, reader: str, content: bytes) -> Outcome:
        """Let a reader of `READERS` read a file of this content."""
        if self._process is None or self._pipe is None:
            self._pipe, theirs = self._context.Pipe()
            self._process = self._context.Process(target=serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        try:
            self._pipe.send((reader, content))
            if self._pipe.poll(PATIENCE):
                return Outcome(*self._pipe.recv())
            told = f"no answer in {PATIENCE:.0f} seconds"
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode or 0
            told = f"more than {SECONDS} seconds" if code == -signal.SIGXCPU else f"the process died ({code})"
        self.stop()
        return Outcome("escaped", told)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def serve(pipe: Connection) -> None:
    """Read what comes through the pipe until it is closed; libraries that write to the terminal are not heard."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(EOFError, OSError):
        while True:
            reader, content = pipe.recv()
            tried = Path(folder) / "batch"
            pipe.send(tuple(_try(reader, content, tried)))
            shutil.rmtree(tried)


def _try(name: str, content: bytes, folder: Path) -> Outcome:
    reader = READERS[name]
    folder.mkdir()
    path = folder / reader.file
    path.write_bytes(content)
    _limit()
    before = _measure_memory(start=True)
    try:
        told = reader.read(path)
        outcome, fault = (Outcome("refused", told), _find_fault(told)) if told else (Outcome("read", ""), "")
    except InspectorError as error:
        outcome, fault = Outcome("refused", str(error)), _find_fault(str(error))
        if not fault and not reader.names_what_is_wrong and not {path.stem, folder.name} & _split(outcome.told):
            fault = "it names no file"
    except BaseException as error:
        return Outcome("escaped", f"{type(error).__name__}: {error}"[:MOST_SENTENCE], _find_place(error))
    if fault:
        return Outcome("escaped", f"{fault}: {outcome.told[:MOST_SENTENCE]!r}")
    if (filled := _measure_memory() - before) > MEMORY:
        return Outcome("escaped", f"more than {MEMORY} MiB of memory ({filled:.0f})")
    return outcome


def _limit() -> None:
    """Give this process as many seconds and addresses as one file may take, from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ADDRESSES * MEBIBYTE, resource.RLIM_INFINITY))


def _measure_memory(start: bool = False) -> float:
    """MiB that this process has filled at most since the last start."""
    if start:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _find_fault(told: str) -> str:
    """Say why an operator could not read it as one sentence, "" if one could."""
    if not told.isprintable():
        return "signs that cannot be printed"
    if " object at 0x" in told:
        return "the address of an object"
    if not LEAST_SENTENCE <= len(told) <= MOST_SENTENCE:
        return "no sentence by its length"
    return ""


def _split(told: str) -> set[str]:
    return set(re.split(r"[\s/.,:'\"]", told))


def _find_place(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/inspector/" in frame.filename]
    if not frames:
        return ""
    return f"{frames[-1].filename.rpartition('/inspector/')[2]}:{frames[-1].lineno}"
