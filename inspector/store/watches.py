"""Runs whose parts come one by one: each part is written whole or not at all, and outlives a power cut."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.errors import StoreError
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.claims import is_not_lost
from inspector.store.database import Database
from inspector.store.records import SampleReading, SampleRecord, SampleResult, to_record
from inspector.store.run_rows import add_run, find_held_run, list_scales
from inspector.store.server import retries_when_lost
from inspector.store.tables import ArrivalRow, RunRow, SampleRow, VerdictRow, WatchRow
from inspector.store.users import require


@dataclass(frozen=True)
class WatchRecord:
    """How a run is watched, and what it has learnt.

    Attributes:
        run_id: which.
        options: as the job keeps them.
        ignored: [size, mtime_ns] by name of files that are no parts of it.
        usual: median score of the parts it was calibrated by; None before.
        pool: state of the pool of judges; None before it was calibrated.
        reported: how many of its parts were handed on.
    """

    run_id: int
    options: dict[str, Any]
    ignored: dict[str, list[int]] = field(repr=False)
    usual: float | None
    pool: dict[str, Any] | None = field(repr=False)
    reported: int


@dataclass(frozen=True)
class Arrived:
    """How a part arrived, and what was found on it besides its score.

    Attributes:
        position: its place in the run.
        given: whether it was there from the start, to be judged by, and did not arrive.
        file: its path in the folder, with "/" between folders; the same again where a file was replaced. Of a part with
            photo and cloud, that of the photo.
        size, mtime_ns: of the file, in bytes and nanoseconds since the epoch.
        content: name of its tokens; "" where it cannot be read.
        time: when it was judged, UTC.
        seconds: from the complete file to the verdict.
        threshold: that it was decided by.
        peak_x, peak_y: where its map is highest, in pixels of the photo.
        brightness: mean of its pixels, 0..1.
        reject_rate: share of flagged parts among the latest, this one among them.
        level: median score of the latest parts as a multiple of `WatchRecord.usual`.
        cloud_file, cloud_size, cloud_mtime_ns: of the cloud of a part with photo and cloud.
    """

    position: int
    given: bool
    file: str
    size: int
    mtime_ns: int
    content: str
    time: datetime
    seconds: float
    threshold: float | None = None
    peak_x: float | None = None
    peak_y: float | None = None
    brightness: float | None = None
    reject_rate: float | None = None
    level: float | None = None
    cloud_file: str | None = None
    cloud_size: int | None = None
    cloud_mtime_ns: int | None = None

    @property
    def peak(self) -> tuple[float, float] | None:
        """Where its map is highest, (x, y); None where it has none."""
        return None if self.peak_x is None or self.peak_y is None else (self.peak_x, self.peak_y)


@dataclass(frozen=True)
class NewPart:
    """All that is written of one part.

    Attributes:
        sample: its file.
        reading: what reading found.
        result: what scoring found; None where it cannot be read.
        arrived: how it came.
        replaced: position of an earlier part whose file it replaced, or None.
    """

    sample: Sample
    reading: SampleReading
    result: SampleResult | None
    arrived: Arrived
    replaced: int | None = None


@retries_when_lost
class Watches:
    """The watched runs of a workspace."""

    def __init__(self, database: Database) -> None:
        """Serve a database."""
        self._database = database

    def create(
        self,
        batch: Batch,
        settings: ScanSettings,
        options: Mapping[str, Any],
        ignored: Mapping[str, Sequence[int]],
        recipe: Recipe | None = None,
    ) -> int:
        """Add a run without parts; return its number. `Runs.hold` it next.

        Args:
            batch: its folder, without samples.
            settings: how parts are scored.
            options: of the job, see `WatchOptions.to_json`.
            ignored: (size, mtime_ns) by name of files in the folder that are no parts.
            recipe: what the settings come from, if anything.

        Raises:
            NotAllowed: who is signed in may not scan.
        """
        kept = {name: list(stamp) for name, stamp in ignored.items()}
        with self._database.session(durable=True) as session:
            require(session, self._database, "scan")
            run_id = add_run(session, batch, settings, recipe)
            session.add(WatchRow(run_id=run_id, options=dict(options), ignored=kept))
        return run_id

    def get(self, run_id: int) -> WatchRecord:
        """Return how a run is watched.

        Raises:
            StoreError: it is none whose parts come one by one.
        """
        with self._database.session() as session:
            row = session.get(WatchRow, run_id)
            if row is None:
                raise StoreError(f"run {run_id} is a scan of a batch, not a watched folder")
            return to_record(WatchRecord, row)

    def find_latest(self, root: str) -> int | None:
        """Return the newest watched run of a folder."""
        query = select(func.max(RunRow.id)).join(WatchRow, WatchRow.run_id == RunRow.id).where(RunRow.root == root)
        with self._database.session() as session:
            return session.scalar(query)

    def calibrate(
        self,
        run_id: int,
        parts: Sequence[NewPart],
        calibration: Calibration,
        *,
        usual: float,
        pool: Mapping[str, Any],
    ) -> None:
        """Write the first parts, and what was learnt of them, durably; nothing where that is written already.

        Args:
            run_id: which run.
            parts: in the order of their positions.
            calibration: threshold and scales that they gave.
            usual: their median score.
            pool: state of the pool that they began.

        Raises:
            StoreError: another program has taken up the run.
        """
        with self._database.session(durable=True) as session:
            find_held_run(session, run_id, self._database)
            if _is_written(session, run_id, parts[-1]):
                return
            session.execute(update(RunRow).where(RunRow.id == run_id).values(list_scales(calibration)))
            _add_parts(session, run_id, parts)
            session.execute(update(WatchRow).where(WatchRow.run_id == run_id).values(usual=usual, pool=dict(pool)))

    def add(self, run_id: int, part: NewPart, *, pool: Mapping[str, Any]) -> bool:
        """Write a part and the pool after it, durably; nothing where that is written already.

        Returns:
            Whether it was written; False where the threshold has moved since it was decided: decide it anew.

        Raises:
            StoreError: another program has taken up the run.
        """
        with self._database.session(durable=True) as session:
            threshold = find_held_run(session, run_id, self._database).threshold
            if _is_written(session, run_id, part):
                return True
            if part.result is not None and threshold != part.arrived.threshold:
                return False
            _add_parts(session, run_id, [part])
            session.execute(update(WatchRow).where(WatchRow.run_id == run_id).values(pool=dict(pool)))
        return True

    def keep_reported(self, run_id: int, count: int) -> None:
        """Note that the first so many parts were handed on."""
        with self._database.session() as session:
            session.execute(update(WatchRow).where(WatchRow.run_id == run_id).values(reported=count))

    def move_files(self, run_id: int, position: int, path: str | Path, cloud: str | Path | None = None) -> None:
        """Write where the files of a part lie now.

        Args:
            run_id, position: which part.
            path: of its photo, or of its cloud where it has no photo.
            cloud: of the cloud of a part with both; None = it has not moved.
        """
        same, now = (SampleRow.run_id == run_id, SampleRow.position == position), str(Path(path).absolute())
        moved = {"image": now} if cloud is None else {"image": now, "cloud": str(Path(cloud).absolute())}
        with self._database.session() as session:
            session.execute(update(SampleRow).where(*same, SampleRow.image.is_(None)).values(cloud=now))
            session.execute(update(SampleRow).where(*same, SampleRow.image.is_not(None)).values(moved))

    def arrived(
        self, run_id: int, first: int = 0, positions: Collection[int] | None = None
    ) -> list[tuple[SampleRecord, Arrived]]:
        """Return parts and how they arrived, in their order: from a position on, or those at some positions."""
        wanted = SampleRow.position >= first if positions is None else SampleRow.position.in_(positions)
        query = select(SampleRow, ArrivalRow).join(ArrivalRow, _SAME_PART).where(SampleRow.run_id == run_id, wanted)
        query = query.order_by(SampleRow.position)
        with self._database.session() as session:
            rows = session.execute(query).all()
            return [(to_record(SampleRecord, sample), to_record(Arrived, arrival)) for sample, arrival in rows]

    def find_latest_of(self, run_id: int, file: str) -> tuple[str, Arrived] | None:
        """Return the part that was found last in a file, with its name; None where there is none."""
        query = (
            select(SampleRow.name, ArrivalRow)
            .join(ArrivalRow, _SAME_PART)
            .where(ArrivalRow.run_id == run_id, ArrivalRow.file == file)
            .order_by(ArrivalRow.position.desc())
            .limit(1)
        )
        with self._database.session() as session:
            row = session.execute(query).first()
            return None if row is None else (row[0], to_record(Arrived, row[1]))

    def holds_name(self, run_id: int, name: str) -> bool:
        """Tell whether a part has a name."""
        query = select(SampleRow.id).where(SampleRow.run_id == run_id, SampleRow.name == name).limit(1)
        with self._database.session() as session:
            return session.scalar(query) is not None

    def judged(self, run_id: int, stamps: Collection[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
        """Return the photos and clouds of parts that arrived which had one of some sizes and times.

        Args:
            run_id: which run.
            stamps: (bytes, nanoseconds since the epoch), at most some hundred.

        Returns:
            Where each was found, once for each part, and its size and time; without those in whose place a file of
            another size or time was judged later.
        """
        found: list[tuple[str, tuple[int, int]]] = []
        with self._database.session() as session:
            for kind in _KINDS_OF_FILES:
                rows = session.execute(_select_judged(run_id, kind, [time for _, time in stamps]))
                found.extend((file, (size, time)) for file, size, time in rows if (size, time) in stamps)
        return found

    def rejected(self, run_id: int, positions: Collection[int]) -> set[int]:
        """Return which of some positions are those of parts that operators rejected, by the verdict that stands."""
        said = aliased(VerdictRow)
        last = select(func.max(said.id)).where(said.sample_id == SampleRow.id, said.kind != "comment")
        query = (
            select(SampleRow.position)
            .join(VerdictRow, VerdictRow.id == last.scalar_subquery())
            .where(SampleRow.run_id == run_id, SampleRow.position.in_(positions), VerdictRow.new == "rejected")
        )
        with self._database.session() as session:
            return set(session.scalars(query))

    def finish(self, run_id: int) -> None:
        """Close a run as done, unless another program holds it now; it can be taken up again all the same."""
        values = {"status": "done", "finished": datetime.now(UTC)}
        mine = is_not_lost(self._database, run_id)
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == run_id, mine).values(values))


_SAME_PART = (ArrivalRow.run_id == SampleRow.run_id) & (ArrivalRow.position == SampleRow.position)

_KINDS_OF_FILES = (("file", "size", "mtime_ns"), ("cloud_file", "cloud_size", "cloud_mtime_ns"))
"""The columns of the file of a part, and of the cloud of a part that has both."""


def _select_judged(run_id: int, kind: Sequence[str], times: Sequence[int]) -> Select[str, int, int]:
    """Select the files of some times that were not replaced by the file of a part that was judged later.

    Args:
        run_id: which run.
        kind: the columns of the files.
        times: nanoseconds since the epoch.
    """
    row: Any = ArrivalRow
    file, size, time = [getattr(row, name) for name in kind]
    query = select(file, size, time).where(row.run_id == run_id, row.given.is_(False), time.in_(times))
    query = query.where(file != "")  # of clouds, the index has those that are there, and is used where that is said
    for another_kind in _KINDS_OF_FILES:
        later: Any = aliased(ArrivalRow)
        place, bytes_, moment = [getattr(later, name) for name in another_kind]
        another = (bytes_ != size) | (moment != time)
        query = query.where(
            ~exists().where(later.run_id == run_id, place == file, later.position > row.position, another)
        )
    return query


def _is_written(session: Session, run_id: int, part: NewPart) -> bool:
    """Tell whether a part is in its run, as where the server went away before it answered, and it is written again."""
    place = (ArrivalRow.run_id == run_id, ArrivalRow.position == part.arrived.position)
    return session.scalar(select(ArrivalRow.position).where(*place)) is not None


def _add_parts(session: Session, run_id: int, parts: Sequence[NewPart]) -> None:
    for part in parts:
        sample, result = part.sample, {} if part.result is None else asdict(part.result)
        paths = {"image": sample.image, "cloud": sample.cloud}
        files = {"name": sample.name, **{what: str(path) for what, path in paths.items() if path is not None}}
        session.execute(insert(SampleRow).values({"run_id": run_id, **files, **asdict(part.reading), **result}))
        session.execute(insert(ArrivalRow).values({"run_id": run_id, **asdict(part.arrived)}))
        if part.replaced is not None:
            place = (SampleRow.run_id == run_id, SampleRow.position == part.replaced)
            told = f"its file was replaced by that of {sample.name}"
            session.execute(update(SampleRow).where(*place, SampleRow.status == "ok").values(reason=told))
    counts: dict[str, Any] = {
        "samples": RunRow.samples + len(parts),
        "flagged": RunRow.flagged + sum(part.result is not None and part.result.flagged for part in parts),
        "unreadable": RunRow.unreadable + sum(part.result is None for part in parts),
    }
    session.execute(update(RunRow).where(RunRow.id == run_id).values(counts))
