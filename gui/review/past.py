"""What was done in this sitting and can be taken back, in its order: verdicts and moves of the threshold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["undo", "redo"]


@dataclass(frozen=True)
class Change:
    """A verdict on the sample of an index, and the defect class before and after it, "" = none.

    Where nothing changes, a sample without verdict was left undecided: nothing of it is in the store.
    """

    index: int
    old: str
    new: str
    old_class: str = ""
    new_class: str = ""

    @property
    def is_written(self) -> bool:
        """Whether the store knows of it."""
        return (self.old, self.old_class) != (self.new, self.new_class)


@dataclass(frozen=True)
class Together:
    """Verdicts on the views of one part, or on several parts at once: taken back as one."""

    changes: tuple[Change, ...]

    @property
    def index(self) -> int:
        """The first of them."""
        return self.changes[0].index


@dataclass(frozen=True)
class Cut:
    """A threshold, whether it tells good from bad, and how it came about."""

    value: float
    sure: bool
    why: str


@dataclass(frozen=True)
class Move:
    """A move of the threshold."""

    old: Cut
    new: Cut


Step = Change | Together | Move


@dataclass
class Past:
    """Outlives the session of its run: a run that is opened again goes on with it.

    `own` are the numbers of the verdicts that were written in this sitting, `left_open` the samples that somebody left
    undecided in it: these are not asked for again.
    """

    undo: list[Step] = field(default_factory=list)
    redo: list[Step] = field(default_factory=list)
    own: set[int] = field(default_factory=set)
    left_open: set[int] = field(default_factory=set)

    def add(self, step: Step) -> None:
        """Note what was done; what had been taken back cannot be done again after that."""
        self.undo.append(step)
        self.redo.clear()

    def take_step(self, direction: Direction, do: Callable[[Step, Direction], None]) -> Step | None:
        """Take the last step back, or take it again; return it as it was done now, or None where there is none.

        Args:
            direction: which way.
            do: does it; where it raises, nothing has changed here but what it forgot.
        """
        source, target = (self.undo, self.redo) if direction == "undo" else (self.redo, self.undo)
        if not source:
            return None
        step = turn_round(source[-1])
        do(step, direction)
        target.append(step)
        source.pop()
        return step

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """Make one step of all verdicts that are given meanwhile."""
        before = list(self.undo)
        old = set(map(id, before))  # not by what they say: the same may have been said of a part before
        try:
            yield
        finally:
            new = [step for step in self.undo if id(step) not in old and not isinstance(step, Move)]
            changes = [change for step in new for change in (step.changes if isinstance(step, Together) else (step,))]
            if len(new) > 1:
                self.undo[:] = [step for step in self.undo if id(step) in old or isinstance(step, Move)]
                self.undo.append(Together(tuple(changes)))

    def forget(self, gone: Callable[[Step], bool]) -> None:
        """Drop steps that cannot be taken any more: somebody else has gone on from there."""
        for steps in (self.undo, self.redo):
            steps[:] = [step for step in steps if not gone(step)]


def turn_round(step: Step) -> Step:
    """Return the step that leads back."""
    if isinstance(step, Move):
        return Move(step.new, step.old)
    if isinstance(step, Together):
        return Together(tuple(map(_turn_change, step.changes)))
    return _turn_change(step)


def _turn_change(change: Change) -> Change:
    return Change(change.index, change.new, change.old, change.new_class, change.old_class)
