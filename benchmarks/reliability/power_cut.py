"""Power cuts while verdicts are given: every verdict that was acknowledged must be in what the disk has.

The workspace lies on a file system in a file of its own. At each moment the writer is stopped and two things are
copied: the database with its log (and, at every second moment, its shared memory) as programs see them, and the file of
the file system, which has what was written to the disk and lacks what the system still holds in memory. Both copies are
opened by the inspector. The last rows are a control: there the database does not wait for the disk.

As root, or in a namespace of its own where loop devices may be used: python -m benchmarks.reliability.power_cut
"""

import argparse
import os
import shutil
import signal
import subprocess
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event

from benchmarks.reliability.disks import mounting
from benchmarks.reliability.stations import print_table
from inspector.data.samples import Batch, Sample
from inspector.settings import ScanSettings
from inspector.store import database
from inspector.store.workspace import Workspace

SAMPLES = 50

SIZE = 24 << 20
"""Bytes of the file system."""


@dataclass
class Copies:
    """What the copies of one kind held: moments, verdicts acknowledged in all, how many were missing, and what else."""

    moments: int = 0
    acknowledged: int = 0
    missing: int = 0
    unacknowledged: int = 0
    problems: int = 0

    def look(self, workspace: Path, acknowledged: int) -> None:
        """Open a copy and count."""
        self.moments += 1
        self.acknowledged += acknowledged
        with Workspace(workspace) as store:
            kept = {int(verdict.comment) for verdict in store.verdicts.of_run(1)}
            self.problems += len(store.audit.find_problems())
        self.missing += len(set(range(acknowledged)) - kept)
        self.unacknowledged += len(kept - set(range(acknowledged)))


class Writer:
    """A process that gives verdicts without rest and acknowledges each by a byte."""

    def __init__(self, workspace: Path, *, careless: bool) -> None:
        self._told, tells = os.pipe()
        os.set_blocking(self._told, False)
        self.acknowledged = 0
        self.pid = os.fork()
        if not self.pid:
            _give_verdicts(workspace, tells, careless)
        os.close(tells)

    def stop(self) -> None:
        """Stop it where it is, and count what it has acknowledged."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)
        while True:
            try:
                heard = len(os.read(self._told, 65536))
            except BlockingIOError:
                return
            if not heard:
                raise RuntimeError("the writer failed")
            self.acknowledged += heard

    def go_on(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def end(self) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._told)


def _give_verdicts(workspace: Path, tells: int, careless: bool) -> None:
    """Become the writer; it does not return."""
    try:
        make = database._make_engine

        def make_careless(folder: Path, *, synchronous: str) -> Engine:
            engine = make(folder, synchronous=synchronous)
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
            return engine

        if careless:
            database._make_engine = make_careless
        with Workspace(workspace) as store:
            number = 0
            while True:
                said = ("accepted", "rejected")[number // SAMPLES % 2]
                store.verdicts.add(1 + number % SAMPLES, "Ada", said, str(number))
                os.write(tells, b".")
                number += 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def read_stable(path: Path) -> bytes:
    """Return what a file holds, once it holds it for as long as reading takes."""
    before = path.read_bytes()
    while (now := path.read_bytes()) != before:
        before = now
    return before


def cut(place: Path, moments: int, seed: int, *, careless: bool) -> tuple[Copies, Copies]:
    """Give verdicts and copy what is there at seeded moments; return what was in the copies of files and of disks."""
    random, files, disks = Random(seed), Copies(), Copies()
    image = place / "image"
    with image.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    with mounting(place / "disk", "-o", "loop", image) as disk:
        workspace = disk / "workspace"
        with Workspace(workspace) as store:
            samples = tuple(Sample(f"{index}.png", image=place) for index in range(SAMPLES))
            store.runs.create(Batch(place, samples), ScanSettings())
        subprocess.run(["sync", "--file-system", disk], check=True)
        writer = Writer(workspace, careless=careless)
        try:
            for moment in range(moments):
                writer.go_on()
                time.sleep(random.uniform(0.005, 0.05))
                writer.stop()
                copy = place / "copy"
                shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("*-shm") if moment % 2 else None)
                on_disk = read_stable(image)
                files.look(copy, writer.acknowledged)
                shutil.rmtree(copy)
                (place / "after").write_bytes(on_disk)
                with mounting(place / "copied", "-o", "loop", place / "after") as found:
                    disks.look(found / "workspace", writer.acknowledged)
        finally:
            writer.end()
    return files, disks


def main() -> None:
    """Cut the power again and again and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--moments", type=int, default=200)
    options.add_argument("--control", type=int, default=20, help="moments of the control")
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    rows = []
    with TemporaryDirectory() as folder:
        for careless, moments in ((False, chosen.moments), (True, chosen.control)):
            place = Path(folder) / str(careless)
            place.mkdir()
            for name, found in zip(("files", "disk"), cut(place, moments, chosen.seed, careless=careless), strict=True):
                name = f"control: {name}" if careless else name
                counts = (found.moments, found.acknowledged, found.missing, found.unacknowledged, found.problems)
                rows.append((name, *counts))
    head = ("copied", "moments", "acknowledged until then, summed", "missing", "there, not yet acknowledged")
    print_table((*head, "problems of the audit chain"), rows)


if __name__ == "__main__":
    main()
