"""The pairs of a whole batch, cut into stretches that can be compared in other processes, each pair once.

A stretch compares its samples with all that come after them, block by block as `distances` does in one process: each
block holds the same samples in the same order, so that its products come out in the same bits. What a stretch found
about the samples of one slice is a piece; the pieces of a slice make the whole distances of its samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inspector.scoring.distances import Distances, Load
from inspector.scoring.judges import AllOthers, Ring
from inspector.scoring.nearest import Comparison, Features, measure_for


class Piece(NamedTuple):
    """Part of the distances of the samples of a slice, as -d^2/2.

    Attributes:
        samples: (R,) int64, places in the slice.
        rows: (R,) int64, rows of their distances.
        values: (R, P) float32.
    """

    samples: NDArray[np.int64]
    rows: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Stretches:
    """How the pairs of a batch are cut.

    Places are those of the ring, or of the batch where all judge each other. Slices begin `reach` places later than
    stretches: those places are complete first.

    Attributes:
        judges: who judges whom.
        length: places of a stretch, and of a slice.
    """

    judges: AllOthers | Ring
    length: int

    @property
    def number(self) -> int:
        """How many stretches there are, and as many slices."""
        return -(-self._count // self.length)

    def slices_of(self, stretch: int) -> list[int]:
        """Return the slices that a stretch finds something about, ascending."""
        own, count = self._cut(stretch), self._count
        stop = own.stop + self.judges.reach if isinstance(self.judges, Ring) else count
        return sorted({(place - self._shift) % count // self.length for place in range(own.start, stop)})

    def count_needed(self) -> list[int]:
        """Return, for each slice, how many stretches must be done before it is complete: the first ones."""
        needed = [0] * self.number
        for stretch in range(self.number):
            for found in self.slices_of(stretch):
                needed[found] = stretch + 1
        return needed

    def compare(self, load: Load, stretch: int, first: int, comparison: Comparison) -> list[Piece]:
        """Compare the samples of a stretch with those that come after them.

        Args:
            load, comparison: as for `distances`.
            stretch: which one.
            first: the sample whose features tell how to measure; the same one in all stretches.

        Returns:
            For each of `slices_of` what was found about it.
        """
        measure = measure_for(load(first), comparison)
        step = max(1, measure.block // measure.pair)
        held: dict[int, Features] = {}
        found: dict[int, list[tuple[int, int, Tensor]]] = {index: [] for index in self.slices_of(stretch)}
        for place in self._cut(stretch):
            after = self._list_after(place)
            for start in range(0, len(after), step):
                others = after[start : start + step]
                for one in (place, *others):
                    if one not in held:
                        held[one] = measure.pack(load(self._samples[one]))
                stacked = tuple(torch.stack(tensors) for tensors in zip(*(held[one] for one in others), strict=True))
                forward, backward = measure.nearest(held[place], stacked, measure.block)
                for other, to_other, to_own in zip(others, forward.cpu(), backward.cpu(), strict=True):
                    for judged, judge, values in ((place, other, to_other), (other, place, to_own)):
                        index, within = divmod((judged - self._shift) % self._count, self.length)
                        found[index].append((within, self._find_row(judged, judge), values))
            held.pop(place, None)  # no later one is compared with it
        return [_join(rows) for rows in found.values()]

    def complete(self, index: int, pieces: list[Piece]) -> Iterator[Distances]:
        """Yield the distances of the samples of a slice, made of all that was found about it."""
        places = self._cut(index)
        table = np.empty((len(places), self.judges.most, pieces[0].values.shape[1]), np.float32)
        for piece in pieces:
            table[piece.samples, piece.rows] = piece.values
        for place, negative_halves in zip(places, torch.from_numpy(table), strict=True):
            sample = self._samples[(place + self._shift) % self._count]
            yield Distances(sample, negative_halves.mul_(-2).clamp_(min=0).sqrt_())

    @property
    def _count(self) -> int:
        return len(self._samples)

    @cached_property
    def _samples(self) -> tuple[int, ...]:
        """The sample at each place."""
        return self.judges.ring if isinstance(self.judges, Ring) else tuple(range(self.judges.count))

    @property
    def _shift(self) -> int:
        return self.judges.reach if isinstance(self.judges, Ring) else 0

    def _cut(self, index: int) -> range:
        return range(index * self.length, min((index + 1) * self.length, self._count))

    def _list_after(self, place: int) -> list[int]:
        """List the places that one is compared with, in the order in which one process holds their features."""
        if not isinstance(self.judges, Ring):
            return list(range(place + 1, self._count))
        reach = self.judges.reach
        ahead = sorted(range(place + 1, place + reach + 1), key=lambda other: other % reach)
        return [other % self._count for other in ahead]

    def _find_row(self, judged: int, judge: int) -> int:
        """Find the row of a judge among the distances of a sample, both by their places."""
        if not isinstance(self.judges, Ring):
            return judge - (judge > judged)
        ahead = (judge - judged) % self._count
        return ahead - 1 if ahead <= self.judges.reach else self.judges.reach + self._count - ahead - 1


def _join(rows: list[tuple[int, int, Tensor]]) -> Piece:
    """Join rows of distances, (P,) each, with where they belong."""
    if not rows:
        return Piece(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 1), np.float32))
    samples, places, values = zip(*rows, strict=True)
    return Piece(np.array(samples), np.array(places), torch.stack(values).numpy())
