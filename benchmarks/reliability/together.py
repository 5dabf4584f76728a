"""Four stations that give verdicts, a scan, a watch and a program that reads and moves thresholds, on one workspace.

python -m benchmarks.reliability.together --rounds 3
"""

import argparse
import json
import os
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.reliability.commands import Arguments, Command, succeed
from benchmarks.reliability.stations import ONE_SIZE, TWO_SIZES, WASHERS, digest_files, print_table, write_parts
from inspector.errors import StoreError
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace

STATIONS = 4

PARTS = 60
"""Parts on the line."""

Act = Callable[[Workspace, Random, int], str]
"""Does one thing that a station does, the n-th; returns what was acknowledged, "" = nothing."""


class Station:
    """A process that does one thing after the other until it is told to stop, and notes what it did and what failed."""

    def __init__(self, workspace: str | Path, act: Act, name: str, place: Path) -> None:
        self.notes = place / f"{name}.json"
        self._stop = place / "stop"
        self._pid = os.fork()
        if not self._pid:
            self._work(workspace, act, name)

    def _work(self, workspace: str | Path, act: Act, name: str) -> None:
        random, acknowledged, errors, seconds = Random(name), list[str](), list[str](), list[float]()
        try:
            with Workspace(workspace) as store:
                while not self._stop.exists():
                    begun = time.perf_counter()
                    try:
                        if done := act(store, random, len(acknowledged)):
                            acknowledged.append(f"{name} {done}")
                    except StoreError as error:
                        errors.append(str(error))
                    seconds.append(time.perf_counter() - begun)
                    time.sleep(random.uniform(0, 0.02))
            self.notes.write_text(json.dumps({"acknowledged": acknowledged, "errors": errors, "seconds": seconds}))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0 if self.notes.exists() else 1)

    def end(self) -> dict[str, Any]:
        """Wait for its end and return its notes."""
        os.waitpid(self._pid, 0)
        notes: dict[str, Any] = json.loads(self.notes.read_text())
        return notes


def give_verdict(store: Workspace, random: Random, number: int) -> str:
    """Look at a part and decide it, as the app does; where another station was faster, nothing is said."""
    sample = random.choice(store.runs.samples(1))
    standing = {verdict.sample_id: verdict.new for verdict in store.verdicts.of_run(1)}.get(sample.id, "undecided")
    new = random.choice([word for word in ("accepted", "rejected", "undecided") if word != standing])
    try:
        store.verdicts.add(sample.id, f"station {os.getpid()}", new, str(number), expected=standing)
    except VerdictConflict:
        return ""
    return f"{sample.id} {new} {number}"


def look_and_move(store: Workspace, random: Random, number: int) -> str:
    """List runs, read samples and maps of the newest, and move the threshold of the first, as the app does."""
    newest = store.runs.all()[0]
    for sample in store.runs.samples(newest.id):
        if store.artefacts.map_path(newest.id, sample.position).exists():
            store.artefacts.load_map(newest.id, sample.position)
    store.groups.of_run(newest.id)
    if number % 3 == 0:
        store.runs.set_threshold(1, random.uniform(0.2, 0.8), 0.5, "Eve")
    return str(number)


def list_results(workspace: str | Path, run_id: int) -> list[object]:
    """Return scores and decisions of a run, and digests of its maps."""
    with Workspace(workspace) as store:
        rows = [(row.name, row.raw_score, row.final, row.flagged) for row in store.runs.samples(run_id)]
        maps = digest_files(store.artefacts.run_folder(run_id) / "maps")
    return [rows, maps]


def list_commands(workspace: str | Path, place: Path, results: Path, idle: int = 1) -> dict[str, Arguments]:
    """Return the commands of the scan, and of the watch that ends `idle` seconds after its last part."""
    line: Arguments = ["watch", place / "line", "--workspace", workspace, "--idle", str(idle)]
    return {
        "scan": ["scan", WASHERS / "test", "--workspace", workspace, *TWO_SIZES],
        "watch": [*line, "--settle", "0", "--warm-up", "8", "--on-result", f"file:{results}", *ONE_SIZE],
    }


def work_together(place: Path, alone: dict[str, list[object]]) -> Iterator[list[object]]:
    """Let all work at once; yield the rows of the table."""
    workspace = place / "workspace"
    succeed(["scan", WASHERS / "test", "--workspace", workspace, *TWO_SIZES], place / "said")
    names = [f"station {number}" for number in range(STATIONS)]
    stations = {name: Station(workspace, give_verdict, name, place) for name in names}
    stations["app"] = Station(workspace, look_and_move, "app", place)
    commands = list_commands(workspace, place.parent, workspace / "results")
    with Command(commands["scan"], place / "scan") as scan, Command(commands["watch"], place / "watch") as watch:
        scan.wait()
        watch.wait()
    (place / "stop").touch()
    notes = {name: station.end() for name, station in stations.items()}
    with Workspace(workspace) as store:
        kept = {f"{v.sample_id} {v.new} {v.comment}" for v in store.verdicts.of_run(1)}
        runs = {"watch" if run.layout == "watch" else "scan": run.id for run in store.runs.all() if run.id > 1}
        problems = store.audit.find_problems()
    for name, found in notes.items():
        waits = f"{1e3 * median(found['seconds']):.0f} / {1e3 * max(found['seconds']):.0f}"
        said = {note.removeprefix(f"{name} ") for note in found["acknowledged"]}
        lost = len(said - kept) if name in names else ""
        yield [name, len(found["acknowledged"]), len(found["errors"]), lost, waits, ""]
    for name, command in (("scan", scan), ("watch", watch)):
        equal = list_results(workspace, runs[name]) == alone[name]
        yield [name, "", f"exit code {command.code}", "", "", "yes" if equal else "no"]
    yield ["audit chain", "", f"{len(problems)} problems", "", "", ""]


def main() -> None:
    """Let all work together some times and print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds
    head = ["program", "acknowledged", "errors", "lost", "ms of one step, median / most", "equal to alone"]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        write_parts(place / "line", PARTS)
        alone: dict[str, list[object]] = {}
        for name, command in list_commands(place / "alone", place, place / "alone" / "results").items():
            succeed(command, place / "said")
            alone[name] = list_results(place / "alone", len(alone) + 1)
        for number in range(rounds):
            (place / str(number)).mkdir()
            print_table(head, work_together(place / str(number), alone))


if __name__ == "__main__":
    main()
