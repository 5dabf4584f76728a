"""Judged parts as anomalib's Folder and Tabular data sets, so that a model can be trained of a reviewed batch."""

import re
from pathlib import Path

from inspector.export.csv_files import write_csv
from inspector.export.datasets import UNJUDGED, DatasetWriter, JudgedSample, has_verdicts
from inspector.export.masks import encode_mask
from inspector.export.names import fit_name
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export

COLUMNS = ("image_path", "label_index", "split", "mask_path")


class AnomalibWriter(DatasetWriter):
    """Writes `anomalib/normal`, `normal_test`, `abnormal/<class>`, `mask/<class>` and `samples.csv`.

    Folder(root=..., normal_dir="normal", normal_test_dir="normal_test", abnormal_dir="abnormal", mask_dir="mask") reads
    the folders, and Tabular(root=..., samples=pandas.read_csv("samples.csv")) the table: accepted parts train, but for
    those held back, all others test; and so do accepted views of a part of which another view was rejected. Photo and
    mask of a part have the same name, by which anomalib pairs them.
    """

    parts = ("normal", "normal_test", "abnormal", "mask", "samples.csv")
    without_regions = True

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "anomalib")
        self._rows: list[tuple[str, int, str, str]] = []

    def keep(self, judged: JudgedSample) -> None:
        """Write photo and mask."""
        if not judged.kind:
            split = "test" if judged.held_back or self.is_of_rejected(judged.shown) else "train"
            image = self.save_photo(judged, "normal" if split == "train" else "normal_test")
            self._rows.append((image, 0, split, ""))
            return
        kind = name_folder(judged.kind)
        image, mask = self.save_photo(judged, f"abnormal/{kind}"), f"mask/{kind}/{judged.name}.png"
        with self.writing(mask) as beside:
            beside.write_bytes(encode_mask(judged.shown))
        self._rows.append((image, 1, "test", mask))

    def close(self) -> None:
        """Write the table."""
        with self.writing("samples.csv") as beside:
            write_csv(beside, COLUMNS, sorted(self._rows))


def name_folder(kind: str) -> str:
    """Name the folder of a class.

    Example:
        "scratch / dent" gives "scratch _ dent".
    """
    plain = re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", kind).rstrip(". ")  # Windows drops what stands at the end
    return fit_name(plain or "_", kind)


ANOMALIB = Export("Data set to train with (anomalib)", AnomalibWriter, has_verdicts, UNJUDGED)
