"""Eight stations that give verdicts, a scan, a watch and a program that wants their runs, while their server is killed.

python -m benchmarks.reliability.server --kills 3
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.reliability.commands import Command, succeed
from benchmarks.reliability.postgres import PostgresServer
from benchmarks.reliability.stations import TWO_SIZES, WASHERS, print_table, write_parts
from benchmarks.reliability.together import PARTS, Station, list_commands, list_results
from inspector.errors import StoreError
from inspector.store.verdicts import VerdictConflict
from inspector.store.workspace import Workspace

STATIONS = 8

AWAY = 2.0
"""Seconds from a kill to the next start."""


def give_verdict(store: Workspace, random: Random, number: int) -> str:
    """Decide a part of run 1 as the app does; where another station was faster, nothing is said."""
    sample = random.choice(store.runs.samples(1))
    standing = {verdict.sample_id: verdict.new for verdict in store.verdicts.of_run(1)}.get(sample.id, "undecided")
    new = random.choice([word for word in ("accepted", "rejected", "undecided") if word != standing])
    try:
        store.verdicts.add(sample.id, str(os.getpid()), new, str(number), expected=standing)
    except VerdictConflict:
        return ""
    return f"{os.getpid()} {sample.id} {new} {number}"


def take_runs(store: Workspace, _random: Random, _number: int) -> str:
    """Try to take what is being scanned; return what could be taken, which must be nothing."""
    for run in store.runs.all():
        if run.status == "running":
            try:
                with store.runs.hold(run.id):
                    return str(run.id)
            except StoreError:
                continue
    return ""


def work(server: PostgresServer, place: Path, kills: int, alone: dict[str, list[object]]) -> Iterator[list[object]]:
    """Let all work at once and kill the server in between; yield the rows of the table."""
    address = server.address(place / "workspace")
    succeed(["scan", WASHERS / "test", "--workspace", address, *TWO_SIZES], place / "said")
    names = [f"station {number}" for number in range(STATIONS)]
    stations = {name: Station(address, give_verdict, name, place) for name in names}
    stations["taker"] = Station(address, take_runs, "taker", place)
    commands = list_commands(address, place, place / "results", idle=5)
    with Command(commands["scan"], place / "scan") as scan, Command(commands["watch"], place / "watch") as watch:
        for _ in range(kills):
            time.sleep(4)
            server.kill()
            time.sleep(AWAY)
            server.start()
        scan.wait()
        watch.wait()
    (place / "stop").touch()
    notes = {name: station.end() for name, station in stations.items()}
    with Workspace(address) as store:
        verdicts = store.verdicts.of_run(1)
        runs = {"watch" if run.layout == "watch" else "scan": run.id for run in store.runs.all() if run.id > 1}
        problems = store.audit.find_problems()
    kept = Counter(f"{said.operator} {said.sample_id} {said.new} {said.comment}" for said in verdicts)
    twice = sum(count - 1 for count in Counter((said.operator, said.comment) for said in verdicts).values())
    for name, found in notes.items():
        waits = f"{1e3 * median(found['seconds']):.0f} / {1e3 * max(found['seconds']):.0f}"
        lost = sum(note.removeprefix(f"{name} ") not in kept for note in found["acknowledged"]) if name in names else ""
        yield [name, len(found["acknowledged"]), len(found["errors"]), lost, waits, ""]
    for name, command in (("scan", scan), ("watch", watch)):
        equal = list_results(address, runs[name]) == alone[name]
        yield [name, "", f"exit code {command.code}", "", "", "yes" if equal else "no"]
    yield ["verdicts kept", len(verdicts), f"{twice} twice", "", "", ""]
    yield ["audit chain", "", f"{len(problems)} problems", "", "", ""]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=3)
    kills = options.parse_args().kills
    head = ["program", "acknowledged", "errors", "lost", "ms of one step, median / most", "equal to alone"]
    with TemporaryDirectory() as folder, PostgresServer() as server:
        place = Path(folder)
        write_parts(place / "line", PARTS)
        alone: dict[str, list[object]] = {}
        for name, command in list_commands(place / "alone", place, place / "alone-results", idle=5).items():
            succeed(command, place / "said")
            alone[name] = list_results(place / "alone", len(alone) + 1)
        print_table(head, work(server, place, kills, alone))


if __name__ == "__main__":
    main()
