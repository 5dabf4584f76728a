"""What was said of the samples of a run: the newest counts, and what was said in this sitting can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.store.records import VerdictRecord
from inspector.store.verdicts import VERDICTS, VerdictConflict, Verdicts


@dataclass(frozen=True)
class Change:
    """One verdict of this sitting, kept to be taken back."""

    index: int
    old: str
    new: str


class VerdictLog:
    """The verdicts of one run. Samples are named by their index; a code is the place of a verdict in `VERDICTS`."""

    def __init__(self, store: Verdicts, ids: Sequence[int], verdicts: dict[int, list[VerdictRecord]]) -> None:
        """Begin with what has been said so far, by the samples' ids; nothing of it can be taken back here."""
        self._store, self._ids = store, list(ids)
        self._verdicts = verdicts
        self._own: set[int] = set()
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self.codes = self._find_codes()

    def take_over(self, verdicts: dict[int, list[VerdictRecord]], newest: int) -> None:
        """Hold what the store has now; what was said here after it was read (its newest id was `newest`) is added."""
        for sample_id, known in self._verdicts.items():
            later = [verdict for verdict in known if verdict.id > newest]
            if later:
                verdicts.setdefault(sample_id, []).extend(later)
        self._verdicts = verdicts
        self.codes = self._find_codes()

    def verdict(self, index: int) -> str:
        """Return the verdict that stands for a sample."""
        return VERDICTS[self.codes[index]]

    def history(self, index: int) -> list[VerdictRecord]:
        """Return all that was ever said of a sample, oldest first."""
        return list(self._verdicts.get(self._ids[index], ()))

    def decide(self, index: int, verdict: str, operator: str, comment: str) -> None:
        """Say something of a sample, in the store at once.

        Raises:
            VerdictConflict: another station has said something else meanwhile; that stands, here too.
            StoreError: the workspace cannot be written; nothing has changed then.
        """
        change = Change(index, self.verdict(index), verdict)
        self._append(index, verdict, operator, comment)
        self._undo.append(change)
        self._redo.clear()

    def undo(self, operator: str) -> int | None:
        """Take the last verdict back by saying the one before it; return the sample, or None if there is none.

        Raises:
            VerdictConflict: the verdict that stands is another station's; it is left alone.
            StoreError: the workspace cannot be written.
        """
        return self._step(self._undo, self._redo, operator, "undo")

    def redo(self, operator: str) -> int | None:
        """Say again what was taken back last; return the sample, or None if there is none. Raises as `undo`."""
        return self._step(self._redo, self._undo, operator, "redo")

    @property
    def can_undo(self) -> bool:
        """Whether a verdict of this sitting can be taken back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a verdict that was taken back can be said again."""
        return bool(self._redo)

    def _step(self, source: list[Change], target: list[Change], operator: str, comment: str) -> int | None:
        if not source:
            return None
        change = source[-1]
        standing = self.history(change.index)[-1]
        if standing.id not in self._own:
            self._forget_changes(change.index)
            raise VerdictConflict(standing)
        self._append(change.index, change.old, operator, comment, seen=standing.id)
        source.pop()
        target.append(Change(change.index, change.new, change.old))
        return change.index

    def _append(self, index: int, verdict: str, operator: str, comment: str, *, seen: int | None = None) -> None:
        try:
            added = self._store.add(
                self._ids[index], operator, verdict, comment, expected=self.verdict(index), seen=seen
            )
        except VerdictConflict as conflict:
            self._keep(index, conflict.standing)
            self._forget_changes(index)
            raise
        self._own.add(added.id)
        self._keep(index, added)

    def _keep(self, index: int, verdict: VerdictRecord) -> None:
        self._verdicts.setdefault(self._ids[index], []).append(verdict)
        self.codes[index] = VERDICTS.index(verdict.new)

    def _forget_changes(self, index: int) -> None:
        """Drop what could be taken back of a sample that somebody else has judged."""
        for changes in (self._undo, self._redo):
            changes[:] = [change for change in changes if change.index != index]

    def _find_codes(self) -> NDArray[np.int8]:
        codes = np.zeros(len(self._ids), dtype=np.int8)
        for index, sample_id in enumerate(self._ids):
            if sample_id in self._verdicts:
                codes[index] = VERDICTS.index(self._verdicts[sample_id][-1].new)
        return codes
