"""Runs and their samples in the database: begun, read, finished, listed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update

from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch
from inspector.decision.calibration import BY_HAND, Calibration
from inspector.errors import StoreError
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.audit import append_folder, append_part, list_states
from inspector.store.carried import Carried, carry_verdicts
from inspector.store.claims import hold_claim, is_not_lost
from inspector.store.database import Database
from inspector.store.records import (
    Modality,
    RunRecord,
    RunResult,
    RunStatus,
    SampleReading,
    SampleRecord,
    SampleResult,
    SampleStatus,
    ThresholdChangeRecord,
    to_record,
)
from inspector.store.run_rows import Place, add_run, find_run, keep_results, record_move, update_samples
from inspector.store.server import retries_when_lost
from inspector.store.tables import GroupRow, PlacesRow, RunRow, SampleRow, ThresholdChangeRow
from inspector.store.users import require


@retries_when_lost
class Runs:
    """The runs of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    # Writing: the engine

    def create(self, batch: Batch, settings: ScanSettings, recipe: Recipe | None = None) -> int:
        """Add a run of this program and its samples, none of which is read yet; return its number. `hold` it next."""
        with self._database.session() as session:
            require(session, self._database, "scan")
            return add_run(session, batch, settings, recipe)

    @contextmanager
    def hold(self, run_id: int) -> Iterator[None]:
        """Hold a run while it is being scanned: no other program can take it up, and all see that it is alive.

        Raises:
            StoreError: there is no such run, or it is being scanned already.
        """
        with hold_claim(self._database, self.get(run_id)):
            yield

    def begin(self, run_id: int, *, device: str, weights_sha256: str, modality: Modality) -> None:
        """Write what a run is being scanned with: "cpu" or "cuda", the weights of the image network ("" = none)."""
        self._update(run_id, {"device": device, "modality": modality, "weights_sha256": weights_sha256})

    def keep_value_range(self, run_id: int, ranges: Ranges) -> None:
        """Write the scales that the photos of a run are read on."""
        pairs = {scale: [list(limits) for limits in channels] for scale, channels in ranges.items()}
        self._update(run_id, {"value_range": pairs})

    def add_notes(self, run_id: int, notes: Sequence[str], *, instead: Sequence[str] = ()) -> None:
        """Add what an operator should know of a whole run; what it says already is not said twice.

        Args:
            run_id: which run.
            notes: what to add.
            instead: notes that these take the place of.
        """
        with self._database.session() as session:
            run = find_run(session, run_id, self._database.folder)
            stay = [note for note in run.notes if note not in instead]
            run.notes = list(dict.fromkeys([*stay, *notes]))

    def end(self, run_id: int, status: RunStatus, message: str) -> None:
        """Note that a run ended before it was done, and why; nothing where another program has taken it up."""
        self._update(run_id, {"status": status, "message": message}, is_not_lost(self._database, run_id))

    def count_unreadable(self, run_id: int, count: int) -> None:
        """Note how many samples of a run cannot be used."""
        self._update(run_id, {"unreadable": count})

    def keep_readings(self, run_id: int, readings: Sequence[SampleReading]) -> None:
        """Write what was read of some samples."""
        with self._database.session() as session:
            update_samples(session, run_id, [asdict(reading) for reading in readings])

    def keep_reasons(self, run_id: int, status: SampleStatus, reasons: Mapping[int, str]) -> None:
        """Write anew whether some samples, by position, can be used, and what an operator should know of each."""
        rows = [{"position": position, "status": status, "reason": reason} for position, reason in reasons.items()]
        with self._database.session() as session:
            update_samples(session, run_id, rows)

    def move_files(self, run_id: int, root: str, paths: Sequence[Place], operator: str = "") -> None:
        """Write durably where folder and files of a run lie now, and in the audit chain who says so.

        Args:
            run_id: which run.
            root: its folder.
            paths: of its samples.
            operator: who says so; "" = who is signed in.

        Raises:
            NotAllowed: who is signed in may not.
            RunMissing: there is no such run.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "locate")
            run = find_run(session, run_id, self._database.folder)
            append_folder(session, run, root, operator or self._database.signed_in)
            run.root = root
            update_samples(session, run_id, [dict(each) for each in paths])

    def keep_identity(self, run_id: int, position: int, identity: Mapping[str, str], operator: str = "") -> None:
        """Write durably which part a sample shows, and in the audit chain who typed it.

        Args:
            run_id, position: which sample.
            identity: group -> text; what is empty is left out.
            operator: who typed it; "" = who is signed in.

        Raises:
            NotAllowed: who is signed in may not.
        """
        kept = {group: text.strip() for group, text in identity.items() if text.strip()}
        with self._database.session(durable=True) as session:
            require(session, self._database, "part")
            place = (SampleRow.run_id == run_id, SampleRow.position == position)
            sample = session.scalar(select(SampleRow).where(*place))
            if sample is not None and sample.identity != kept:
                append_part(session, sample, kept, operator or self._database.signed_in)
                sample.identity = kept

    def keep_codes(self, run_id: int, identities: Mapping[int, Mapping[str, str]]) -> None:
        """Write which parts samples show by the codes in their photos, by position; what somebody typed stands."""
        with self._database.session() as session:
            typed = {fields["position"] for kind, fields in list_states(session, run_id) if kind == "part"}
            read = [{"position": p, "identity": dict(found)} for p, found in identities.items() if p not in typed]
            update_samples(session, run_id, read)

    def finish(
        self, run_id: int, results: Sequence[SampleResult], result: RunResult, carried: Carried | None = None
    ) -> list[str]:
        """Write all scores and close the run as done; carry verdicts over, and return what is noted of that."""
        columns = {
            "status": "done",
            "finished": datetime.now(UTC),
            "rescoring": result.rescoring,
            "timings": result.timings,
        }
        with self._database.session(durable=carried is not None) as session:
            keep_results(session, run_id, results, result.calibration)
            notes = carry_verdicts(session, run_id, carried) if carried else []
            if notes:
                columns["notes"] = [*find_run(session, run_id, self._database.folder).notes, *notes]
            session.execute(update(RunRow).where(RunRow.id == run_id).values(columns))
        return notes

    def judge_again(
        self,
        run_id: int,
        results: Sequence[SampleResult],
        calibration: Calibration,
        followed: Mapping[int, bool],
        operator: str,
        *,
        expected: float | None,
    ) -> bool:
        """Write the scores of a run anew, as people have marked its groups; the threshold's move is on record.

        Args:
            run_id: a run that is done.
            results: of all samples that have scores.
            calibration: the scales that they are on.
            followed: by the number of a group in the workspace, whether the scores follow it.
            operator: whose mark it was.
            expected: the threshold that stood when the scores were found.

        Returns:
            Whether they were written; False where the threshold has moved meanwhile: nothing has changed then.
        """
        with self._database.session(durable=True) as session:
            require(session, self._database, "mark")
            before = find_run(session, run_id, self._database.folder)
            if before.threshold != expected:
                return False
            if before.threshold != calibration.threshold or before.map_threshold != calibration.map_threshold:
                maps = (before.map_threshold, calibration.map_threshold)
                record_move(session, before, (before.threshold, calibration.threshold), maps, operator)
            keep_results(session, run_id, results, calibration)
            for group_id, follows in followed.items():
                session.execute(update(GroupRow).where(GroupRow.id == group_id).values(corrected=follows))
            of_run = select(SampleRow.id).where(SampleRow.run_id == run_id)
            session.execute(delete(PlacesRow).where(PlacesRow.sample_id.in_(of_run)))  # found on the maps of before
        return True

    def set_threshold(
        self,
        run_id: int,
        threshold: float,
        map_threshold: float,
        operator: str = "",
        *,
        sure: bool = True,
        why: str = BY_HAND,
        expected: float | None = None,
    ) -> None:
        """Move the threshold of a run that has scores, decide all its samples by it, and keep who did so, and why.

        Args:
            run_id: which run.
            threshold: on the scale of final scores; where it stands there already, no move is kept.
            map_threshold: on the scale of the maps.
            operator: who moves it.
            sure: whether it tells good from bad.
            why: how it came about, in one sentence.
            expected: where it stood when the operator moved it; None = wherever it stands.

        Raises:
            StoreError: there is no such run, it has no scores yet, somebody else has moved its threshold meanwhile, or
                the workspace cannot be written; nothing has changed then.
        """
        scored = (SampleRow.run_id == run_id, SampleRow.final.is_not(None))
        with self._database.session(durable=True) as session:
            require(session, self._database, "threshold")
            before = find_run(session, run_id, self._database.folder)
            if before.threshold is None:
                raise StoreError(f"run {run_id} has no scores yet, which a threshold goes by; set it when it has them")
            if expected is not None and before.threshold != expected:
                raise StoreError(
                    f"the threshold of run {run_id} was moved meanwhile: it is {before.threshold} now; look at it again"
                )
            if before.threshold != threshold:
                moves = ((before.threshold, threshold), (before.map_threshold, map_threshold))
                record_move(session, before, *moves, operator)
            session.execute(update(SampleRow).where(*scored).values(flagged=SampleRow.final > threshold))
            flagged = session.scalar(select(func.count(SampleRow.id)).where(*scored, SampleRow.flagged.is_(True)))
            values: dict[str, Any] = {"threshold": threshold, "map_threshold": map_threshold, "flagged": flagged}
            if before.calibration is not None:
                values["calibration"] = {**before.calibration, "threshold": threshold, "sure": sure, "why": why}
            session.execute(update(RunRow).where(RunRow.id == run_id).values(values))

    def threshold_changes(self, run_id: int) -> list[ThresholdChangeRecord]:
        """Return all moves of a run's threshold, oldest first."""
        rows = select(ThresholdChangeRow).where(ThresholdChangeRow.run_id == run_id).order_by(ThresholdChangeRow.id)
        with self._database.session() as session:
            return [to_record(ThresholdChangeRecord, row) for row in session.scalars(rows)]

    # Reading: everybody

    def all(self) -> list[RunRecord]:
        """Return all runs, newest first."""
        with self._database.session() as session:
            return [to_record(RunRecord, row) for row in session.scalars(select(RunRow).order_by(RunRow.id.desc()))]

    def get(self, run_id: int) -> RunRecord:
        """Return one run.

        Raises:
            RunMissing: there is none of this number.
        """
        with self._database.session() as session:
            return to_record(RunRecord, find_run(session, run_id, self._database.folder))

    def samples(self, run_id: int, first: int = 0, count: int | None = None) -> list[SampleRecord]:
        """Return the samples of a run in the order of its batch, from a position on; at most `count`, None = all."""
        wanted = (SampleRow.run_id == run_id, SampleRow.position >= first)
        query = select(SampleRow).where(*wanted).order_by(SampleRow.position).limit(count)
        with self._database.session() as session:
            return [to_record(SampleRecord, row) for row in session.scalars(query)]

    def _update(self, run_id: int, values: dict[str, Any], *where: ColumnElement[bool]) -> None:
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == run_id, *where).values(values))
