"""What the store hands out and takes in: frozen records, detached from the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from inspector.data.pixels.value_range import ANY, Ranges
from inspector.decision.calibration import Calibration
from inspector.decision.regions import RegionRule
from inspector.decision.threshold import UNSURE
from inspector.geometry.grid import Alignment

RunStatus = Literal["running", "done", "cancelled", "failed"]

Modality = Literal["2d", "3d", "2d+3d"]

Rescoring = Literal["", "RsCIN", "RsCon", "nearness"]

SampleStatus = Literal["waiting", "ok", "unreadable"]


@dataclass(frozen=True)
class RunRecord:
    """One scan of one batch.

    `status` is "running", "done", "cancelled" or "failed"; all but "done" can be resumed. `threshold` and the
    decisions of samples are on the scale of `final` scores, `map_threshold` and the display range
    (`map_low`, `map_high`) on the scale of the maps. `timings` are seconds by stage. `owner` is the program that
    scans it ("program 4711 on station-2"), `heartbeat` when it was last heard of, UTC. `modality` is what was
    scored, `rescoring` what the scores went through, a `Rescoring`, "" for nothing; both "" before it is known.
    `left_out` are the names and reasons of files that are no part of the batch, `value_range` the scale that deep
    photos are read on, by kind of value: a (low, high) for all channels, or one for each. `recipe` is the recipe that
    it was begun with, as it was then; None = without one.
    """

    id: int
    created: datetime
    finished: datetime | None
    owner: str
    heartbeat: datetime | None
    status: str
    message: str
    root: str
    layout: str
    notes: list[str] = field(repr=False)
    left_out: list[list[str]] = field(repr=False)
    value_range: dict[str, list[list[float]]] | None = field(repr=False)
    settings: dict[str, Any] = field(repr=False)
    version: str
    backbone: str
    modality: str
    rescoring: str
    weights_sha256: str
    device: str
    timings: dict[str, float]
    samples: int
    unreadable: int
    flagged: int
    threshold: float | None
    map_threshold: float | None
    map_low: float | None
    map_high: float | None
    calibration: dict[str, Any] | None = field(repr=False)
    recipe: dict[str, Any] | None = field(repr=False)

    @property
    def left_out_in_words(self) -> str:
        """Say how many files and folders were left out."""
        count = len(self.left_out)
        return "1 file or folder was left out" if count == 1 else f"{count} files or folders were left out"

    @property
    def ranges(self) -> Ranges:
        """The scales that its photos were read on."""
        return {scale: [(low, high) for low, high in pairs] for scale, pairs in (self.value_range or {}).items()}

    @property
    def ranges_in_words(self) -> str:
        """Say which values were black and white in photos above 8 bits, "" where there are none.

        Example:
            "0 – 4095 (uint16)"; "0 – 1, 0 – 1, 0 – 2" where it was set so, for all kinds of photos.
        """
        told = []
        for kind, pairs in self.ranges.items():
            limits = ", ".join(f"{low:g} – {high:g}" for low, high in pairs)
            told.append(limits if kind == ANY else f"{limits} ({kind})")
        return "; ".join(told)

    @property
    def is_sure(self) -> bool:
        """Whether its scores tell good from bad, or the threshold was set by hand; runs of before did not ask."""
        return bool((self.calibration or {}).get("sure", True))

    @property
    def why_threshold(self) -> str:
        """How its threshold was found, or what to do, in one sentence; "" where that was not kept."""
        why = str((self.calibration or {}).get("why", ""))
        return UNSURE if why.startswith(UNSURE.partition(",")[0]) else why  # runs of before give other advice

    @property
    def display_range(self) -> tuple[float, float] | None:
        """Map values of the coldest and the hottest colour; None before the run is done."""
        if self.map_low is None or self.map_high is None:
            return None
        return self.map_low, self.map_high

    @property
    def region_rule(self) -> RegionRule:
        """Which regions of its maps count, and how their areas are told."""
        return RegionRule.of(self.settings)

    @property
    def alignment(self) -> Alignment:
        """How the maps lie on the photos; runs of before there was a choice have their corners on the corners."""
        return "centres" if self.settings.get("alignment") == "centres" else "corners"


@dataclass(frozen=True)
class SampleRecord:
    """One part of a run: what was read, what it scored, what was decided.

    `image` is the photo; `picture` says that there is none and the store keeps a picture of the cloud instead.
    `variant` is the group of parts that it was judged among, from 1; None where all were judged together.
    `plain_score` is the raw score without the correction for recurring defects, None where the run has none.
    `identity` says which part it shows: "part", "lot", "station" and whatever else is known of it, as text.
    """

    id: int
    run_id: int
    position: int
    name: str
    image: str | None
    cloud: str | None
    picture: bool
    mask: str | None
    label: bool | None
    kind: str
    identity: dict[str, str]
    sha256: str
    width: int | None
    height: int | None
    status: str
    reason: str
    raw_score: float | None
    plain_score: float | None
    rescored: float | None
    final: float | None
    flagged: bool | None
    variant: int | None

    @property
    def photo_sha256(self) -> str:
        """SHA-256 of the photo as it was scanned; "" where that is not known, or a kept picture is shown instead."""
        return "" if self.picture or self.image is None else self.sha256


Record = TypeVar("Record")


def to_record(kind: type[Record], row: object) -> Record:
    """Copy the columns of a row into a record that has fields of their names."""
    return kind(**{name: getattr(row, name) for name in kind.__dataclass_fields__})  # type: ignore[attr-defined]


def rank_samples(samples: Sequence[SampleRecord]) -> list[SampleRecord]:
    """Return the samples that have a score, the highest final score first; equal ones in batch order."""
    scored = [sample for sample in samples if sample.final is not None]
    return sorted(scored, key=lambda sample: -(sample.final or 0.0))


@dataclass(frozen=True)
class VerdictRecord:
    """What an operator said of a sample, and when (UTC); `defect_class` is that of a rejected one, "" = none.

    `kind` is "verdict", "undo" or "redo" (a verdict was taken back, or said again), or "comment": the verdict that
    stands is commented on, `old` and `new` are alike; or "carried": it was said in the run `carried_from`, of the same
    file, and `time` is when. That run may be gone; 0 = it is not in this workspace.
    """

    id: int
    sample_id: int
    operator: str
    time: datetime
    old: str
    new: str
    comment: str
    defect_class: str
    kind: str
    carried_from: int | None = None


@dataclass(frozen=True)
class ThresholdChangeRecord:
    """Who moved the threshold of a run, when (UTC), from where to where, on the scale of scores and on that of maps."""

    id: int
    run_id: int
    operator: str
    time: datetime
    old: float | None
    new: float
    old_map: float | None
    new_map: float


@dataclass(frozen=True)
class PartChangeRecord:
    """Who typed which part the sample at a position of a run shows, when (UTC); what was known before, and since."""

    position: int
    operator: str
    time: datetime
    old: dict[str, str]
    new: dict[str, str]


@dataclass(frozen=True)
class AuditEntry:
    """An entry of the audit chain.

    Attributes:
        id: 1, 2, 3, ...
        kind: "verdict", "threshold" (it was moved), "pool" (a part was put into a pool or taken out), "pruned" (a run
            was removed, with all that was said of it), "user" (one was added, changed or removed), "part" (somebody
            typed which part a photo shows) or "folder" (somebody said where the photos of a run lie now).
        fields: what it says, as JSON.
        previous: hash of the entry before, "" for the first.
        hash: see `inspector.store.audit.compute_hash`.
    """

    id: int
    kind: str
    fields: str
    previous: str
    hash: str


@dataclass(frozen=True)
class SampleReading:
    """What reading found of one sample, before it is scored.

    Attributes:
        position: place in the batch.
        status: "ok" or "unreadable".
        reason: why it is unreadable, or what an operator should know though it is scored.
        sha256: name of the content.
        width, height: of the photo, or the picture of the cloud, in pixels.
        picture: whether the store keeps a picture of it, in place of the photo it lacks.
    """

    position: int
    status: SampleStatus
    reason: str = ""
    sha256: str = ""
    width: int | None = None
    height: int | None = None
    picture: bool = False


@dataclass(frozen=True)
class SampleResult:
    """What scoring found for one sample."""

    position: int
    raw_score: float
    rescored: float | None
    final: float
    flagged: bool
    variant: int | None = None


@dataclass(frozen=True)
class RunResult:
    """What a scan came to as a whole: what it learnt from the batch, which re-scoring it used, seconds by stage."""

    calibration: Calibration
    rescoring: Rescoring = ""
    timings: dict[str, float] = field(default_factory=dict)
