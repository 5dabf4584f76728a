"""Stands for a program where a command is asked for, and has it forked from a process that has loaded it.

    python -I -S tests/stand_in.py ADDRESS [ARGUMENT ...]

The program gets the arguments, streams, folder and environment of this process. Signals are handed on to it, its end is
the end of this process, and it is killed where this process is. `fork_for_each` is the other side.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys

STREAMS = (0, 1, 2)

HANDED_ON = (signal.SIGINT, signal.SIGTERM)


def open_door() -> tuple[socket.socket, str]:
    """Return what a process that has loaded a program listens at, and its address."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind("")  # the system gives it a name of its own, which is no file
    door.listen()
    return door, door.getsockname()[1:].decode()


def fork_for_each(door: socket.socket, tests: int) -> list[str]:
    """Fork for each stand-in that comes to the door; return its arguments in the new process.

    The process that forks ends with `tests`, the number of a pipe that those hold who need it.
    """
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        ready, _, _ = select.select([tests, door, *running, *(asker for _, asker in running.values())], [], [])
        for end, (pid, asker) in list(running.items()):
            if asker in ready:
                os.kill(pid, signal.SIGKILL)
            if asker in ready or end in ready:
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                _tell(asker, code)
                asker.close()
                os.close(end)
                del running[end]
        if tests in ready:
            sys.exit()
        if door in ready:
            asker, _ = door.accept()
            message, streams, _, _ = socket.recv_fds(asker, 1 << 20, len(STREAMS))
            if not message:  # it was killed before it had asked
                asker.close()
                continue
            end, held = os.pipe()  # the other end is closed with the process
            pid = os.fork()
            if pid == 0:
                return _become(streams, *json.loads(message))
            for number in (held, *streams):
                os.close(number)
            _tell(asker, pid)
            running[end] = pid, asker


def _tell(asker: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # it was killed
        asker.send(str(number).encode())


def _become(streams: list[int], folder: str, environment: dict[str, str], arguments: list[str]) -> list[str]:
    import tempfile

    tempfile.tempdir = None  # it is looked up in the environment once
    for number, stream in zip(STREAMS, streams, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdout = os.fdopen(1, "w", closefd=False)  # the old ones may believe to be files that can be sought in
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return arguments


def stand_in(address: str, arguments: list[str]) -> int:
    """Have it forked; return its exit code, or end by the signal that ended it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDED_ON)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asker:
        asker.connect(f"\0{address}")
        message = [os.getcwd(), dict(os.environ), arguments]  # noqa: PTH109 - pathlib loads longer than all the rest
        socket.send_fds(asker, [json.dumps(message).encode()], STREAMS)
        pid = int(asker.recv(100))
        for number in HANDED_ON:
            signal.signal(number, lambda told, _frame: os.kill(pid, told))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDED_ON)
        code = int(asker.recv(100))
    if code < 0:
        if -code in HANDED_ON:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(stand_in(sys.argv[1], sys.argv[2:]))
