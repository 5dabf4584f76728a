"""The workspace: runs, samples and verdicts in SQLite, maps and thumbnails as files beside it."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import platformdirs
from numpy.typing import NDArray
from sqlalchemy import JSON, ForeignKey, Index, create_engine, event, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from inspector import __version__
from inspector.data.samples import Batch
from inspector.errors import StoreError
from inspector.files import replacing
from inspector.settings import ScanSettings

SCHEMA = 1
"""Version of the tables, kept in SQLite's user_version."""


class Base(DeclarativeBase):
    """The tables of a workspace."""


class Run(Base):
    """One scan of one batch.

    `status` is "running", "done", "cancelled" or "failed"; all but "done" can be resumed. `threshold` and the
    `decision` of samples are on the scale of `final` scores, `map_threshold` and the display range
    (`map_low`, `map_high`) on the scale of the maps. `timings` are seconds by stage.
    """

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    status: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    root: Mapped[str]
    layout: Mapped[str]
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[str]
    backbone: Mapped[str]
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


class SampleRow(Base):
    """One part of a run: what was read, what it scored, what was decided."""

    __tablename__ = "sample"
    __table_args__ = (Index("sample_of_run", "run_id", "position", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    image: Mapped[str | None]
    cloud: Mapped[str | None]
    mask: Mapped[str | None]
    label: Mapped[bool | None]
    kind: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")
    raw_score: Mapped[float | None]
    rescored: Mapped[float | None]
    final: Mapped[float | None]
    flagged: Mapped[bool | None]


class Verdict(Base):
    """What an operator said of a sample, and when. Rows are only ever added."""

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), index=True)
    operator: Mapped[str]
    time: Mapped[datetime]
    old: Mapped[str]
    new: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class SampleResult:
    """What scoring found for one sample; written by `Store.finish_run`."""

    position: int
    raw_score: float
    rescored: float | None
    final: float
    flagged: bool


def default_workspace() -> Path:
    """Return the user's own data folder for the inspector."""
    return Path(platformdirs.user_data_dir("mutual-inspector", appauthor=False))


class Store:
    """One workspace folder: `inspector.db` and `runs/<id>/` with maps and thumbnails."""

    def __init__(self, folder: Path) -> None:
        """Open a workspace, making it where there is none.

        Raises:
            StoreError: the folder cannot be made or written, or belongs to a newer version.
        """
        self.folder = folder
        self._engine = _open(folder)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # Writing: the engine

    def create_run(self, batch: Batch, settings: ScanSettings) -> int:
        """Add a run and its samples, all waiting; return its number."""
        with self._session() as session:
            run = Run(
                created=datetime.now(UTC),
                status="running",
                root=str(batch.root.resolve()),
                layout=batch.layout,
                notes=list(batch.notes),
                settings=json.loads(settings.model_dump_json()),
                version=__version__,
                backbone=settings.backbone,
                samples=len(batch.samples),
            )
            session.add(run)
            session.flush()
            session.add_all(
                SampleRow(
                    run_id=run.id,
                    position=position,
                    name=sample.name,
                    image=str(sample.image) if sample.image else None,
                    cloud=str(sample.cloud) if sample.cloud else None,
                    mask=str(sample.mask) if sample.mask else None,
                    label=sample.label,
                    kind=sample.kind,
                )
                for position, sample in enumerate(batch.samples)
            )
            session.commit()
            return run.id

    def update_run(self, run_id: int, **values: Any) -> None:
        """Change columns of a run."""
        with self._session() as session:
            session.execute(update(Run).where(Run.id == run_id).values(**values))
            session.commit()

    def update_samples(self, run_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
        """Change columns of samples; each row names its sample by `position`."""
        with self._session() as session:
            query = select(SampleRow.position, SampleRow.id).where(SampleRow.run_id == run_id)
            ids = {row.position: row.id for row in session.execute(query)}
            changes = [{"id": ids[row["position"]], **row} for row in rows]
            if changes:
                session.execute(update(SampleRow), changes)
            session.commit()

    def save_map(self, run_id: int, position: int, anomaly_map: NDArray[np.float32]) -> None:
        """Keep the anomaly map of a sample: (h, w) float32, corners on the corners of its photo."""
        path = self.map_path(run_id, position)
        with replacing(path) as beside, beside.open("wb") as file:
            np.save(file, anomaly_map.astype(np.float32))

    def save_thumbnail(self, run_id: int, position: int, jpeg: bytes) -> None:
        """Keep a small picture of a sample."""
        path = self.thumbnail_path(run_id, position)
        with replacing(path) as beside:
            beside.write_bytes(jpeg)

    def save_picture(self, run_id: int, position: int, png: bytes) -> Path:
        """Keep the picture of a sample that has no photo; return where it lies."""
        path = self.run_folder(run_id) / "pictures" / f"{position:06d}.png"
        with replacing(path) as beside:
            beside.write_bytes(png)
        return path

    def save_cloud(
        self,
        run_id: int,
        position: int,
        points: NDArray[np.float32],
        scores: NDArray[np.float32],
        pixels: NDArray[np.int64],
    ) -> None:
        """Keep the scored points of a sample.

        Args:
            run_id, position: which sample.
            points: (M, 3) in the unit of the file.
            scores: (M,) on the scale of the maps.
            pixels: (M,) row x W + col of each point in the sample's picture of H x W pixels; -1 = not shown there.
        """
        with replacing(self.cloud_path(run_id, position)) as beside, beside.open("wb") as file:
            np.savez(file, points=points, scores=scores, pixels=pixels)

    def finish_run(self, run_id: int, results: Sequence[SampleResult], **values: Any) -> None:
        """Write all scores and close the run as done."""
        self.update_samples(run_id, (asdict(result) for result in results))
        flagged = sum(result.flagged for result in results)
        self.update_run(run_id, status="done", finished=datetime.now(UTC), flagged=flagged, **values)

    def set_threshold(self, run_id: int, threshold: float, map_threshold: float) -> None:
        """Move the threshold of a run that has scores, and decide all its samples by it."""
        scored = (SampleRow.run_id == run_id, SampleRow.final.is_not(None))
        with self._session() as session:
            session.execute(update(SampleRow).where(*scored).values(flagged=SampleRow.final > threshold))
            flagged = session.scalar(select(func.count(SampleRow.id)).where(*scored, SampleRow.flagged.is_(True)))
            values = {"threshold": threshold, "map_threshold": map_threshold, "flagged": flagged}
            session.execute(update(Run).where(Run.id == run_id).values(**values))
            session.commit()

    # Reading: everybody

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        with self._session() as session:
            return list(session.scalars(select(Run).order_by(Run.id.desc())))

    def run(self, run_id: int) -> Run:
        """Return one run.

        Raises:
            StoreError: there is none of this number.
        """
        with self._session() as session:
            found = session.get(Run, run_id)
        if found is None:
            raise StoreError(f"there is no run {run_id} in {self.folder}; `inspector runs` lists them")
        return found

    def samples(self, run_id: int) -> list[SampleRow]:
        """Return the samples of a run in the order of its batch."""
        query = select(SampleRow).where(SampleRow.run_id == run_id).order_by(SampleRow.position)
        with self._session() as session:
            return list(session.scalars(query))

    def load_map(self, run_id: int, position: int) -> NDArray[np.float32]:
        """Return the anomaly map of a sample, (h, w) float32.

        Raises:
            StoreError: the file is missing or damaged.
        """
        path = self.map_path(run_id, position)
        try:
            loaded: NDArray[np.float32] = np.load(path)
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"the map {path} is missing or damaged; scan the batch again") from error
        return loaded

    def load_cloud(
        self, run_id: int, position: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]] | None:
        """Return points, scores and pixels of a sample as `save_cloud` keeps them; None where it has no cloud.

        Raises:
            StoreError: the file is damaged.
        """
        path = self.cloud_path(run_id, position)
        if not path.exists():
            return None
        try:
            with np.load(path) as arrays:
                return arrays["points"], arrays["scores"], arrays["pixels"]
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
            raise StoreError(f"the cloud {path} is damaged; scan the batch again") from error

    def modality(self, run_id: int) -> Literal["2d", "3d", "2d+3d"]:
        """Return what was scored in a run that is done; its settings may only say "auto"."""
        samples = [sample for sample in self.samples(run_id) if sample.status == "ok"]
        photos = any(sample.image and not Path(sample.image).is_relative_to(self.folder) for sample in samples)
        if not any(self.cloud_path(run_id, sample.position).exists() for sample in samples):
            return "2d"
        return "2d+3d" if photos else "3d"

    def cloud_path(self, run_id: int, position: int) -> Path:
        """Return where the scored points of a sample lie, if it has any."""
        return self.run_folder(run_id) / "clouds" / f"{position:06d}.npz"

    def map_path(self, run_id: int, position: int) -> Path:
        """Return where the map of a sample lies."""
        return self.run_folder(run_id) / "maps" / f"{position:06d}.npy"

    def thumbnail_path(self, run_id: int, position: int) -> Path:
        """Return where the thumbnail of a sample lies."""
        return self.run_folder(run_id) / "thumbnails" / f"{position:06d}.jpg"

    def run_folder(self, run_id: int) -> Path:
        """Return the folder of a run's files."""
        return self.folder / "runs" / str(run_id)

    # Verdicts: the operator

    def add_verdict(self, sample_id: int, operator: str, new: str, comment: str = "") -> Verdict:
        """Append a verdict ("accepted", "rejected" or "undecided") to the audit table."""
        if new not in ("accepted", "rejected", "undecided"):
            raise ValueError(f"expected accepted, rejected or undecided, but got {new!r}")
        with self._session() as session:
            verdict = Verdict(
                sample_id=sample_id,
                operator=operator,
                time=datetime.now(UTC),
                old=_current_verdict(session, sample_id),
                new=new,
                comment=comment,
            )
            session.add(verdict)
            session.commit()
            return verdict

    def verdicts(self, run_id: int) -> list[Verdict]:
        """Return all verdicts of a run, oldest first."""
        query = select(Verdict).join(SampleRow).where(SampleRow.run_id == run_id).order_by(Verdict.id)
        with self._session() as session:
            return list(session.scalars(query))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                yield session
        except SQLAlchemyError as error:
            raise StoreError(f"the workspace {self.folder} cannot be used: {_cause(error)}") from error


def _current_verdict(session: Session, sample_id: int) -> str:
    newest = select(Verdict.new).where(Verdict.sample_id == sample_id).order_by(Verdict.id.desc()).limit(1)
    return session.scalar(newest) or "undecided"


def _open(folder: Path) -> Engine:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot make the workspace {folder}: {error.strerror}; choose one with --workspace"
        ) from error
    engine = create_engine(f"sqlite:///{folder / 'inspector.db'}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_connection)
    try:
        with engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if found == 0:
                Base.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
    except SQLAlchemyError as error:
        raise StoreError(
            f"cannot open the workspace {folder}: {_cause(error)}; choose another one with --workspace"
        ) from error
    if found > SCHEMA:
        raise StoreError(f"the workspace {folder} was made by a newer version; update the inspector")
    return engine


def _prepare_connection(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
