"""One GPU kernel for products and maxima: only the places of the nearest patches leave the chip.

Needs Triton, which comes with torch for CUDA on Linux. `nearest._select_on_gpu` does the same with plain torch.
"""

from functools import cache
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

ROWS, COLS, DEPTH = 128, 128, 64
"""Own patches, other patches and channels that one program multiplies at a time."""


@cache
def fusion_is_possible() -> bool:
    """Tell whether this machine can run the kernel: Triton needs a C compiler, and not too old a GPU."""
    if not torch.cuda.is_available() or find_spec("triton") is None:
        return False
    one = torch.ones(1, 1, dtype=torch.float16, device="cuda"), torch.ones(1, device="cuda")
    try:
        fused_nearest(one, (one[0][None], one[1][None]))
    except Exception:  # whatever it is, plain torch does the same
        return False
    return True


def fused_nearest(own: tuple[Tensor, ...], others: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """Find the nearest patches of one sample in some others, both ways.

    Args:
        own: (P, C) half precision, and (P,) float32 half their squared lengths.
        others: (B, P, C) and (B, P), of the same types, contiguous.

    Returns:
        (B, P) int64, for each own patch the place of the nearest in each other sample; (B, P) int64, for each patch of
        the others the place of the nearest own one. Of equally near ones the first.

    Example:
        One patch a sample: all places are 0.
    """
    vectors, halves = own
    size, patches, channels = others[0].shape
    across, down = -(-patches // COLS), -(-patches // ROWS)  # programs along the other and the own patches
    to_others = halves.new_empty(size, across, patches)
    to_own = halves.new_empty(size, down, patches)
    place_in_others = torch.empty_like(to_others, dtype=torch.int32)
    place_in_own = torch.empty_like(to_own, dtype=torch.int32)
    _kernel()[(down, across, size)](
        vectors.contiguous(), halves.contiguous(), others[0], others[1],
        to_others, place_in_others, to_own, place_in_own,
        patches, channels, ROWS=ROWS, COLS=COLS, DEPTH=DEPTH, num_warps=8, num_stages=3,
    )  # fmt: skip
    return _find_best(to_others, place_in_others), _find_best(to_own, place_in_own)


def _find_best(values: Tensor, places: Tensor) -> Tensor:
    """Of the best values of each program, (B, K, P), the place of the best one, (B, P)."""
    return places.gather(1, values.max(dim=1, keepdim=True).indices)[:, 0].long()


@cache
def _kernel() -> Any:
    import triton
    import triton.language as tl

    @triton.jit  # type: ignore[untyped-decorator, unused-ignore]
    def nearest(  # type: ignore[no-untyped-def]
        own, own_halves, others, other_halves,
        to_others, place_in_others, to_own, place_in_own,
        patches, channels, ROWS: tl.constexpr, COLS: tl.constexpr, DEPTH: tl.constexpr,  # noqa: N803 - constants
    ):  # fmt: skip
        row_block, col_block, sample = tl.program_id(0), tl.program_id(1), tl.program_id(2).to(tl.int64)
        rows = row_block * ROWS + tl.arange(0, ROWS)
        cols = col_block * COLS + tl.arange(0, COLS)
        products = tl.zeros((ROWS, COLS), dtype=tl.float32)
        for start in range(0, channels, DEPTH):
            depth = start + tl.arange(0, DEPTH)
            left = tl.load(
                own + rows[:, None] * channels + depth[None, :],
                mask=(rows[:, None] < patches) & (depth[None, :] < channels),
                other=0.0,
            )
            right = tl.load(
                others + sample * patches * channels + cols[None, :] * channels + depth[:, None],
                mask=(cols[None, :] < patches) & (depth[:, None] < channels),
                other=0.0,
            )
            products = tl.dot(left, right, products)
        row_halves = tl.load(own_halves + rows, mask=rows < patches, other=float("inf"))
        col_halves = tl.load(other_halves + sample * patches + cols, mask=cols < patches, other=float("inf"))
        value, place = tl.max(products - col_halves[None, :], axis=1, return_indices=True)
        at = (sample * tl.num_programs(1) + col_block) * patches + rows
        tl.store(to_others + at, value, mask=rows < patches)
        tl.store(place_in_others + at, place + col_block * COLS, mask=rows < patches)
        value, place = tl.max(products - row_halves[:, None], axis=0, return_indices=True)
        at = (sample * tl.num_programs(0) + row_block) * patches + cols
        tl.store(to_own + at, value, mask=cols < patches)
        tl.store(place_in_own + at, place + row_block * ROWS, mask=cols < patches)

    return nearest
