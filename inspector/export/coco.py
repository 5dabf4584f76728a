"""Confirmed regions as COCO JSON: photos, boxes and polygons (the data format of https://cocodataset.org)."""

import json
from pathlib import Path
from typing import Any

from inspector import __version__
from inspector.export.datasets import UNJUDGED, DatasetWriter, JudgedSample, has_verdicts
from inspector.export.outlines import outline_edges
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export


class CocoWriter(DatasetWriter):
    """Writes `coco/images` and `coco/annotations.json`; photos without annotation are of accepted parts."""

    parts = ("images", "annotations.json")

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "coco")
        self._images: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []

    def keep(self, judged: JudgedSample) -> None:
        """Write the photo, and note its regions."""
        height, width = judged.shown.size
        file = self.save_photo(judged, "images")
        image = {"id": len(self._images) + 1, "file_name": file.partition("/")[2], "width": width, "height": height}
        known = judged.shown.record.identity
        self._images.append({**image, "source": judged.shown.record.name, **({"part": known} if known else {})})
        for marked in judged.regions:
            region = marked.region
            self._annotations.append(
                {
                    "id": len(self._annotations) + 1,
                    "image_id": image["id"],
                    "category_id": self.classes.index(judged.kind) + 1,
                    "bbox": [region.x, region.y, region.width, region.height],
                    "area": region.area,
                    "segmentation": [[value for corner in marked.place(outline_edges(marked.own)) for value in corner]],
                    "iscrowd": 0,
                    "score": region.peak,
                }
            )

    def close(self) -> None:
        """Write the annotations."""
        run = self.run.record
        content = {
            "info": {"description": f"Run {run.id} of {run.root}", "contributor": f"mutual inspector {__version__}"},
            "images": self._images,
            "annotations": self._annotations,
            "categories": [
                {"id": number, "name": name, "supercategory": "defect"} for number, name in enumerate(self.classes, 1)
            ],
        }
        with self.writing("annotations.json") as beside:
            beside.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


COCO = Export("Confirmed regions (COCO)", CocoWriter, has_verdicts, UNJUDGED)
