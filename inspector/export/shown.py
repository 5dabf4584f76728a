"""What exports are given: a finished run, and its samples with all that can be shown of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.data.photos import read_image
from inspector.decision.regions import Region, defect_regions, level_regions
from inspector.errors import StoreError
from inspector.export.csv_files import Decimal
from inspector.export.names import LONGEST_PATH, name_files
from inspector.export.rendering import Pixels, draw_contours, lay_over
from inspector.export.words import Language
from inspector.geometry.grid import stretch_map
from inspector.store.records import RunRecord, SampleRecord, rank_samples
from inspector.store.workspace import Workspace


@dataclass(frozen=True)
class FinishedRun:
    """A run that is done.

    Attributes:
        workspace: where it is.
        record: the run.
        samples: all of it, in batch order.
        display_range: map values of the coldest and the hottest colour.
        map_threshold: map values above it are defects.
        decimal: what stands before decimals in tables.
        language: of reports.
    """

    workspace: Workspace
    record: RunRecord
    samples: Sequence[SampleRecord] = field(repr=False)
    display_range: tuple[float, float]
    map_threshold: float
    decimal: Decimal = "point"
    language: Language = "en"

    @classmethod
    def load(
        cls, workspace: Workspace, run_id: int, decimal: Decimal = "point", language: Language = "en"
    ) -> "FinishedRun":
        """Read a run and its samples.

        Raises:
            StoreError: there is no such run, or it is not done.
        """
        run = workspace.runs.get(run_id)
        if run.status != "done" or run.display_range is None or run.map_threshold is None:
            raise StoreError(f"run {run_id} is {run.status}, not done; finish it with `resume`")
        return cls(
            workspace, run, workspace.runs.samples(run_id), run.display_range, run.map_threshold, decimal, language
        )

    def ranked(self, room: int = LONGEST_PATH) -> Iterator["ShownSample"]:
        """Yield the samples that have a score, the highest first; each loads its files when they are asked for.

        Args:
            room: bytes that the names of their files may take.
        """
        ranking = rank_samples(self.samples)
        names = name_files(ranking, room)
        for sample in ranking:
            yield ShownSample(self, sample, names[sample.position])


class ShownSample:
    """A sample that has a score; photo, map and cloud are read once, when first asked for.

    All raise InputError or StoreError where a file is gone, damaged or another one by now.

    Attributes:
        run: the run.
        record: the sample.
        file_name: name of its files, without suffix; may hold folders.
    """

    def __init__(self, run: FinishedRun, record: SampleRecord, file_name: str) -> None:
        """Show `record`."""
        self.run, self.record, self.file_name = run, record, file_name

    @cached_property
    def photo(self) -> Pixels:
        """The photo, or the picture kept of the cloud."""
        path = self.run.workspace.artefacts.picture_of(self.record) or Path()
        return read_image(path, self.run.record.ranges, self.record.photo_sha256)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the photo in pixels."""
        if self.record.height and self.record.width:
            return self.record.height, self.record.width
        return self.photo.shape[0], self.photo.shape[1]

    @cached_property
    def stored_map(self) -> NDArray[np.float32]:
        """The map as it is kept: (h, w), aligned with the photo as the run says."""
        return self.run.workspace.artefacts.load_map(self.record.run_id, self.record.position)

    @cached_property
    def full_map(self) -> NDArray[np.float32]:
        """The map at the size of the photo."""
        return self.stretch_map(self.size)

    @cached_property
    def defect_map(self) -> NDArray[np.float32]:
        """The map at the size of the photo, without the regions that do not count."""
        return self.count_regions(self.full_map)

    @cached_property
    def regions(self) -> list[Region]:
        """The regions that count, in pixels of the photo, highest peak first."""
        return defect_regions(self.defect_map, self.run.map_threshold)

    def count_regions(self, anomaly_map: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return its map at any size without the regions that do not count."""
        pixels = self.size[0] * self.size[1] / anomaly_map.size
        return level_regions(anomaly_map, self.run.map_threshold, self.run.record.region_rule, pixels)

    def stretch_map(self, size: tuple[int, int]) -> NDArray[np.float32]:
        """Return the map at a size (H, W) that the photo is shown at."""
        return stretch_map(self.stored_map, size, self.run.record.alignment)

    @cached_property
    def overlay(self) -> Pixels:
        """The photo with its map and the outline of what lies above the threshold."""
        size = self.photo.shape[:2]  # another than was scored, where the file has been replaced since
        same = size == self.size
        anomaly_map = self.full_map if same else self.stretch_map(size)
        laid = lay_over(self.photo, anomaly_map, self.run.display_range)
        counted = self.defect_map if same else self.count_regions(anomaly_map)
        return draw_contours(laid, counted, self.run.map_threshold)

    @cached_property
    def cloud(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]] | None:
        """Points, scores and pixels of the cloud as it was scored; None where there is none."""
        return self.run.workspace.artefacts.load_cloud(self.record.run_id, self.record.position)
