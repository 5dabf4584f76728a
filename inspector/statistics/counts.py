"""What program and operators said of parts, counted: yield, reject rate, and how far they agree."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.store.tallies import Tally


@dataclass(frozen=True)
class Counts:
    """Parts by what the program decided and by the verdict that stands.

    Attributes:
        flagged_rejected, flagged_accepted, flagged_open: flagged ones; open = undecided, or nobody has said anything.
        passed_rejected, passed_accepted, passed_open: those that were not flagged.
        unreadable: could not be judged by the program; they count nowhere else.
        flagged_carried_rejected, flagged_carried_accepted: flagged ones whose verdict was given in another run and
            carried over. They count as rejects or not, but not as reviewed: the verdict was there before the decision.
        passed_carried_rejected, passed_carried_accepted: those that were not flagged.
    """

    flagged_rejected: int = 0
    flagged_accepted: int = 0
    flagged_open: int = 0
    passed_rejected: int = 0
    passed_accepted: int = 0
    passed_open: int = 0
    unreadable: int = 0
    flagged_carried_rejected: int = 0
    flagged_carried_accepted: int = 0
    passed_carried_rejected: int = 0
    passed_carried_accepted: int = 0

    @property
    def flagged(self) -> int:
        """Parts that the program flagged."""
        return self.flagged_rejected + self.flagged_accepted + self.flagged_open + self.flagged_carried

    @property
    def passed(self) -> int:
        """Parts that the program did not flag."""
        return self.passed_rejected + self.passed_accepted + self.passed_open + self.passed_carried

    @property
    def flagged_carried(self) -> int:
        """Flagged parts whose verdict was carried over."""
        return self.flagged_carried_rejected + self.flagged_carried_accepted

    @property
    def passed_carried(self) -> int:
        """Parts that were not flagged and whose verdict was carried over."""
        return self.passed_carried_rejected + self.passed_carried_accepted

    @property
    def parts(self) -> int:
        """Parts that the program judged."""
        return self.flagged + self.passed

    @property
    def reviewed(self) -> int:
        """Parts that were accepted or rejected by an operator in their run."""
        return self.flagged_rejected + self.flagged_accepted + self.passed_rejected + self.passed_accepted

    @property
    def rejected(self) -> int:
        """Parts that count as rejects: an operator rejected them, or they are flagged and not reviewed yet."""
        carried = self.flagged_carried_rejected + self.passed_carried_rejected
        return self.flagged_rejected + self.flagged_open + self.passed_rejected + carried

    @property
    def reject_rate(self) -> float | None:
        """Rejects as a share of the parts, 0 to 1; None without parts."""
        return divide(self.rejected, self.parts)

    @property
    def good_share(self) -> float | None:
        """The yield: parts that are no rejects, as a share of all parts, 0 to 1; None without parts."""
        return divide(self.parts - self.rejected, self.parts)

    @property
    def agreement(self) -> float | None:
        """Share of the reviewed parts of which program and operator say the same; None where none is reviewed."""
        return divide(self.flagged_rejected + self.passed_accepted, self.reviewed)

    @property
    def false_alarms(self) -> float | None:
        """Share of the reviewed flagged parts that were accepted; None where none is reviewed."""
        return divide(self.flagged_accepted, self.flagged_accepted + self.flagged_rejected)

    @property
    def missed(self) -> float | None:
        """Share of the parts rejected in their run that the program had not flagged; None where none was."""
        return divide(self.passed_rejected, self.passed_rejected + self.flagged_rejected)


def divide(some: int, whole: int) -> float | None:
    """Return a share, None where there is nothing to have a share of."""
    return some / whole if whole else None


def add_up(tallies: Iterable[Tally]) -> Counts:
    """Add tallies up to one count."""
    sums: Counter[str] = Counter()
    for tally in tallies:
        facts = tally.facts
        if facts.flagged is None:
            sums["unreadable"] += tally.count
            continue
        verdict = facts.verdict if facts.verdict in ("accepted", "rejected") else "open"
        carried = "carried_" if facts.carried and verdict != "open" else ""
        sums[f"{'flagged' if facts.flagged else 'passed'}_{carried}{verdict}"] += tally.count
    return Counts(**sums)
