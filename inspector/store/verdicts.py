"""What operators said of samples: an audit table that is only ever added to."""

from datetime import UTC, datetime

from sqlalchemy import select

from inspector.errors import StoreError
from inspector.store.audit import append_verdict
from inspector.store.database import Database
from inspector.store.records import VerdictRecord, to_record
from inspector.store.tables import SampleRow, VerdictRow

VERDICTS = ("undecided", "accepted", "rejected")
"""What can be said of a sample."""


class VerdictConflict(StoreError):  # noqa: N818 - nothing is broken: two people disagree
    """Somebody else decided a sample meanwhile.

    Attributes:
        standing: the verdict that stands.
    """

    def __init__(self, standing: VerdictRecord) -> None:
        self.standing = standing
        time = standing.time.replace(tzinfo=UTC).astimezone()
        super().__init__(
            f"{standing.operator} decided this part meanwhile: {standing.new}, {time:%Y-%m-%d %H:%M}; "
            "look at it again and decide anew"
        )


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
    ) -> VerdictRecord:
        """Append a verdict of `VERDICTS`, durably: it survives a power cut.

        Args:
            sample_id: which sample.
            operator: who says it.
            new: the verdict.
            comment: in the operator's words.
            defect_class: of what is rejected, "" = not told.
            expected: the verdict that the operator saw; None = whatever stands.
            seen: number of the very record that must stand, as where one's own verdict is taken back; None = any.

        Raises:
            VerdictConflict: another verdict than the expected one stands; nothing has changed then.
            StoreError: there is no such sample, or the workspace cannot be written; nothing has changed then.
            ValueError: an unknown verdict, or a class of what is not rejected.
        """
        if new not in VERDICTS:
            raise ValueError(f"expected accepted, rejected or undecided, but got {new!r}")
        if defect_class and new != "rejected":
            raise ValueError(f"expected a defect class of a rejected part, but got {defect_class!r} for {new}")
        with self._database.session(durable=True) as session:
            newest = session.scalar(
                select(VerdictRow).where(VerdictRow.sample_id == sample_id).order_by(VerdictRow.id.desc()).limit(1)
            )
            old = newest.new if newest else "undecided"
            if newest is not None and (expected not in (None, old) or seen not in (None, newest.id)):
                raise VerdictConflict(to_record(VerdictRecord, newest))
            now = datetime.now(UTC)
            said = {"old": old, "new": new, "comment": comment, "defect_class": defect_class}
            row = VerdictRow(sample_id=sample_id, operator=operator, time=now, **said)
            session.add(row)
            session.flush()
            append_verdict(session, row)
            return to_record(VerdictRecord, row)

    def of_run(self, run_id: int) -> list[VerdictRecord]:
        """Return all verdicts of a run, oldest first."""
        query = select(VerdictRow).join(SampleRow).where(SampleRow.run_id == run_id).order_by(VerdictRow.id)
        with self._database.session() as session:
            return [to_record(VerdictRecord, row) for row in session.scalars(query)]
