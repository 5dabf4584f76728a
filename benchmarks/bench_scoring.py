"""Mutual scoring against the literal published loop, and against the machine's own matrix products, in one run.

Numbers of patches are squares: the row of the search radius takes them for a square grid.

python -m benchmarks.bench_scoring [--repeats 5] [--shapes 30,324,768 100,256,152]
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from math import isqrt

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.scoring.mutual import mutual_scores
from inspector.scoring.nearest import Comparison
from tests.scoring import literal

SHAPES = ((30, 324, 768), (100, 256, 152), (16, 1369, 1024))


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def products(features: Tensor) -> None:
    """Only the matrix products that mutual scoring cannot do without: each pair of samples once."""
    for first in range(len(features) - 1):
        for second in range(first + 1, len(features)):
            torch.mm(features[first], features[second].T)


def compare(count: int, patches: int, channels: int, *, repeats: int) -> str:
    """Measure one shape; the contenders take turns, so that a busy moment hits all."""
    shape = (count, patches, channels)
    features = F.normalize(torch.randn(shape, generator=torch.Generator().manual_seed(0)), dim=-1)
    contenders: dict[str, Callable[[Tensor], Tensor]] = {
        "ours": mutual_scores,
        "half": partial(mutual_scores, comparison=Comparison(precision="half")),
        "nearby": partial(mutual_scores, comparison=Comparison(grid=(isqrt(patches),) * 2, radius=2)),
        "loop": literal.mutual_scores,
    }
    timed: dict[str, Callable[[Tensor], object]] = {**contenders, "products": products}
    for work in timed.values():
        work(features[:3])
    times: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(repeats):
        for name, work in timed.items():
            times[name].append(seconds(partial(work, features)))
    middle = {name: statistics.median(values) for name, values in times.items()}
    expected = literal.mutual_scores(features)
    rate = count * (count - 1) * patches**2 * channels / middle["products"] / 1e9
    rows = [f"| {shape} | literal loop | {middle['loop']:.3f} | 1.00 | | |"]
    for name, precision in (("ours", "float32"), ("half", "half")):
        error = (contenders[name](features) - expected).abs()
        rows.append(
            f"| | {precision} | {middle[name]:.3f} | {middle['loop'] / middle[name]:.2f} "
            f"| {middle['products'] / middle[name]:.2f} | {error.max():.0e}, {error.mean():.0e} |"
        )
    rows.append(f"| | search radius 2 | {middle['nearby']:.3f} | {middle['loop'] / middle['nearby']:.2f} | | |")
    return "\n".join([*rows, f"| | products alone, {rate:.0f} GFLOP/s | {middle['products']:.3f} | | 1.00 | |"])


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--shapes", nargs="*", default=[",".join(map(str, shape)) for shape in SHAPES])
    arguments = parser.parse_args()
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads\n")
    print("| (N, P, C) | computed by | seconds | times faster | share of product rate | error: largest, mean |")
    print("|---|---|---:|---:|---:|---:|")
    for shape in arguments.shapes:
        print(compare(*map(int, shape.split(",")), repeats=arguments.repeats), flush=True)


if __name__ == "__main__":
    main()
