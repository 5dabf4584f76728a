"""One cloud into point groups: ours against the literal loop version of the tests, in the same run.

Run from the root of the repository: python -m benchmarks.bench_grouping [--points 20000] [--threads 0]
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from inspector.features.point_groups import group_points
from tests.features import literal

GROUPS, SIZE, STEP = 1024, 128, 80


def wavy_sheet(count: int) -> Tensor:
    """A part with flat and bent areas, noise 0.001, about as large as the unit sphere."""
    generator = torch.Generator().manual_seed(0)
    x, y, noise = torch.rand(3, count, generator=generator)
    height = 0.2 * torch.sin(12 * (x - 0.4).relu()) * torch.cos(9 * (y - 0.4).relu())
    return torch.stack([2 * x - 1, 2 * y - 1, height + 0.002 * noise], dim=1)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median of the repeats."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print both times, their ratio, and whether the groups are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=0, help="0 = torch's default")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    points = wavy_sheet(options.points)
    ours = partial(group_points, points, groups=GROUPS, size=SIZE, step=STEP)
    groups = ours()  # warm-up
    start = time.perf_counter()
    expected = literal.group_points(points, groups=GROUPS, size=SIZE, step=STEP)
    slow = time.perf_counter() - start
    fast = seconds(ours, 5)
    equal = (groups.center_index.tolist(), groups.members.tolist()) == expected[:2]
    print(f"{platform.processor() or platform.machine()}, torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{options.points} points into {GROUPS} groups of {SIZE}")
    print(f"rough groups: {int((groups.curvature >= 0.01).sum())}")
    print(f"literal loops: {slow:8.3f} s\nours:          {fast:8.3f} s\nratio:         {slow / fast:8.1f}")
    print(f"equal groups:  {equal}")


if __name__ == "__main__":
    main()
