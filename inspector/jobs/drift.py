"""Whether a line stays what it was: how many of the latest parts are flagged, and how high they score."""

from dataclasses import dataclass, replace
from statistics import median

LATEST = 50
"""Parts that count."""

LEAST = 20
"""Parts below which a share of them says too little for an alarm."""


@dataclass(frozen=True)
class Drift:
    """The latest parts of a line.

    Attributes:
        usual: median score of the parts that it was calibrated by.
        flagged, scores: of the latest parts, the oldest first.
    """

    usual: float
    flagged: tuple[bool, ...] = ()
    scores: tuple[float, ...] = ()

    def add(self, flagged: bool, score: float) -> "Drift":
        """Return what it is after one part more."""
        return replace(self, flagged=(*self.flagged, flagged)[-LATEST:], scores=(*self.scores, score)[-LATEST:])

    @property
    def reject_rate(self) -> float:
        """Share of flagged parts, 0..1; 0 before there is any."""
        return sum(self.flagged) / max(1, len(self.flagged))

    @property
    def level(self) -> float:
        """Median score as a multiple of the usual one; 1 where there is nothing to compare."""
        return median(self.scores) / self.usual if self.scores and self.usual > 0 else 1.0

    def exceeds(self, rate: float | None) -> bool:
        """Tell whether more than a share of the parts is flagged; None = never."""
        return rate is not None and len(self.flagged) >= LEAST and self.reject_rate > rate
