"""Mutual Scoring Mechanism (MSM): every patch is judged by how well the other samples can explain it.

The product of two samples' features serves both directions: the largest value of each row is the nearest patch
seen from one sample, the largest value of each column the nearest seen from the other.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from inspector.errors import InputError

Load = Callable[[int], Tensor]
"""Gives the features of one sample, (P, C), by its place in the batch; all of one shape."""

MEMORY = 2 << 30
"""Bytes that distances and features may take where the caller sets no budget."""

BLOCK_VALUES = 1 << 18
"""Inner products computed at a time: 1 MB in float32, so that the maxima are taken while the block is in cache."""

LEVEL = 1e-6
"""Squared lengths of a sample's features that differ by less than this, relatively, count as equal, as those of
L2-normalised features do: they then need not be subtracted from every inner product."""

NEAR = 1e-4
"""Squared distances below this, relative to the squared lengths, are computed anew as a difference: the difference
of inner products has lost its digits there (an error of 1e-7 in a square near 0 is 3e-4 in the distance)."""

CANDIDATES = 4
"""How many of the nearest patches by inner product are measured anew where distances are near 0."""


class Distances(NamedTuple):
    """Nearest-patch distances of one sample: `to_others` (K, P) float32, one row per sample it is compared with."""

    sample: int
    to_others: Tensor


def mutual_scores(
    features: Tensor, *, share: float = 0.3, references: int | None = None, seed: int = 0, memory: int = MEMORY
) -> Tensor:
    """Score every patch of a batch against the other samples (MuSc, "Mutual Scoring Mechanism").

    The distance of a patch to another sample is that to the sample's nearest patch. A patch's score is the mean of
    the smallest `share` of its N-1 distances: int((N-1) x share) of them, at least one.

    Args:
        features: (N, P, C) floating, any lengths; computed in float32 on the tensor's device.
        share: 0..1, exclusive of 0.
        references: how many other samples judge each one (rounded up to an even number); None = all. The cost then
            grows with N instead of its square.
        seed: draws the references.
        memory: bytes that the distances and copies of features may take.

    Returns:
        (N, P) float32, distances >= 0; 0 for a patch that every judging sample holds too.

    Raises:
        InputError: fewer than two samples.
        ValueError: wrong shape, or a share outside 0..1.

    Example:
        Two samples of one patch (1, 0) and (0, 1): both score sqrt(2).
    """
    if features.ndim != 3:
        raise ValueError(f"expected features of shape (N, P, C), but got {tuple(features.shape)}")
    scores = features.new_empty(features.shape[:2], dtype=torch.float32)
    distances = nearest_distances(features.__getitem__, len(features), references=references, seed=seed, memory=memory)
    for sample, to_others in distances:
        scores[sample] = lowest_mean(to_others, share)
    return scores


def nearest_distances(
    load: Load, count: int, *, references: int | None = None, seed: int = 0, memory: int = MEMORY
) -> Iterator[Distances]:
    """Yield, for each sample once, the distances of its patches to the nearest patch of the other samples.

    With `references`, samples are put on a ring in random order and each is compared with its neighbours up to
    references / 2 places away: every sample has its own random judges, each comparison serves both sides, and
    only the features and distances of a stretch of the ring are in memory.

    Args:
        load: gives the features of a sample, (P, C); called once or twice a sample, or more where memory is short.
        count: number of samples N >= 2.
        references: judges of each sample; None = all others.
        seed: order on the ring.
        memory: bytes that distances and features may take; where all against all does not fit, it is computed in
            groups, each pair twice.

    Yields:
        `Distances`, each sample once. Against all others: in batch order, rows in batch order.

    Raises:
        InputError: fewer than two samples.
    """
    if count < 2:
        raise InputError("mutual scoring compares samples with each other: give at least two")
    reach = count if references is None else (references + 1) // 2
    if 2 * reach < count - 1:
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
        for sample, to_others in _around_the_ring(lambda place: load(order[place % count]), count, reach):
            yield Distances(order[sample], to_others)
        return
    patches, channels = load(0).shape
    if 4 * count * patches * (count + channels) <= memory:
        yield from _all_pairs_once(load, count)
    else:
        yield from _in_groups(load, count, max(1, memory // (4 * patches * (count + channels))))


def _all_pairs_once(load: Load, count: int) -> Iterator[Distances]:
    features = _stack(load, range(count))
    table = features.vectors.new_empty(count, count, features.vectors.shape[1])  # [i, j, p]: -d^2/2 of p of i to j
    level, room = features.are_level(), _room(features)
    for first in range(count - 1):
        for others in _blocks(first + 1, count, features):
            forward, backward = _pair_maxima(features.at(first), features.at(others), level, room)
            table[first, others] = forward
            table[others, first] = backward
    for sample in range(count):
        yield Distances(sample, _to_distances(torch.cat([table[sample, :sample], table[sample, sample + 1 :]])))


def _in_groups(load: Load, count: int, size: int) -> Iterator[Distances]:
    """All against all with the distances of `size` samples in memory at a time."""
    for start in range(0, count, size):
        members = range(start, min(start + size, count))
        group = _stack(load, members)
        group_level, room = group.are_level(), _room(group)
        table = group.vectors.new_empty(len(members), count, group.vectors.shape[1])
        for other in range(count):
            features = _stack(load, range(other, other + 1))
            level = features.are_level() and group_level
            for block in _blocks(0, len(members), group):
                table[block, other] = _pair_maxima(features.at(0), group.at(block), level, room)[1]
        for row, sample in zip(table, members, strict=True):
            yield Distances(sample, _to_distances(torch.cat([row[:sample], row[sample + 1 :]])))


def _around_the_ring(load: Load, count: int, reach: int) -> Iterator[Distances]:
    """Compare each place of a ring with the `reach` places before and after it.

    Rows of distances: first those to the places ahead, then those to the places behind. Places below `reach` are
    complete only when the ring is closed, the others as soon as their turn comes.
    """
    window = _stack(load, range(reach))  # the place t is kept at t % reach
    table = window.vectors.new_empty(2 * reach + 1, 2 * reach, window.vectors.shape[1])
    offsets = torch.arange(1, reach + 1)
    level, room = window.are_level(), _room(window)
    for place in range(count):
        own = window.taken(place % reach)
        window.put(place % reach, load(place + reach))
        level = level and window.at(slice(place % reach, place % reach + 1)).are_level()
        ahead = place + offsets
        ahead = ahead[torch.argsort(ahead % reach)]  # as they lie in the window
        rows = _row(ahead % count, reach)
        for block in _blocks(0, reach, window):
            forward, backward = _pair_maxima(own, window.at(block), level, room)
            distance = ahead[block] - place
            table[_row(torch.tensor(place), reach), distance - 1] = forward
            table[rows[block], reach + distance - 1] = backward
        if place >= reach:
            yield Distances(place, _to_distances(table[_row(torch.tensor(place), reach)].clone()))
    for place in range(reach):
        yield Distances(place, _to_distances(table[place].clone()))


def _row(places: Tensor, reach: int) -> Tensor:
    """Where a place of the ring keeps its distances: the first `reach` to the end, the others in turns."""
    return torch.where(places < reach, places, reach + places % (reach + 1))


def lowest_mean(to_others: Tensor, share: float) -> Tensor:
    """Average the smallest `share` of each patch's distances, at least one: (K, P) -> (P,)."""
    if not 0 < share <= 1:
        raise ValueError(f"expected a share above 0 and up to 1, but got {share}")
    count = max(1, int(len(to_others) * share))
    return to_others.topk(count, dim=0, largest=False, sorted=False).values.mean(dim=0)


class _Features(NamedTuple):
    """Features of some samples with half their squared lengths: (B, P, C), (B, P); or of one: (P, C), (P,)."""

    vectors: Tensor
    halves: Tensor

    def at(self, index: int | slice) -> "_Features":
        return _Features(self.vectors[index], self.halves[index])

    def are_level(self) -> bool:
        """Tell whether the features of each sample, (B, P, C), have equal lengths."""
        low, high = self.halves.aminmax(dim=-1)
        return bool((high - low <= LEVEL * high).all())

    def taken(self, index: int) -> "_Features":
        return _Features(self.vectors[index].clone(), self.halves[index].clone())

    def put(self, index: int, vectors: Tensor) -> None:
        self.vectors[index] = vectors
        self.halves[index] = self.vectors[index].square().sum(dim=1) / 2


def _stack(load: Load, samples: range) -> _Features:
    first = load(samples[0])
    features = _Features(
        first.new_empty(len(samples), *first.shape, dtype=torch.float32),
        first.new_empty(len(samples), len(first), dtype=torch.float32),
    )
    features.put(0, first)
    for index, sample in enumerate(samples[1:], start=1):
        features.put(index, load(sample))
    return features


def _step(features: _Features) -> int:
    """How many samples another one is compared with at a time, so that the products stay in cache."""
    return max(1, BLOCK_VALUES // features.vectors.shape[1] ** 2)


def _room(features: _Features) -> Tensor:
    """Memory for the products of one sample with a block of others: used again and again, it is never paged in anew."""
    return features.vectors.new_empty(_step(features) * features.vectors.shape[1] ** 2)


def _blocks(start: int, stop: int, features: _Features) -> Iterator[slice]:
    """Cut a range of samples into blocks."""
    step = _step(features)
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))


def _to_distances(negative_halves: Tensor) -> Tensor:
    """Turn -d^2/2 into d, in place."""
    return negative_halves.mul_(-2).clamp_(min=0).sqrt_()


def _pair_maxima(own: _Features, others: _Features, level: bool, room: Tensor) -> tuple[Tensor, Tensor]:
    """Measure one sample against some others, both ways, as -d^2/2 to the nearest patch.

    Args:
        own: (P, C). others: (B, P, C). level: whether the features of each sample have equal lengths.
        room: as from `_room`.

    Returns:
        (B, P) from own patches to each other sample, (B, P) from the others' patches to the own sample.
    """
    size, patches, _ = others.vectors.shape
    block = room[: size * patches**2].view(patches, size * patches)
    torch.mm(own.vectors, others.vectors.flatten(0, 1).T, out=block)  # (P, B P)
    if not level:
        block -= own.halves[:, None]
        block -= others.halves.flatten()  # now minus half the squared distances
    cube = block.view(patches, size, patches)
    forward, backward = cube.amax(dim=2).T, cube.amax(dim=0)  # (B, P), (B, P)
    if level:
        lengths = own.halves[0] + others.halves[:, :1]
        forward, backward = forward - lengths, backward - lengths
    near = NEAR * max(float(own.halves.max()), float(others.halves.max()))
    if forward.max() > -near:
        sources = own.vectors.expand_as(others.vectors)
        _measure_near(forward, cube.transpose(0, 1), sources, others.vectors, near)
        _measure_near(backward, cube.permute(1, 2, 0), others.vectors, sources, near)
    return forward, backward


def _measure_near(best: Tensor, products: Tensor, sources: Tensor, targets: Tensor, near: float) -> None:
    """Replace the values of `best` above -near, whose digits were lost, by measured ones.

    Args:
        best: (B, P) maxima of `products`. products: (B, P, P), searched patches last.
        sources, targets: (B, P, C).
    """
    sample, patch = (best > -near).nonzero(as_tuple=True)  # (K,), (K,)
    nearest = products[sample, patch].topk(min(CANDIDATES, products.shape[2]), dim=1).indices  # (K, 4)
    differences = targets[sample[:, None], nearest] - sources[sample, patch][:, None]
    best[sample, patch] = differences.square().sum(dim=2).amin(dim=1) / -2
