"""What a shared workspace costs: handing a station's work over, and a look at what other stations wrote.

python -m benchmarks.bench_shared [--samples 10000] [--verdicts 2000]

A run with verdicts in SQLite is handed over to a PostgreSQL server of its own on this machine; then once more, when
nothing is new, and once more after 100 further verdicts. A look is what an open review asks once a second.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.reliability.postgres import PostgresServer
from benchmarks.reliability.stations import print_table
from gui.review.run_content import read_news
from inspector.store.hand_over import hand_over
from inspector.store.workspace import Workspace
from tests.gui.large import make_large_workspace

LOOKS = 200


def measure(action: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def judge(store: Workspace, count: int) -> None:
    """Decide the first parts of the run, another way than they stand."""
    for sample in store.runs.samples(1)[:count]:
        history = store.verdicts.of_sample(sample.id)
        store.verdicts.add(sample.id, "Ada", "accepted" if history and history[-1].new == "rejected" else "rejected")


def measure_all(place: Path, address: str, samples: int, verdicts: int) -> list[list[object]]:
    """Make a run, hand it over, look at it; return what was done and how long it took."""
    make_large_workspace(place, samples, photos=64)
    with Workspace(place / "workspace") as station, Workspace(address) as shared:

        def hand(told: str) -> list[object]:
            return [told, f"{measure(lambda: hand_over(station, shared)):.2f} s"]

        judge(station, verdicts)
        rows = [hand(f"hand over {samples} parts, {verdicts} verdicts"), hand("again, with nothing new")]
        judge(station, 100)
        rows.append(hand("again, after 100 further verdicts"))
        newest = shared.verdicts.since(1, 0)[-1].id
        for told, known in (("a look, nothing new", newest), ("a look, 100 verdicts new", newest - 100)):
            looks = [measure(partial(read_news, shared, 1, known)) for _ in range(LOOKS)]
            rows.append([told, f"{1000 * median(looks):.1f} ms, at most {1000 * max(looks):.1f} ms"])
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--verdicts", type=int, default=2_000)
    given = parser.parse_args()
    with PostgresServer() as server, TemporaryDirectory() as name:
        address = server.address(Path(name) / "shared")
        print_table(["what", "took"], measure_all(Path(name), address, given.samples, given.verdicts))


if __name__ == "__main__":
    main()
