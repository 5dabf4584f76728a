"""Judged parts as anomalib's Folder and Tabular data sets, so that a model can be trained of a reviewed batch."""

import re
from pathlib import Path

import numpy as np

from inspector.export.csv_files import write_csv
from inspector.export.datasets import DatasetWriter, JudgedSample, has_verdicts
from inspector.export.names import fit_name
from inspector.export.rendering import encode
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export
from inspector.files import replacing

COLUMNS = ("image_path", "label_index", "split", "mask_path")


class AnomalibWriter(DatasetWriter):
    """Writes `anomalib/normal`, `abnormal/<class>`, `mask/<class>` and `samples.csv`.

    Folder(root=..., normal_dir="normal", abnormal_dir="abnormal", mask_dir="mask") reads the folders, and
    Tabular(root=..., samples=pandas.read_csv("samples.csv")) the table: accepted parts train, but for those held
    back, all others test. Photo and mask of a part have the same name, by which anomalib pairs them.
    """

    parts = ("normal", "abnormal", "mask", "samples.csv")
    without_regions = True

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "anomalib")
        self._rows: list[tuple[str, int, str, str]] = []

    def keep(self, judged: JudgedSample) -> None:
        """Write photo and mask."""
        if not judged.kind:
            image = self.save_photo(judged, "normal")
            self._rows.append((image, 0, "test" if judged.held_back else "train", ""))
            return
        kind = name_folder(judged.kind)
        image, mask = self.save_photo(judged, f"abnormal/{kind}"), f"mask/{kind}/{judged.name}.png"
        with replacing(self.path / mask) as beside:
            above = judged.shown.full_map > judged.shown.run.map_threshold
            beside.write_bytes(encode(above.astype(np.uint8) * 255))
        self._rows.append((image, 1, "test", mask))

    def close(self) -> None:
        """Write the table."""
        write_csv(self.path / "samples.csv", COLUMNS, sorted(self._rows))


def name_folder(kind: str) -> str:
    """Name the folder of a class.

    Example:
        "scratch / dent" gives "scratch _ dent".
    """
    return fit_name(re.sub(r'[/\\:*?"<>|]', "_", kind), kind)


ANOMALIB = Export("Data set to train with (anomalib)", AnomalibWriter, has_verdicts)
