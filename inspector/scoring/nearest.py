"""Nearest patches between one sample and some others, both ways: the hot spot of mutual scoring.

The product of two samples' features serves both directions: the largest value of each row is the nearest patch
seen from one sample, the largest value of each column the nearest seen from the other. Products are made block by
block, so that the maxima are taken while a block is in cache.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.scoring.kernel import ALIGNMENT, fused_nearest, fusion_is_possible

BLOCK = 1 << 19
"""Products made at a time on a CPU: 2 MB in float32, so that the maxima find them in cache."""

GPU_BLOCK = 1 << 26
"""The same on a GPU, which wants much work at a time."""

PAIR_BLOCKS = 8
"""A single pair of samples may make so many times more before it is divided: each part lays the features of the other
sample out anew."""

LEVEL = 1e-6
"""Squared lengths of a sample's features that differ by less than this, relatively, count as equal, as those of
L2-normalised features do: they then need not be subtracted from every inner product."""

NEAR = 1e-4
"""Squared distances below this, relative to the squared lengths, are computed anew as a difference: the difference
of inner products has lost its digits there (an error of 1e-7 in a square near 0 is 3e-4 in the distance)."""

NEAR_AT_ONCE = 1024
"""How many such distances are measured at a time: of identical samples all are near 0."""

CANDIDATES = 4
"""How many of the nearest patches by inner product are measured anew where distances are near 0."""

CELL = 8
"""Side, in patches, of the cells that a search radius cuts the grid into: smaller ones make small products, larger
ones compare too many patches."""

HALF_CHANNELS = 512
"""Channels from which products in bfloat16 win on a CPU: below, measuring what they selected costs what they save."""

LARGEST_HALF = 65504.0
"""Largest float16."""

Features = tuple[Tensor, ...]
"""What a way of measuring keeps of samples: tensors (B, ...) of B samples, or of one without the first dimension."""


@dataclass(frozen=True)
class Comparison:
    """How patches of two samples are compared.

    Attributes:
        precision: "float32": distances to 1e-6. "half": the nearest patch is selected by products of half precision
            and its distance measured in float32; scores differ by 1e-5 on average and 1e-3 at most, where the
            processor has bfloat16 and features have `HALF_CHANNELS`, else it is float32. "auto": half on a GPU (in
            float16: scores to 1e-4), float32 on a CPU.
        grid: (rows, cols) of the patches; needed for a radius.
        radius: patches are compared only up to so many rows and columns away, always in float32; None = all with all.
    """

    precision: Literal["auto", "float32", "half"] = "auto"
    grid: tuple[int, int] | None = None
    radius: int | None = None


EVERYTHING = Comparison()
"""All patches with all, in the precision that suits the machine."""


@dataclass(frozen=True)
class Measure:
    """A way of measuring samples against each other.

    Attributes:
        pair: products that one pair of samples makes at a time.
        block: products that may be held at a time.
        pack: prepares the features of one sample, (P, C).
        nearest: measures one sample against B others, both ways, as -d^2/2 to the nearest patch; holding as many
            products as told. Gives (B, P) from own patches to each other sample, (B, P) from the others' patches to the
            own sample, float32.
        cuda: whether features lie on a GPU.
        fixed: bytes that this way of measuring holds itself.
        least: products below which a smaller `block` changes nothing any more.
    """

    pair: int
    block: int
    pack: Callable[[Tensor], Features]
    nearest: Callable[[Features, Features, int], tuple[Tensor, Tensor]]
    cuda: bool
    fixed: int = 0
    least: int = 1


def measure_for(first: Tensor, comparison: Comparison) -> Measure:
    """Choose how a batch is measured, by the features (P, C) of one of its samples.

    Raises:
        ValueError: a radius without a grid, or a grid that has not P patches.
    """
    block = GPU_BLOCK if first.is_cuda else BLOCK
    pair = len(first) ** 2
    grid, radius = comparison.grid, comparison.radius
    if radius is not None:
        if grid is None or grid[0] * grid[1] != len(first):
            raise ValueError(f"expected a grid of {len(first)} patches for the search radius, but got {grid}")
        if radius < max(grid) - 1:
            cells = _band(grid, radius, CELL, first.device)
            if sum(outside.numel() for _, _, outside in cells) > pair / 2:  # little to save: one cell
                cells = _band(grid, radius, max(grid), first.device)
            pair = max(outside.numel() for _, _, outside in cells)
            fixed = sum(tensor.nbytes for cell in cells for tensor in cell)
            nearest = partial(_nearest_in_band, cells)
            return Measure(pair, block, _pack, nearest, first.is_cuda, fixed, least=pair)
    wins = first.is_cuda or (comparison.precision == "half" and first.shape[1] >= HALF_CHANNELS and _has_bfloat16())
    if wins and comparison.precision != "float32":
        pack = partial(_pack_halved, first.float().mean(dim=0))
        return Measure(pair, block, pack, _nearest_by_selection, first.is_cuda)
    return Measure(pair, block, _pack, _nearest_exactly, first.is_cuda)


@cache
def _has_bfloat16() -> bool:
    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def _pack(vectors: Tensor) -> Features:
    """Keep vectors (P, C), half their squared lengths (P,), and whether these are equal ()."""
    vectors = vectors.float()
    halves = vectors.square().sum(dim=1) / 2
    low, high = halves.aminmax()
    return vectors, halves, high - low <= LEVEL * high


def _nearest_exactly(own: Features, others: Features, block: int) -> tuple[Tensor, Tensor]:
    """Multiply in float32."""
    level = bool(own[2] & others[2].all())
    return _by_rows(lambda rows: _maxima(rows, others, level=level), own[:2], others[1].shape, block)


def _pack_halved(center: Tensor, vectors: Tensor) -> Features:
    """Keep vectors (P, C); the same less a centre in half precision, (P, C'); half the squared lengths of these, (P,).

    Less the centre, products are smaller and therefore finer. On a CPU they come out in bfloat16 too: they are made to
    be -d^2/2 itself, which is finest where it matters, near 0. For that four more channels, which hold the half squared
    length in two pieces, 1 and 1, are multiplied with the same in another order.
    """
    vectors = vectors.float().contiguous()  # as the kernels read them
    centered = vectors - center
    halves = centered.square().sum(dim=1) / 2
    if vectors.is_cuda:
        coarse = centered.clamp(-LARGEST_HALF, LARGEST_HALF).half()
        return vectors, F.pad(coarse, (0, -coarse.shape[1] % ALIGNMENT)), halves
    coarse = halves.bfloat16()
    ones = torch.ones_like(coarse)
    pieces = torch.stack([-coarse, (coarse - halves).bfloat16(), ones, ones], dim=1)
    return vectors, torch.cat([centered.bfloat16(), pieces], dim=1), halves


def _nearest_by_selection(own: Features, others: Features, block: int) -> tuple[Tensor, Tensor]:
    """Let products of half precision select the nearest patches, and measure these in float32."""
    size = others[2].shape
    if own[0].is_cuda and fusion_is_possible():
        return fused_nearest(own, others)
    select = _select_on_gpu if own[0].is_cuda else _select_on_cpu
    step = size[0] if own[0].is_cuda else 1  # a CPU finds one sample in its cache
    return _by_rows(lambda rows: _measure_selected(rows, others, select, step), own, size, block)


def _nearest_in_band(
    cells: Sequence[tuple[Tensor, Tensor, Tensor]], own: Features, others: Features, _: int
) -> tuple[Tensor, Tensor]:
    """Multiply nearby patches alone, in float32: the patches of each cell with those around it."""
    level = bool(own[2] & others[2].all())
    forward, backward = torch.empty_like(others[1]), torch.full_like(others[1], -torch.inf)
    for members, around, outside in cells:
        cell, near = (own[0][members], own[1][members]), (others[0][:, around], others[1][:, around])
        forward[:, members], seen = _maxima(cell, near, level=level, outside=outside)
        backward[:, around] = torch.maximum(backward[:, around], seen)
    return forward, backward


def _band(
    grid: tuple[int, int], radius: int, side: int, device: torch.device
) -> tuple[tuple[Tensor, Tensor, Tensor], ...]:
    """Cut a grid into cells of `side` x `side` patches, each with its surroundings.

    Returns:
        For each cell its patches (T,), the patches within the radius of one of them (W,), and (T, W) 0 where two are
        within the radius and -inf where they are not.
    """
    rows, cols = grid
    numbers = torch.arange(rows * cols, device=device).view(grid)
    cells = []
    for top in range(0, rows, side):
        for left in range(0, cols, side):
            cell = slice(top, top + side), slice(left, left + side)
            near = tuple(slice(max(0, start - radius), start + side + radius) for start in (top, left))
            members, around = numbers[cell].flatten(), numbers[near].flatten()
            apart = (members[:, None] // cols - around // cols).abs() > radius
            apart |= (members[:, None] % cols - around % cols).abs() > radius
            outside = torch.zeros(apart.shape, device=device).masked_fill_(apart, -torch.inf)
            cells.append((members, around, outside))
    return tuple(cells)


def _by_rows(
    maxima: Callable[[Features], tuple[Tensor, Tensor]], own: Features, others: Sequence[int], block: int
) -> tuple[Tensor, Tensor]:
    """Divide the own patches so that few enough products are held at a time; `others`: numbers of samples, patches."""
    size, patches = others
    step = max(1, PAIR_BLOCKS * block // (size * patches))
    if step >= len(own[0]):
        return maxima(own)
    pieces = [maxima(tuple(tensor[rows] for tensor in own)) for rows in _slices(len(own[0]), step)]
    forward, backward = zip(*pieces, strict=True)
    return torch.cat(forward, dim=1), torch.stack(backward).amax(dim=0)


def _slices(stop: int, step: int) -> Iterator[slice]:
    for start in range(0, stop, step):
        yield slice(start, min(start + step, stop))


def _maxima(
    own: Features, others: Features, *, level: bool = False, outside: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Maxima over all pairs of T own and W other patches, or over those where `outside` (T, W) is 0 and not -inf.

    Args:
        own: (T, C), (T,). others: (B, W, C), (B, W). level: whether the features of each sample have equal lengths.

    Returns:
        (B, T), (B, W).
    """
    size, patches = others[1].shape
    block = _product(own[0], others[0].flatten(0, 1))  # (T, B W)
    cube = block.view(-1, size, patches)
    if not level:
        block -= own[1][:, None]
        block -= others[1].flatten()  # now minus half the squared distances
    if outside is not None:
        cube += outside[:, None]
    forward, backward = cube.amax(dim=2).T, cube.amax(dim=0)  # (B, T), (B, W)
    if level:
        lengths = own[1][0] + others[1][:, :1]
        forward, backward = forward - lengths, backward - lengths
    near = NEAR * max(float(own[1].max()), float(others[1].max()))
    if forward.max() > -near:
        sources = own[0].expand(size, -1, -1)
        _measure_near(forward, cube.transpose(0, 1), sources, others[0], near)
        _measure_near(backward, cube.permute(1, 2, 0), others[0], sources, near)
    return forward, backward


def _product(left: Tensor, right: Tensor) -> Tensor:
    """Multiply (M, C) float32 with the transpose of (K, C)."""
    if left.device.type == "cpu" and (product := _onednn_product()) is not None:
        return product(left, right)
    return torch.mm(left, right.T)


@cache
def _onednn_product() -> Callable[[Tensor, Tensor], Tensor] | None:
    """oneDNN's product in float32: 1.1 to 1.3 times as fast as torch.mm on AMD processors. None = not there."""
    if not (
        torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and torch.cpu.get_capabilities().get("avx512_f")
    ):
        return None
    linear = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    return None if linear is None else lambda left, right: linear(left, right, None, "none", [], "")


def _measure_near(best: Tensor, products: Tensor, sources: Tensor, targets: Tensor, near: float) -> None:
    """Replace the values of `best` above -near, whose digits were lost, by measured ones.

    Args:
        best: (B, P) maxima of `products`. products: (B, P, Q), searched patches last; -inf = not to be searched.
        sources: (B, P, C). targets: (B, Q, C).
    """
    found = (best > -near).nonzero()  # (K, 2)
    for some in _slices(len(found), NEAR_AT_ONCE):
        sample, patch = found[some].T
        values, nearest = products[sample, patch].topk(min(CANDIDATES, products.shape[2]), dim=1)  # (K, 4)
        differences = targets[sample[:, None], nearest] - sources[sample, patch][:, None]
        squares = differences.square().sum(dim=2).masked_fill(values == -torch.inf, torch.inf)
        best[sample, patch] = squares.amin(dim=1) / -2


def _select_on_cpu(own: Features, others: Features) -> tuple[Tensor, Tensor]:
    """Select the nearest patches by bfloat16: (B, T) places in each other sample, (B, P) places in the own one.

    Args:
        own: (T, C'), (T,). others: (B, P, C'), (B, P); both as `_pack_halved` gives them, without the vectors.
    """
    size, patches = others[1].shape
    left = torch.cat([own[0][:, :-4], own[0][:, -2:], own[0][:, -4:-2]], dim=1)
    cube = torch.mm(left, others[0].flatten(0, 1).T).view(-1, size, patches)
    return cube.max(dim=2).indices.T, cube.max(dim=0).indices


def _select_on_gpu(own: Features, others: Features) -> tuple[Tensor, Tensor]:
    """Select the nearest patches by float16 products with float32 results; as `_select_on_cpu`."""
    size, patches = others[1].shape
    products = torch.mm(own[0], others[0].flatten(0, 1).T, out_dtype=torch.float32)
    to_others = (products - others[1].flatten()).view(-1, size, patches).max(dim=2).indices.T
    return to_others, (products - own[1][:, None]).view(-1, size, patches).max(dim=0).indices


Select = Callable[[Features, Features], tuple[Tensor, Tensor]]


def _measure_selected(own: Features, others: Features, select: Select, step: int) -> tuple[Tensor, Tensor]:
    """Measure what was selected, `step` other samples at a time: (B, T) from own patches to each other sample, (B, P)
    from the others' patches."""
    to_others, to_own = select(own[1:], others[1:])
    size, patches = others[2].shape
    forward, backward = [], []
    for some in _slices(size, step):
        vectors = others[0][some]
        starts = torch.arange(len(vectors), device=vectors.device)[:, None] * patches
        forward.append(_to(vectors.flatten(0, 1), own[0], to_others[some] + starts))
        backward.append(_to(own[0], vectors, to_own[some]))
    return torch.cat(forward), torch.cat(backward)


def _to(targets: Tensor, sources: Tensor, places: Tensor) -> Tensor:
    """-d^2/2 from each source, (P, C) or (B, P, C), to the target (K, C) at its place, (B, P)."""
    nearest = torch.index_select(targets, 0, places.flatten()).view(*places.shape, -1)
    return nearest.sub_(sources).square_().sum(dim=2).div_(-2)
