"""A batch that need not be scanned again is not."""

from typing import Literal, NamedTuple

from inspector.data.samples import Batch
from inspector.events import Report
from inspector.jobs.engine import ALONE, Engine
from inspector.jobs.scan import scan
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.earlier_runs import find_earlier_run
from inspector.store.workspace import Workspace


class FoundRun(NamedTuple):
    """A finished run, and how it came about: "new", "resumed", or done "before"."""

    run_id: int
    how: Literal["new", "resumed", "before"]


def find_or_scan(
    batch: Batch,
    settings: ScanSettings,
    store: Workspace,
    report: Report,
    *,
    fresh: bool = False,
    recipe: Recipe | None = None,
    engine: Engine = ALONE,
) -> FoundRun:
    """Return a finished run of a batch: an earlier one, a stopped one that is resumed, or a new one.

    Args:
        batch, settings, store, report, recipe, engine: as for `scan`.
        fresh: True = scan anew, whatever there is.

    Raises:
        InspectorError, Cancelled: as `scan`.
    """
    earlier = None if fresh else find_earlier_run(batch, settings, store)
    if earlier is not None and earlier.status == "done":
        return FoundRun(earlier.id, "before")
    taken_up = earlier.id if earlier else None
    run_id = scan(batch, settings, store, report, run_id=taken_up, recipe=recipe, engine=engine)
    return FoundRun(run_id, "resumed" if earlier else "new")
