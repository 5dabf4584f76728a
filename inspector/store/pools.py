"""The pools of watched runs as people look at them and change them; the job that watches takes changes up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select, update

from inspector.errors import StoreError
from inspector.store.audit import append_pool_change
from inspector.store.database import Database
from inspector.store.records import SampleRecord, to_record
from inspector.store.server import retries_when_lost
from inspector.store.tables import PoolChangeRow, SampleRow, WatchRow
from inspector.store.users import require
from inspector.store.watches import Watches

POOL_CHANGES = ("put in", "taken out")
"""What people do with a part of a pool; one that is there already and put in stays for good."""

Reason = Literal["given", "warm-up", "learnt", "put in"]
"""Why a part judges: it was given as good, one of the first, a good one that came later, or somebody wanted it so."""


@dataclass(frozen=True)
class PoolChangeRecord:
    """Who put which part of a run into its pool, or took it out, and when (UTC)."""

    id: int
    run_id: int
    position: int
    operator: str
    time: datetime
    new: str


@dataclass(frozen=True)
class PoolMember:
    """A part that judges others.

    Attributes:
        sample: the part.
        reason: why it judges.
        time: since when, UTC.
        operator: who put it in; "" where nobody did.
    """

    sample: SampleRecord
    reason: Reason
    time: datetime
    operator: str = ""


@retries_when_lost
class Pools:
    """The pools of a workspace's watched runs."""

    def __init__(self, database: Database, watches: Watches) -> None:
        """Serve a database."""
        self._database, self._watches = database, watches

    def members(self, run_id: int) -> list[PoolMember]:
        """Return the parts that judge, the longest there first; none before the run is calibrated.

        Raises:
            StoreError: it is no watched run.
        """
        state = self._watches.get(run_id).pool
        if state is None:
            return []
        wanted = {*state["members"], *state.get("joined", {}).values()}
        found = self._watches.arrived(run_id, positions=wanted)
        rows = {arrived.position: (sample, arrived) for sample, arrived in found}
        by_hand = {change.position: change for change in self.changes(run_id) if change.new == "put in"}
        members = []
        for position in state["members"]:
            sample, arrived = rows[position]
            joined = state.get("joined", {}).get(str(position), position)
            if position in state.get("by_hand", ()) and position in by_hand:
                change = by_hand[position]
                members.append(PoolMember(sample, "put in", change.time, change.operator))
            elif arrived.given:
                members.append(PoolMember(sample, "given", arrived.time))
            elif joined == position:
                members.append(PoolMember(sample, "warm-up", arrived.time))
            else:
                members.append(PoolMember(sample, "learnt", rows[joined][1].time))
        return members

    def change(self, run_id: int, position: int, operator: str, new: str) -> PoolChangeRecord:
        """Put a part into the pool of its run, or take it out: durably, and with an entry in the audit chain.

        The job that watches, or the next one that takes the run up, does it within some seconds.

        Args:
            run_id, position: which part.
            operator: who wants it so.
            new: one of `POOL_CHANGES`.

        Raises:
            StoreError: there is no such part, it cannot be read or was rejected, or the workspace cannot be written.
            ValueError: another word.
        """
        if new not in POOL_CHANGES:
            raise ValueError(f"expected one of {', '.join(POOL_CHANGES)}, but got {new!r}")
        if new == "put in" and self._watches.rejected(run_id, [position]):
            raise StoreError(f"part {position + 1} of run {run_id} was rejected: accept it before it judges others")
        with self._database.session(durable=True) as session:
            require(session, self._database, "pool")
            part = (SampleRow.run_id == run_id, SampleRow.position == position, SampleRow.status == "ok")
            if session.scalar(select(SampleRow.id).where(*part)) is None or session.get(WatchRow, run_id) is None:
                raise StoreError(f"run {run_id} has no part {position + 1} that could judge others")
            now = datetime.now(UTC)
            row = PoolChangeRow(run_id=run_id, position=position, operator=operator, time=now, new=new)
            session.add(row)
            session.flush()
            append_pool_change(session, row)
            return to_record(PoolChangeRecord, row)

    def changes(self, run_id: int, after: int = 0) -> list[PoolChangeRecord]:
        """Return what people changed in the pool of a run, oldest first, from after a record's number on."""
        wanted = (PoolChangeRow.run_id == run_id, PoolChangeRow.id > after)
        with self._database.session() as session:
            rows = session.scalars(select(PoolChangeRow).where(*wanted).order_by(PoolChangeRow.id))
            return [to_record(PoolChangeRecord, row) for row in rows]

    def keep(self, run_id: int, state: Mapping[str, Any]) -> None:
        """Write the state of a pool, durably."""
        with self._database.session(durable=True) as session:
            session.execute(update(WatchRow).where(WatchRow.run_id == run_id).values(pool=dict(state)))
