"""Mutual Scoring Mechanism (MSM): every patch is judged by how well the other samples can explain it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from inspector.errors import InputError
from inspector.machine import is_out_of_memory
from inspector.scoring.nearest import PAIR_BLOCKS, Comparison, Features, Measure, measure_for

Load = Callable[[int], Tensor]
"""Gives the features of one sample, (P, C), by its place in the batch; all of one shape."""

MEMORY = 2 << 30
"""Bytes that distances and features may take where the caller sets no budget."""

EVERYTHING = Comparison()


class Distances(NamedTuple):
    """Nearest-patch distances of one sample: `to_others` (K, P) float32, one row per sample it is compared with."""

    sample: int
    to_others: Tensor


def mutual_scores(
    features: Tensor,
    *,
    share: float = 0.3,
    references: int | None = None,
    seed: int = 0,
    memory: int = MEMORY,
    how: Comparison = EVERYTHING,
) -> Tensor:
    """Score every patch of a batch against the other samples (MuSc, "Mutual Scoring Mechanism").

    The distance of a patch to another sample is that to the sample's nearest patch. A patch's score is the mean of
    the smallest `share` of its N-1 distances: int((N-1) x share) of them, at least one.

    Args:
        features: (N, P, C) floating, any lengths; computed on the tensor's device.
        share: 0..1, exclusive of 0.
        references: how many other samples judge each one (rounded up to an even number); None = all. The cost then
            grows with N instead of its square.
        seed: draws the references.
        memory: bytes that the distances and copies of features may take.
        how: precision of the comparisons, and which patches are compared.

    Returns:
        (N, P) float32, distances >= 0; 0 for a patch that every judging sample holds too.

    Raises:
        InputError: fewer than two samples, or even one at a time does not fit into the machine's memory.
        ValueError: wrong shape, a share outside 0..1, or a grid that does not fit.

    Example:
        Two samples of one patch (1, 0) and (0, 1): both score sqrt(2).
    """
    if features.ndim != 3:
        raise ValueError(f"expected features of shape (N, P, C), but got {tuple(features.shape)}")
    scores = features.new_empty(features.shape[:2], dtype=torch.float32)
    for sample, to_others in nearest_distances(
        features.__getitem__, len(features), references=references, seed=seed, memory=memory, how=how
    ):
        scores[sample] = lowest_mean(to_others, share)
    return scores


def nearest_distances(
    load: Load,
    count: int,
    *,
    references: int | None = None,
    seed: int = 0,
    memory: int = MEMORY,
    how: Comparison = EVERYTHING,
) -> Iterator[Distances]:
    """Yield, for each sample once, the distances of its patches to the nearest patch of the other samples.

    With `references`, samples are put on a ring in random order and each is compared with its neighbours up to
    references / 2 places away: every sample has its own random judges, each comparison serves both sides, and
    only the features and distances of a stretch of the ring are in memory.

    Where distances and features do not fit into `memory`, or the machine refuses it, samples are compared in groups
    that fit, each pair twice. The order does not depend on it, distances in their last bits.

    Args:
        load: gives the features of a sample, (P, C); called once or twice a sample, or more where memory is short.
        count: number of samples N >= 2.
        references: judges of each sample; None = all others.
        seed: order on the ring.
        memory: bytes that distances and features may take.
        how: precision of the comparisons, and which patches are compared.

    Yields:
        `Distances`, each sample once. Against all others: in batch order, rows in batch order. Else in the order of
        the ring; the same for equal `count`, `references` and `seed`.

    Raises:
        InputError: fewer than two samples, or even one at a time does not fit into the machine's memory.
    """
    if count < 2:
        raise InputError("mutual scoring compares samples with each other: give at least two")
    first = load(0)
    measure = measure_for(first, how)
    features = sum(tensor.nbytes for tensor in measure.pack(first))
    reach = count if references is None else (references + 1) // 2
    plan = (
        _on_a_ring(load, count, reach, seed, measure) if 2 * reach < count - 1 else _against_all(load, count, measure)
    )
    table = 4 * len(first) * plan.judging  # bytes of one sample's distances
    free = memory - measure.fixed - 12 * max(measure.block, min(measure.pair, PAIR_BLOCKS * measure.block))
    del first
    done = 0
    if plan.held * features + (plan.judging + 2) * table <= free:
        try:
            for distances in plan.at_once:
                yield distances
                done += 1
            return
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        free //= 2
    size = max(1, (free - 2 * features) // (features + table))
    yield from _in_groups(load, plan.samples[done:], plan.judges, plan.judging, measure, size)


class Judges(NamedTuple):
    """Who judges whom, and where that is kept.

    Attributes:
        of: the samples that judge one of some others, (B,), ascending.
        rows: for some samples, (B,), the row of their distances to one judge; -1 where it does not judge them.
    """

    of: Callable[[Tensor], Tensor]
    rows: Callable[[Tensor, int], Tensor]


class _Plan(NamedTuple):
    """In which order samples are done, how many judge each of them and who, and the fast way to do all of them, which
    holds the features of so many."""

    samples: Sequence[int]
    judges: Judges
    judging: int
    at_once: Iterator[Distances]
    held: int


def _against_all(load: Load, count: int, measure: Measure) -> _Plan:
    return _Plan(range(count), _all_others(count), count - 1, _all_pairs_once(load, count, measure), count)


def _on_a_ring(load: Load, count: int, reach: int, seed: int, measure: Measure) -> _Plan:
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
    at_once = _around_the_ring(load, order, reach, measure)
    return _Plan([*order[reach:], *order[:reach]], _neighbours(order, reach), 2 * reach, at_once, reach + 2)


def _all_others(count: int) -> Judges:
    def rows(samples: Tensor, judge: int) -> Tensor:
        return torch.where(samples == judge, -1, judge - (samples < judge).long())

    return Judges(lambda _: torch.arange(count), rows)


def _neighbours(order: Sequence[int], reach: int) -> Judges:
    """On a ring: first those ahead, then those behind, the nearest first."""
    count, ring = len(order), torch.tensor(order)
    places = torch.empty_like(ring)
    places[ring] = torch.arange(count)

    def of(samples: Tensor) -> Tensor:
        near: Tensor = ring[(places[samples][:, None] + torch.arange(-reach, reach + 1)) % count].unique()  # type: ignore[no-untyped-call]
        return near

    def rows(samples: Tensor, judge: int) -> Tensor:
        ahead = (places[judge] - places[samples]) % count
        behind = count - ahead
        return torch.where(ahead <= reach, ahead - 1, torch.where(behind <= reach, reach + behind - 1, -1))

    return Judges(of, rows)


def _all_pairs_once(load: Load, count: int, measure: Measure) -> Iterator[Distances]:
    features = _stack(load, range(count), measure)
    patches = features[0].shape[1]
    table = features[0].new_empty(count, count, patches)  # [i, j, p]: -d^2/2 of p of i to j
    for first in range(count - 1):
        own = _at(features, first)
        for others in _blocks(first + 1, count, measure):
            forward, backward = measure.nearest(own, _at(features, others), measure.block)
            table[first, others] = forward
            table[others, first] = backward
    for sample in range(count):
        yield Distances(sample, _to_distances(torch.cat([table[sample, :sample], table[sample, sample + 1 :]])))


def _around_the_ring(load: Load, order: Sequence[int], reach: int, measure: Measure) -> Iterator[Distances]:
    """Compare each place of a ring with the `reach` places before and after it.

    Rows of distances: first those to the places ahead, then those to the places behind. Places below `reach` are
    complete only when the ring is closed, the others as soon as their turn comes.
    """
    count = len(order)
    window = _stack(load, order[:reach], measure)  # the place t is kept at t % reach
    table = window[0].new_empty(2 * reach + 1, 2 * reach, window[0].shape[1])
    offsets = torch.arange(1, reach + 1)
    for place, coming in enumerate(_loaded(load, [*order[reach:], *order[:reach]], measure)):
        own = tuple(tensor[place % reach].clone() for tensor in window)
        _put(window, place % reach, coming)
        ahead = place + offsets
        ahead = ahead[torch.argsort(ahead % reach)]  # as they lie in the window
        rows, row = _row(ahead % count, reach), _row(torch.tensor(place), reach)
        for block in _blocks(0, reach, measure):
            forward, backward = measure.nearest(own, _at(window, block), measure.block)
            distance = ahead[block] - place
            table[row, distance - 1] = forward
            table[rows[block], reach + distance - 1] = backward
        if place >= reach:
            yield Distances(order[place], _to_distances(table[row].clone()))
    for place in range(reach):
        yield Distances(order[place], _to_distances(table[place].clone()))


def _row(places: Tensor, reach: int) -> Tensor:
    """Where a place of the ring keeps its distances: the first `reach` to the end, the others in turns."""
    return torch.where(places < reach, places, reach + places % (reach + 1))


def _in_groups(
    load: Load, samples: Sequence[int], judges: Judges, judging: int, measure: Measure, size: int
) -> Iterator[Distances]:
    """The distances of `size` samples at a time, or of fewer where the machine has no memory for so many."""
    start = 0
    while start < len(samples):
        members = samples[start : start + size]
        try:
            table = _group(load, members, judges, judging, measure)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            size, measure = _smaller(len(members), measure, error)
            continue
        for place, member in enumerate(members):
            yield Distances(member, _to_distances(table[place].clone()))
        del table  # before the next one is made
        start += len(members)


def _smaller(size: int, measure: Measure, error: Exception) -> tuple[int, Measure]:
    """Halve what did not fit: the group, or the block of products where it is one sample alone."""
    if size > 1:
        return size // 2, measure
    if measure.block > measure.least:
        return 1, replace(measure, block=measure.block // 2)
    told = "there is no memory to compare even one sample with the others; close programs or reduce --image-size"
    raise InputError(told) from error


def _group(load: Load, members: Sequence[int], judges: Judges, judging: int, measure: Measure) -> Tensor:
    """-d^2/2 of the patches of some samples to each of their judges: (B, K, P)."""
    samples = torch.tensor(members)
    group = _stack(load, members, measure)
    table = group[0].new_empty(len(members), judging, group[0].shape[1])
    others = judges.of(samples).tolist()
    for other, own in zip(others, _loaded(load, others, measure), strict=True):
        rows = judges.rows(samples, other)
        judged = (rows >= 0).nonzero().flatten().tolist()
        if not judged:  # a sample alone in its group does not judge itself
            continue
        for block in _blocks(judged[0], judged[-1] + 1, measure):
            backward = measure.nearest(own, _at(group, block), measure.block)[1]
            inside = (rows[block] >= 0).nonzero().flatten()
            table[block.start + inside, rows[block][inside]] = backward[inside]
    return table


def lowest_mean(to_others: Tensor, share: float) -> Tensor:
    """Average the smallest `share` of each patch's distances, at least one: (K, P) -> (P,)."""
    if not 0 < share <= 1:
        raise ValueError(f"expected a share above 0 and up to 1, but got {share}")
    count = max(1, int(len(to_others) * share))
    return to_others.topk(count, dim=0, largest=False, sorted=False).values.mean(dim=0)


def _to_distances(negative_halves: Tensor) -> Tensor:
    """Turn -d^2/2 into d, in place."""
    return negative_halves.mul_(-2).clamp_(min=0).sqrt_()


def _stack(load: Load, samples: Sequence[int], measure: Measure) -> Features:
    """Features of some samples, (B, ...) each."""
    coming = _loaded(load, samples, measure)
    first = next(coming)
    features = tuple(tensor.new_empty(len(samples), *tensor.shape) for tensor in first)
    _put(features, 0, first)
    for index, sample in enumerate(coming, start=1):
        _put(features, index, sample)
    return features


def _put(features: Features, index: int, sample: Features) -> None:
    for kept, tensor in zip(features, sample, strict=True):
        kept[index] = tensor


def _at(features: Features, index: int | slice) -> Features:
    return tuple(tensor[index] for tensor in features)


def _blocks(start: int, stop: int, measure: Measure) -> Iterator[slice]:
    """Cut a range of samples into blocks whose products can be held at a time."""
    step = max(1, measure.block // measure.pair)
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))


def _loaded(load: Load, samples: Sequence[int], measure: Measure) -> Iterator[Features]:
    """Load samples one after another; on a GPU each on a stream of its own while the one before it is compared."""
    if not measure.cuda:
        yield from (measure.pack(load(sample)) for sample in samples)
        return
    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())  # what features and their centre are made of must be there

    def fetch(sample: int) -> Features:
        with torch.cuda.stream(stream):
            packed = measure.pack(load(sample))
        stream.synchronize()
        return packed

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(fetch, samples[0])
        for following in [*samples[1:], None]:
            packed = ahead.result()
            if following is not None:
                ahead = pool.submit(fetch, following)
            for tensor in packed:
                if tensor.is_cuda:
                    tensor.record_stream(torch.cuda.current_stream())  # else its memory may be used again too early
            yield packed
