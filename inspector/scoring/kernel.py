"""Two GPU kernels for mutual scoring: only distances to the nearest patches leave the chip.

The first multiplies in half precision and selects the nearest patches while the products are in registers, the second
measures the distances of those selected in float32. They need Triton, which comes with torch for CUDA on Linux;
`nearest._measure_selected` does the same with plain torch.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

ALIGNMENT = 8
"""Channels in half precision must be a multiple of this: the copy engine of newer GPUs moves pieces of 16 bytes."""

COPY_ENGINE = (9, 0)
"""Compute capability from which GPUs have such an engine; older ones load by addresses."""

ROWS, COLS, DEPTH = 128, 128, 64
"""Own patches, other patches and channels that one program of the first kernel multiplies at a time."""

WARPS, STAGES = 4, 3
"""Of 32 threads; and how many pieces of `DEPTH` channels are on their way at once. More warps or stages leave no room
for a second program on the same processor, which multiplies while the first one selects."""

MEASURED_ROWS, MEASURED_DEPTH = 8, 128
"""Patches and channels that one program of the second kernel measures at a time."""


@cache
def fusion_is_possible() -> bool:
    """Tell whether this machine can run the kernels: Triton needs a C compiler, and not too old a GPU."""
    if not torch.cuda.is_available() or find_spec("triton") is None:
        return False
    vectors = torch.ones(1, ALIGNMENT, device="cuda")
    one = vectors, vectors.half(), vectors[:, 0]
    try:
        fused_nearest(one, tuple(tensor[None] for tensor in one))
    except Exception:  # whatever it is, plain torch does the same
        return False
    return True


def fused_nearest(own: Sequence[Tensor], others: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Measure the patches of one sample and of some others against each other.

    Args:
        own: (P, C) float32; (P, C') half precision, by which the nearest patches are selected, C' a multiple of
            `ALIGNMENT`; (P,) float32, half the squared lengths of these.
        others: (B, P, C), (B, P, C') and (B, P), of the same types, contiguous.

    Returns:
        (B, P) float32, -d^2/2 from each own patch to the nearest in each other sample; (B, P) float32, from each patch
        of the others to the nearest own one. Of equally near ones the first is taken.

    Example:
        One patch a sample, (1, 0, ...) and (0, 1, ...): -1 and -1.
    """
    to_others, to_own = _select_nearest(own[1:], others[1:])
    return _measure(own[0], others[0], *to_others), _measure(others[0], own[0], *to_own)


def _select_nearest(
    own: Sequence[Tensor], others: Sequence[Tensor]
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Find the best of each block of patches, both ways: values (B, K, P) float32, and their places, int32."""
    vectors, halves = own[0].contiguous(), own[1].contiguous()
    size, patches, channels = others[0].shape
    across, down = -(-patches // COLS), -(-patches // ROWS)  # programs along the other and the own patches
    to_others = halves.new_empty(size, across, patches)
    to_own = halves.new_empty(size, down, patches)
    place_in_others = torch.empty_like(to_others, dtype=torch.int32)
    place_in_own = torch.empty_like(to_own, dtype=torch.int32)
    by_engine = has_copy_engine(vectors.device)
    left, right = _describe(vectors, others[0]) if by_engine else (vectors, others[0])
    select_kernel()[(down, across, size)](
        left, halves, right, others[1], to_others, place_in_others, to_own, place_in_own, patches, channels,
        ROWS=ROWS, COLS=COLS, DEPTH=DEPTH, BY_ENGINE=by_engine,
        num_warps=WARPS, num_stages=STAGES,
    )  # fmt: skip
    return (to_others, place_in_others), (to_own, place_in_own)


@cache
def has_copy_engine(device: torch.device) -> bool:
    """Tell whether a device copies whole blocks to its programs by itself."""
    return device.type == "cuda" and torch.cuda.get_device_capability(device) >= COPY_ENGINE


def _describe(own: Tensor, others: Tensor) -> tuple[Any, Any]:
    """Describe the blocks of (P, C') and (B, P, C') to the copy engine; it gives zeros beyond their ends."""
    from triton.tools.tensor_descriptor import TensorDescriptor

    return (
        TensorDescriptor.from_tensor(own, [ROWS, DEPTH]),
        TensorDescriptor.from_tensor(others, [1, COLS, DEPTH]),
    )


def _measure(sources: Tensor, targets: Tensor, values: Tensor, places: Tensor) -> Tensor:
    """Measure -d^2/2 from each source to the target at the place of its best value.

    Args:
        sources, targets: (P, C) or (B, P, C), contiguous.
        values, places: (B, K, P), the best of each block.

    Returns:
        (B, P) float32.
    """
    size, blocks, patches = values.shape
    result = values.new_empty(size, patches)
    steps = [tensor.stride(0) if tensor.ndim > 2 else 0 for tensor in (sources, targets)]
    measure_kernel()[(-(-patches // MEASURED_ROWS), size)](
        sources, targets, values, places, result, *steps, patches, sources.shape[-1], blocks,
        BLOCKS=1 << (blocks - 1).bit_length(), ROWS=MEASURED_ROWS, DEPTH=MEASURED_DEPTH,
    )  # fmt: skip
    return result


@cache
def select_kernel() -> Any:
    """Compile the kernel that multiplies and selects, once it is wanted: Triton may be missing."""
    import triton
    import triton.language as tl

    @triton.jit  # type: ignore[untyped-decorator, unused-ignore]
    def select(  # type: ignore[no-untyped-def]
        own, own_halves, others, other_halves,
        to_others, place_in_others, to_own, place_in_own, patches, channels,
        ROWS: tl.constexpr, COLS: tl.constexpr, DEPTH: tl.constexpr, BY_ENGINE: tl.constexpr,  # noqa: N803 - constants
    ):  # fmt: skip
        row_block, col_block, number = tl.program_id(0), tl.program_id(1), tl.program_id(2)
        sample = number.to(tl.int64)
        rows = row_block * ROWS + tl.arange(0, ROWS)
        cols = col_block * COLS + tl.arange(0, COLS)
        products = tl.zeros((ROWS, COLS), dtype=tl.float32)
        for start in range(0, channels, DEPTH):
            if BY_ENGINE:
                left = own.load([row_block * ROWS, start])
                right = others.load([number, col_block * COLS, start]).reshape(COLS, DEPTH).T
            else:
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

    return select


@cache
def measure_kernel() -> Any:
    """Compile the kernel that measures, once it is wanted."""
    import triton
    import triton.language as tl

    @triton.jit  # type: ignore[untyped-decorator, unused-ignore]
    def measure(  # type: ignore[no-untyped-def]
        sources, targets, values, places, result, source_step, target_step, patches, channels, blocks,
        BLOCKS: tl.constexpr, ROWS: tl.constexpr, DEPTH: tl.constexpr,  # noqa: N803 - constants
    ):  # fmt: skip
        sample = tl.program_id(1).to(tl.int64)
        rows = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
        inside = rows < patches
        block = tl.arange(0, BLOCKS)
        best = tl.load(
            values + (sample * blocks + block[:, None]) * patches + rows[None, :],
            mask=(block[:, None] < blocks) & inside[None, :],
            other=float("-inf"),
        )
        place = tl.load(places + (sample * blocks + tl.argmax(best, axis=0)) * patches + rows, mask=inside, other=0)
        source = sources + sample * source_step + rows.to(tl.int64)[:, None] * channels
        target = targets + sample * target_step + place.to(tl.int64)[:, None] * channels
        squares = tl.zeros((ROWS,), dtype=tl.float32)
        for start in range(0, channels, DEPTH):
            depth = start + tl.arange(0, DEPTH)[None, :]
            there = inside[:, None] & (depth < channels)
            difference = tl.load(source + depth, mask=there, other=0.0) - tl.load(target + depth, mask=there, other=0.0)
            squares += tl.sum(difference * difference, axis=1)
        tl.store(result + sample * patches + rows, squares / -2, mask=inside)

    return measure
