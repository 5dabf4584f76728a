"""`command:PROGRAM ARGUMENTS`: a program that runs once for each part."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from typing import IO

from inspector.errors import SettingsError, say_why
from inspector.sinks.result import SENT, PartResult
from inspector.sinks.sink import RefusedError, Sink, SinkError

TIMEOUT = 30.0
"""Seconds a program may take for one part; then it is ended, and tried again."""

REFUSED = 65
"""Exit status of a program that will never take this part (EX_DATAERR of sysexits.h): it is put aside."""

BRACES = re.compile(r"\{(\w+)\}")

LONGEST_SAYING = 4096
"""Bytes read of what a program said."""


class CommandSink(Sink):
    """Runs a program, no shell; exit status 0 means taken. `{path}`, `{verdict}`, … stand for fields of a result."""

    reads_files = True

    def __init__(self, address: str) -> None:
        """Run the program of `command:PROGRAM ARGUMENTS`.

        Raises:
            SettingsError: there is no such program, no such field, or a quote is not closed.
        """
        super().__init__(address)
        try:
            self._words = split_words(address.removeprefix("command:"))
        except ValueError as error:
            raise SettingsError(f"{address}: {error}; close the quote") from error
        if not self._words or shutil.which(self._words[0]) is None:
            raise SettingsError(f"{address}: there is no such program; name one that can be run")
        for place in BRACES.findall(address):
            if place not in SENT:
                raise SettingsError(f"{address}: there is no {{{place}}}; choose from: {', '.join(sorted(SENT))}")

    def take(self, result: PartResult) -> None:
        """Run the program; raises as `Sink.take`."""
        words = fill_words(self._words, result)
        with tempfile.TemporaryFile() as said:
            try:
                status = run_to_end(words, said, TIMEOUT)
            except subprocess.TimeoutExpired as error:
                raise SinkError(f"{words[0]} took longer than {TIMEOUT:g} s and was ended") from error
            except OSError as error:
                raise SinkError(f"{words[0]} cannot be run: {error.strerror or error}") from error
            if status:
                said.seek(max(0, said.seek(0, os.SEEK_END) - LONGEST_SAYING))
                lines = said.read().decode(errors="replace").strip().splitlines()
                told = f"{words[0]} ended with {status}" + (f": {say_why(lines[-1])}" if lines else "")
                raise RefusedError(told) if status == REFUSED else SinkError(told)


def split_words(line: str) -> list[str]:
    """Return the words of a command line; backslashes are signs as others on Windows, for paths have them there.

    Raises:
        ValueError: a quote is not closed.
    """
    return shlex.split(line.replace("\\", "\\\\") if os.name == "nt" else line)


def fill_words(words: list[str], result: PartResult) -> list[str]:
    """Put the fields of a result in the places of words; what is None becomes empty.

    Example:
        fill_words(["sort", "{verdict}"], result) gives ["sort", "ng"].
    """
    fields = result.to_fields()
    fields["peak"] = "" if result.peak is None else f"{result.peak[0]:g},{result.peak[1]:g}"
    return [BRACES.sub(lambda found: "" if fields[found[1]] is None else str(fields[found[1]]), word) for word in words]


def run_to_end(words: list[str], said: IO[bytes], timeout: float) -> int:
    """Run a program without input and return its exit status.

    Args:
        words: the program and its arguments.
        said: takes its standard error.
        timeout: seconds; then it is ended, with all that it started where the system can.

    Raises:
        TimeoutExpired, OSError: it did not end in time, or cannot be run.
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=said, start_new_session=True) as process:
        try:
            return process.wait(timeout)
        finally:
            if process.poll() is None:
                if os.name == "nt":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
