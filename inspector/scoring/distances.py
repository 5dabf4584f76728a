"""Nearest-patch distances between samples, whoever judges whom: the one hot loop of mutual scoring."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from inspector.errors import InputError
from inspector.machine import is_out_of_memory
from inspector.scoring.judges import AllOthers, Judges, Ring
from inspector.scoring.nearest import EVERYTHING, PAIR_BLOCKS, Comparison, Features, Measure, measure_for

Load = Callable[[int], Tensor]
"""Gives the features of one sample, (P, C), by its number; all of one shape."""

MEMORY = 2 << 30
"""Bytes that distances and features may take where the caller sets no budget."""


class Distances(NamedTuple):
    """Nearest-patch distances of one sample: `to_others` (K, P) float32, one row per sample that judges it."""

    sample: int
    to_others: Tensor


def distances(
    load: Load,
    samples: Sequence[int],
    judges: Judges,
    *,
    memory: int = MEMORY,
    comparison: Comparison = EVERYTHING,
) -> Iterator[Distances]:
    """Yield, for each sample once, the distances of its patches to the nearest patch of each of its judges.

    Where judges are judged too, as in a whole batch, each comparison serves both sides. Where distances and features
    do not fit into `memory`, or the machine refuses it, samples are compared in groups that fit, each pair twice. The
    order does not depend on it, distances in their last bits.

    Args:
        load: gives the features of a sample, (P, C); called once or twice a sample, or more where memory is short.
        samples: whose distances are wanted, each once; the features of the first one tell how to measure.
        judges: who judges them.
        memory: bytes that distances and features may take.
        comparison: precision of the comparisons, and which patches are compared.

    Yields:
        `Distances`, each sample once, in the order of `judges`, as are the rows; those of the whole batch on a ring
        as soon as they are complete.

    Raises:
        InputError: a sample has no judge but itself, or even one at a time does not fit into the machine's memory.
    """
    if lonely := [sample for sample in samples if judges.number(sample) < 1]:
        raise InputError(f"sample {lonely[0]} would be compared with itself alone: give at least one other")
    if not samples:
        return
    measure, features, table, free = _find_room(load(samples[0]), judges, memory, comparison)
    order, done = judges.order(samples), 0
    plan_at_once = AT_ONCE.get(type(judges))
    at_once = plan_at_once(load, order, judges, measure) if plan_at_once else None
    if at_once and at_once.held * features + (judges.most + 2) * table <= free:
        try:
            for found in at_once.distances:
                yield found
                done += 1
            return
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        free //= 2
    size = max(1, (free - 2 * features) // (features + table))
    yield from _compare_in_groups(load, order[done:], judges, measure, size)


def fit_at_once(
    load: Load, samples: Sequence[int], judges: Judges, *, memory: int, comparison: Comparison = EVERYTHING
) -> bool:
    """Tell whether `distances` compares each pair of samples only once, for both: the whole batch fits into memory.

    Args:
        load, samples, judges, comparison: as for `distances`.
        memory: bytes that it may take.
    """
    plan_at_once = AT_ONCE.get(type(judges))
    if not samples or not plan_at_once:
        return False
    measure, features, table, free = _find_room(load(samples[0]), judges, memory, comparison)
    at_once = plan_at_once(load, judges.order(samples), judges, measure)
    return at_once is not None and at_once.held * features + (judges.most + 2) * table <= free


class _Room(NamedTuple):
    """How samples are measured; bytes of one's features, and of one's distances; bytes that are free for these."""

    measure: Measure
    features: int
    table: int
    free: int


def _find_room(first: Tensor, judges: Judges, memory: int, comparison: Comparison) -> _Room:
    """Find out by the features (P, C) of one sample."""
    measure = measure_for(first, comparison)
    features = sum(tensor.nbytes for tensor in measure.pack(first))
    free = memory - measure.fixed - 12 * max(measure.block, min(measure.pair, PAIR_BLOCKS * measure.block))
    return _Room(measure, features, 4 * len(first) * judges.most, free)


class _AtOnce(NamedTuple):
    """The distances of a whole batch, each pair of samples compared once, and how many samples' features that holds."""

    held: int
    distances: Iterator[Distances]


def _plan_all_pairs(load: Load, order: Sequence[int], judges: AllOthers, measure: Measure) -> _AtOnce | None:
    whole = list(order) == list(range(judges.count))
    return _AtOnce(judges.count, _compare_all_pairs(load, judges.count, measure)) if whole else None


def _plan_ring(load: Load, order: Sequence[int], judges: Ring, measure: Measure) -> _AtOnce | None:
    whole = len(order) == len(judges.ring)
    return _AtOnce(judges.reach + 2, _compare_around_ring(load, judges.ring, judges.reach, measure)) if whole else None


AT_ONCE: dict[type[Judges], Callable[[Load, Sequence[int], Any, Measure], _AtOnce | None]] = {
    AllOthers: _plan_all_pairs,
    Ring: _plan_ring,
}
"""Fast ways for whole batches, None for parts of one: these, and those of other judges, are compared in groups."""


def _compare_all_pairs(load: Load, count: int, measure: Measure) -> Iterator[Distances]:
    features = _stack(load, range(count), measure)
    patches = features[0].shape[1]
    table = features[0].new_empty(count, count, patches)  # [i, j, p]: -d^2/2 of p of i to j
    for first in range(count - 1):
        own = _select(features, first)
        for others in _cut_blocks(first + 1, count, measure):
            forward, backward = measure.nearest(own, _select(features, others), measure.block)
            table[first, others] = forward
            table[others, first] = backward
    for sample in range(count):
        yield Distances(sample, _to_distances(torch.cat([table[sample, :sample], table[sample, sample + 1 :]])))


def _compare_around_ring(load: Load, order: Sequence[int], reach: int, measure: Measure) -> Iterator[Distances]:
    """Compare each place of a ring with the `reach` places before and after it.

    Rows of distances: first those to the places ahead, then those to the places behind. Places below `reach` are
    complete only when the ring is closed, the others as soon as their turn comes.
    """
    count = len(order)
    window = _stack(load, order[:reach], measure)  # the place t is kept at t % reach
    table = window[0].new_empty(2 * reach + 1, 2 * reach, window[0].shape[1])
    offsets = torch.arange(1, reach + 1)
    for place, coming in enumerate(_load_ahead(load, [*order[reach:], *order[:reach]], measure)):
        own = tuple(tensor[place % reach].clone() for tensor in window)
        _put(window, place % reach, coming)
        ahead = place + offsets
        ahead = ahead[torch.argsort(ahead % reach)]  # as they lie in the window
        rows, row = _find_rows(ahead % count, reach), _find_rows(torch.tensor(place), reach)
        for block in _cut_blocks(0, reach, measure):
            forward, backward = measure.nearest(own, _select(window, block), measure.block)
            distance = ahead[block] - place
            table[row, distance - 1] = forward
            table[rows[block], reach + distance - 1] = backward
        if place >= reach:
            yield Distances(order[place], _to_distances(table[row].clone()))
    for place in range(reach):
        yield Distances(order[place], _to_distances(table[place].clone()))


def _find_rows(places: Tensor, reach: int) -> Tensor:
    """Find where a place of the ring keeps its distances: the first `reach` to the end, the others in turns."""
    return torch.where(places < reach, places, reach + places % (reach + 1))


def _compare_in_groups(
    load: Load, samples: Sequence[int], judges: Judges, measure: Measure, size: int
) -> Iterator[Distances]:
    """The distances of `size` samples at a time, or of fewer where the machine has no memory for so many."""
    start = 0
    while start < len(samples):
        members = samples[start : start + size]
        try:
            table = _measure_group(load, members, judges, measure)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            size, measure = _make_smaller(len(members), measure, error)
            continue
        for place, member in enumerate(members):
            yield Distances(member, _to_distances(table[place, : judges.number(member)].clone()))
        del table  # before the next one is made
        start += len(members)


def _make_smaller(size: int, measure: Measure, error: Exception) -> tuple[int, Measure]:
    """Halve what did not fit: the group, or the block of products where it is one sample alone."""
    if size > 1:
        return size // 2, measure
    if measure.block > measure.least:
        return 1, replace(measure, block=measure.block // 2)
    told = "there is no memory to compare even one sample with the others; close programs or reduce image_size"
    raise InputError(told) from error


def _measure_group(load: Load, members: Sequence[int], judges: Judges, measure: Measure) -> Tensor:
    """-d^2/2 of the patches of some samples to each of their judges: (B, K, P)."""
    samples = torch.tensor(members)
    group = _stack(load, members, measure)
    table = group[0].new_empty(len(members), judges.most, group[0].shape[1])
    others = judges.of(samples).tolist()
    for other, own in zip(others, _load_ahead(load, others, measure), strict=True):
        rows = judges.rows(samples, other)
        judged = (rows >= 0).nonzero().flatten().tolist()
        if not judged:  # a sample alone in its group does not judge itself
            continue
        for block in _cut_blocks(judged[0], judged[-1] + 1, measure):
            backward = measure.nearest(own, _select(group, block), measure.block)[1]
            inside = (rows[block] >= 0).nonzero().flatten()
            table[block.start + inside, rows[block][inside]] = backward[inside]
    return table


def _to_distances(negative_halves: Tensor) -> Tensor:
    """Turn -d^2/2 into d, in place."""
    return negative_halves.mul_(-2).clamp_(min=0).sqrt_()


def _stack(load: Load, samples: Sequence[int], measure: Measure) -> Features:
    """Features of some samples, (B, ...) each."""
    coming = _load_ahead(load, samples, measure)
    first = next(coming)
    features = tuple(tensor.new_empty(len(samples), *tensor.shape) for tensor in first)
    _put(features, 0, first)
    for index, sample in enumerate(coming, start=1):
        _put(features, index, sample)
    return features


def _put(features: Features, index: int, sample: Features) -> None:
    for kept, tensor in zip(features, sample, strict=True):
        kept[index] = tensor


def _select(features: Features, index: int | slice) -> Features:
    return tuple(tensor[index] for tensor in features)


def _cut_blocks(start: int, stop: int, measure: Measure) -> Iterator[slice]:
    """Cut a range of samples into blocks whose products can be held at a time."""
    step = max(1, measure.block // measure.pair)
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))


def _load_ahead(load: Load, samples: Sequence[int], measure: Measure) -> Iterator[Features]:
    """Load samples one after another; on a GPU each on a stream of its own while the one before it is compared."""
    if not measure.cuda:
        yield from (measure.pack(load(sample)) for sample in samples)
        return
    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())  # what features and their centre are made of must be there

    def fetch(sample: int) -> tuple[Features, torch.cuda.Event]:
        with torch.cuda.stream(stream):
            return measure.pack(load(sample)), stream.record_event()

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(fetch, samples[0])
        for following in [*samples[1:], None]:
            packed, there = ahead.result()
            if following is not None:
                ahead = pool.submit(fetch, following)
            torch.cuda.current_stream().wait_event(there)
            for tensor in packed:
                if tensor.is_cuda:
                    tensor.record_stream(torch.cuda.current_stream())  # else its memory may be used again too early
            yield packed
