"""What the operator looks at and decides: one run with its samples, filters, threshold and verdicts. No Qt."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gui.review.past import Cut, Direction, Move, Past, Step
from gui.review.run_content import RunContent, read_run, read_times
from gui.review.verdict_log import VerdictLog
from gui.review.views import Views
from inspector.decision.calibration import BY_HAND
from inspector.decision.threshold import UNSURE, Threshold, choose_threshold, to_map_scale
from inspector.errors import StoreError
from inspector.part_rule import write_identity
from inspector.store.part_models import load_boxes
from inspector.store.records import SampleRecord, VerdictRecord
from inspector.store.verdicts import VERDICTS
from inspector.store.workspace import Workspace

FILTERS = ("all", "flagged", "passed", "unreviewed", "accepted", "rejected", "unreadable")

ORDERS = ("score", "name", "time", "verdict")


class Session:
    """One open run. Samples are named by their index: their place in the batch."""

    def __init__(self, store: Workspace, run_id: int, past: Past | None = None) -> None:
        """Read a run; `past` is what was done to it earlier in this sitting.

        Raises:
            StoreError: there is no such run, or the workspace cannot be read.
        """
        self.store = store
        self.filter, self.order, self.descending, self._words = "all", "score", True, ""
        self._times: NDArray[np.float64] | None = None
        content = read_run(store, run_id)
        self.boxes = load_boxes(store, run_id)
        self.groups = store.groups.of_run(run_id)
        self.past = Past() if past is None else past
        self.verdicts = VerdictLog(store.verdicts, [row.id for row in content.rows], content.verdicts, self.past)
        self.threshold = self._moved_from = content.run.threshold
        self.found: Threshold | None = None
        self.views = Views(content.rows, content.finals)
        self._take(content)

    def refresh(self, content: RunContent) -> bool:
        """Take over what the store holds of this run now; return whether more than its verdicts has changed.

        Filter, search, order, what can be taken back, and a threshold that was moved and not yet kept all stay.
        """
        if content.run.id != self.run.id:
            raise ValueError(f"expected run {self.run.id}, but got run {content.run.id}")
        changed = content.run != self.run
        if self.threshold == self.run.threshold:
            self.threshold = content.run.threshold
        self.verdicts.take_over([row.id for row in content.rows], content.verdicts, content.newest_verdict)
        if len(content.rows) != len(self.rows):  # a watched run grows
            self._times = None
        self._take(content)
        return changed

    def _take(self, content: RunContent) -> None:
        self.run, self.rows = content.run, content.rows
        self.finals, self.raw_scores = content.finals, content.raw_scores
        self.views = self.views.renewed(content.rows, content.finals)
        self.scored = np.isfinite(self.finals)
        self.readable = np.array([row.status == "ok" for row in self.rows], dtype=bool)
        self.unreadable = np.array([row.status == "unreadable" for row in self.rows], dtype=bool)
        self.noted, self.variants = find_noted(self.rows), count_variants(self.rows)
        self._suggested: Threshold | None = None
        self.flagged = self._decide()
        self._sorted: NDArray[np.intp] | None = None
        self.search(self._words)

    # Threshold

    def set_threshold(self, threshold: float, found: Threshold | None = None) -> None:
        """Decide all samples again, by what scores or verdicts say if `found`; kept only by `keep_threshold`."""
        self._moved_from = self.threshold if self.threshold == self.run.threshold else self._moved_from
        self.threshold, self.found = threshold, found
        self.flagged = self._decide()

    def keep_threshold(self, operator: str) -> None:
        """Write the threshold, the decisions by it, and who moved it to the store; nothing where it was not moved.

        Raises:
            StoreError: another station has moved it meanwhile, or the workspace cannot be written.
        """
        if self.threshold is None or self._moved_from is None or not has_moved(self):
            return
        old = Cut(self._moved_from, self.run.is_sure, self.run.why_threshold)
        move = Move(old, describe_cut(self.threshold, self.found or self.label_free()))
        self._move(move, operator)
        self.past.add(move)

    def give_up_threshold(self) -> None:
        """Decide by the threshold that the store has."""
        if self.run.threshold is not None:
            self.set_threshold(self.run.threshold)

    def _move(self, move: Move, operator: str) -> None:
        self.set_threshold(move.new.value)
        assert self.map_threshold is not None
        new, expected = move.new, move.old.value
        try:
            self.store.runs.set_threshold(
                self.run.id, new.value, self.map_threshold, operator, sure=new.sure, why=new.why, expected=expected
            )
        except StoreError:
            now = self.store.runs.get(self.run.id).threshold
            self.past.forget(lambda step: isinstance(step, Move) and now != expected)  # somebody else has gone on
            raise
        finally:
            self.give_up_threshold()  # at first as known, where nothing can be read
            self.run = self.store.runs.get(self.run.id)
            self.give_up_threshold()

    @property
    def map_threshold(self) -> float | None:
        """The threshold on the scale of the maps."""
        if self.threshold is None or not self.scored.any():
            return None
        return to_map_scale(self.threshold, self._rescored, self.raw_scores[self.scored])

    @property
    def _rescored(self) -> bool:
        return self.rows[int(np.flatnonzero(self.scored)[0])].rescored is not None

    def label_free(self) -> Threshold | None:
        """Return the threshold that the scores themselves suggest; found once, for each step of a drag asks."""
        if self._suggested is None and self.scored.any():
            scores, settings = (self.raw_scores[self.scored], self.finals[self.scored]), self.run.settings
            rule, k = settings.get("threshold", "mad"), float(settings["threshold_k"])  # runs of before had no choice
            self._suggested = choose_threshold(*scores, rescored=self._rescored, rule=rule, k=k)
        return self._suggested

    @property
    def unsure(self) -> str:
        """What to do where neither scores nor verdicts tell good from bad; "" where they do, or it is set by hand."""
        if self.threshold is None or self.threshold == self.run.threshold:
            return "" if self.run.is_sure else self.run.why_threshold or UNSURE
        cut = describe_cut(self.threshold, self.found or self.label_free())
        return "" if cut.sure else cut.why

    def _decide(self) -> NDArray[np.bool_]:
        if self.threshold is None:
            return np.zeros(len(self.rows), dtype=bool)
        return np.asarray(self.finals > self.threshold, dtype=bool)  # unknown scores are NaN: not flagged

    # Which samples are listed, and in which order

    def mask(self, name: str) -> NDArray[np.bool_]:
        """Tell what passes a filter of `FILTERS`, or all of "one+another": (N,) bool; the worst view decides."""
        codes, flagged = self.verdicts.codes, self.views.spread(self.flagged)
        masks: dict[str, Callable[[], NDArray[np.bool_]]] = {
            "all": lambda: np.ones(len(self.rows), dtype=bool),
            "flagged": lambda: flagged,
            "passed": lambda: self.scored & ~flagged,
            "unreviewed": lambda: self.views.spread(codes == VERDICTS.index("undecided")),
            "accepted": lambda: codes == VERDICTS.index("accepted"),
            "rejected": lambda: codes == VERDICTS.index("rejected"),
            "unreadable": lambda: self.unreadable,
        }
        return np.asarray(np.logical_and.reduce([masks[part]() for part in name.split("+")]), dtype=bool)

    def counts(self) -> dict[str, int]:
        """Count the parts of each filter, whatever is searched for."""
        return {name: int((self.mask(name) & self.views.listed).sum()) for name in FILTERS}

    def search(self, text: str) -> None:
        """List only samples whose name, or what is known of the part, holds all words of a text, in any case."""
        self._words = text
        self._found = find_words(self.rows, text)

    def sort(self, order: str, descending: bool) -> None:
        """Choose the order of the list: one of `ORDERS`."""
        if order not in ORDERS:
            raise ValueError(f"expected one of {', '.join(ORDERS)}, but got {order!r}")
        self.order, self.descending, self._sorted = order, descending, None

    @property
    def knows_times(self) -> bool:
        """Whether the samples can be sorted by time without asking the file system."""
        return self._times is not None

    def keep_times(self, times: NDArray[np.float64]) -> None:
        """Keep what `read_times` found for the rows of this session."""
        self._times = times
        self._sorted = None

    def visible(self) -> NDArray[np.intp]:
        """Return the indices of the listed samples in their order: (M,); one view of each part."""
        if self._sorted is None:
            self._sorted = _sort(self, self.order, self._times)
        wanted = self.mask(self.filter) & self.views.spread(self._found) & self.views.listed
        listed: NDArray[np.intp] = self._sorted[wanted[self._sorted]]
        return listed

    # Verdicts

    def verdict(self, index: int) -> str:
        """Return the verdict that stands for a sample."""
        return self.verdicts.verdict(index)

    def history(self, index: int) -> list[VerdictRecord]:
        """Return all that was ever said of a sample, oldest first."""
        return self.verdicts.history(index)

    def decide(self, index: int, verdict: str, operator: str, comment: str = "", defect_class: str = "") -> None:
        """Say something of a part, and so of all its views; written at once. Raises as `VerdictLog.decide`."""
        with self._sorting_anew():
            self.verdicts.decide(self.views.of(index), verdict, operator, comment, defect_class)

    def add_news(self, news: Sequence[VerdictRecord]) -> bool:
        """Take in what others said meanwhile; return whether any of it was not known yet."""
        with self._sorting_anew():
            return bool(self.verdicts.add_news(news))

    def undo(self, operator: str) -> int | None:
        """Take the last verdict or move of the threshold back; return the sample, None where it was no verdict.

        Raises as `VerdictLog.repeat` and `keep_threshold`.
        """
        return self._take_step("undo", operator)

    def redo(self, operator: str) -> int | None:
        """Do again what was taken back last. Returns and raises as `undo`."""
        return self._take_step("redo", operator)

    def _take_step(self, direction: Direction, operator: str) -> int | None:
        with self._sorting_anew():
            step = self.past.take_step(direction, partial(self._repeat, operator))
        return None if step is None or isinstance(step, Move) else step.index

    def _repeat(self, operator: str, step: Step, direction: Direction) -> None:
        if isinstance(step, Move):
            self._move(step, operator)
        else:
            self.verdicts.repeat(step, operator, direction)

    @contextmanager
    def _sorting_anew(self) -> Iterator[None]:
        """Verdicts may have changed afterwards, by an error too: somebody else's stands then."""
        try:
            yield
        finally:
            if self.order == "verdict":
                self._sorted = None

    @property
    def can_undo(self) -> bool:
        """Whether something of this sitting can be taken back."""
        return bool(self.past.undo)

    @property
    def can_redo(self) -> bool:
        """Whether something that was taken back can be done again."""
        return bool(self.past.redo)

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
        return find_neighbours(self.visible(), index, reach)


def find_words(rows: Sequence[SampleRecord], text: str) -> NDArray[np.bool_]:
    """Tell of which samples the name, or what is known of the part, holds all words of a text: (N,) bool."""
    words = text.casefold().split()
    if not words:
        return np.ones(len(rows), dtype=bool)
    names = (f"{row.name} {write_identity(row.identity)}".casefold() for row in rows)
    return np.array([all(word in name for word in words) for name in names], dtype=bool)


def find_noted(rows: Sequence[SampleRecord]) -> list[str]:
    """Return the names of samples that could be read, and of which the engine noted something."""
    return [row.name for row in rows if row.status == "ok" and row.reason]


def count_variants(rows: Sequence[SampleRecord]) -> int:
    """Count the variants that a batch was found to hold; 0 where it was not divided."""
    return len({row.variant for row in rows if row.variant is not None})


def _sort(session: Session, order: str, times: NDArray[np.float64] | None) -> NDArray[np.intp]:
    keys: dict[str, Callable[[], NDArray[np.float64]]] = {
        "score": lambda: session.views.highest,
        "name": lambda: np.arange(len(session.rows), dtype=np.float64),  # a batch is in natural order of names
        "time": lambda: read_times(session.rows) if times is None else times,
        "verdict": lambda: session.verdicts.codes.astype(np.float64),
    }
    key = keys[order]()
    ties = np.nan_to_num(-session.views.highest, nan=np.inf)
    return np.lexsort((ties, -key if session.descending else key))  # NaN comes last either way


def has_moved(session: Session) -> bool:
    """Tell whether the threshold, or how it came about, is not as the store has it."""
    found, run = session.found, session.run
    return session.threshold != run.threshold or (found is not None and found.why != run.why_threshold)


def describe_cut(threshold: float, suggested: Threshold | None) -> Cut:
    """Say how a threshold came about: it is what scores or verdicts suggest, or was set by hand."""
    if suggested is not None and suggested.value == threshold:
        return Cut(suggested.value, suggested.sure, suggested.why)
    return Cut(threshold, sure=True, why=BY_HAND)


def find_neighbours(visible: NDArray[np.intp], index: int, reach: int) -> list[int]:
    """Return the samples around one in a list, the following first; none where it is not listed."""
    places = np.flatnonzero(visible == index)
    if not places.size:
        return []
    place = int(places[0])
    after = visible[place + 1 : place + 1 + reach]
    before = visible[max(0, place - reach) : place][::-1]
    return [int(item) for item in (*after, *before)]
