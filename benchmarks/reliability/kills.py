"""`kill -9` at seeded moments over all stages of scan, watch, evaluate and export; resumed, all must be equal.

Half of the moments are spread evenly over the time of a whole run, half over its changes on the disk.

python -m benchmarks.reliability.kills --kills 20
"""

import argparse
import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from typing_extensions import override

from benchmarks.reliability.commands import Arguments, Command, Step, run, succeed
from benchmarks.reliability.stations import (
    ONE_SIZE,
    TWO_SIZES,
    WASHERS,
    describe,
    digest_files,
    find_halves,
    list_files,
    name_differences,
    print_table,
    write_dataset,
    write_parts,
)
from inspector.store.workspace import Workspace

PARTS, LATE = 30, 6
"""Parts on the line, and how many of them come while the station is down."""

TRIES = 5
"""How often a kill is tried that comes too late, after the end."""


@dataclass
class KilledCommand(ABC):
    """A command that is killed.

    Attributes:
        place: folder of its own; `workspace` is in it.
        source: what is equal for all kills.
        odd: what was found to be wrong besides differences.
    """

    place: Path
    source: Path
    odd: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Make what is there before it begins."""
        self.place.mkdir()

    def prepare_whole(self) -> None:
        """Make what is there for a command that is not killed."""
        self.prepare()

    @property
    def workspace(self) -> Path:
        """Where it keeps its runs."""
        return self.place / "workspace"

    @abstractmethod
    def begin(self) -> Arguments:
        """Return the command."""

    def resume(self) -> None:
        """Bring it to its end as an operator does."""
        succeed(self.begin(), self.place / "said", self.look)

    def look(self) -> None:
        """Do what is done beside it; most have nothing to do."""
        return

    def describe(self) -> dict[str, Any]:
        """Return what must be equal in the end."""
        return describe(self.workspace)

    def find_halves(self) -> list[str]:
        """Return what is half-written where it was killed, but seems to be whole."""
        return find_halves(self.workspace)


class Scan(KilledCommand):
    """`inspector scan`, then `--resume`; where there is nothing to resume, once more from the start."""

    @override
    def begin(self) -> Arguments:
        return ["scan", WASHERS / "test", "--workspace", self.workspace, *TWO_SIZES]

    @override
    def resume(self) -> None:
        command = run([*self.begin(), "--resume"], self.place / "said")
        if command.code and "no stopped run" not in (self.place / "said").read_text():
            self.odd.append((self.place / "said").read_text())
        with Workspace(self.workspace) as store:
            done = [each for each in store.runs.all() if each.status == "done"]
        if not done:
            super().resume()


class Evaluate(KilledCommand):
    """`inspector evaluate` of two categories, then the same command again."""

    @override
    def begin(self) -> Arguments:
        data, out = self.source / "data", self.place / "out"
        return ["evaluate", data, "--layout", "mvtec-ad", "--workspace", self.workspace, "--out", out, *TWO_SIZES]

    @override
    def describe(self) -> dict[str, Any]:
        tables = {path.name: path.read_text() for path in list_files(self.place / "out") if path.suffix != ".xlsx"}
        return super().describe() | tables


class Export(KilledCommand):
    """`inspector export` of all kinds that a run of photos has, then the same command again."""

    @override
    def begin(self) -> Arguments:
        what = "scores,verdicts,report,overlays,maps,masks"
        return ["export", "1", "--out", self.place / "out", "--workspace", self.source / "scanned", "--what", what]

    @override
    def describe(self) -> dict[str, Any]:
        return digest_files(self.place / "out")

    @override
    def find_halves(self) -> list[str]:
        """A file that bears its name must be what it is in the end."""
        whole = digest_files(self.source.parent / "whole" / "out")
        found = digest_files(self.place / "out") if self.place != self.source.parent / "whole" else {}
        return [name for name, now in found.items() if whole.get(name) != now]


class Watch(KilledCommand):
    """`inspector watch` with a sink whose reader takes each file away at once; some parts come while it is down."""

    @override
    def prepare(self) -> None:
        super().prepare()
        self.taken: list[int] = []
        write_parts(self.place / "line", PARTS - LATE)

    @override
    def prepare_whole(self) -> None:
        self.prepare()
        write_parts(self.place / "line", LATE, PARTS - LATE)

    @override
    def begin(self) -> Arguments:
        line: Arguments = ["watch", self.place / "line", "--workspace", self.workspace, "--settle", "0", "--idle", "1"]
        return [*line, "--warm-up", "8", "--on-result", f"file:{self.place / 'results'}", *ONE_SIZE]

    @override
    def resume(self) -> None:
        write_parts(self.place / "line", LATE, PARTS - LATE)
        command = run([*self.begin(), "--resume"], self.place / "said", self.look)
        if command.code:
            if "was never watched" not in (self.place / "said").read_text():
                self.odd.append((self.place / "said").read_text())
            super().resume()

    @override
    def look(self) -> None:
        for path in sorted((self.place / "results").glob("[0-9]*.json")):
            self.taken.append(json.loads(path.read_text(encoding="utf-8"))["position"])
            path.unlink()

    @override
    def describe(self) -> dict[str, Any]:
        self.look()
        if self.taken != list(range(PARTS)):
            self.odd.append(f"the sink told {self.taken}")
        with Workspace(self.workspace) as store:
            (line,) = store.runs.all()
            arrived = [(row.name, came.file, came.threshold, came.peak) for row, came in store.watches.arrived(line.id)]
            return describe(self.workspace) | {"arrived": arrived, "pool": store.watches.get(line.id).pool}


JOBS: dict[str, type[KilledCommand]] = {"scan": Scan, "watch": Watch, "evaluate": Evaluate, "export": Export}


@dataclass(frozen=True)
class Row:
    """What came of one kill: where it was, temporary files that were left, what was wrong, what is not equal."""

    stage: str
    hidden: int
    odd: list[str]
    unequal: list[str]


def choose_moments(steps: list[Step], kills: int, random: Random) -> list[tuple[int, float]]:
    """Choose moments of a whole run: after how many steps, and how many seconds later.

    Every second one lies in its share of the time, the others lie in their share of the steps.
    """
    begun, ended = steps[0].time, steps[-1].time
    moments = []
    for kill in range(kills):
        share = (kill + random.random()) / kills
        if kill % 2:
            moments.append((1 + int(share * (len(steps) - 1)), random.uniform(0, 0.003)))
        else:
            moment = begun + share * (ended - begun)
            heard = sum(step.time <= moment for step in steps)
            moments.append((heard, moment - steps[heard - 1].time))
    return moments


def kill(job: KilledCommand, steps: int, delay: float) -> str | None:
    """Begin a job and kill it; return the stage it was in, None where it was faster."""
    with Command(job.begin(), job.place / "said", job.look) as command:
        if not command.wait(steps):
            return None
        time.sleep(delay)
        return command.stage if command.kill() else None


def kill_and_resume(
    make: Callable[[Path], KilledCommand], place: Path, moment: tuple[int, float], whole: dict[str, Any]
) -> Row:
    """Kill a job at a moment and bring it to its end; a kill that comes too late is tried again a little earlier."""
    steps, delay = moment
    for attempt in range(TRIES):
        job = make(place / str(attempt))
        job.prepare()
        if (stage := kill(job, steps - attempt * steps // 50, delay)) is not None:
            break
    else:
        raise RuntimeError(f"{job.begin()} was faster than its kill {TRIES} times")
    hidden = [path for path in list_files(job.place) if path.name.startswith(".") and path.name != ".begun.json"]
    halves = job.find_halves()
    job.resume()
    return Row(stage, len(hidden), [*halves, *job.odd], name_differences(job.describe(), whole))


def measure(name: str, kills: int, seed: int, place: Path) -> list[object]:
    """Kill a job again and again; return a row of the table."""
    source = place / "source"
    source.mkdir(parents=True)
    if name == "evaluate":
        write_dataset(source / "data")
    if name == "export":
        succeed(["scan", WASHERS / "test", "--workspace", source / "scanned", *TWO_SIZES], place / "said")
    whole, timed = JOBS[name](place / "whole", source), JOBS[name](place / "timed", source)
    whole.prepare_whole()
    succeed(whole.begin(), place / "said", whole.look)
    timed.prepare()
    steps = succeed(timed.begin(), place / "said", timed.look).steps
    expected = whole.describe()
    assert not whole.odd, whole.odd
    rows = []
    for number, moment in enumerate(choose_moments(steps, kills, Random(f"{name} {seed}"))):
        (place / str(number)).mkdir()
        rows.append(kill_and_resume(lambda at: JOBS[name](at, source), place / str(number), moment, expected))
        if rows[-1].odd or rows[-1].unequal:
            print(f"kill {number} of {name}, {moment}: {rows[-1]}")
    stages = ", ".join(f"{stage} {count}" for stage, count in Counter(row.stage for row in rows).items())
    equal, sound = sum(not row.unequal for row in rows), sum(not row.odd for row in rows)
    return [name, kills, stages, f"{equal} of {kills}", f"{sound} of {kills}", sum(row.hidden for row in rows)]


def main() -> None:
    """Kill all jobs and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--jobs", nargs="+", choices=JOBS, default=list(JOBS))
    options.add_argument("--kills", type=int, default=20, help="of each job")
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    head = ["job", "kills", "in stage", "equal in the end", "nothing half or twice", "temporary files left"]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        print_table(head, (measure(name, chosen.kills, chosen.seed, place / name) for name in chosen.jobs))


if __name__ == "__main__":
    main()
