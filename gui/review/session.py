"""What the operator looks at and decides: one run with its samples, filters, threshold and verdicts. No Qt."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.decision.threshold import label_free_threshold, to_map_scale
from inspector.store.records import SampleRecord, VerdictRecord
from inspector.store.workspace import Workspace

VERDICTS = ("undecided", "accepted", "rejected")
"""What can be said of a sample; a code is the place in this tuple."""

FILTERS = ("all", "flagged", "passed", "unreviewed", "accepted", "rejected", "unreadable")

ORDERS = ("score", "name", "time", "verdict")


@dataclass(frozen=True)
class Change:
    """One verdict of this sitting, kept to be taken back."""

    index: int
    old: str
    new: str


class Session:
    """One open run. Samples are named by their index: their place in the batch."""

    def __init__(self, store: Workspace, run_id: int) -> None:
        """Read a run.

        Raises:
            StoreError: there is no such run, or the workspace cannot be read.
        """
        self.store = store
        self.run = store.runs.get(run_id)
        self.rows: list[SampleRecord] = store.runs.samples(run_id)
        self.finals = _column(row.final for row in self.rows)
        self.raw_scores = _column(row.raw_score for row in self.rows)
        self.scored = np.isfinite(self.finals)
        self.readable = np.array([row.status == "ok" for row in self.rows], dtype=bool)
        self.unreadable = np.array([row.status == "unreadable" for row in self.rows], dtype=bool)
        self.threshold = self.run.threshold
        self.flagged = self._decide()
        self.filter = "all"
        self.order = "score"
        self.descending = True
        self._found = np.ones(len(self.rows), dtype=bool)
        self._sorted: NDArray[np.intp] | None = None
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._read_verdicts()

    # Threshold

    def set_threshold(self, threshold: float) -> None:
        """Decide all samples again; kept in the store only by `keep_threshold`."""
        self.threshold = threshold
        self.flagged = self._decide()

    def keep_threshold(self) -> None:
        """Write the threshold and the decisions by it to the store."""
        if self.threshold is not None and self.map_threshold is not None:
            self.store.runs.set_threshold(self.run.id, self.threshold, self.map_threshold)
            self.run = self.store.runs.get(self.run.id)

    @property
    def map_threshold(self) -> float | None:
        """The threshold on the scale of the maps."""
        if self.threshold is None or not self.scored.any():
            return None
        rescored = self.rows[int(np.flatnonzero(self.scored)[0])].rescored is not None
        return to_map_scale(self.threshold, rescored, self.raw_scores[self.scored])

    def label_free(self) -> float | None:
        """Return the threshold that the scores themselves suggest."""
        if not self.scored.any():
            return None
        return label_free_threshold(self.finals[self.scored], float(self.run.settings["threshold_k"]))

    def _decide(self) -> NDArray[np.bool_]:
        if self.threshold is None:
            return np.zeros(len(self.rows), dtype=bool)
        return np.asarray(self.finals > self.threshold, dtype=bool)  # unknown scores are NaN: not flagged

    # Which samples are listed, and in which order

    def mask(self, name: str) -> NDArray[np.bool_]:
        """Tell for each sample whether a filter of `FILTERS` lets it through: (N,) bool."""
        masks: dict[str, Callable[[], NDArray[np.bool_]]] = {
            "all": lambda: np.ones(len(self.rows), dtype=bool),
            "flagged": lambda: self.flagged,
            "passed": lambda: self.scored & ~self.flagged,
            "unreviewed": lambda: self.readable & (self.verdict_codes == 0),
            "accepted": lambda: self.verdict_codes == VERDICTS.index("accepted"),
            "rejected": lambda: self.verdict_codes == VERDICTS.index("rejected"),
            "unreadable": lambda: self.unreadable,
        }
        return masks[name]()

    def counts(self) -> dict[str, int]:
        """Count the samples of each filter, whatever is searched for."""
        return {name: int(self.mask(name).sum()) for name in FILTERS}

    def search(self, text: str) -> None:
        """List only samples whose name holds all words of a text; case does not matter."""
        words = text.casefold().split()
        self._found = np.array([all(word in row.name.casefold() for word in words) for row in self.rows], dtype=bool)

    def sort(self, order: str, descending: bool) -> None:
        """Choose the order of the list: one of `ORDERS`."""
        if order not in ORDERS:
            raise ValueError(f"expected one of {', '.join(ORDERS)}, but got {order!r}")
        self.order, self.descending, self._sorted = order, descending, None

    def visible(self) -> NDArray[np.intp]:
        """Return the indices of the listed samples in their order: (M,)."""
        if self._sorted is None:
            self._sorted = self._sort()
        wanted = self.mask(self.filter) & self._found
        return self._sorted[wanted[self._sorted]]

    def _sort(self) -> NDArray[np.intp]:
        keys: dict[str, Callable[[], NDArray[np.float64]]] = {
            "score": lambda: self.finals,
            "name": lambda: np.arange(len(self.rows), dtype=np.float64),  # a batch is in natural order of names
            "time": lambda: _column(_modified(row) for row in self.rows),
            "verdict": lambda: self.verdict_codes.astype(np.float64),
        }
        key = keys[self.order]()
        ties = np.nan_to_num(-self.finals, nan=np.inf)
        return np.lexsort((ties, -key if self.descending else key))  # NaN comes last either way

    # Verdicts

    def verdict(self, index: int) -> str:
        """Return the verdict that stands for a sample."""
        return VERDICTS[self.verdict_codes[index]]

    def history(self, index: int) -> list[VerdictRecord]:
        """Return all that was ever said of a sample, oldest first."""
        return list(self._history.get(self.rows[index].id, ()))

    def decide(self, index: int, verdict: str, operator: str, comment: str = "") -> None:
        """Say something of a sample; written to the audit table at once.

        Raises:
            StoreError: the workspace cannot be written; nothing has changed then.
        """
        change = Change(index, self.verdict(index), verdict)
        self._append(index, verdict, operator, comment)
        self._undo.append(change)
        self._redo.clear()

    def undo(self, operator: str) -> int | None:
        """Take the last verdict back by saying the one before it; return the sample, or None if there is none."""
        return self._step(self._undo, self._redo, operator, "undo")

    def redo(self, operator: str) -> int | None:
        """Say again what was taken back last; return the sample, or None if there is none."""
        return self._step(self._redo, self._undo, operator, "redo")

    @property
    def can_undo(self) -> bool:
        """Whether a verdict of this sitting can be taken back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a verdict that was taken back can be said again."""
        return bool(self._redo)

    def next_unreviewed(self, after: int | None) -> int | None:
        """Return the next listed sample without verdict, going round at the end; None where all are reviewed."""
        visible = self.visible()
        open_ones = self.mask("unreviewed")[visible]
        places = np.flatnonzero(visible == after)
        start = int(places[0]) + 1 if places.size else 0
        for place in (*range(start, len(visible)), *range(start)):
            if open_ones[place] and visible[place] != after:
                return int(visible[place])
        return None

    def neighbours(self, index: int, reach: int = 2) -> list[int]:
        """Return the listed samples around one, the following first: what will probably be looked at next."""
        visible = self.visible()
        places = np.flatnonzero(visible == index)
        if not places.size:
            return []
        place = int(places[0])
        after = visible[place + 1 : place + 1 + reach]
        before = visible[max(0, place - reach) : place][::-1]
        return [int(item) for item in (*after, *before)]

    def _step(self, source: list[Change], target: list[Change], operator: str, comment: str) -> int | None:
        if not source:
            return None
        change = source[-1]
        self._append(change.index, change.old, operator, comment)
        source.pop()
        target.append(Change(change.index, change.new, change.old))
        return change.index

    def _append(self, index: int, verdict: str, operator: str, comment: str) -> None:
        row = self.store.verdicts.add(self.rows[index].id, operator, verdict, comment)
        self._history[row.sample_id].append(row)
        self.verdict_codes[index] = VERDICTS.index(verdict)
        if self.order == "verdict":
            self._sorted = None

    def _read_verdicts(self) -> None:
        self._history: defaultdict[int, list[VerdictRecord]] = defaultdict(list)
        for verdict in self.store.verdicts.of_run(self.run.id):
            self._history[verdict.sample_id].append(verdict)
        self.verdict_codes = np.zeros(len(self.rows), dtype=np.int8)
        for index, row in enumerate(self.rows):
            if row.id in self._history:
                self.verdict_codes[index] = VERDICTS.index(self._history[row.id][-1].new)


def _column(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _modified(row: SampleRecord) -> float | None:
    try:
        return Path(row.image or row.cloud or "").stat().st_mtime
    except OSError:
        return None
