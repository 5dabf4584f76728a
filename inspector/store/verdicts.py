"""What operators said of samples: an audit table that is only ever added to."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspector.errors import StoreError
from inspector.store.database import Database
from inspector.store.records import VerdictRecord
from inspector.store.tables import SampleRow, VerdictRow

VERDICTS = ("undecided", "accepted", "rejected")
"""What can be said of a sample."""


class VerdictConflict(StoreError):  # noqa: N818 - it says what happened
    """Somebody else has said something of the sample meanwhile; `standing` is what stands."""

    def __init__(self, message: str, standing: VerdictRecord) -> None:
        """Name the verdict that stands."""
        super().__init__(message)
        self.standing = standing


class Verdicts:
    """The verdicts of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def add(
        self, sample_id: int, operator: str, new: str, comment: str = "", *, expected: str | None = None
    ) -> VerdictRecord:
        """Append a verdict of `VERDICTS`; raises VerdictConflict where another than `expected` stands."""
        if new not in VERDICTS:
            raise ValueError(f"expected accepted, rejected or undecided, but got {new!r}")
        with self._database.session() as session:
            standing = _find_newest(session, sample_id)
            old = standing.new if standing is not None else "undecided"
            if standing is not None and expected not in (None, old):
                raise VerdictConflict("another verdict was given meanwhile", _to_record(standing))
            now = datetime.now(UTC)
            row = VerdictRow(sample_id=sample_id, operator=operator, time=now, old=old, new=new, comment=comment)
            session.add(row)
            session.flush()
            return _to_record(row)

    def of_run(self, run_id: int) -> list[VerdictRecord]:
        """Return all verdicts of a run, oldest first."""
        query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == run_id).order_by(VerdictRow.id)
        with self._database.session() as session:
            return [_to_record(row) for row in session.scalars(query)]


def _find_newest(session: Session, sample_id: int) -> VerdictRow | None:
    newest = select(VerdictRow).where(VerdictRow.sample_id == sample_id).order_by(VerdictRow.id.desc()).limit(1)
    return session.scalar(newest)


def _to_record(row: VerdictRow) -> VerdictRecord:
    return VerdictRecord(row.id, row.sample_id, row.operator, row.time, row.old, row.new, row.comment)
