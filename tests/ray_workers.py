"""Workers of Ray that are forked from a process that has loaded the engine: none of them loads torch anew.

Ray runs this file in place of its own script that becomes a worker. It asks the process that `forking` started for a
fork, which becomes the worker, and stays until that has ended.
"""

import os
import pickle
import runpy
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

ADDRESS = "TESTS_FORK_RAY_WORKERS"
"""A variable of the environment: the socket where forks are to be had."""

NOTES = "TESTS_NOTE_RAY_WORKERS"
"""The folder where the workers of a machine note their numbers."""

FOR_SETUP = ("--language=", "--serialized-runtime-env-context=")
"""What Ray tells that script alone."""


@contextmanager
def forking(folder: Path) -> Iterator[str]:
    """Have a process that forks workers; yield its address."""
    from tests import processes

    address = str(folder / "forks")
    server = processes.start(_serve, address, os.getpid(), said=folder / "said")
    try:
        yield address
    finally:
        server.kill()


def choose(address: str, notes: Path) -> dict[str, Any]:
    """Return what a machine is told, so that its workers are forked."""
    notes.mkdir(exist_ok=True)  # of one that is gone, perhaps
    return {"setup_worker_path": __file__, "env_vars": {ADDRESS: address, NOTES: str(notes)}}


def list_workers(notes: Path) -> list[psutil.Process]:
    """Return the workers that a machine has."""
    noted = [int(file.name) for file in notes.iterdir()]
    workers = []
    for number in noted:
        with suppress(psutil.NoSuchProcess):  # it may end, or be ending, at any moment
            worker = psutil.Process(number)
            if worker.cmdline() and worker.cmdline()[0].startswith("ray::"):
                workers.append(worker)
    return workers


def _serve(address: str, owner: int) -> None:
    import inspector.jobs.scan  # noqa: F401 - but not Ray, which reads its environment when it is loaded

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what has ended is gone at once
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        listening.settimeout(2)
        while psutil.pid_exists(owner):  # it may be killed
            with suppress(TimeoutError):
                asked, _ = listening.accept()
                if os.fork() == 0:
                    listening.close()
                    _become_worker(asked)
                asked.close()


def _become_worker(asked: socket.socket) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        words, folder, environment, at_start = pickle.load(asked.makefile("rb"))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        (Path(environment[NOTES]) / str(os.getpid())).touch()
        for file in at_start:
            runpy.run_path(file)
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
    finally:
        os._exit(0)


def _ask() -> None:
    custom = sys.modules.get("sitecustomize")
    at_start = [custom.__file__] if custom else []
    words = [word for word in sys.argv[1:] if not word.startswith(FOR_SETUP)]
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(os.environ[ADDRESS])
        asking.sendall(pickle.dumps((words, str(Path.cwd()), dict(os.environ), at_start)))
        asking.recv(1)  # comes to its end with the worker


if __name__ == "__main__":
    _ask()
