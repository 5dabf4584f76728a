"""What was said of the samples of a run: the newest counts, and what was said in this sitting can be taken back."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from gui.review.past import Change, Direction, Past, Step, Together
from inspector.store.records import VerdictRecord
from inspector.store.verdicts import VERDICTS, Kind, VerdictConflict, Verdicts


class VerdictLog:
    """The verdicts of one run. Samples are named by their index; a code is the place of a verdict in `VERDICTS`."""

    def __init__(
        self, store: Verdicts, ids: Sequence[int], verdicts: dict[int, list[VerdictRecord]], past: Past
    ) -> None:
        """Begin with what has been said so far, by the samples' ids; of it `past` alone can be taken back here."""
        self._store, self._past = store, past
        self._set_ids(ids)
        self._verdicts = verdicts
        self.newest = max((said[-1].id for said in verdicts.values()), default=0)
        self.codes = self._find_codes()

    def take_over(self, ids: Sequence[int], verdicts: dict[int, list[VerdictRecord]], newest: int) -> None:
        """Hold what the store has now; what was said here after it was read (its newest id was `newest`) is added."""
        for sample_id, known in self._verdicts.items():
            later = [verdict for verdict in known if verdict.id > newest]
            if later:
                verdicts.setdefault(sample_id, []).extend(later)
        self._set_ids(ids)
        self._verdicts = verdicts
        self.newest = max(self.newest, newest)
        self.codes = self._find_codes()

    def add_news(self, news: Iterable[VerdictRecord]) -> set[int]:
        """Take in what was written meanwhile, oldest first; return the samples of which it was not known yet."""
        changed = set()
        for verdict in news:
            self.newest = max(self.newest, verdict.id)
            index = self._index.get(verdict.sample_id)
            known = self._verdicts.get(verdict.sample_id, ())
            if index is not None and all(other.id != verdict.id for other in known):
                self._keep(index, verdict)
                changed.add(index)
        return changed

    def verdict(self, index: int) -> str:
        """Return the verdict that stands for a sample."""
        return VERDICTS[self.codes[index]]

    def history(self, index: int) -> list[VerdictRecord]:
        """Return all that was ever said of a sample, oldest first."""
        return list(self._verdicts.get(self._ids[index], ()))

    def defect_class(self, index: int) -> str:
        """Return the class of what is wrong with a sample, "" = none."""
        known = self._verdicts.get(self._ids[index])
        return known[-1].defect_class if known else ""

    def is_own(self, verdict: VerdictRecord) -> bool:
        """Tell whether a verdict was given here, in this sitting."""
        return verdict.id in self._past.own

    def decide(self, views: Sequence[int], verdict: str, operator: str, comment: str, defect_class: str = "") -> None:
        """Say something of the views of a part, in the store at once; nothing where it stands already.

        Raises:
            VerdictConflict: another station has said something else meanwhile; that stands, here too.
            StoreError: the workspace cannot be written; nothing has changed then.
        """
        changes = []
        try:
            for index in views:
                before = self.defect_class(index)
                added = self._append(index, verdict, operator, comment, defect_class)
                if added is not None and added.kind != "comment":
                    changes.append(Change(index, added.old, added.new, before, added.defect_class))
        finally:
            if changes:
                self._past.add(changes[0] if len(changes) == 1 else Together(tuple(changes)))

    def leave_open(self, views: Sequence[int], *, passed: bool) -> None:
        """Ask for the views of a part no more in this sitting; `passed`: they had no verdict, that is a step by itself.

        Without such a step, to take it back would take back the verdict before, on another part.
        """
        self._past.left_open.update(views)
        if passed:
            changes = tuple(Change(index, "undecided", "undecided") for index in views)
            self._past.add(changes[0] if len(changes) == 1 else Together(changes))

    def repeat(self, step: Change | Together, operator: str, direction: Direction) -> None:
        """Take verdicts back, or say them again.

        Raises:
            VerdictConflict: the verdict that stands is another station's; it is left alone.
            StoreError: the workspace cannot be written.
        """
        changes = step.changes if isinstance(step, Together) else (step,)
        written = [change for change in changes if change.is_written]
        for change in written:
            standing = self.history(change.index)[-1]
            if not self.is_own(standing):
                self._forget_changes(change.index)
                raise VerdictConflict(standing)
        for change in written:
            standing = self.history(change.index)[-1]
            self._append(change.index, change.new, operator, "", change.new_class, seen=standing.id, kind=direction)
        if direction == "undo":
            self._past.left_open.difference_update(change.index for change in changes)
        else:
            self._past.left_open.update(change.index for change in changes if change.new == "undecided")

    def _append(
        self,
        index: int,
        verdict: str,
        operator: str,
        comment: str,
        defect_class: str,
        *,
        seen: int | None = None,
        kind: Kind = "verdict",
    ) -> VerdictRecord | None:
        how = {"expected": self.verdict(index), "defect_class": defect_class}
        try:
            added = self._store.add(self._ids[index], operator, verdict, comment, seen=seen, kind=kind, **how)
        except VerdictConflict as conflict:
            self._keep(index, conflict.standing)
            self._forget_changes(index)
            raise
        if added is not None:
            self._past.own.add(added.id)
            self._keep(index, added)
        return added

    def _keep(self, index: int, verdict: VerdictRecord) -> None:
        said = self._verdicts.setdefault(self._ids[index], [])
        said.append(verdict)
        said.sort(key=lambda one: one.id)
        self.codes[index] = VERDICTS.index(said[-1].new)

    def _forget_changes(self, index: int) -> None:
        """Drop what could be taken back of a sample that somebody else has judged."""

        def concerns(step: Step) -> bool:
            changes = step.changes if isinstance(step, Together) else (step,)
            return any(isinstance(change, Change) and change.index == index for change in changes)

        self._past.forget(concerns)

    def _set_ids(self, ids: Sequence[int]) -> None:
        self._ids = list(ids)
        self._index = {sample_id: index for index, sample_id in enumerate(ids)}

    def _find_codes(self) -> NDArray[np.int8]:
        codes = np.zeros(len(self._ids), dtype=np.int8)
        for index, sample_id in enumerate(self._ids):
            if sample_id in self._verdicts:
                codes[index] = VERDICTS.index(self._verdicts[sample_id][-1].new)
        return codes
