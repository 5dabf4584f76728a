"""Confirmed regions as labelme opens them: a JSON file of polygons beside each photo, to be corrected by hand."""

import json
from pathlib import Path
from typing import Any

from inspector.export.datasets import UNJUDGED, DatasetWriter, JudgedSample, has_verdicts
from inspector.export.outlines import outline_middles
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export

VERSION = "5.5.0"
"""Of labelme, whose files these are like."""


class LabelmeWriter(DatasetWriter):
    """Writes `labelme/photos`: photos and JSON files side by side."""

    parts = ("photos",)

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "labelme")

    def keep(self, judged: JudgedSample) -> None:
        """Write photo and polygons."""
        height, width = judged.shown.size
        file = self.save_photo(judged, "photos")
        shapes: list[dict[str, Any]] = [
            {
                "label": judged.kind,
                "points": [list(corner) for corner in marked.place(outline_middles(marked.own))],
                "group_id": None,
                "description": "",
                "shape_type": "polygon",
                "flags": {},
            }
            for marked in judged.regions
        ]
        content: dict[str, Any] = {
            "version": VERSION,
            "flags": {},
            "shapes": shapes,
            "imagePath": file.partition("/")[2],
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
        }
        with self.writing(f"photos/{judged.name}.json") as beside:
            beside.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


LABELME = Export("Confirmed regions (labelme)", LabelmeWriter, has_verdicts, UNJUDGED)
