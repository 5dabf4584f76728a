"""What operators said of samples: an audit table that is only ever added to."""

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.errors import StoreError
from inspector.store.audit import append_verdict
from inspector.store.database import Database
from inspector.store.records import VerdictRecord, to_record
from inspector.store.server import retries_when_lost
from inspector.store.standing import find_standing
from inspector.store.tables import SampleRow, VerdictRow
from inspector.store.users import require
from inspector.times import write_local

VERDICTS = ("undecided", "accepted", "rejected")
"""What can be said of a sample."""

Kind = Literal["verdict", "undo", "redo", "comment"]


class VerdictConflict(StoreError):  # noqa: N818 - nothing is broken: two people disagree
    """Somebody else decided a sample meanwhile.

    Attributes:
        standing: the verdict that stands.
    """

    def __init__(self, standing: VerdictRecord) -> None:
        self.standing = standing
        super().__init__(
            f"{standing.operator} decided this part meanwhile: {standing.new}, {write_local(standing.time)}; "
            "look at it again and decide anew"
        )


@retries_when_lost
class Verdicts:
    """The verdicts of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def add(
        self,
        sample_id: int,
        operator: str,
        new: str,
        comment: str = "",
        *,
        defect_class: str = "",
        expected: str | None = None,
        seen: int | None = None,
        kind: Kind = "verdict",
    ) -> VerdictRecord | None:
        """Append a verdict of `VERDICTS`, durably: it survives a power cut.

        What stands already is not said again: with a comment that is kept as one on the verdict that stands, without
        one nothing is written, unless it was carried over from another run: now it is said of this one, too.

        Args:
            sample_id: which sample.
            operator: who says it.
            new: the verdict.
            comment: in the operator's words.
            defect_class: of what is rejected, "" = not told.
            expected: the verdict that the operator saw; None = whatever stands.
            seen: number of the very record that must stand, as where one's own verdict is taken back; None = any.
            kind: "undo" where a verdict is taken back, "redo" where it is said again after that.

        Returns:
            What was written; None where the verdict stands already.

        Raises:
            NotAllowed: who is signed in may not; nothing has changed then.
            VerdictConflict: another verdict than the expected one stands; nothing has changed then.
            StoreError: there is no such sample, or the workspace cannot be written; nothing has changed then.
            ValueError: an unknown verdict, or a class of what is not rejected.
        """
        if new not in VERDICTS:
            raise ValueError(f"expected accepted, rejected or undecided, but got {new!r}")
        if defect_class and new != "rejected":
            raise ValueError(f"expected a defect class of a rejected part, but got {defect_class!r} for {new}")
        with self._database.session(durable=True) as session:
            require(session, self._database, "verdict")
            newest = _find_newest(session, sample_id)
            old, standing = (newest.new, newest.defect_class) if newest else ("undecided", "")
            if newest is not None and (expected not in (None, old) or seen not in (None, newest.id)):
                raise VerdictConflict(to_record(VerdictRecord, newest))
            if new == old and kind == "verdict":
                defect_class = defect_class or standing
            is_repeated = kind == "verdict" and (new, defect_class) == (old, standing)
            if is_repeated and (comment or not _is_carried(session, sample_id)):
                if not comment:
                    return None
                kind = "comment"
            said = {"old": old, "new": new, "comment": comment, "defect_class": defect_class, "kind": kind}
            row = VerdictRow(sample_id=sample_id, operator=operator, time=datetime.now(UTC), **said)
            session.add(row)
            session.flush()
            append_verdict(session, row)
            return to_record(VerdictRecord, row)

    def since(self, run_id: int, newest: int) -> list[VerdictRecord]:
        """Return the verdicts of a run with larger numbers than one, oldest first; quick where there are few."""
        query = select(VerdictRow).join(SampleRow).where(VerdictRow.id > newest, SampleRow.run_id == run_id)
        with self._database.session() as session:
            return [to_record(VerdictRecord, row) for row in session.scalars(query.order_by(VerdictRow.id))]

    def of_sample(self, sample_id: int) -> list[VerdictRecord]:
        """Return all verdicts of a sample, oldest first."""
        query = select(VerdictRow).where(VerdictRow.sample_id == sample_id).order_by(VerdictRow.id)
        with self._database.session() as session:
            return [to_record(VerdictRecord, row) for row in session.scalars(query)]

    def of_run(self, run_id: int) -> list[VerdictRecord]:
        """Return all verdicts of a run, oldest first."""
        query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == run_id).order_by(VerdictRow.id)
        with self._database.session() as session:
            return [to_record(VerdictRecord, row) for row in session.scalars(query)]


def _find_newest(session: Session, sample_id: int) -> VerdictRow | None:
    """Find the verdict that stands; None = none was given. Raises StoreError where there is no such sample."""
    query = select(VerdictRow).where(VerdictRow.sample_id == sample_id).order_by(VerdictRow.id.desc()).limit(1)
    newest = session.scalar(query)
    if newest is None and session.get(SampleRow, sample_id) is None:
        raise StoreError("this part is not in the workspace any more: its run was removed; nothing was written")
    return newest


def _is_carried(session: Session, sample_id: int) -> bool:
    """Tell whether the verdict that stands was carried over from another run."""
    query = select(VerdictRow).where(VerdictRow.sample_id == sample_id).order_by(VerdictRow.id)
    standing = find_standing(to_record(VerdictRecord, row) for row in session.scalars(query))
    return standing is not None and standing.carried_from is not None
