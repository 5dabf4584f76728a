"""What is handed on of each part of a watched run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from inspector.data.arrivals import Arrival
from inspector.data.parts import Part
from inspector.export.rendering import encode
from inspector.sinks.result import PartResult
from inspector.store.records import SampleRecord
from inspector.store.watches import Arrived, NewPart


@dataclass(frozen=True)
class PartVerdict:
    """What is handed on of a part. `run` and `position` together name it for ever.

    Attributes:
        run, position: the run, and the place of the part in it.
        name: of the part in the run.
        path: its file.
        flagged: "ok", "ng", or "unreadable".
        score, threshold: flagged above; None where it cannot be read.
        time: when it was judged, UTC.
        peak: (x, y) where its map is highest, in pixels of the photo.
        seconds: from the complete file until it was decided; writing it takes some more milliseconds.
        reason: why it cannot be read, or what else is to be known.
        sha256: of the file that was judged, in hexadecimal; "" where it cannot be read.
        again: whether it may have been handed on before: the program was killed before it could note that it was.
    """

    run: int
    position: int
    name: str
    path: Path
    flagged: Literal["ok", "ng", "unreadable"]
    score: float | None
    threshold: float | None
    time: datetime
    peak: tuple[float, float] | None
    seconds: float
    reason: str = ""
    sha256: str = ""
    again: bool = False

    def __str__(self) -> str:
        if self.score is None or self.threshold is None:
            return f"unreadable  {self.name}: {self.reason}"
        sign = ">" if self.flagged == "ng" else "<="
        place = f" at {self.peak[0]:.0f}, {self.peak[1]:.0f}" if self.peak is not None and self.flagged == "ng" else ""
        return f"{self.flagged.upper()}  {self.score:.3f} {sign} {self.threshold:.3f}  {self.name}{place}"

    def to_json(self) -> dict[str, Any]:
        """Return it as values that JSON holds; times as in ISO 8601."""
        return {**asdict(self), "path": str(self.path), "time": self.time.isoformat()}


def to_result(verdict: PartVerdict) -> PartResult:
    """Return what sinks get of a verdict."""
    return PartResult(
        run=verdict.run,
        position=verdict.position,
        name=verdict.name,
        path=str(verdict.path),
        verdict=verdict.flagged,
        score=verdict.score,
        threshold=verdict.threshold,
        peak=verdict.peak,
        time=verdict.time,
        seconds=verdict.seconds,
        reason=verdict.reason,
        sha256=verdict.sha256 or None,
    )


OnResult = Callable[[PartVerdict], None]
"""Receives each verdict, once it is kept, in the order of the parts."""


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: its file, its pixels, its thumbnail, the mean of its pixels (0..1)."""

    arrival: Arrival
    part: Part
    thumbnail: bytes = field(default=b"", repr=False)
    brightness: float | None = None

    @classmethod
    def of(cls, arrival: Arrival, part: Part) -> "ReadPart":
        """Make the thumbnail of a part."""
        if part.preview is None:
            return cls(arrival, part)
        return cls(arrival, part, encode(part.preview, ".jpg"), float(part.preview.mean() / 255))


def tell_new(run_id: int, new: NewPart) -> PartVerdict:
    """Make the verdict of a part that was written just now."""
    arrived, result = new.arrived, new.result
    return PartVerdict(
        run_id,
        arrived.position,
        new.sample.name,
        new.sample.image or Path(),
        _name_decision(None if result is None else result.flagged),
        None if result is None else result.final,
        arrived.threshold,
        arrived.time.replace(tzinfo=UTC),
        arrived.peak,
        arrived.seconds,
        new.reading.reason,
        _read_digest(arrived),
    )


def tell_part(run_id: int, sample: SampleRecord, arrived: Arrived, *, again: bool = False) -> PartVerdict:
    """Make the verdict of a part as it is kept."""
    return PartVerdict(
        run_id,
        sample.position,
        sample.name,
        Path(sample.image or ""),
        _name_decision(sample.flagged),
        sample.final,
        arrived.threshold,
        arrived.time.replace(tzinfo=UTC),
        arrived.peak,
        arrived.seconds,
        sample.reason,
        _read_digest(arrived),
        again,
    )


def _read_digest(arrived: Arrived) -> str:
    return arrived.content.partition("-")[0]  # tokens are named by the file, and by what else decides them


def _name_decision(flagged: bool | None) -> Literal["ok", "ng", "unreadable"]:
    return "unreadable" if flagged is None else "ng" if flagged else "ok"
