"""Which samples are views of one part, and which of them stands for it in the list. No Qt."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from inspector.store.parts import number_parts
from inspector.store.records import SampleRecord


class Views:
    """The parts of a run. Samples are named by their index; most parts have one view.

    Attributes:
        listed: (N,) bool: which samples stand for their parts: the view with the highest score, or one that was chosen.
        highest: (N,) float64: highest score of the part that each sample shows; NaN where there is none.
    """

    def __init__(self, rows: Sequence[SampleRecord], finals: NDArray[np.float64], chosen: Iterable[int] = ()) -> None:
        """Find the views of N samples with their scores; `chosen` stand for their parts."""
        self._numbers = np.array(number_parts(rows), dtype=np.intp)
        count = int(self._numbers.max()) + 1 if len(rows) else 0
        best = np.full(count, np.nan)
        np.fmax.at(best, self._numbers, finals)
        self.highest = best[self._numbers]
        order = np.lexsort((np.arange(len(rows)), -np.nan_to_num(finals, nan=-np.inf)))
        _, first = np.unique(self._numbers[order], return_index=True)
        self.listed = np.zeros(len(rows), dtype=bool)
        self.listed[order[first]] = True
        self._chosen: dict[int, int] = {}
        for index in chosen:
            self.choose(index)

    def renewed(self, rows: Sequence[SampleRecord], finals: NDArray[np.float64]) -> "Views":
        """Find them anew; what was chosen stays so."""
        return Views(rows, finals, self._chosen.values())

    def of(self, index: int) -> list[int]:
        """Return all views of the part that a sample shows, itself among them, in the order of the batch."""
        return [int(view) for view in np.flatnonzero(self._numbers == self._numbers[index])]

    def spread(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell of each sample whether any view of its part is in a mask: (N,) bool."""
        hit = np.zeros(len(mask), dtype=bool)  # there are not more parts than samples
        hit[self._numbers[mask]] = True
        return np.asarray(hit[self._numbers], dtype=bool)

    def choose(self, index: int) -> None:
        """Let a view stand for its part in the list."""
        self.listed[self.of(index)] = False
        self.listed[index] = True
        self._chosen[int(self._numbers[index])] = index
