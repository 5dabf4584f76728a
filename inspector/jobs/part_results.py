"""What is handed on of each part of a watched run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC

from inspector.data.arrivals import Arrival
from inspector.data.parts import Part, find_digest
from inspector.export.rendering import encode
from inspector.sinks.result import PartResult, Verdict
from inspector.store.records import SampleRecord
from inspector.store.watches import Arrived, NewPart

OnResult = Callable[[PartResult], None]
"""Receives each result, once it is kept, in the order of the parts."""


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: its files, its pixels, its thumbnail, the mean of its photo's pixels (0..1), which part it
    is, and a picture of its cloud where it has no photo (PNG)."""

    arrival: Arrival
    part: Part
    thumbnail: bytes = field(default=b"", repr=False)
    brightness: float | None = None
    identity: dict[str, str] = field(default_factory=dict, hash=False)
    picture: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, arrival: Arrival, part: Part, identity: dict[str, str]) -> "ReadPart":
        """Make the thumbnail of a part."""
        if part.preview is None:
            return cls(arrival, part, identity=identity)
        brightness = float(part.preview.mean() / 255) if part.picture is None else None
        picture = b"" if part.picture is None else encode(part.picture)
        return cls(arrival, part, encode(part.preview, ".jpg"), brightness, identity, picture)


def tell_new(run_id: int, new: NewPart) -> PartResult:
    """Make the result of a part that was written just now."""
    arrived, result = new.arrived, new.result
    return PartResult(
        run_id,
        arrived.position,
        new.sample.name,
        str(new.sample.image or new.sample.cloud or ""),
        _name_decision(None if result is None else result.flagged),
        None if result is None else result.final,
        arrived.threshold,
        arrived.peak,
        arrived.time.replace(tzinfo=UTC),
        arrived.seconds,
        new.reading.reason,
        _read_digest(arrived),
    )


def tell_part(run_id: int, sample: SampleRecord, arrived: Arrived, *, again: bool = False) -> PartResult:
    """Make the result of a part as it is kept."""
    return PartResult(
        run_id,
        sample.position,
        sample.name,
        str(sample.image or sample.cloud or ""),
        _name_decision(sample.flagged),
        sample.final,
        arrived.threshold,
        arrived.peak,
        arrived.time.replace(tzinfo=UTC),
        arrived.seconds,
        sample.reason,
        _read_digest(arrived),
        again=again,
    )


def _read_digest(arrived: Arrived) -> str | None:
    return find_digest(arrived.content) or None


def _name_decision(flagged: bool | None) -> Verdict:
    return "unreadable" if flagged is None else "ng" if flagged else "ok"
