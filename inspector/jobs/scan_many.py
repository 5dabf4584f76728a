"""Several batches, one after another; one that fails does not hold up the others."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from inspector.data.fetched import Origin, add_origin, telling_address
from inspector.data.layouts import read_batch
from inspector.errors import InspectorError, say_of
from inspector.events import Event, Report, silent
from inspector.jobs.earlier import FoundRun, find_or_scan
from inspector.jobs.engine import ALONE, Engine
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace


class Outcome(NamedTuple):
    """What came of a folder: its run, or why there is none."""

    folder: Path
    found: FoundRun | None
    problem: str = ""


def scan_many(
    folders: Iterable[Path],
    layout: str,
    settings: ScanSettings,
    workspace: Workspace,
    report: Report = silent,
    *,
    fresh: bool = False,
    recipe: Recipe | None = None,
    engine: Engine = ALONE,
    origin: Origin | None = None,
) -> Iterator[Outcome]:
    """Scan the batch in each folder, unless a finished run of the same files is there; a stopped one is resumed.

    Args:
        folders: each holds a batch.
        layout: of each, as for `read_batch`.
        settings, workspace, recipe, engine: as for `scan`.
        report: receives the events of all scans, and a warning for each folder that fails.
        fresh: True = scan all anew.
        origin: the address that the folders were fetched from.

    Yields:
        What came of each folder, as soon as it is known.

    Raises:
        Cancelled: `report` asked for it; the same call goes on.
    """
    for folder in folders:
        try:
            with telling_address(origin):
                batch = add_origin(read_batch(folder, layout, has_camera=settings.sees_depth), origin)
                found = find_or_scan(batch, settings, workspace, report, fresh=fresh, recipe=recipe, engine=engine)
        except InspectorError as error:
            place = str(folder) if origin is None else origin.tell(str(folder))
            problem = say_of(place, str(error))
            report(Event("warning", message=f"{place}: {problem}"))
            yield Outcome(folder, None, problem)
        else:
            yield Outcome(folder, found)
