"""The tables of a workspace's database. Rows never leave the store: others get records."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from inspector.roles import Role


class Time(TypeDecorator[datetime]):
    """A moment: a server keeps it with its zone, SQLite as UTC without saying so, as which both give it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that a time without zone is UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Leave the zone out."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None and value.tzinfo else value


class Base(DeclarativeBase):
    """The tables of a workspace."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Time}


class RunRow(Base):
    """One scan of one batch.

    `status` is "running", "done", "cancelled" or "failed"; all but "done" can be resumed. `threshold` and the
    `decision` of samples are on the scale of `final` scores, `map_threshold` and the display range
    (`map_low`, `map_high`) on the scale of the maps. `timings` are seconds by stage. `key` is what it is known by in
    every workspace that it is handed over to.
    """

    __tablename__ = "run"
    __table_args__ = (Index("run_key", "key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(default=lambda: uuid4().hex, server_default="")
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    owner: Mapped[str] = mapped_column(default="", server_default="")
    heartbeat: Mapped[datetime | None]
    status: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    root: Mapped[str]
    layout: Mapped[str]
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    left_out: Mapped[list[tuple[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    value_range: Mapped[dict[str, list[list[float]]] | None] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[str]
    backbone: Mapped[str]
    modality: Mapped[str] = mapped_column(default="", server_default="")
    rescoring: Mapped[str] = mapped_column(default="", server_default="")
    weights_sha256: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")
    timings: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    samples: Mapped[int]
    unreadable: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[int] = mapped_column(default=0)
    threshold: Mapped[float | None]
    map_threshold: Mapped[float | None]
    map_low: Mapped[float | None]
    map_high: Mapped[float | None]
    calibration: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    recipe: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class SampleRow(Base):
    """One part of a run: what was read, what it scored, what was decided."""

    __tablename__ = "sample"
    __table_args__ = (
        Index("sample_of_run", "run_id", "position", unique=True),
        Index("sample_by_name", "run_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    image: Mapped[str | None]
    cloud: Mapped[str | None]
    picture: Mapped[bool] = mapped_column(default=False, server_default="0")
    mask: Mapped[str | None]
    label: Mapped[bool | None]
    kind: Mapped[str] = mapped_column(default="")
    identity: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    sha256: Mapped[str] = mapped_column(default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")
    raw_score: Mapped[float | None]
    plain_score: Mapped[float | None]
    rescored: Mapped[float | None]
    final: Mapped[float | None]
    flagged: Mapped[bool | None]
    variant: Mapped[int | None]


class ThresholdChangeRow(Base):
    """Who moved the threshold of a run, when, from where to where. Rows are only ever added."""

    __tablename__ = "threshold_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    operator: Mapped[str]
    time: Mapped[datetime]
    old: Mapped[float | None]
    new: Mapped[float]
    old_map: Mapped[float | None]
    new_map: Mapped[float]


class VerdictRow(Base):
    """What an operator said of a sample, and when; `kind` is that of `VerdictRecord`. Rows are only ever added."""

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), index=True)
    operator: Mapped[str]
    time: Mapped[datetime]
    old: Mapped[str]
    new: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    defect_class: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[str] = mapped_column(default="verdict", server_default="verdict")
    carried_from: Mapped[int | None]


class DefectClassRow(Base):
    """A defect class of the workspace: what runs without a recipe offer, in their order."""

    __tablename__ = "defect_class"

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class GroupRow(Base):
    """Samples of a run that share a region which the others lack; numbered from 1, the surest first.

    `looked_at` is how many were compared with each other to find it; None, in runs of before, = all with a score.
    """

    __tablename__ = "recurring_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    corrected: Mapped[bool]
    looked_at: Mapped[int | None]


class MemberRow(Base):
    """A member of a group, and where in its picture the region lies, 0 to 1 of its width and height."""

    __tablename__ = "recurring_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("recurring_group.id", ondelete="CASCADE"), index=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), index=True)
    left: Mapped[float]
    top: Mapped[float]
    right: Mapped[float]
    bottom: Mapped[float]
    corrected_score: Mapped[float | None]


class MarkRow(Base):
    """What an operator said of a group, and when. Rows are only ever added."""

    __tablename__ = "recurring_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("recurring_group.id", ondelete="CASCADE"), index=True)
    operator: Mapped[str]
    time: Mapped[datetime]
    old: Mapped[str]
    new: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")


class WatchRow(Base):
    """What a run needs besides where its parts come one by one: how it is watched, and what it has learnt.

    `ignored` are stamps by name of files that are no parts of it, `usual` the median score of the calibrating parts,
    `pool` the state of the pool of judges, `reported` how many of its parts were handed on.
    """

    __tablename__ = "watch"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    ignored: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    usual: Mapped[float | None]
    pool: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reported: Mapped[int] = mapped_column(default=0)


_HAS_CLOUD: Any = dict.fromkeys(("sqlite_where", "postgresql_where"), text("cloud_file IS NOT NULL"))


class ArrivalRow(Base):
    """How a part of a watched run arrived, and what was found on it besides its score; see `Arrived`."""

    __tablename__ = "arrival"
    __table_args__ = (
        Index("arrival_of_run", "run_id", "position", unique=True),
        Index("arrival_by_file", "run_id", "file", "position"),
        Index("arrival_by_time", "run_id", "mtime_ns"),
        Index("arrival_by_cloud", "run_id", "cloud_file", "position", **_HAS_CLOUD),
        Index("arrival_by_time_of_cloud", "run_id", "cloud_mtime_ns", **_HAS_CLOUD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    position: Mapped[int]
    given: Mapped[bool]
    file: Mapped[str]
    size: Mapped[int] = mapped_column(Integer().with_variant(BigInteger, "postgresql"))
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str]
    time: Mapped[datetime]
    seconds: Mapped[float]
    threshold: Mapped[float | None]
    peak_x: Mapped[float | None]
    peak_y: Mapped[float | None]
    brightness: Mapped[float | None]
    reject_rate: Mapped[float | None]
    level: Mapped[float | None]
    cloud_file: Mapped[str | None]
    cloud_size: Mapped[int | None] = mapped_column(BigInteger)
    cloud_mtime_ns: Mapped[int | None] = mapped_column(BigInteger)


class RecipeRow(Base):
    """A product and how it is inspected; see `inspector.recipes`."""

    __tablename__ = "recipe"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    changed: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class UserRow(Base):
    """Somebody who may sign in, and as what: see `inspector.roles`. `hash` is that of the password, by argon2."""

    __tablename__ = "workspace_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(String)
    hash: Mapped[str]


class PlacesRow(Base):
    """Where a reject has its regions at a threshold of its map: [x, y] as shares of the picture; see `Places`."""

    __tablename__ = "places"

    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True)
    map_threshold: Mapped[float]
    centres: Mapped[list[list[float]]] = mapped_column(JSON)


class PoolChangeRow(Base):
    """Who put which part into the pool of a watched run, or took it out, and when. Rows are only ever added."""

    __tablename__ = "pool_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    operator: Mapped[str]
    time: Mapped[datetime]
    new: Mapped[str]


class AuditRow(Base):
    """An entry of the audit chain: `hash` is that of `previous`, `kind` and `fields`. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    fields: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]
