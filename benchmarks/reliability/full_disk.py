"""A disk that runs full at one stage after the other: what is told, whether all is whole, and whether it goes on.

As root, or in a namespace of its own: unshare -rm python -m benchmarks.reliability.full_disk
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.reliability.commands import Arguments, Command, succeed
from benchmarks.reliability.disks import SmallDisk, small_disk
from benchmarks.reliability.stations import (
    ONE_SIZE,
    TWO_SIZES,
    WASHERS,
    check_database,
    describe,
    digest_files,
    find_halves,
    name_differences,
    print_table,
    write_parts,
)
from inspector.errors import StoreError
from inspector.store.database import FILE
from inspector.store.workspace import Workspace


@dataclass(frozen=True)
class Stage:
    """Where the disk runs full.

    Attributes:
        name: of the row.
        job: "scan", "watch" or "export".
        stage: that the job tells when it begins; "" = before the job.
        further: steps after that; below 0, steps before the end, from the whole run's.
        left: bytes that are free then.
    """

    name: str
    job: str
    stage: str
    further: int
    left: int


STAGES = (
    Stage("the workspace is made", "scan", "", 0, 16_384),
    Stage("scan: photos are read, tokens kept", "scan", "read", 20, 100_000),
    Stage("scan: maps are written", "scan", "maps", 10, 20_000),
    Stage("scan: embeddings and scores are written", "scan", "maps", -3, 0),
    Stage("watch: the first parts are judged", "watch", "warm-up", 12, 20_000),
    Stage("watch: parts are judged", "watch", "part", 60, 30_000),
    Stage("export: overlays and report", "export", "export", 30, 100_000),
)


def list_arguments(job: str, disk: Path, source: Path) -> Arguments:
    """Return the command of a job that writes to a disk."""
    workspace: Arguments = ["--workspace", disk / "workspace"]
    if job == "scan":
        return ["scan", WASHERS / "test", *workspace, *TWO_SIZES]
    if job == "export":
        return ["export", "1", "--out", disk / "out", "--workspace", source / "scanned"]
    line = ["--settle", "0", "--idle", "1", "--warm-up", "8", "--on-result", f"file:{disk / 'results'}"]
    return ["watch", source / "line", *workspace, *line, *ONE_SIZE]


def describe_all(job: str, disk: Path) -> dict[str, Any]:
    """Return what must be equal in the end."""
    if job == "export":
        return digest_files(disk / "out")
    taken = [path.name[:11] for path in sorted((disk / "results").glob("[0-9]*.json"))] if job == "watch" else []
    return describe(disk / "workspace") | {"taken": taken}


@dataclass(frozen=True)
class Whole:
    """A job on a disk with room: how many steps it took, and what it left."""

    steps: int
    found: dict[str, Any]


def run_full(stage: Stage, disk: SmallDisk, source: Path, whole: Whole) -> list[object]:
    """Let the disk run full at a stage, make room, go on; return a row of the table."""
    arguments, said = list_arguments(stage.job, disk.folder, source), source / "said"
    if not stage.stage:
        disk.fill(stage.left)
    with Command(arguments, said) as command:
        if stage.stage:
            _wait_for(command, stage, whole.steps)
            os.kill(command.pid, signal.SIGSTOP)
            disk.fill(stage.left)
            os.kill(command.pid, signal.SIGCONT)
        command.wait()
    words = said.read_text()
    told = [line for line in words.splitlines() if line.startswith("inspector: ")]
    halves = find_halves(disk.folder / "workspace") if stage.job != "export" else []
    database = disk.folder / "workspace" / FILE if stage.job != "export" else source / "scanned" / FILE
    checked = check_database(database) if database.exists() else "none yet"
    disk.free()
    resumed = stage.stage and stage.job != "export"
    succeed([*arguments, "--resume"] if resumed else arguments, said)
    unequal = name_differences(describe_all(stage.job, disk.folder), whole.found)
    clear = "Traceback" not in words and len(told) == 1
    if not clear or halves or unequal:
        print(stage.name, words[-500:], halves, unequal)
    message = _shorten(told[0], disk.folder) if told else "nothing"
    return [stage.name, command.code, message, halves or checked, "no" if unequal else "yes"]


def write_verdicts(disk: SmallDisk) -> list[object]:
    """Let the disk run full while verdicts are given; return a row of the table."""
    folder = disk.folder / "workspace"
    with Workspace(folder) as store:
        samples = [sample.id for sample in store.runs.samples(1)]
        disk.fill(200_000)
        given, told = 0, ""
        while not told:
            try:
                store.verdicts.add(samples[given % len(samples)], "Ada", ("accepted", "rejected")[given % 2], "x" * 99)
                given += 1
            except StoreError as error:
                told = str(error)
        kept = len(store.verdicts.of_run(1))
        checked = check_database(folder / FILE)
        disk.free()
        store.verdicts.add(samples[0], "Ada", "undecided")
        goes_on = kept == given and len(store.verdicts.of_run(1)) == given + 1 and not store.audit.find_problems()
    name = f"verdicts are given (the {given + 1}th fails)"
    return [name, "", _shorten(told, disk.folder), checked, "yes" if goes_on else "no"]


def _wait_for(command: Command, stage: Stage, whole: int) -> None:
    heard = 0
    while command.stage != stage.stage:
        heard = len(command.steps) + 1
        if not command.wait(heard):
            raise RuntimeError(f"{stage} never came: {command.said.read_text()}")
    begun = next(number for number, step in enumerate(command.steps) if step.stage == stage.stage)
    command.wait(whole + stage.further if stage.further < 0 else begun + stage.further)


def _shorten(message: str, folder: Path) -> str:
    return message.removeprefix("inspector: ").replace(str(folder), "DISK")


def measure(place: Path) -> Iterator[list[object]]:
    """Yield the rows of the table."""
    source = place / "source"
    source.mkdir()
    write_parts(source / "line", 30)
    succeed(["scan", WASHERS / "test", "--workspace", source / "scanned", *TWO_SIZES], source / "said")
    wholes = {}
    for job in ("scan", "watch", "export"):
        (place / f"whole-{job}").mkdir()
        command = succeed(list_arguments(job, place / f"whole-{job}", source), source / "said")
        wholes[job] = Whole(len(command.steps), describe_all(job, place / f"whole-{job}"))
    for stage in STAGES:
        with small_disk(place / "disk") as disk:
            yield run_full(stage, disk, source, wholes[stage.job])
            if stage is STAGES[0]:
                yield write_verdicts(disk)


def main() -> None:
    """Fill the disk at each stage and print the table."""
    head = ["the disk runs full while", "exit code", "told", "integrity_check", "equal after room is made"]
    with TemporaryDirectory() as folder:
        print_table(head, measure(Path(folder)))


if __name__ == "__main__":
    main()
