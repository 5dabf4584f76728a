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
LITERAL, PRODUCTS = "literal loop", "products alone, float16"


def run(work: Callable[[], Tensor]) -> tuple[float, Tensor]:
    """Time one call until the card is done: seconds, and what it gave."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    result = work()
    torch.cuda.synchronize()
    return time.perf_counter() - start, result


def products(features: Tensor) -> Tensor:
    """Only the products that mutual scoring cannot do without, each pair of samples once, as large as they come.

    The libraries are fast where patches are a multiple of eight: with that many of zeros more.
    """
    for first in range(len(features) - 1):
        product = torch.mm(features[first], features[first + 1 :].flatten(0, 1).T)
    return product


def without_kernel(features: Tensor) -> Tensor:
    """Half precision with plain torch, as where there is no Triton."""
    with patch.object(nearest, "fusion_is_possible", lambda: False):
        return mutual_scores(features, memory=MEMORY)


def compare(count: int, patches: int, channels: int, *, repeats: int) -> str:
    """Measure one shape; the contenders take turns. The literal loop, which takes seconds, runs once."""
    shape = (count, patches, channels)
    features = F.normalize(torch.randn(shape, generator=torch.Generator().manual_seed(0)), dim=-1).cuda()
    coarse = F.pad(features.half(), (0, 0, 0, -patches % 8))
    ours: dict[str, Callable[[], Tensor]] = {
        "float32": partial(mutual_scores, features, memory=MEMORY, comparison=Comparison(precision="float32")),
        "half, plain torch": lambda: without_kernel(features),
    }
    if fusion_is_possible():
        ours["half, fused kernels"] = partial(mutual_scores, features, memory=MEMORY)
    contenders = ours | {PRODUCTS: lambda: products(coarse)}
    literal_seconds, expected = run(lambda: literal.mutual_scores(features))
    errors = {name: float((work() - expected).abs().max()) for name, work in ours.items()}
    products(coarse)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, work in contenders.items():
            times[name].append(run(work)[0])
    middle = {LITERAL: literal_seconds} | {name: statistics.median(values) for name, values in times.items()}
    return "\n".join(
        f"| {shape} | {name} | {middle[name]:.4f} | {middle[name] / count * 1e3:.2f} "
        f"| {literal_seconds / middle[name]:.1f} | {middle[PRODUCTS] / middle[name]:.2f} "
        f"| {f'{errors[name]:.0e}' if name in errors else ''} |"
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
