"""What the stages of a scan share: reading, comparison, maps, decision."""

from dataclasses import dataclass

from inspector.data.part_model import PartModel
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch, tell_of
from inspector.events import Event, Report
from inspector.geometry.roi import Roi
from inspector.jobs.engine import ALONE, Engine
from inspector.jobs.preparation import Preparation
from inspector.settings import ScanSettings
from inspector.store.plan import Plan
from inspector.store.workspace import Workspace


@dataclass(frozen=True)
class Job:
    """What all stages of one scan share.

    Attributes:
        run_id: the run in the workspace.
        batch, settings, workspace, report, engine: as for `scan`.
        prepared: networks, caches and budget.
        plan: how many photos go through the network together, and the memory for scoring.
        ranges: which values of photos above 8 bits are black and white.
        parts: how parts are found in photos; None = photos are used whole.
        roi: the region of interest; None = all.
    """

    run_id: int
    batch: Batch
    settings: ScanSettings
    workspace: Workspace
    report: Report
    prepared: Preparation
    plan: Plan
    ranges: Ranges
    parts: PartModel | None = None
    roi: Roi | None = None
    engine: Engine = ALONE

    def warn(self, position: int, message: str) -> None:
        """Report a warning about the sample at a position."""
        name = self.batch.samples[position].name
        self.report(Event("warning", "read", message=tell_of(name, message)))
