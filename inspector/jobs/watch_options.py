"""How a folder is watched."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.errors import SettingsError


@dataclass(frozen=True)
class WatchOptions:
    """How a folder is watched. A path that is given as text becomes a `Path`.

    Attributes:
        warm_up: parts that are scored by each other before the first verdict.
        golden: folder of known good parts that judge from the start, in place of a warm-up; or None.
        like: number of a finished run whose accepted parts do so, with fewer than 20 also unjudged ones that are not
            flagged; or None.
        only_new: whether what lies in the folder at the start is no part.
        settle: seconds for which a file must not change to be complete.
        pool: most parts that judge.
        every: good parts between two that the pool takes in.
        alarm_rate: share of flagged parts among the latest above which it is told; None = never.
        idle: seconds without a new part after which watching ends; None = never.
        partner_wait: seconds that a photo waits for its cloud, and a cloud for its photo, where both are judged.
    """

    warm_up: int = 20
    golden: Path | None = None
    like: int | None = None
    only_new: bool = False
    settle: float = 0.5
    pool: int = 64
    every: int = 5
    alarm_rate: float | None = None
    idle: float | None = None
    partner_wait: float = 10.0

    def __post_init__(self) -> None:
        if self.golden is not None:
            object.__setattr__(self, "golden", Path(self.golden))
        if self.warm_up < 2 or self.pool < 2 or self.every < 1 or min(self.settle, self.partner_wait) < 0:
            raise SettingsError(
                "a watch takes a `warm_up` and a `pool` of 2 or more, `every` of 1 or more, no time below 0"
            )
        if self.golden is not None and self.like is not None:
            raise SettingsError("give known good parts once: a folder with `golden`, or a run with `like`")

    def to_json(self) -> dict[str, Any]:
        """Return what of it a run keeps."""
        golden = None if self.golden is None else str(self.golden.resolve())
        return {"warm_up": self.warm_up, "pool": self.pool, "every": self.every, "golden": golden, "like": self.like}
