"""A part of a watched run as it was read, and the result that sinks get of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TypedDict

from inspector.data.found_files import Arrival, read_stamp
from inspector.data.parts import Part, find_digest, split_content
from inspector.export.rendering import encode
from inspector.sinks.result import PartResult, Verdict
from inspector.store.records import SampleRecord
from inspector.store.watches import Arrived, NewPart

OnResult = Callable[[PartResult], None]
"""Receives each result, once it is kept, in the order of the parts."""


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: its files, its pixels, its thumbnail, the mean of its photo's pixels (0..1), which part it
    is, a picture of its cloud where it has no photo (PNG), whether a file changed until it was read, and
    whether the watched folder was away."""

    arrival: Arrival
    part: Part
    thumbnail: bytes = field(default=b"", repr=False)
    brightness: float | None = None
    identity: dict[str, str] = field(default_factory=dict, hash=False)
    picture: bytes = field(default=b"", repr=False)
    is_stale: bool = False
    was_away: bool = False

    @property
    def is_unusable(self) -> bool:
        """Whether a file of it could not be read."""
        return bool(self.part.reason or (self.arrival.cloud and self.part.problem))

    @classmethod
    def of(cls, arrival: Arrival, part: Part, identity: dict[str, str]) -> "ReadPart":
        """Make the thumbnail of a part."""
        if part.preview is None:
            return cls(arrival, part, identity=identity)
        brightness = float(part.preview.mean() / 255) if part.picture is None else None
        picture = b"" if part.picture is None else encode(part.picture)
        return cls(arrival, part, encode(part.preview, ".jpg"), brightness, identity, picture)


def make_new_result(run_id: int, new: NewPart) -> PartResult:
    """Make the result of a part that is being written to the store."""
    arrived, result, sample = new.arrived, new.result, new.sample
    return PartResult(
        run=run_id,
        position=arrived.position,
        name=sample.name,
        verdict=_name_decision(None if result is None else result.flagged),
        score=None if result is None else result.final,
        threshold=arrived.threshold,
        peak=arrived.peak,
        time=arrived.time.replace(tzinfo=UTC),
        seconds=arrived.seconds,
        reason=new.reading.reason,
        **_name_files(sample.image, sample.cloud, arrived),
    )


def make_kept_result(run_id: int, sample: SampleRecord, arrived: Arrived, *, again: bool = False) -> PartResult:
    """Make the result of a part of the store; `again` = it may have been sent before."""
    return PartResult(
        run=run_id,
        position=sample.position,
        name=sample.name,
        verdict=_name_decision(sample.flagged),
        score=sample.final,
        threshold=arrived.threshold,
        peak=arrived.peak,
        time=arrived.time.replace(tzinfo=UTC),
        seconds=arrived.seconds,
        reason=sample.reason,
        **_name_files(sample.image, sample.cloud, arrived),
        again=again,
    )


class _Files(TypedDict):
    path: str
    sha256: str | None
    cloud: str
    cloud_sha256: str | None


def _name_files(image: str | Path | None, cloud: str | Path | None, arrived: Arrived) -> _Files:
    """Return the paths of a part's files and the SHA-256 of each as it was judged, see `PartResult`."""
    image_key, cloud_key = split_content(arrived.content)
    stamp = arrived.size, arrived.mtime_ns
    if image is None:
        of_cloud = _tell_apart(cloud_key, cloud, stamp)
        return {"path": str(cloud or ""), "sha256": of_cloud, "cloud": "", "cloud_sha256": None}
    return {
        "path": str(image),
        "sha256": _tell_apart(find_digest(image_key), image, stamp),
        "cloud": str(cloud or ""),
        "cloud_sha256": _tell_apart(cloud_key, cloud, (arrived.cloud_size, arrived.cloud_mtime_ns)),
    }


def _tell_apart(digest: str, path: str | Path | None, stamp: tuple[int | None, int | None]) -> str | None:
    """Return the SHA-256 of a file that was read; of another one, "" where a later file lies at its path, else None."""
    if digest or path is None:
        return digest or None
    try:
        return None if read_stamp(path) == stamp else ""
    except OSError:
        return None


def _name_decision(flagged: bool | None) -> Verdict:
    return "unreadable" if flagged is None else "ng" if flagged else "ok"
