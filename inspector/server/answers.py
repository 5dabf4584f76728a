"""JSON answers about runs, samples and verdicts, and the JSON that gives a verdict."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from inspector.server.errors import Problem
from inspector.store.claims import is_alive
from inspector.store.records import RunRecord, SampleRecord, VerdictRecord
from inspector.store.run_facts import list_notes, name_fact
from inspector.store.standing import Standing
from inspector.times import write_zoned


class RunAnswer(BaseModel):
    """A run. `status` is "running", "stopped", "done", "cancelled" or "failed".

    `facts` say how its parts were compared, `notes` are there to be acted on.
    """

    id: int
    created: str
    finished: str | None
    status: str
    message: str
    folder: str
    layout: str
    recipe: str
    modality: str
    backbone: str
    samples: int
    unreadable: int
    flagged: int
    threshold: float | None
    sure: bool
    why_threshold: str
    facts: list[str]
    notes: list[str]
    version: str

    @classmethod
    def of(cls, run: RunRecord, now: datetime) -> "RunAnswer":
        """Make the answer for a run, as it was read at a moment by the workspace's clock."""
        names = ("id", "message", "layout", "modality", "backbone", "samples", "unreadable", "flagged", "threshold")
        told = {name: getattr(run, name) for name in (*names, "why_threshold", "version")}
        return cls(
            created=write_zoned(run.created),
            finished=write_zoned(run.finished) if run.finished else None,
            status="stopped" if run.status == "running" and not is_alive(run, now) else run.status,
            folder=run.root,
            recipe=str((run.recipe or {}).get("name", "")),
            sure=run.is_sure,
            facts=[note for note in run.notes if name_fact(note)],
            notes=list_notes(run.notes),
            **told,
        )


class RunList(BaseModel):
    """Runs, newest first; `total` counts all there are."""

    total: int
    items: list[RunAnswer]


class StandingAnswer(BaseModel):
    """The verdict that stands for a sample; `carried_from` is the run it was given in where that was another one."""

    verdict: str
    operator: str
    time: str
    comment: str
    defect_class: str
    carried_from: int | None

    @classmethod
    def of(cls, standing: Standing) -> "StandingAnswer":
        """Make the answer for a verdict that stands."""
        told = {name: getattr(standing, name) for name in cls.model_fields if name != "time"}
        return cls(time=write_zoned(standing.time), **told)


class SampleAnswer(BaseModel):
    """A sample of a run. `final` is the score that the threshold of the run is compared with."""

    position: int
    name: str
    status: str
    reason: str
    kind: str
    identity: dict[str, str]
    width: int | None
    height: int | None
    raw_score: float | None
    rescored: float | None
    final: float | None
    flagged: bool | None
    variant: int | None
    standing: StandingAnswer | None

    @classmethod
    def of(cls, sample: SampleRecord, standing: Standing | None) -> "SampleAnswer":
        """Make the answer for a sample and the verdict that stands for it, if any."""
        told = {name: getattr(sample, name) for name in cls.model_fields if name != "standing"}
        return cls(standing=StandingAnswer.of(standing) if standing else None, **told)


class SampleList(BaseModel):
    """Samples of a run; `total` counts all that match the query."""

    total: int
    items: list[SampleAnswer]


class VerdictAnswer(BaseModel):
    """What somebody said; `kind` is "verdict", "undo", "redo", "comment", or "carried": it was said in another run."""

    id: int
    position: int
    operator: str
    time: str
    old: str
    new: str
    comment: str
    defect_class: str
    kind: str
    carried_from: int | None

    @classmethod
    def of(cls, said: VerdictRecord, position: int) -> "VerdictAnswer":
        """Make the answer for a verdict or comment on the sample at a position."""
        told = {name: getattr(said, name) for name in cls.model_fields if name not in ("time", "position")}
        return cls(time=write_zoned(said.time), position=position, **told)


Verdict = Literal["accepted", "rejected", "undecided"]
OneLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[OneLine, Field(min_length=1)]


class VerdictGiven(BaseModel):
    """A verdict on a sample; `expected` is the one that whoever gives it has seen.

    `operator` is who gives it; a token that belongs to a user tells that by itself.
    """

    model_config = ConfigDict(extra="forbid")

    operator: Name | None = None
    verdict: Verdict
    expected: Verdict
    comment: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    defect_class: OneLine = ""


class Clash(Problem):
    """Another verdict stands than was expected; null: none at all."""

    standing: StandingAnswer | None = None
