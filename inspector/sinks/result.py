"""What is told of a part that was judged."""

import json
import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from inspector.data.samples import tell_of

Verdict = Literal["ok", "ng", "unreadable"]


@dataclass(frozen=True)
class PartResult:
    """The verdict on one part of a line. `run` and `position` together name the part for ever.

    Attributes:
        run: number of the run in its workspace.
        position: of the part in the run; a run has each position once.
        name: of the part, as the store names it.
        path: of its photo when it was judged; of a cloud alone, its own.
        verdict: "ok", "ng" (not good), or "unreadable" (the file could not be judged).
        score: the part's anomaly score; None where it is unreadable.
        threshold: the score from which parts are "ng".
        peak: (x, y) of the highest place of the anomaly map, in pixels of the photo; None where there is no map.
        time: when it was judged.
        seconds: from the complete file until it was decided; writing it takes some more milliseconds.
        reason: why it is unreadable, or what else is to be known; else empty.
        sha256: of the file at `path` when it was judged, in hexadecimal; by it a later file of the same name is told
            from this one. None = not known; "" = not known, and a later file lies there.
        cloud: path of the cloud that was judged with the photo; else empty.
        cloud_sha256: of that cloud; None = not known, or there is none.
        id: tells this result from all others, of other stations too; a receiver that sees it again knows that it has
            it. The backlog gives it; before that it is "run-position".
        again: whether it may have been handed on before: the program was killed before it could note that it was.
            Sinks are not told, for the backlog lets nothing through twice.

    Raises:
        ValueError: a verdict that there is not, a number that is not finite, a time without a zone.

    Example:
        PartResult(12, 345, "a.png", "/line/a.png", "ng", 0.71, 0.52, (301.0, 88.5), datetime.now(UTC), 0.14, "")
    """

    run: int
    position: int
    name: str
    path: str
    verdict: Verdict
    score: float | None
    threshold: float | None
    peak: tuple[float, float] | None
    time: datetime
    seconds: float
    reason: str
    sha256: str | None = None
    cloud: str = ""
    cloud_sha256: str | None = None
    id: str = ""
    again: bool = False

    def __post_init__(self) -> None:
        if self.verdict not in get_args(Verdict):
            raise ValueError(f"expected a verdict of {', '.join(get_args(Verdict))}, but got {self.verdict!r}")
        if self.time.tzinfo is None:
            raise ValueError(f"expected a time with its zone, but got {self.time}")
        numbers = (self.score, self.threshold, self.seconds, *(self.peak or ()))
        if not all(number is None or math.isfinite(number) for number in numbers):
            raise ValueError(f"expected finite numbers, but got {numbers}")
        if not self.id:
            object.__setattr__(self, "id", f"{self.run}-{self.position}")

    def __str__(self) -> str:
        if self.score is None or self.threshold is None:
            return f"unreadable  {tell_of(self.name, self.reason)}"
        sign = ">" if self.verdict == "ng" else "<="
        place = f" at {self.peak[0]:.0f}, {self.peak[1]:.0f}" if self.peak is not None and self.verdict == "ng" else ""
        return f"{self.verdict.upper()}  {self.score:.3f} {sign} {self.threshold:.3f}  {self.name}{place}"

    def to_fields(self) -> dict[str, object]:
        """Return what receivers get, of types that JSON has; the time in UTC as "2026-03-01T06:12:09.250Z"."""
        time = self.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        peak = None if self.peak is None else [float(place) for place in self.peak]
        fields = {"id": self.id} | asdict(self) | {"time": time, "peak": peak}
        return {name: value for name, value in fields.items() if name in SENT}

    def to_json(self) -> str:
        """Return the fields as one JSON line."""
        return json.dumps(self.to_fields(), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, line: str) -> "PartResult":
        """Read a result back from its line; raises ValueError where the line is none."""
        fields = json.loads(line)
        peak = fields["peak"]
        read = {"time": datetime.fromisoformat(fields["time"]), "peak": None if peak is None else (peak[0], peak[1])}
        return cls(**{**fields, **read})


SENT = frozenset(PartResult.__dataclass_fields__) - {"again"}
"""Names of the fields that receivers get."""
