"""Hours on the line in small: what a watch at its rate, and a scan repeated in one process, take over time.

python -m benchmarks.reliability.soak watch [--minutes 30] [--rate 5] [--side 1000] [--move]
python -m benchmarks.reliability.soak scan [--times 300]

`watch`: photos of `side` x `side` pixels are renamed into a folder at `rate` a second, under ever new names, and a
process of `inspector watch --preset fast` judges them, with a file for each result; with `--move` they are moved out of
the folder once they are judged, else all stay there. `scan`: eight washers of `samples/`
are scanned again and again in one process and one workspace, the network loaded and all photos read each time.

A row for each tenth of the time: memory of the process (resident, MB), open descriptors, threads, milliseconds (from
the last change of a file to its verdict, or for a scan: median and 95 %), and the bytes that the database grew for each
part. Then the slopes: a line laid through all measurements behind the first fifth, with the error of its slope.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from scipy.stats import linregress

from benchmarks.bench_pipeline import write_photos
from benchmarks.reliability.stations import WASHERS, print_table
from inspector.data.layouts import read_batch
from inspector.jobs.scan import scan
from inspector.presets import load_settings
from inspector.store.database import FILE
from inspector.store.watches import Arrived
from inspector.store.workspace import Workspace

ROWS = 10
"""Of a table."""

STOCK = 100
"""Photos that all differ; names go on when they come again."""

SETTLING = 0.2
"""Share of the time before slopes are taken: caches fill, the pool fills."""

Use = tuple[float, ...]
"""MB, descriptors, threads, milliseconds, bytes of the database, parts."""

UNITS = ("MB", "descriptors", "threads", "ms")


def look(process: psutil.Process, milliseconds: float, workspace: Path, parts: int) -> Use:
    """Measure a process and a database."""
    with process.oneshot():
        own = (process.memory_info().rss / 1e6, process.num_fds(), process.num_threads())
    database = sum(path.stat().st_size for path in workspace.glob(f"{FILE}*"))
    return (*own, milliseconds, database, parts)


def watch(minutes: float, rate: float, side: int, place: Path, *, move: bool) -> Iterator[tuple[float, Use]]:
    """Let a line run; yield what it takes, by seconds since its first part was judged."""
    stock, line, workspace = place / "stock", place / "line", place / "workspace"
    stock.mkdir()
    write_photos(stock, STOCK, side)
    files = sorted(stock.iterdir())
    line.mkdir()
    command = [sys.executable, "-c", "from inspector.cli import main; main()", "watch", str(line), "--preset", "fast"]
    command += ["--workspace", str(workspace), "--settle", "0", "--on-result", f"file:{place / 'results'}"]
    command += ["--on-result", f"move:{place / 'judged'}"] if move else []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as job:
        try:
            while not (workspace / FILE).exists():
                time.sleep(0.1)
            time.sleep(5)
            yield from send(files, line, rate, 60 * minutes, psutil.Process(job.pid), workspace)
        finally:
            job.terminate()


def send(
    files: Sequence[Path], line: Path, rate: float, seconds: float, process: psutil.Process, workspace: Path
) -> Iterator[tuple[float, Use]]:
    """Rename photos into a folder at a rate, and look at the process at each second that has verdicts."""
    begun, sent, judged, looked = time.monotonic(), 0, 0, 0.0
    with Workspace(workspace) as store:
        while (now := time.monotonic() - begun) < seconds:
            file = files[sent % len(files)]
            shutil.copy(file, line / f".{sent}")
            (line / f".{sent}").rename(line / f"{sent:07d}{file.suffix}")
            sent += 1
            if now > looked + 1:
                looked = now
                new = store.watches.arrived(store.runs.all()[0].id, judged)
                judged += len(new)
                waits = [_measure_wait(arrived) for _, arrived in new]
                if judged > len(new) and new:  # the first ones wait for the warm-up to be full
                    yield now, look(process, float(np.median(waits)), workspace, judged)
            time.sleep(max(0.0, begun + sent / rate - time.monotonic()))
    print(f"{sent} photos sent at {rate:g} a second, {judged} judged by the last look")


def _measure_wait(arrived: Arrived) -> float:
    """Return the milliseconds from the last change of a file to the verdict on it."""
    return 1000 * arrived.time.replace(tzinfo=UTC).timestamp() - arrived.mtime_ns / 1e6


def scan_again(times: int, place: Path) -> Iterator[tuple[float, Use]]:
    """Scan a batch again and again; yield what that takes, by the number of the scan."""
    folder, workspace = place / "parts", place / "workspace"
    folder.mkdir()
    for path in sorted((WASHERS / "test").rglob("*.jpg"))[:8]:
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    settings, process = load_settings("embedded"), psutil.Process()
    with Workspace(workspace) as store:
        for number in range(times):
            begun = time.perf_counter()
            scan(read_batch(folder), settings, store)
            took = time.perf_counter() - begun
            shutil.rmtree(workspace / "cache")
            yield number, look(process, 1000 * took, workspace, 8 * (number + 1))


def list_rows(found: Sequence[tuple[float, Use]]) -> Iterator[list[object]]:
    """Give the rows of the table."""
    for some in np.array_split(np.arange(len(found)), min(ROWS, len(found))):
        use = np.array([found[i][1] for i in some])
        grown = np.diff(use[[0, -1], 4:], axis=0)[0]
        waits = f"{np.median(use[:, 3]):.0f} / {np.percentile(use[:, 3], 95):.0f}"
        growth = f"{grown[0] / grown[1]:.0f}" if grown[1] else ""
        yield [
            f"{found[some[-1]][0]:.0f}",
            f"{use[-1, 0]:.0f}",
            *(f"{most:.0f}" for most in use[:, 1:3].max(0)),
            waits,
            growth,
        ]


def list_slopes(found: Sequence[tuple[float, Use]], unit: str, per: float) -> Iterator[list[object]]:
    """Give the slopes of what should be flat; `unit` is what `per` steps of time make."""
    times = np.array([each[0] for each in found])
    late = times >= SETTLING * times[-1]
    for index, what in enumerate(UNITS):
        line = linregress(times[late], np.array([use[index] for _, use in found])[late])
        yield [f"{what} per {unit}", f"{per * line.slope:+.3f} ± {per * line.stderr:.3f}"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=["watch", "scan"])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--side", type=int, default=1000)
    parser.add_argument("--move", action="store_true")
    parser.add_argument("--times", type=int, default=300)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="soak-") as folder:
        place = Path(folder)
        lines: dict[str, Callable[[], Iterator[tuple[float, Use]]]] = {
            "watch": lambda: watch(given.minutes, given.rate, given.side, place, move=given.move),
            "scan": lambda: scan_again(given.times, place),
        }
        found = list(lines[given.job]())
    time_of = "second" if given.job == "watch" else "scan"
    print_table([f"to {time_of}", *UNITS[:3], "ms: median / 95 %", "database, bytes a part"], list_rows(found))
    print_table(
        ["what should be flat", "slope"],
        list_slopes(found, "hour" if given.job == "watch" else "100 scans", 3600 if given.job == "watch" else 100),
    )
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
