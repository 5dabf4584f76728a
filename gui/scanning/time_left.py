"""How long a scan will still take: by the pace of the stage that runs, and what later ones took in other runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STAGES = ("read", "score", "maps")


@dataclass(frozen=True)
class Pace:
    """What an earlier run took.

    Attributes:
        seconds: of each stage of `STAGES`.
        samples: how many there were.
    """

    seconds: Mapping[str, float] = field(default_factory=lambda: {"read": 4.6, "score": 1.4, "maps": 0.15})
    samples: int = 24
    """Usual: the sample batch of washers with the first preset on two cores (benchmarks/README.md)."""

    def of(self, stage: str, samples: int) -> float:
        """Return the seconds of a stage at this pace: scores cost by the square of the samples, the rest by each."""
        share = samples / max(1, self.samples)
        return self.seconds.get(stage, 0.0) * (share**2 if stage == "score" else share)


def seconds_left(elapsed: float, done: int, total: int, first: int = 0) -> float | None:
    """Predict what is left of a stage from its pace so far; None before there is one.

    Args:
        elapsed: seconds since `first` were done: the first of a stage pay for what is loaded once.
        done, total: how many are, and how many there are.
        first: how many were done when the time began.
    """
    return elapsed * (total - done) / (done - first) if done > first else None


def seconds_left_in_all(stage: str, left: float, seconds_each: float, samples: int, pace: Pace) -> float:
    """Predict what is left of a scan.

    Args:
        stage: the one that runs, of `STAGES`.
        left: seconds that are left in it.
        seconds_each: what one sample takes in it now.
        samples: how many there are.
        pace: an earlier run; this one is as much faster or slower in later stages as it is in this one.
    """
    usual = pace.of(stage, samples)
    faster = seconds_each * samples / usual if usual else 1.0
    return left + faster * sum(pace.of(later, samples) for later in STAGES[STAGES.index(stage) + 1 :])
