"""Mutual scoring on a GPU: ours against the literal published loop and against the card's own products, in one run.

python -m benchmarks.gpu [--repeats 5] [--shapes 200,1369,1024 100,256,152]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.scoring import nearest
from inspector.scoring.kernel import fusion_is_possible
from inspector.scoring.mutual import mutual_scores
from inspector.scoring.nearest import Comparison
from tests.scoring import literal

SHAPES = ((200, 1369, 1024), (200, 324, 768), (400, 256, 152))
MEMORY = 32 << 30


def seconds(work: Callable[[], object]) -> float:
    """Time one call until the card is done."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - start


def products(features: Tensor) -> None:
    """Only the products that mutual scoring cannot do without, each pair of samples once, as large as they come."""
    for first in range(len(features) - 1):
        torch.mm(features[first], features[first + 1 :].flatten(0, 1).T)


def without_kernel(features: Tensor) -> Tensor:
    """Half precision with plain torch, as where there is no Triton."""
    with patch.object(nearest, "fusion_is_possible", lambda: False):
        return mutual_scores(features, memory=MEMORY)


def compare(count: int, patches: int, channels: int, *, repeats: int) -> str:
    """Measure one shape; the contenders take turns."""
    shape = (count, patches, channels)
    features = F.normalize(torch.randn(shape, generator=torch.Generator().manual_seed(0)), dim=-1).cuda()
    coarse = features.bfloat16()
    contenders: dict[str, Callable[[], Tensor]] = {
        "literal loop": lambda: literal.mutual_scores(features),
        "float32": partial(mutual_scores, features, memory=MEMORY, comparison=Comparison(precision="float32")),
        "half, plain torch": lambda: without_kernel(features),
    }
    if fusion_is_possible():
        contenders["half, fused kernel"] = partial(mutual_scores, features, memory=MEMORY)
    expected = contenders["literal loop"]()
    errors = {name: float((work() - expected).abs().max()) for name, work in contenders.items()}
    timed: dict[str, Callable[[], object]] = {**contenders, "products alone, bfloat16": lambda: products(coarse)}
    times: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(repeats):
        for name, work in timed.items():
            times[name].append(seconds(work))
    middle = {name: statistics.median(values) for name, values in times.items()}
    return "\n".join(
        f"| {shape} | {name} | {middle[name]:.4f} | {middle[name] / count * 1e3:.2f} "
        f"| {middle['literal loop'] / middle[name]:.2f} | {middle['products alone, bfloat16'] / middle[name]:.2f} "
        f"| {errors.get(name, float('nan')):.0e} |"
        for name in middle
    )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--shapes", nargs="*", default=[",".join(map(str, shape)) for shape in SHAPES])
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("this benchmark needs a CUDA device, and there is none here")
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}, driver's CUDA {torch.version.cuda}\n")
    print(
        "| (N, P, C) | computed by | seconds | ms per sample | times faster | share of product rate | largest error |"
    )
    print("|---|---|---:|---:|---:|---:|---:|")
    for shape in arguments.shapes:
        print(compare(*map(int, shape.split(",")), repeats=arguments.repeats), flush=True)


if __name__ == "__main__":
    main()
