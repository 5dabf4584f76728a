"""Mutual scoring against the literal published loop, and against the machine's own matrix products, in one run.

python -m benchmarks.bench_scoring [--repeats 5] [--shapes 30,324,768 100,256,152]
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.scoring.mutual import mutual_scores
from tests import reference

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


def compare(shape: tuple[int, int, int], repeats: int) -> str:
    """Measure one shape; the contenders take turns, so that a busy moment hits all."""
    features = F.normalize(torch.randn(shape, generator=torch.Generator().manual_seed(0)), dim=-1)
    contenders = {"ours": mutual_scores, "loop": reference.mutual_scores, "products": products}
    for work in contenders.values():
        work(features[:3])
    times = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, work in contenders.items():
            times[name].append(seconds(lambda work=work: work(features)))
    middle = {name: statistics.median(values) for name, values in times.items()}
    error = (mutual_scores(features) - reference.mutual_scores(features)).abs().max()
    count, patches, channels = shape
    rate = count * (count - 1) * patches**2 * channels / middle["products"] / 1e9
    return (
        f"| {shape} | {middle['ours']:.3f} | {middle['loop']:.3f} | {middle['loop'] / middle['ours']:.2f} "
        f"| {middle['products'] / middle['ours']:.2f} | {rate:.0f} | {error:.1e} |"
    )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--shapes", nargs="*", default=[",".join(map(str, shape)) for shape in SHAPES])
    arguments = parser.parse_args()
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads\n")
    print("| (N, P, C) | ours, s | literal loop, s | times faster | share of product rate | GFLOP/s | largest error |")
    print("|---|---|---|---|---|---|---|")
    for shape in arguments.shapes:
        print(compare(tuple(map(int, shape.split(","))), arguments.repeats), flush=True)


if __name__ == "__main__":
    main()
