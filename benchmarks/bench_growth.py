"""How mutual scoring grows with the number of samples N: a fixed number of references against all others.

python -m benchmarks.bench_growth [--counts 100 200 400 800 1600 3200] [--most-all 1600] [--references 200]

Features are random, of the shape of the embedded network's by default. They come as in a scan, sample by sample from
memory-mapped files in half precision. Each figure is of a fresh process; the contenders take turns, and the table has
medians. Memory is the peak of that process; "libraries" is what it held before scoring. Where the distances of all
pairs do not fit into --memory, each pair is compared twice: the slope then shows it.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from pathlib import Path

ALL = 0
"""As number of references: all others."""


def write(folder: Path, count: int, shape: Sequence[int]) -> None:
    """Write random L2-normalised features of some samples, as a scan keeps tokens."""
    import torch
    import torch.nn.functional as F

    from inspector.features.cache import TokenCache

    cache = TokenCache(folder)
    generator = torch.Generator().manual_seed(0)
    for sample in range(count):
        cache.save(str(sample), [F.normalize(torch.randn(*shape, generator=generator), dim=1)], {})


def measure(folder: Path, count: int, arguments: argparse.Namespace) -> dict[str, float]:
    """Score the first samples of a folder."""
    import torch

    from inspector.features.cache import TokenCache
    from inspector.scoring.distances import distances
    from inspector.scoring.judges import ring
    from inspector.scoring.mutual import lowest_mean

    torch.set_num_threads(arguments.threads)
    cache = TokenCache(folder)

    def scores(samples: int) -> list[torch.Tensor]:
        judged = distances(
            lambda sample: cache.layer(str(sample), 0).float(),
            range(samples),
            ring(samples, None if arguments.references == ALL else arguments.references),
            memory=int(arguments.memory * 2**30),
        )
        return [lowest_mean(to_others, 0.3) for _, to_others in judged]

    libraries = peak_memory()
    scores(3)
    start = time.perf_counter()
    scores(count)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak": peak_memory(), "libraries": libraries}


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def in_fresh_process(step: str, folder: Path, count: int, references: int, arguments: argparse.Namespace) -> str:
    """Run one step of the measurement in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.bench_growth", "--step", step, "--folder", str(folder)]
    numbers = {
        "--counts": count,
        "--references": references,
        "--patches": arguments.patches,
        "--channels": arguments.channels,
        "--memory": arguments.memory,
        "--threads": arguments.threads,
    }
    options = [str(word) for pair in numbers.items() for word in pair]
    return subprocess.run([*command, *options], check=True, stdout=subprocess.PIPE, text=True).stdout


def slope(seconds: dict[int, float]) -> str:
    """Fit log(time) over log(N) by least squares: 1 = in proportion, 2 = with the square."""
    if len(seconds) < 2:
        return "not known: needs two sizes"
    fitted = statistics.linear_regression([math.log(count) for count in seconds], [*map(math.log, seconds.values())])
    return f"{fitted.slope:.2f} (N = {', '.join(map(str, seconds))})"


def compare(arguments: argparse.Namespace) -> None:
    """Measure all sizes and print the table and the slopes."""
    counts = sorted(arguments.counts)
    rows = [
        (count, references)
        for count, references in product(counts, (arguments.references, ALL))
        if references != ALL or count <= arguments.most_all
    ]
    found = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        in_fresh_process("write", Path(name), counts[-1], ALL, arguments)
        for _, (count, references) in product(range(arguments.repeats), rows):
            printed = in_fresh_process("measure", Path(name), count, references, arguments)
            found[count, references].append(json.loads(printed))
    print("| N | references | seconds | seconds a sample | peak MiB | of it libraries |")
    print("|---:|---:|---:|---:|---:|---:|")
    seconds: dict[int, dict[int, float]] = {arguments.references: {}, ALL: {}}
    for count, references in rows:
        middle = {key: statistics.median(got[key] for got in found[count, references]) for key in found[rows[0]][0]}
        if count > arguments.references + 1:
            seconds[references][count] = middle["seconds"]
        print(
            f"| {count} | {references or 'all'} | {middle['seconds']:.2f} | {middle['seconds'] / count:.4f} "
            f"| {middle['peak'] / 2**20:.0f} | {middle['libraries'] / 2**20:.0f} |"
        )
    print("\nSlope of log(seconds) over log(N), N above references + 1:")
    for references, of_count in seconds.items():
        print(f"- {references or 'all'} references: {slope(of_count)}")


def main() -> None:
    """Print one table and two slopes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 200, 400, 800, 1600, 3200])
    parser.add_argument("--most-all", type=int, default=1600, help="largest N that is compared with all others")
    parser.add_argument("--references", type=int, default=200)
    parser.add_argument("--patches", type=int, default=256)
    parser.add_argument("--channels", type=int, default=112)
    parser.add_argument("--memory", type=float, default=2, help="GiB that distances and features may take")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--step", choices=("write", "measure"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step == "write":
        write(arguments.folder, arguments.counts[0], (arguments.patches, arguments.channels))
    elif arguments.step == "measure":
        print(json.dumps(measure(arguments.folder, arguments.counts[0], arguments)))
    else:
        shape = f"P = {arguments.patches}, C = {arguments.channels}"
        print(f"{shape}, {arguments.memory:g} GiB, {arguments.threads} threads, medians of {arguments.repeats}\n")
        compare(arguments)


if __name__ == "__main__":
    main()
