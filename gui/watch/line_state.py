"""What is known of a watched line at this moment: counts, the latest parts, what is wrong. No Qt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inspector.events import Event
from inspector.sinks.backlog import list_refused
from inspector.store.workspace import Workspace

LISTED = 500
"""Latest parts that are listed; all are in the review."""

LATEST = 50
"""Parts that the reject rate is of."""

ENDS = {"over": "pool", "calm": "alarm", "back": "away", "level": "behind", "stored": "store"}
"""Warnings that something has ended, and what."""

BEGINS = {
    "burst": "pool",
    "change": "pool",
    "alarm": "alarm",
    "away": "away",
    "behind": "behind",
    "store": "store",
    "silent": "away",
}
"""Warnings that something lasts, and what."""


@dataclass(frozen=True)
class ListedPart:
    """A part that was judged, as it is listed.

    Attributes:
        position: its place in the run.
        name: in the run.
        verdict: "ok", "ng" or "unreadable".
        score: None where it is unreadable.
        time: when it was judged, UTC.
        reason: why it is unreadable.
    """

    position: int
    name: str
    verdict: str
    score: float | None
    time: datetime
    reason: str = ""


@dataclass(frozen=True)
class Earlier:
    """What a run had when it was taken up: all counts, its latest parts, the oldest first, and people's verdicts.

    `refused` are the sinks that refused results for good, with the name of each part and why, the oldest first.
    """

    judged: int
    flagged: int
    unreadable: int
    latest: tuple[ListedPart, ...] = field(repr=False)
    verdicts: dict[int, str] = field(repr=False)
    refused: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


@dataclass
class LineState:
    """Grows by events.

    Attributes:
        run_id: the run; None before it began.
        parts: the latest, the oldest first.
        judged, flagged, unreadable: of all parts that came.
        waiting: parts that came and are not judged yet.
        warm_up: how many of how many first parts have come; None once parts are judged.
        alarms: what lasts, by what it is about: the warning that told it.
        sinks: results that wait to be sent, by sink.
        verdicts: what people said, by position.
    """

    run_id: int | None = None
    parts: deque[ListedPart] = field(default_factory=lambda: deque(maxlen=LISTED))
    judged: int = 0
    flagged: int = 0
    unreadable: int = 0
    waiting: int = 0
    warm_up: tuple[int, int] | None = None
    alarms: dict[str, Event] = field(default_factory=dict)
    sinks: dict[str, int] = field(default_factory=dict)
    verdicts: dict[int, str] = field(default_factory=dict)

    def begin(self, run_id: int, earlier: Earlier) -> None:
        """Go on from what a run had."""
        self.run_id = run_id
        self.judged, self.flagged, self.unreadable = earlier.judged, earlier.flagged, earlier.unreadable
        self.parts.clear()
        self.parts.extend(earlier.latest)
        self.verdicts = dict(earlier.verdicts)

    def take(self, event: Event) -> ListedPart | None:
        """Take in what the engine says; return the part, if it is a new one."""
        if event.kind == "part" and event.part is not None:
            return self._add(_read_part(event.part))
        if event.kind == "alive":
            self.waiting = max(0, event.total - event.done)
        elif event.kind == "waiting":
            self.sinks[event.message] = event.total
        elif event.kind == "progress" and event.stage == "warm-up":
            self.warm_up = event.done, event.total
        elif event.kind == "warning" and event.stage in BEGINS:
            self.alarms[BEGINS[event.stage]] = event
        elif event.kind == "warning" and event.stage in ENDS:
            self.alarms.pop(ENDS[event.stage], None)
        return None

    @property
    def readable(self) -> int:
        """How many parts could be read: flagged ones and the reject rate are of these."""
        return self.judged - self.unreadable

    @property
    def newest(self) -> ListedPart | None:
        """The part that was judged last."""
        return self.parts[-1] if self.parts else None

    @property
    def reject_rate(self) -> float | None:
        """Share of flagged ones among the latest parts that could be read; None before there is any."""
        decided = [part.verdict == "ng" for part in list(self.parts)[-LATEST:] if part.verdict != "unreadable"]
        return sum(decided) / len(decided) if decided else None

    def _add(self, part: ListedPart) -> ListedPart | None:
        if self.parts and part.position <= self.parts[-1].position:
            return None  # told again after the engine was killed
        self.warm_up = None
        self.parts.append(part)
        self.judged += 1
        self.flagged += part.verdict == "ng"
        self.unreadable += part.verdict == "unreadable"
        return part


def read_earlier(store: Workspace, run_id: int) -> Earlier:
    """Read what a run has; off the GUI thread.

    Raises:
        StoreError: there is no such run, or the workspace cannot be read.
    """
    rows = [(sample, arrived) for sample, arrived in store.watches.arrived(run_id) if not arrived.given]
    positions = {sample.id: sample.position for sample, _ in rows}
    verdicts = {
        positions[said.sample_id]: said.new for said in store.verdicts.of_run(run_id) if said.sample_id in positions
    }
    latest = tuple(
        ListedPart(
            sample.position,
            sample.name,
            _name_verdict(sample.flagged),
            sample.final,
            arrived.time.replace(tzinfo=UTC),
            sample.reason,
        )
        for sample, arrived in rows[-LISTED:]
    )
    decided: Sequence[bool | None] = [sample.flagged for sample, _ in rows]
    refused: dict[str, list[tuple[str, str]]] = {}
    for sink, result, reason in list_refused(store.artefacts.run_folder(run_id)):
        refused.setdefault(sink, []).append((result.name, reason))
    return Earlier(len(rows), decided.count(True), decided.count(None), latest, verdicts, refused)


def _name_verdict(flagged: bool | None) -> str:
    return "unreadable" if flagged is None else "ng" if flagged else "ok"


def _read_part(fields: dict[str, Any]) -> ListedPart:
    time = datetime.fromisoformat(fields["time"])
    return ListedPart(
        fields["position"], fields["name"], fields["verdict"], fields["score"], time, fields.get("reason", "")
    )
