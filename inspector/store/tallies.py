"""What statistics over runs need of the store: parts counted by all that they can be chosen by, in one query.

A sample is a part of its own, unless it names its part: samples of a run that name the same part and lot are views of
it, as in `number_parts`, and count as one part, the worst of them (`SEVERITY`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, String, and_, case, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from inspector import part_rule
from inspector.store.database import Database
from inspector.store.records import SampleRecord, VerdictRecord, to_record
from inspector.store.server import retries_when_lost
from inspector.store.standing import Standing, list_standing
from inspector.store.tables import ArrivalRow, RunRow, SampleRow, VerdictRow, WatchRow


@dataclass(frozen=True)
class Facts:
    """What is known of a part that statistics count.

    Attributes:
        run_id: its run.
        product: name of the recipe that its run was begun with; "" = without one.
        folder: that was scanned or watched.
        lot, station: that the part says it comes from; "" = it does not say.
        time: when it arrived, or its run began; UTC, to the minute.
        flagged: what the program decided; None = unreadable.
        verdict: the one that stands: "accepted", "rejected", or "undecided", also where nothing was said.
        operator: who gave it; "" where nobody did.
        defect: the class of defect that the verdict names; "" where it names none.
        carried: whether it was given in another run, and carried over: it says nothing of this run's decision.
    """

    run_id: int
    product: str
    folder: str
    lot: str
    station: str
    time: datetime
    flagged: bool | None
    verdict: str
    operator: str
    defect: str = ""
    carried: bool = False

    @property
    def is_rejected(self) -> bool:
        """Whether an operator rejected it, or the program flagged it and nobody has decided otherwise."""
        return self.verdict == "rejected" or (bool(self.flagged) and self.verdict == "undecided")


@dataclass(frozen=True)
class Tally:
    """How many parts share their facts."""

    facts: Facts
    count: int


@retries_when_lost
class Tallies:
    """Counts over the runs of a workspace. Nothing but the database is read."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def count(self, since: datetime | None = None, until: datetime | None = None) -> list[Tally]:
        """Count all parts that have a score or could not be read, the earliest first.

        Args:
            since: not before this time; None = from the first.
            until: before this time; None = to the last. Both know their zone.
        """
        columns = (*columns_of_facts(), TAKEN_BACK.label("taken_back"))
        if self._database.on_server:
            worst = func.row_number().over(partition_by=PART, order_by=(SEVERITY.desc(), SampleRow.id))
            views = choose(select(*columns, worst.label("place")), since, until).subquery()
            parts = select(views).where(views.c.place == 1).subquery()
        else:  # SQLite takes the facts from the row that has the maximum
            parts = choose(select(*columns, func.max(SEVERITY)), since, until).group_by(*PART).subquery()
        facts = list(parts.columns)[:-1]  # of the worst view
        query = select(*facts, func.count()).group_by(*facts).order_by(parts.c.minute, parts.c.run_id)
        counts: Counter[Facts] = Counter()
        with self._database.session() as session:
            rows = session.execute(query).all()
            standing = self._find_givers() if any(row.taken_back is not None for row in rows) else {}
        for *row, taken_back, count in rows:
            found = read_facts(row)
            if taken_back is not None:
                giver = standing.get(taken_back)
                carried = giver is not None and giver.carried_from is not None
                found = replace(found, operator=giver.operator if giver else "", carried=carried)
            counts[found] += count
        return [Tally(found, count) for found, count in counts.items()]

    def _find_givers(self) -> dict[int, Standing]:
        """Return what stands for each sample of which a verdict was ever taken back, by its number."""
        ever = select(VerdictRow.sample_id).where(VerdictRow.kind.in_(("undo", "redo")))
        query = select(VerdictRow).where(VerdictRow.sample_id.in_(ever)).order_by(VerdictRow.id)
        with self._database.session() as session:
            return list_standing([to_record(VerdictRecord, row) for row in session.scalars(query)])

    def find_typical(self, run_id: int) -> SampleRecord | None:
        """Return the sample with the median score among those of a run that were not flagged; None = there is none."""
        wanted = (SampleRow.run_id == run_id, SampleRow.final.is_not(None), SampleRow.flagged.is_(False))
        with self._database.session() as session:
            count = session.scalar(select(func.count(SampleRow.id)).where(*wanted)) or 0
            query = select(SampleRow).where(*wanted).order_by(SampleRow.final, SampleRow.position).offset(count // 2)
            row = session.scalar(query.limit(1))
            return None if row is None else to_record(SampleRecord, row)


NEWEST = (
    select(VerdictRow.sample_id, func.max(VerdictRow.id).label("id"))
    .where(VerdictRow.kind != "comment")
    .group_by(VerdictRow.sample_id)
    .subquery()
)
"""The last verdict of each sample that has one. What it says is what stands, also where it takes another one back; who
gave what stands then tells `find_standing`."""

STANDING = aliased(VerdictRow)

TAKEN_BACK = case((STANDING.kind.in_(("undo", "redo")), SampleRow.id))
"""The sample, where its last verdict took one back or said it again; otherwise NULL."""


class _Minute(FunctionElement[str]):
    """A time to the minute, "2026-05-01 12:00", UTC."""

    type = String()
    inherit_cache = True


@compiles(_Minute)
def _cut_text(element: _Minute, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 16)"  # as SQLite keeps it


@compiles(_Minute, "postgresql")
def _write_minute(element: _Minute, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM-DD HH24:MI')"


TIME = func.coalesce(ArrivalRow.time, RunRow.created)
"""When a sample arrived; samples of scanned runs came when the run began."""


_PART = func.nullif(SampleRow.identity[part_rule.PART].as_string(), "")
_LOT = func.coalesce(SampleRow.identity[part_rule.LOT].as_string(), "")
_IS_VIEW = and_(_PART.is_not(None), SampleRow.status == "ok")

PART = (
    SampleRow.run_id,
    case((_IS_VIEW, _PART)),
    case((_IS_VIEW, _LOT)),
    case((_IS_VIEW, None), else_=SampleRow.id),
)
"""What tells parts apart, as `number_parts` does: samples that do not name their part, or cannot be read, are one each.
Names are text, ids are not."""

SEVERITY = case(
    (and_(STANDING.new == "rejected", SampleRow.flagged.is_(True)), 6),
    (STANDING.new == "rejected", 5),
    (and_(SampleRow.flagged.is_(True), or_(STANDING.new.is_(None), STANDING.new == "undecided")), 4),
    (SampleRow.flagged.is_(True), 3),
    (and_(SampleRow.flagged.is_(False), or_(STANDING.new.is_(None), STANDING.new == "undecided")), 2),
    (SampleRow.flagged.is_(False), 1),
    else_=0,
)
"""Which of several views stands for its part: the higher. Rejects come first, then what was flagged, then what was not
looked at."""


def columns_of_facts() -> Sequence[Any]:
    """Return the columns that facts are read from, in their order."""
    return (
        SampleRow.run_id.label("run_id"),
        RunRow.recipe["name"].as_string().label("product"),
        RunRow.root.label("folder"),
        SampleRow.identity["lot"].as_string().label("lot"),
        SampleRow.identity["station"].as_string().label("station"),
        _Minute(TIME).label("minute"),
        SampleRow.flagged.label("flagged"),
        STANDING.new.label("verdict"),
        STANDING.operator.label("operator"),
        STANDING.defect_class.label("defect"),
        STANDING.carried_from.is_not(None).label("carried"),
    )


FACTS = 11
"""How many columns that are."""


def read_facts(row: Sequence[Any]) -> Facts:
    """Read the facts of a row of `columns_of_facts`."""
    run_id, product, folder, lot, station, minute, flagged, verdict, operator, defect, carried = row[:FACTS]
    time = datetime.fromisoformat(minute).replace(tzinfo=UTC)
    texts = (verdict or "undecided", operator or "", defect or "")
    return Facts(run_id, product or "", folder, lot or "", station or "", time, flagged, *texts, bool(carried))


def standing_verdict() -> Any:
    """Return the column of the verdict that stands, NULL where nothing was said."""
    return STANDING.new


def choose(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    """Join what `columns_of_facts` need, leave out what has not been scored or only judges others, and what is not
    asked for."""
    finished = or_(RunRow.status == "done", WatchRow.run_id.is_not(None))
    query = (
        query.select_from(SampleRow)
        .join(RunRow, RunRow.id == SampleRow.run_id)
        .outerjoin(WatchRow, WatchRow.run_id == RunRow.id)
        .outerjoin(ArrivalRow, and_(ArrivalRow.run_id == SampleRow.run_id, ArrivalRow.position == SampleRow.position))
        .outerjoin(NEWEST, NEWEST.c.sample_id == SampleRow.id)
        .outerjoin(STANDING, STANDING.id == NEWEST.c.id)
        .where(or_(SampleRow.final.is_not(None), and_(SampleRow.status == "unreadable", finished)))
        .where(or_(ArrivalRow.given.is_(None), ArrivalRow.given.is_(False)))  # given parts only judge others
    )
    if since is not None:
        query = query.where(_as_kept(since) <= TIME)
    if until is not None:
        query = query.where(_as_kept(until) > TIME)
    return query


def _as_kept(time: datetime) -> datetime:
    """The database keeps UTC without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None)
