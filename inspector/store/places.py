"""Where on the part the rejects of the runs have their regions.

Maps are read once: the centres of a sample's regions are kept, and found again only where the threshold was moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select

from inspector.decision.regions import RegionRule, defect_regions, level_regions
from inspector.errors import StoreError
from inspector.store.artefacts import Artefacts
from inspector.store.database import Database
from inspector.store.server import retries_when_lost
from inspector.store.tables import PlacesRow, RunRow, SampleRow
from inspector.store.tallies import Facts, choose, columns_of_facts, read_facts, standing_verdict

Centre = tuple[float, float]
"""(x, y) as shares of the width and height of a sample's picture, 0 to 1."""


@dataclass(frozen=True)
class SamplePlaces:
    """The centres of the regions of a reject."""

    facts: Facts
    centres: Sequence[Centre] = field(repr=False)


@retries_when_lost
class Places:
    """The regions of a workspace's rejects."""

    def __init__(self, database: Database, artefacts: Artefacts) -> None:
        """Serve a database and the maps beside it."""
        self._database, self._artefacts = database, artefacts

    def of_rejects(self, since: datetime | None = None, until: datetime | None = None) -> list[SamplePlaces]:
        """Return the region centres of all samples that were rejected, or flagged and not decided otherwise.

        Samples whose map is gone have none.

        Args:
            since: not before this time; None = from the first.
            until: before this time; None = to the last. Both know their zone.
        """
        found, fresh = [], []
        for row in self._list_rejects(since, until):
            sample_id, run_id, position, threshold, *facts, known_threshold, known = row[-9:]
            if known is None or known_threshold != threshold:
                known = self._measure(run_id, position, threshold, *facts)
                fresh.append({"sample_id": sample_id, "map_threshold": threshold, "centres": known})
            found.append(SamplePlaces(read_facts(row), [(x, y) for x, y in known]))
        self._keep(fresh)
        return found

    def _list_rejects(self, since: datetime | None, until: datetime | None) -> Sequence[Any]:
        own = (SampleRow.id, SampleRow.run_id, SampleRow.position, RunRow.map_threshold)
        facts = (RunRow.settings, SampleRow.height, SampleRow.width)
        kept = (PlacesRow.map_threshold, PlacesRow.centres)
        verdict = standing_verdict()
        flagged_open = SampleRow.flagged.is_(True) & or_(verdict.is_(None), verdict == "undecided")
        query = (
            choose(select(*columns_of_facts(), *own, *facts, *kept), since, until)
            .outerjoin(PlacesRow, PlacesRow.sample_id == SampleRow.id)
            .where(or_(verdict == "rejected", flagged_open), RunRow.map_threshold.is_not(None))
            .order_by(SampleRow.id)
        )
        with self._database.session() as session:
            return session.execute(query).all()

    def _measure(
        self,
        run_id: int,
        position: int,
        threshold: float,
        settings: Mapping[str, Any],
        rows: int | None,
        cols: int | None,
    ) -> list[list[float]]:
        """Return the middles of the regions of a sample that count; its photo has so many rows and columns."""
        try:
            anomaly_map = self._artefacts.load_map(run_id, position)
        except StoreError:
            return []
        height, width = anomaly_map.shape
        pixels = (rows or height) * (cols or width) / anomaly_map.size
        regions = defect_regions(level_regions(anomaly_map, threshold, RegionRule.of(settings), pixels), threshold)
        return [
            [round((region.x + region.width / 2) / width, 4), round((region.y + region.height / 2) / height, 4)]
            for region in regions
        ]

    def _keep(self, fresh: Sequence[dict[str, Any]]) -> None:
        if not fresh:
            return
        with self._database.session() as session:
            connection = session.connection()
            for some in (fresh[start : start + 500] for start in range(0, len(fresh), 500)):
                named = [row["sample_id"] for row in some]
                connection.execute(delete(PlacesRow).where(PlacesRow.sample_id.in_(named)))
                connection.execute(insert(PlacesRow), list(some))
