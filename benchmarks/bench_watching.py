"""What watching for recurring defects adds to the comparison of a batch: time and memory, in one run.

python -m benchmarks.bench_watching [--shapes 100,99,256,152 2000,200,256,152] [--threads 2]

A shape is samples, judges, patches and channels of one set of features, made up: each patch of a sample is that of a
common part and noise. Distances are computed and scored, each sample's are watched, with a clock of its own, and then
groups are sought. What SciPy takes to load, 0.1 s once a process, is not counted. Memory is what the found patches
take, beside what `recorder_bytes` says.
"""

import argparse
import math
import time
from importlib import import_module

import numpy as np
import torch
import torch.nn.functional as F

from inspector.decision.recurring import BurntOut, find_groups
from inspector.scoring.burnout import find_burnt_out, recorder_bytes
from inspector.scoring.distances import distances
from inspector.scoring.judges import ring
from inspector.scoring.mutual import lowest_mean

SHAPES = ((100, 99, 256, 152), (2000, 200, 256, 152))

SHARE = 0.3


def measure(samples: int, judges: int, patches: int, channels: int) -> str:
    """Measure one shape and return a row of the table."""
    generator = torch.Generator().manual_seed(0)
    part = torch.randn(patches, channels, generator=generator)

    def load(sample: int) -> torch.Tensor:
        own = torch.Generator().manual_seed(sample)
        return F.normalize(part + 0.7 * torch.randn(patches, channels, generator=own), dim=-1)

    order, side = ring(samples, judges), math.isqrt(patches)
    grid = (side, patches // side)
    found: list[BurntOut] = []
    watched = 0.0
    begin = time.perf_counter()
    for sample, to_others in distances(load, range(samples), order):
        plain = lowest_mean(to_others, SHARE)
        start = time.perf_counter()
        found.append(find_burnt_out(to_others, plain, order.of_one(sample), sample, SHARE, grid))
        watched += time.perf_counter() - start
    total = time.perf_counter() - begin
    start = time.perf_counter()
    groups = find_groups([found], samples)
    sought = time.perf_counter() - start
    kept = sum(value.nbytes for each in found for value in vars(each).values() if isinstance(value, np.ndarray))
    said = recorder_bytes(samples, judges, patches, 1)
    added = 100 * (watched + sought) / (total - watched)
    return (
        f"| {samples} | {judges} | {patches} | {total - watched:.2f} | {watched:.2f} | {sought:.2f} "
        f"| {added:.1f} % | {kept / 1e6:.0f} | {said / 1e6:.0f} | {len(groups)} |"
    )


def main() -> None:
    """Measure all shapes and print a table."""
    import_module("scipy.sparse.csgraph")  # else the first search for groups would load it
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", nargs="+", default=[",".join(map(str, shape)) for shape in SHAPES])
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(
        "| samples | judges | patches | comparing, s | watching, s | groups, s | added | kept, MB | said, MB | groups |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for shape in arguments.shapes:
        print(measure(*map(int, shape.split(","))), flush=True)


if __name__ == "__main__":
    main()
