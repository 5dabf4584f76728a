"""Which verdict stands for a sample after all that was said of it, and the comments that belong to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from inspector.store.records import VerdictRecord


@dataclass(frozen=True)
class Standing:
    """The verdict that stands, who gave it and when (UTC), and the comments made with it or on it later.

    Where nobody gave one and somebody commented on the sample, it is "undecided", of who commented. `carried_from` is
    the run that it was given in where that was another one (0 = one that is not in this workspace), else None.
    """

    verdict: str
    operator: str
    time: datetime
    comment: str
    defect_class: str = ""
    given: bool = True
    carried_from: int | None = None


def find_standing(history: Iterable[VerdictRecord]) -> Standing | None:
    """Go through what was said of one sample, oldest first; None where nothing stands.

    A verdict that was taken back gives way to the one before it, with its operator, time and comments. Comments on a
    sample without verdict belong to the verdict that follows.

    Example:
        accepted by Ada ("clean"), rejected by Bob, taken back by Bob: accepted by Ada stands, with "clean".
    """
    stack: list[Standing | None] = [None]
    taken_back: list[Standing | None] = []
    for event in history:
        if event.kind == "comment":
            stack[-1] = _add_comment(stack[-1], event)
        elif event.kind == "undo" and len(stack) > 1:
            taken_back.append(stack.pop())
        elif event.kind == "redo" and taken_back:
            stack.append(taken_back.pop())
        else:
            stack.append(_take_over(stack[-1], event))
            taken_back.clear()
        if event.new != (stack[-1].verdict if stack[-1] else "undecided"):  # written by other hands
            stack.append(Standing(event.new, event.operator, event.time, "", event.defect_class))
    return stack[-1]


def list_standing(verdicts: Iterable[VerdictRecord]) -> dict[int, Standing]:
    """Return what stands by the number of the sample, of all that was said of a run, oldest first."""
    histories: dict[int, list[VerdictRecord]] = {}
    for verdict in verdicts:
        histories.setdefault(verdict.sample_id, []).append(verdict)
    found = {sample_id: find_standing(history) for sample_id, history in histories.items()}
    return {sample_id: standing for sample_id, standing in found.items() if standing is not None}


def _take_over(before: Standing | None, event: VerdictRecord) -> Standing:
    said = event.comment if event.kind in ("verdict", "carried") else ""
    waiting = before.comment if before is not None and not before.given else ""
    comment, source = _join(waiting, said), event.carried_from
    return Standing(event.new, event.operator, event.time, comment, event.defect_class, carried_from=source)


def _add_comment(standing: Standing | None, event: VerdictRecord) -> Standing:
    if standing is None:
        return Standing(event.new, event.operator, event.time, event.comment, given=False)
    return replace(standing, comment=_join(standing.comment, event.comment))


def _join(first: str, second: str) -> str:
    return "; ".join(filter(None, (first, second)))
