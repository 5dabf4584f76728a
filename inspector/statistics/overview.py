"""All that the statistics page and the shift report show, gathered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from inspector.data.photos import read_image
from inspector.errors import InspectorError
from inspector.export.rendering import Pixels, lay_over
from inspector.statistics.control_charts import ControlChart, make_chart
from inspector.statistics.counts import Counts, add_up
from inspector.statistics.pareto import count_places
from inspector.statistics.selection import ChartPoint, GroupBy, Selection, group
from inspector.statistics.shifts import Shift
from inspector.store.places import SamplePlaces
from inspector.store.tallies import Tally
from inspector.store.workspace import Workspace

PICTURE_SIDE = 256
"""Pixels of the sides of a heat map of places where no typical part can be shown."""


@dataclass(frozen=True)
class Overview:
    """Statistics of what was selected.

    Attributes:
        counts: all samples together.
        by: what a point of the chart is.
        groups: the points.
        chart: None where there is no point.
        rejects: how many rejects have each kind of defect; those without have the name "".
        last_run: the newest run that was selected; None where nothing was.
    """

    counts: Counts
    by: GroupBy
    groups: Sequence[ChartPoint] = field(repr=False)
    chart: ControlChart | None = field(repr=False)
    rejects: dict[str, int]
    last_run: int | None


@dataclass(frozen=True)
class PlacesShown:
    """Where rejects have their regions: counts on a grid, and a typical part to lay them over (None = no picture)."""

    grid: NDArray[np.int64] = field(repr=False)
    typical: Pixels | None = field(repr=False)

    @property
    def picture(self) -> Pixels:
        """The grid as a heat map over the typical part, or over grey where there is none."""
        ground = np.full((PICTURE_SIDE, PICTURE_SIDE, 3), 128, np.uint8) if self.typical is None else self.typical
        height, width = ground.shape[:2]
        rows, columns = (np.arange(length) * len(self.grid) // length for length in (height, width))
        heat = self.grid.astype(np.float32)[np.ix_(rows, columns)]
        return lay_over(ground, heat, (0.0, max(1.0, float(self.grid.max()))))


def summarise(tallies: Sequence[Tally], selection: Selection, by: GroupBy, shifts: Sequence[Shift]) -> Overview:
    """Compute all statistics but the places of regions.

    Args:
        tallies: in the order of time.
        selection: which parts count.
        by: what a point of the chart is.
        shifts: of the station.
    """
    chosen = [tally for tally in tallies if selection.takes(tally.facts, shifts)]
    groups = group(chosen, by, shifts)
    chart = make_chart([g.counts.rejected for g in groups], [g.counts.parts for g in groups])
    rejects: Counter[str] = Counter()
    for tally in chosen:
        if tally.facts.flagged is not None and tally.facts.is_rejected:
            rejects[tally.facts.defect] += tally.count
    last = max((tally.facts.run_id for tally in chosen), default=None)
    return Overview(add_up(chosen), by, groups, chart, dict(rejects), last)


def show_places(
    store: Workspace, found: Iterable[SamplePlaces], selection: Selection, shifts: Sequence[Shift], run_id: int | None
) -> PlacesShown:
    """Count the places of regions of the selected rejects.

    Args:
        store: where the typical part is read.
        found: places of rejects.
        selection: which of them count.
        shifts: of the station.
        run_id: run of which a sample is shown as the typical part; None = none is.
    """
    chosen = (centre for place in found if selection.takes(place.facts, shifts) for centre in place.centres)
    return PlacesShown(count_places(chosen), None if run_id is None else _load_typical(store, run_id))


def read_overview(
    store: Workspace,
    selection: Selection,
    by: GroupBy,
    shifts: Sequence[Shift],
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Overview, PlacesShown]:
    """Read tallies and places of a span of time, and compute all statistics of the selected parts.

    Args:
        store: the workspace.
        selection: which parts count.
        by: what a point of the chart is.
        shifts: of the station.
        since, until: times with zone; None = no limit.

    Raises:
        StoreError: the workspace cannot be read.
    """
    overview = summarise(store.tallies.count(since, until), selection, by, shifts)
    places = show_places(store, store.places.of_rejects(since, until), selection, shifts, overview.last_run)
    return overview, places


def _load_typical(store: Workspace, run_id: int) -> Pixels | None:
    sample = store.tallies.find_typical(run_id)
    if sample is None:
        return None
    try:
        return read_image(store.artefacts.thumbnail_path(run_id, sample.position))
    except InspectorError:
        return None
