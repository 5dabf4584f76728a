"""The files of a run beside the database: maps, pictures, thumbnails, scored clouds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from inspector.errors import StoreAway, StoreError
from inspector.files import may_pass, replacing
from inspector.store.arrays import DAMAGED, to_npy
from inspector.store.records import SampleRecord


@contextmanager
def write_file(path: str | Path) -> Iterator[Path]:
    """Give a path to write to, as `replacing` does.

    Raises:
        StoreAway: it cannot be written now, as where the disk is full.
        StoreError: it cannot be written.
    """
    try:
        with replacing(path) as beside:
            yield beside
    except OSError as error:
        told = f"cannot write {path}: {error.strerror or error}; make room there, or choose another workspace"
        raise (StoreAway if may_pass(error) else StoreError)(told) from error


INCOMING = ".incoming-"
"""Begins the name of the folder of a run that is being handed over."""


class Artefacts:
    """Files of runs, `runs/<id>/...` in the folder of a workspace; each is replaced as a whole or not at all."""

    def __init__(self, folder: str | Path) -> None:
        """Serve the workspace in `folder`."""
        self._folder = Path(folder)

    def save_map(self, run_id: int, position: int, anomaly_map: NDArray[np.float32], *, plain: bool = False) -> None:
        """Keep the anomaly map of a sample: (h, w) float32, aligned with its photo as the run says.

        Args:
            run_id, position: which sample.
            anomaly_map: the map.
            plain: it is that without the correction for recurring defects, kept beside the corrected one.
        """
        path = self.map_path(run_id, position, plain=plain)
        with write_file(path) as beside:
            beside.write_bytes(to_npy(anomaly_map.astype(np.float32)))

    def save_corrected(self, run_id: int, group: int, position: int, anomaly_map: NDArray[np.float32]) -> None:
        """Keep the map of a sample where scores follow one group alone.

        Args:
            run_id, position: which sample.
            group: number of the group in the run.
            anomaly_map: (h, w) float32.
        """
        with write_file(self.corrected_path(run_id, group, position)) as beside:
            beside.write_bytes(to_npy(anomaly_map.astype(np.float32)))

    def save_point_scores(
        self, run_id: int, position: int, scores: NDArray[np.float32], group: int | None = None
    ) -> None:
        """Keep the scores of a sample's points where scores follow one group alone; None = none.

        Args:
            run_id, position: which sample.
            scores: (M,), as for `save_cloud`.
            group: number of the group in the run.
        """
        with write_file(self.point_scores_path(run_id, position, group)) as beside:
            beside.write_bytes(to_npy(scores.astype(np.float32)))

    def save_thumbnail(self, run_id: int, position: int, jpeg: bytes) -> None:
        """Keep a small picture of a sample."""
        path = self.thumbnail_path(run_id, position)
        with write_file(path) as beside:
            beside.write_bytes(jpeg)

    def save_picture(self, run_id: int, position: int, png: bytes) -> None:
        """Keep the picture of a sample that has no photo."""
        with write_file(self.picture_path(run_id, position)) as beside:
            beside.write_bytes(png)

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
        with write_file(self.cloud_path(run_id, position)) as beside, beside.open("wb") as file:
            np.savez(file, points=points, scores=scores, pixels=pixels)

    def load_map(
        self, run_id: int, position: int, *, plain: bool = False, group: int | None = None
    ) -> NDArray[np.float32]:
        """Return the anomaly map of a sample, (h, w) float32.

        Args:
            run_id, position: which sample.
            plain: that without correction for recurring defects.
            group: that where scores follow the group of this number alone.

        Raises:
            StoreError: the file is missing or damaged.
        """
        path = self.map_path(run_id, position, plain=plain)
        if group is not None:
            path = self.corrected_path(run_id, group, position)
        try:
            loaded: NDArray[np.float32] = np.load(path)
            if loaded.ndim != 2 or loaded.dtype != np.float32 or not loaded.size:
                raise ValueError("no map")
        except DAMAGED as error:
            raise StoreError(f"the map {path} is missing or damaged; scan the batch again") from error
        return loaded

    def load_point_scores(self, run_id: int, position: int, group: int | None = None) -> NDArray[np.float32]:
        """Return what `save_point_scores` kept, (M,) float32.

        Raises:
            StoreError: the file is missing or damaged.
        """
        path = self.point_scores_path(run_id, position, group)
        try:
            loaded: NDArray[np.float32] = np.load(path)
        except DAMAGED as error:
            raise StoreError(f"the scores {path} are missing or damaged; scan the batch again") from error
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
        except DAMAGED as error:
            raise StoreError(f"the cloud {path} is damaged; scan the batch again") from error

    def cloud_path(self, run_id: int, position: int) -> Path:
        """Return where the scored points of a sample lie, if it has any."""
        return self.run_folder(run_id) / "clouds" / f"{position:06d}.npz"

    def map_path(self, run_id: int, position: int, *, plain: bool = False) -> Path:
        """Return where the map of a sample lies; with `plain`, that without correction, if there is any."""
        return self.run_folder(run_id) / ("plain_maps" if plain else "maps") / f"{position:06d}.npy"

    def corrected_path(self, run_id: int, group: int, position: int) -> Path:
        """Return where the map of a member lies as it is where scores follow its group alone, if that was kept."""
        return self.run_folder(run_id) / "corrected_maps" / str(group) / f"{position:06d}.npy"

    def point_scores_path(self, run_id: int, position: int, group: int | None = None) -> Path:
        """Return where the scores of a member's points lie, beside its map of the same kind."""
        map_path = (
            self.map_path(run_id, position, plain=True)
            if group is None
            else self.corrected_path(run_id, group, position)
        )
        return map_path.with_suffix(".points.npy")

    def picture_of(self, sample: SampleRecord) -> Path | None:
        """Return the file that shows a sample: its photo, or the picture that is kept of its cloud; None before."""
        if sample.picture:
            return self.picture_path(sample.run_id, sample.position)
        return Path(sample.image) if sample.image else None

    def picture_path(self, run_id: int, position: int) -> Path:
        """Return where the picture of a sample without photo lies."""
        return self.run_folder(run_id) / "pictures" / f"{position:06d}.png"

    def thumbnail_path(self, run_id: int, position: int) -> Path:
        """Return where the thumbnail of a sample lies."""
        return self.run_folder(run_id) / "thumbnails" / f"{position:06d}.jpg"

    @contextmanager
    def hold_maps(self, run_id: int) -> Iterator[None]:
        """Hold the maps of a run, so that no other program writes them anew at the same time; waits for its turn.

        Raises:
            StoreError: the folder cannot be written.
        """
        folder = self.run_folder(run_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "maps.lock"):
                yield
        except OSError as error:
            raise StoreError(f"cannot write {folder}: {error.strerror or error}") from error

    def note_maps_under_way(self, run_id: int) -> None:
        """Note, for good, that maps of a run are being written anew and may not be what its scores say."""
        with write_file(self._under_way(run_id)) as beside:
            beside.touch()

    def note_maps_done(self, run_id: int) -> None:
        """Take that note back."""
        self._under_way(run_id).unlink(missing_ok=True)

    def are_maps_under_way(self, run_id: int) -> bool:
        """Tell whether somebody began to write maps of a run anew and has not come to the end."""
        return self._under_way(run_id).exists()

    def _under_way(self, run_id: int) -> Path:
        return self.run_folder(run_id) / "maps-under-way"

    def run_folder(self, run_id: int) -> Path:
        """Return the folder of a run's files."""
        return self._folder / "runs" / str(run_id)

    def are_gone(self, run_id: int, *, maps: bool = False) -> bool:
        """Tell whether a run has no folder, or none of `maps`; on a share that does not answer now it may well have."""
        try:
            (self.map_path(run_id, 0).parent if maps else self.run_folder(run_id)).stat()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False
