"""Confirmed regions as Pascal VOC: an XML file of boxes for each photo, and lists of photos."""

from pathlib import Path
from xml.etree import ElementTree

from inspector.export.datasets import UNJUDGED, DatasetWriter, JudgedSample, has_verdicts
from inspector.export.shown import FinishedRun
from inspector.export.writer import Export


class VocWriter(DatasetWriter):
    """Writes `voc/JPEGImages`, `voc/Annotations` and `voc/ImageSets/Main`.

    Boxes count pixels from 1, both ends included, as the VOC development kit does.
    """

    parts = ("JPEGImages", "Annotations", "ImageSets")

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Begin."""
        super().__init__(run, folder / "voc")
        self._names: dict[str, list[str]] = {"train": [], "val": [], "trainval": []}

    def keep(self, judged: JudgedSample) -> None:
        """Write photo and boxes."""
        height, width = judged.shown.size
        folder, _, file = self.save_photo(judged, "JPEGImages").partition("/")
        root = ElementTree.Element("annotation")
        for name, text in (("folder", folder), ("filename", file)):
            ElementTree.SubElement(root, name).text = text
        ElementTree.SubElement(ElementTree.SubElement(root, "source"), "database").text = "mutual inspector"
        _add_numbers(root, "size", {"width": width, "height": height, "depth": 3})
        _add_numbers(root, "segmented", 0)
        for region in (marked.region for marked in judged.regions):
            item = ElementTree.SubElement(root, "object")
            ElementTree.SubElement(item, "name").text = judged.kind
            ElementTree.SubElement(item, "pose").text = "Unspecified"
            for flag in ("truncated", "difficult"):
                _add_numbers(item, flag, 0)
            ends = {"xmax": region.x + region.width, "ymax": region.y + region.height}
            _add_numbers(item, "bndbox", {"xmin": region.x + 1, "ymin": region.y + 1, **ends})
        ElementTree.indent(root)
        with self.writing(f"Annotations/{judged.name}.xml") as beside:
            ElementTree.ElementTree(root).write(beside, encoding="utf-8")
        for split in ("val" if judged.held_back else "train", "trainval"):
            self._names[split].append(judged.name)

    def close(self) -> None:
        """Write the lists."""
        for split, names in self._names.items():
            with self.writing(f"ImageSets/Main/{split}.txt") as beside:
                beside.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _add_numbers(parent: ElementTree.Element, name: str, given: dict[str, int] | int) -> None:
    """Add a number, or numbers by name."""
    element = ElementTree.SubElement(parent, name)
    if isinstance(given, int):
        element.text = str(given)
    else:
        for inner, number in given.items():
            _add_numbers(element, inner, number)


VOC = Export("Confirmed regions (Pascal VOC)", VocWriter, has_verdicts, UNJUDGED)
