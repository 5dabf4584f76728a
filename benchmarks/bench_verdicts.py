"""How long an operator waits for a verdict to be on the disk, and how long the audit chain takes to check.

python -m benchmarks.bench_verdicts --count 2000
"""

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from inspector.data.samples import Batch, Sample
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace

SAMPLES = 1000


def main() -> None:
    """Give verdicts one by one and print the median time of one, and the time of the check."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000, help="verdicts")
    count = options.parse_args().count
    with TemporaryDirectory() as folder, Workspace(Path(folder) / "workspace") as store:
        samples = tuple(Sample(f"{index}.png", image=Path(folder)) for index in range(SAMPLES))
        store.runs.create(Batch(Path(folder), samples), ScanSettings())
        waits = []
        for index in range(count):
            begin = time.perf_counter()
            store.verdicts.add(1 + index % SAMPLES, "Ada", ("accepted", "rejected")[index % 2], f"look {index}")
            waits.append(1e3 * (time.perf_counter() - begin))
        begin = time.perf_counter()
        problems = store.audit.find_problems()
        seconds = time.perf_counter() - begin
    print(
        f"verdict: {median(waits):.2f} ms at the median, {sorted(waits)[int(0.95 * count)]:.2f} ms at the 95th of 100"
    )
    print(f"check of {count} entries: {seconds:.2f} s, {len(problems)} problems")


if __name__ == "__main__":
    main()
