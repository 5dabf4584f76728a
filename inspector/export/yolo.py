"""Confirmed regions as YOLO reads them: a text file of boxes for each photo, and a YAML file that names all."""

from pathlib import Path

import yaml

from inspector.export.datasets import UNJUDGED, DatasetWriter, JudgedSample, has_verdicts
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export


class YoloWriter(DatasetWriter):
    """Writes `yolo/images`, `yolo/labels`, each with `train` and `val`, and `yolo/data.yaml`.

    A line of a label file is a box: the number of its class from 0, the middle x and y, width and height, as shares of
    the photo's width and height. The file of an accepted part is empty.
    """

    parts = ("images", "labels", "data.yaml")

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "yolo")

    def keep(self, judged: JudgedSample) -> None:
        """Write photo and boxes."""
        height, width = judged.shown.size
        split = "val" if judged.held_back else "train"
        lines = []
        for region in (marked.region for marked in judged.regions):
            middle = ((region.x + region.width / 2) / width, (region.y + region.height / 2) / height)
            shares = (*middle, region.width / width, region.height / height)
            lines.append(" ".join([str(self.classes.index(judged.kind)), *(f"{share:.6f}" for share in shares)]))
        self.save_photo(judged, f"images/{split}")
        with self.writing(f"labels/{split}/{judged.name}.txt") as beside:
            beside.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")

    def close(self) -> None:
        """Write what names all."""
        names = dict(enumerate(self.classes))
        content = {"path": str(self.path.absolute()), "train": "images/train", "val": "images/val", "names": names}
        with self.writing("data.yaml") as beside:
            beside.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


YOLO = Export("Confirmed regions (YOLO)", YoloWriter, has_verdicts, UNJUDGED)
