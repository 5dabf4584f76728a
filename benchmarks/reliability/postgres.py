"""A PostgreSQL server of one's own: made in a temporary folder, started on a free port, killed and started again."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any

PATIENCE = 60
"""Seconds until a server must be there."""

SPEAKS = {"LANGUAGE": "de"}
"""The language of a server with `lc_messages = 'C.UTF-8'`, where its translations are installed; "C" is English."""


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest; None = it is not installed."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))  # where Debian puts them, outside of PATH
    if found:
        return max(found, key=lambda path: float(path.parts[-3])).parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


class PostgresServer:
    """A server that listens on this machine alone; with "trust", so that any account is let in.

    Attributes:
        port: where it listens.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        """Make its files and start it; options as in ("-c", "fsync=off")."""
        programs = find_programs()
        assert programs is not None
        self._programs, self._options = programs, options
        self.folder = Path(mkdtemp(prefix="postgres-"))
        self._as: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # it does not run as root
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        made = ["initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._call(made)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.start()

    def __enter__(self) -> "PostgresServer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start it, also after `kill`, and wait until it answers."""
        told = ["-k", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port)]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *told, *self._options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, env={**os.environ, **SPEAKS}, **self._as
            )
        give_up = time.monotonic() + PATIENCE
        while self._ask().returncode:
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it without any warning, with all processes that serve a client."""
        self._process.kill()
        self._process.wait()
        while self._serves():  # they notice that it is gone
            time.sleep(0.05)

    def close(self) -> None:
        """End it and remove its files."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, files: str | Path, database: str = "postgres", user: str = "postgres") -> str:
        """Return the address of a workspace on it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}?artefacts={files}"

    def tell(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the server's owner; return what it prints."""
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        return self._call(["psql", *place, "-q", "-v", "ON_ERROR_STOP=1", "-c", statement])

    def change(self, setting: str, value: str) -> None:
        """Change a setting of the server, which also reads again who is admitted, and wait until it holds."""
        self.tell(f"ALTER SYSTEM SET {setting} = '{value}'")
        self.tell("SELECT pg_reload_conf()")
        give_up = time.monotonic() + PATIENCE
        while f"is|{value}|" not in self.tell(f"SELECT 'is|' || current_setting('{setting}') || '|'"):
            if time.monotonic() > give_up:
                raise TimeoutError(f"{setting} does not become {value}")
            time.sleep(0.02)

    def _ask(self) -> subprocess.CompletedProcess[bytes]:
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-q"]
        return subprocess.run([self._programs / "pg_isready", *place], check=False)

    def _serves(self) -> bool:
        """Whether the shared memory of a killed server is still held: then it does not start anew."""
        words = (self.folder / "data" / "postmaster.pid").read_text().split("\n")
        segment = words[6].split()[-1] if len(words) > 6 and words[6].split() else ""
        listed = Path("/proc/sysvipc/shm")
        if not segment or not listed.exists():
            return False
        rows = [line.split() for line in listed.read_text().splitlines()[1:]]
        return any(row[1] == segment and int(row[6]) > 0 for row in rows)

    def _call(self, command: Sequence[str]) -> str:
        program, *rest = command
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self._programs / program, *rest], cwd=self.folder, capture_output=True, text=True, check=False, **self._as
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout
