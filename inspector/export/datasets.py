"""What exports for training have in common: judged parts, what is wrong with them and where, and their photos."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.data.photos import is_deep, read_bytes
from inspector.data.pixels.pillow_photo import find_orientation
from inspector.decision.regions import Region, defect_regions
from inspector.errors import InputError
from inspector.export.names import fit_name
from inspector.export.outlines import Outline
from inspector.export.rendering import encode
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Writer
from inspector.export.written import WrittenFiles
from inspector.files import replacing
from inspector.store.parts import number_parts
from inspector.store.records import RunRecord
from inspector.store.standing import list_standing
from inspector.store.workspace import Workspace

UNNAMED = "defect"
"""Class of what was rejected without one."""

HELD_BACK = 5
"""Of so many accepted parts, and of so many rejected ones, one is held back for testing."""

COPIED = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
"""Photos that every program reads, by suffix: copied as they are, where they also are what their suffix says."""

UNFIT = re.compile(r'[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufffe\uffff<>:"/\\|?*]+')
"""What stands in no name of a file in a data set: blanks, control characters, what Windows refuses."""

NOTE = "dataset.txt"
"""Says what a dataset was made of, and by whom."""


@dataclass(frozen=True, eq=False)
class MarkedRegion:
    """A region of a rejected part: its box and size in pixels of the photo, and which pixels of the box are its own."""

    region: Region
    own: NDArray[np.bool_] = field(repr=False)

    def place(self, outline: Outline) -> list[tuple[float, float]]:
        """Return the corners of an outline of `own` in the photo."""
        return [(x + self.region.x, y + self.region.y) for x, y in outline]


@dataclass(frozen=True)
class JudgedSample:
    """A sample with a verdict.

    Attributes:
        shown: the sample.
        name: of its files, without folders and suffix; no other has it.
        kind: class of what is wrong with it; "" where it was accepted.
        regions: where; of accepted ones none.
        held_back: whether it is for testing: all views of a part are, or none.
    """

    shown: ShownSample
    name: str
    kind: str
    regions: tuple[MarkedRegion, ...] = field(repr=False)
    held_back: bool


class DatasetWriter(Writer):
    """Writes the samples that operators judged into a folder of its own; those without verdict are left out.

    Attributes:
        classes: names of what is wrong, in the order of the product's list; those that are not on it come last.
    """

    parts: tuple[str, ...] = ()
    """Files and folders in the folder, which an earlier export may have left."""
    without_regions = False
    """Whether rejected samples in whose map nothing lies above the threshold are written, too."""

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin the dataset of a run in a folder.

        Raises:
            StoreError: there is something that would be lost; see `WrittenFiles.check`.
        """
        super().__init__(folder)
        self.run = run
        self._standing = list_standing(run.workspace.verdicts.of_run(run.record.id))
        used = [said.defect_class or UNNAMED for said in self._standing.values() if said.verdict == "rejected"]
        self.classes = list(dict.fromkeys([*run.workspace.classes.of_run(run.record), *used]))
        self._counts: Counter[str] = Counter()
        self._part_of = dict(zip((sample.id for sample in run.samples), number_parts(run.samples), strict=True))
        rejected = (sample for sample, said in self._standing.items() if said.verdict == "rejected")
        self._rejected = {self._part_of[sample] for sample in rejected}
        self._held_back: dict[int, bool] = {}
        self._written = WrittenFiles(folder, self.parts, run.record)
        self._written.check()

    def start(self) -> None:
        """Remove what an earlier export of the run left."""
        for part in self.parts:
            path = self.path / part
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        self._written.begin()
        self._write_note("this export was not finished")

    def keep(self, judged: JudgedSample) -> None:
        """Write a sample. Raises as `add`."""
        raise NotImplementedError

    def close(self) -> None:
        """Write what needs all samples."""

    def add(self, sample: ShownSample) -> None:
        """Write a sample that has a verdict."""
        standing = self._standing.get(sample.record.id)
        if standing is None or standing.verdict == "undecided":
            self._counts["undecided"] += 1
            return
        rejected = standing.verdict == "rejected"
        regions = mark_regions(sample.defect_map, sample.run.map_threshold) if rejected else ()
        if rejected and not regions:
            self._counts["nowhere"] += 1
            if not self.without_regions:
                return
        kind = (standing.defect_class or UNNAMED) if rejected else ""
        self.keep(JudgedSample(sample, name_flat(sample), kind, regions, self._hold_back(sample)))
        self._counts["rejected" if rejected else "accepted"] += 1

    def finish(self) -> None:
        """Write what needs all samples, and the note."""
        self.close()
        kept = f"{self._counts['accepted']} accepted and {self._counts['rejected']} rejected"
        told = [f"{kept} photos of run {self.run.record.id}"]
        if self._counts["undecided"]:
            told.append(f"left out: {self._counts['undecided']} without a verdict")
        if self._counts["nowhere"]:
            what = "with an empty mask" if self.without_regions else "left out"
            told.append(f"{what}: {self._counts['nowhere']} rejected, without a region in the map")
        self._write_note("; ".join(told))
        self.remark = "; ".join(told[1:])

    def save_photo(self, judged: JudgedSample, folder: str) -> str:
        """Write the photo of a sample, as it is where every program reads it, else as PNG; return its path inside.

        Raises:
            InputError: it cannot be read, or is another one, or of another size, than was scored.
        """
        path = PurePosixPath(folder) / f"{judged.name}{_find_suffix(judged.shown)}"
        source = judged.shown.record.image
        if source and path.suffix in COPIED and _is_plain(judged.shown):
            content = read_bytes(source, judged.shown.record.photo_sha256)
        else:
            photo = judged.shown.photo
            if source and photo.shape[:2] != judged.shown.size:
                raise InputError(f"{source} has another size than when it was scored; put the photo of then back")
            content = encode(photo)
        with self.writing(str(path)) as beside:
            beside.write_bytes(content)
        return str(path)

    def is_of_rejected(self, sample: ShownSample) -> bool:
        """Whether a view of its part was rejected, this one or another."""
        return self._part_of[sample.record.id] in self._rejected

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Write a file as `replacing` does; it is one that a later export of the run may replace.

        Args:
            name: its path in the folder, in one of `parts`.
        """
        with replacing(self.path / name) as beside:
            yield beside
        self._written.add(name)

    def _hold_back(self, sample: ShownSample) -> bool:
        part = self._part_of[sample.record.id]
        if part not in self._held_back:
            kind = "bad parts" if part in self._rejected else "good parts"
            self._held_back[part] = self._counts[kind] % HELD_BACK == 1
            self._counts[kind] += 1
        return self._held_back[part]

    def _write_note(self, text: str) -> None:
        with replacing(self.path / NOTE) as beside:
            beside.write_text(f"Written by the mutual inspector: {text}.\n", encoding="utf-8")


UNJUDGED = "nobody has accepted or rejected a part of the run yet"
"""Why it is no dataset."""


def has_verdicts(workspace: Workspace, run: RunRecord) -> bool:
    """Say whether any sample of a run was accepted or rejected."""
    return any(said.verdict != "undecided" for said in list_standing(workspace.verdicts.of_run(run.id)).values())


def mark_regions(anomaly_map: NDArray[np.float32], threshold: float) -> tuple[MarkedRegion, ...]:
    """Return the regions of a map with their pixels, highest peak first.

    Args:
        anomaly_map: (H, W) float32, at the size of the photo.
        threshold: values above it belong to a region.
    """
    regions = defect_regions(anomaly_map, threshold)
    return tuple(MarkedRegion(region, _mark_own(anomaly_map, threshold, region)) for region in regions)


def _mark_own(anomaly_map: NDArray[np.float32], threshold: float, region: Region) -> NDArray[np.bool_]:
    """Return which pixels of a region's box belong to it, (height, width) bool: others may lie in it, too."""
    x, y, width, height = region.x, region.y, region.width, region.height
    above = (anomaly_map[y : y + height, x : x + width] > threshold).astype(np.uint8)
    _, marks = cv2.connectedComponents(above, connectivity=8)
    return np.asarray(marks == marks[region.peak_y - y, region.peak_x - x])


def name_flat(sample: ShownSample) -> str:
    """Name the files of a sample without folders: its place in the run tells it apart, and orders all alike.

    Names have no blanks, for lists of them (VOC's) are parted there, and nothing that Windows or XML refuse.
    """
    last = sample.record.name.rpartition("/")[2].rpartition(".")[0] or "part"
    plain = UNFIT.sub("_", last[:60])
    return fit_name(f"{sample.record.position:06d}_{plain}", sample.record.name)


def _find_suffix(sample: ShownSample) -> str:
    suffix = Path(sample.record.image or "").suffix.lower()
    return suffix if suffix in COPIED and _is_plain(sample) else ".png"


def _is_plain(sample: ShownSample) -> bool:
    """Whether a photo is what its suffix says, of 8 bits, and lies as it is shown."""
    path = Path(sample.record.image or "")
    try:
        with Image.open(path) as photo:
            upright = find_orientation(photo) == 1 and photo.size == sample.size[::-1]
            is_named = photo.format == COPIED.get(path.suffix.lower())
            return upright and is_named and photo.mode in ("L", "RGB") and not is_deep(path)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
