"""Processes that may be killed, forked from one that has loaded the engine: none of them loads torch anew."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

LOADED = ["inspector.jobs.watch", "inspector.cli", "inspector.sinks.register", "tests.properties.readers"]


def forking() -> ForkServerContext:
    """Return the context of processes that are forked from the one that has loaded the engine."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def start(work: Callable[..., object], *arguments: object, said: Path) -> BaseProcess:
    """Begin work, a function of a module, in a process of its own; what it says goes into the file `said`."""
    said.touch()
    process = forking().Process(target=_run, args=(said, work, arguments), daemon=True)
    process.start()
    return process


def run(work: Callable[..., object], *arguments: object, said: Path) -> int | None:
    """As `start`, to its end; return the exit code, or the negative number of the signal that killed it."""
    process = start(work, *arguments, said=said)
    process.join()
    return process.exitcode


def _run(said: Path, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    with said.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(file.fileno(), stream.fileno())
    work(*arguments)
