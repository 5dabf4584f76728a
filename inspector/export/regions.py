"""The regions of all samples as CSV: one line each."""

from pathlib import Path

from inspector.export.csv_files import Cell, write_csv
from inspector.export.shown import FinishedRun, ShownSample
from inspector.export.writer import Export, Writer

COLUMNS = ("path", "region", "peak", "area_px", "area_mm2", "left", "top", "width", "height", "peak_x", "peak_y")


class RegionWriter(Writer):
    """Gathers the regions that count; places and lengths in pixels of the photo."""

    def __init__(self, run: FinishedRun, folder: Path) -> None:
        """Write `regions.csv`."""
        super().__init__(folder / "regions.csv")
        self._decimal, self._rows = run.decimal, list[list[Cell]]()

    def wants_more(self) -> bool:
        """All samples are listed."""
        return True

    def add(self, sample: ShownSample) -> None:
        """Take in the regions of a sample, highest peak first; area_mm2 is empty where the scale is unknown."""
        for number, region in enumerate(sample.regions, start=1):
            box = (region.x, region.y, region.width, region.height)
            areas = (region.area, sample.run.record.region_rule.to_mm2(region.area))
            self._rows.append([sample.record.name, number, region.peak, *areas, *box, region.peak_x, region.peak_y])

    def finish(self) -> None:
        """Write the file."""
        write_csv(self.path, COLUMNS, self._rows, decimal=self._decimal)


REGIONS = Export("Regions (CSV)", RegionWriter)
