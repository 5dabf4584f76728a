"""Groups of samples that share a region which the others lack, and what operators said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from inspector.decision.recurring import describe_group, may_be_corrected
from inspector.errors import StoreError
from inspector.store.audit import append_mark
from inspector.store.database import Database
from inspector.store.records import to_record
from inspector.store.server import retries_when_lost
from inspector.store.tables import GroupRow, MarkRow, MemberRow, SampleRow
from inspector.store.users import require

MARKS = ("unmarked", "defect", "accepted")
"""What can be said of a group: a defect that recurs, or none: what the parts share is as it should be."""

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) as shares of a picture's width and height, 0 to 1."""


class MarkConflict(StoreError):  # noqa: N818 - nothing is broken: two people disagree
    """Somebody else marked a group meanwhile.

    Attributes:
        standing: the mark that stands.
    """

    def __init__(self, standing: "MarkRecord") -> None:
        self.standing = standing
        super().__init__(f"{standing.operator} marked this group meanwhile: {standing.new}; look at it again")


@dataclass(frozen=True)
class FoundGroup:
    """A group as a scan found it.

    Attributes:
        regions: the boxes, by position of the member.
        corrected: whether scores follow it.
        scores: by position, raw scores of members where scores follow this group alone; empty = that was not kept.
        looked_at: how many samples were compared with each other to find it; None = all that have a score.
    """

    regions: Mapping[int, Box]
    corrected: bool
    scores: Mapping[int, float] = field(default_factory=dict)
    looked_at: int | None = None


@dataclass(frozen=True)
class MemberRecord:
    """A member of a group: sample, its position in the batch, and where in its picture the shared region lies.

    `corrected_score` is what it scores where scores follow this group alone; None = that was not kept.
    """

    sample_id: int
    position: int
    box: Box
    corrected_score: float | None = None


@dataclass(frozen=True)
class GroupRecord:
    """A group of a run.

    Attributes:
        id: of the group in the workspace.
        number: within the run, from 1, the surest first.
        corrected: whether the scores are as if its members could not vouch for one another.
        members: in batch order.
        mark: what stands of `MARKS`.
        looked_at: how many samples were compared with each other to find it.
        variant: the variant that these are; None where all parts were judged together.
    """

    id: int
    run_id: int
    number: int
    corrected: bool
    members: tuple[MemberRecord, ...]
    mark: str
    looked_at: int
    variant: int | None = None

    @property
    def may_follow(self) -> bool:
        """Whether the run keeps what its members score if they cannot vouch for one another."""
        return bool(self.members) and all(member.corrected_score is not None for member in self.members)

    def tell(self, *, corrected: bool = False) -> str:
        """Say how many parts share a region, of how many, and that scores follow them where that is wanted."""
        return describe_group(len(self.members), self.looked_at, self.variant, corrected=corrected)


@dataclass(frozen=True)
class MarkRecord:
    """What an operator said of a group, and when (UTC)."""

    id: int
    group_id: int
    operator: str
    time: datetime
    old: str
    new: str
    comment: str


def choose_followed(groups: Sequence[GroupRecord]) -> list[bool]:
    """Tell of each group whether scores should follow it.

    Those marked as defects do, accepted ones do not; of the others those of at most a quarter of the parts that
    were looked at.
    """
    return [group.may_follow and _should_follow(group) for group in groups]


def _should_follow(group: GroupRecord) -> bool:
    if group.mark == "unmarked":
        return may_be_corrected(len(group.members), group.looked_at)
    return group.mark == "defect"


@retries_when_lost
class Groups:
    """The groups of a workspace's runs."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def keep(self, run_id: int, groups: Sequence[FoundGroup], plain_scores: Mapping[int, float]) -> None:
        """Write what a scan found in place of what an earlier attempt at the same run did; the same groups keep marks.

        Args:
            run_id: which run.
            groups: the surest first.
            plain_scores: by position, raw scores without correction; empty where nothing was corrected.
        """
        with self._database.session() as session:
            earlier = _take_earlier(session, run_id)
            session.execute(update(SampleRow).where(SampleRow.run_id == run_id).values(plain_score=None))
            ids = _find_ids(session, run_id)
            for number, group in enumerate(groups, start=1):
                same = number, frozenset(ids[position] for position in group.regions)
                row = earlier.pop(same, None) or GroupRow()
                row.run_id, row.number, row.corrected, row.looked_at = run_id, number, group.corrected, group.looked_at
                session.add(row)
                session.flush()
                members = [
                    _describe_member(row.id, ids[position], box, group.scores.get(position))
                    for position, box in group.regions.items()
                ]
                session.execute(insert(MemberRow), members)
            session.execute(delete(GroupRow).where(GroupRow.id.in_([row.id for row in earlier.values()])))
            scores = [{"id": ids[position], "plain_score": score} for position, score in plain_scores.items()]
            if scores:
                session.execute(update(SampleRow), scores)

    def of_run(self, run_id: int) -> list[GroupRecord]:
        """Return the groups of a run with the marks that stand, the surest first."""
        groups = select(GroupRow).where(GroupRow.run_id == run_id).order_by(GroupRow.number)
        members = (
            select(MemberRow, SampleRow.position, SampleRow.variant)
            .join(GroupRow, GroupRow.id == MemberRow.group_id)
            .join(SampleRow, SampleRow.id == MemberRow.sample_id)
            .where(GroupRow.run_id == run_id)
            .order_by(SampleRow.position)
        )
        with self._database.session() as session:
            standing = {mark.group_id: mark.new for mark in session.scalars(_select_marks(run_id))}
            rows = session.scalars(groups).all()
            scored = _count_scored(session, run_id) if any(row.looked_at is None for row in rows) else 0
            of_group: dict[int, list[MemberRecord]] = {}
            variants: dict[int, int | None] = {}
            for member, position, variant in session.execute(members):
                box = (member.left, member.top, member.right, member.bottom)
                variants[member.group_id] = variant
                of_group.setdefault(member.group_id, []).append(
                    MemberRecord(member.sample_id, position, box, member.corrected_score)
                )
            return [
                GroupRecord(
                    row.id,
                    run_id,
                    row.number,
                    row.corrected,
                    tuple(of_group.get(row.id, ())),
                    standing.get(row.id, MARKS[0]),
                    scored if row.looked_at is None else row.looked_at,
                    variants.get(row.id),
                )
                for row in rows
            ]

    def mark(
        self, group_id: int, operator: str, new: str, comment: str = "", *, expected: str | None = None
    ) -> MarkRecord:
        """Append a mark of `MARKS`, durably: it survives a power cut.

        Args:
            group_id: which group.
            operator: who says it.
            new: the mark.
            comment: in the operator's words.
            expected: the mark that the operator saw; None = whatever stands.

        Raises:
            MarkConflict: another mark than the expected one stands; nothing has changed then.
            StoreError: there is no such group, or the workspace cannot be written; nothing has changed then.
            ValueError: an unknown mark.
        """
        if new not in MARKS:
            raise ValueError(f"expected unmarked, defect or accepted, but got {new!r}")
        with self._database.session(durable=True) as session:
            require(session, self._database, "mark")
            if session.get(GroupRow, group_id) is None:
                raise StoreError(f"there is no group {group_id} in {self._database.folder}")
            newest = session.scalar(
                select(MarkRow).where(MarkRow.group_id == group_id).order_by(MarkRow.id.desc()).limit(1)
            )
            old = newest.new if newest else MARKS[0]
            if newest is not None and expected not in (None, old):
                raise MarkConflict(to_record(MarkRecord, newest))
            now = datetime.now(UTC)
            row = MarkRow(group_id=group_id, operator=operator, time=now, old=old, new=new, comment=comment)
            session.add(row)
            session.flush()
            append_mark(session, row)
            return to_record(MarkRecord, row)

    def marks(self, run_id: int) -> list[MarkRecord]:
        """Return all marks of a run's groups, oldest first."""
        with self._database.session() as session:
            return [to_record(MarkRecord, row) for row in session.scalars(_select_marks(run_id))]


def _take_earlier(session: Session, run_id: int) -> dict[tuple[int, frozenset[int]], GroupRow]:
    """Take the members from the groups of an earlier attempt; return these, with their marks, by what they were."""
    members: dict[int, set[int]] = {}
    of_run = select(GroupRow.id).where(GroupRow.run_id == run_id)
    for group_id, sample_id in session.execute(
        select(MemberRow.group_id, MemberRow.sample_id).where(MemberRow.group_id.in_(of_run))
    ):
        members.setdefault(group_id, set()).add(sample_id)
    session.execute(delete(MemberRow).where(MemberRow.group_id.in_(of_run)))
    rows = session.scalars(select(GroupRow).where(GroupRow.run_id == run_id))
    return {(row.number, frozenset(members.get(row.id, ()))): row for row in rows}


def _select_marks(run_id: int) -> Select[Any]:
    return select(MarkRow).join(GroupRow).where(GroupRow.run_id == run_id).order_by(MarkRow.id)


def _count_scored(session: Session, run_id: int) -> int:
    return session.scalar(select(func.count(SampleRow.final)).where(SampleRow.run_id == run_id)) or 0


def _find_ids(session: Session, run_id: int) -> dict[int, int]:
    """Numbers of a run's samples by their positions."""
    rows = session.execute(select(SampleRow.position, SampleRow.id).where(SampleRow.run_id == run_id))
    return {position: sample_id for position, sample_id in rows}  # noqa: C416 - rows have keys(), dict() takes those


def _describe_member(group_id: int, sample_id: int, box: Box, score: float | None) -> dict[str, int | float | None]:
    sides = dict(zip(("left", "top", "right", "bottom"), box, strict=True))
    return {"group_id": group_id, "sample_id": sample_id, **sides, "corrected_score": score}
