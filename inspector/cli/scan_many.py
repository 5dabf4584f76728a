"""`inspector scan-many`: the batches below a folder, one after another."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from inspector.cli import cluster, options
from inspector.cli.printing import print_table
from inspector.cli.progress import reporting
from inspector.cli.scan import refuse_early
from inspector.cli.sign_in import Operator, open_as
from inspector.cli.sources import list_source, open_source
from inspector.data.layouts.batches import find_batches
from inspector.errors import InspectorError, say_of
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.storage import is_address
from inspector.store.earlier_runs import find_earlier_run
from inspector.store.rois import find_roi
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text

if TYPE_CHECKING:  # loads torch
    from inspector.jobs.scan_many import Outcome

HOW = {"new": "scanned", "resumed": "resumed", "before": "done before"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("scan-many")(options.add_settings(scan_many))


def scan_many(
    root: Annotated[
        str,
        typer.Argument(
            metavar="ROOT|ADDRESS",
            help="Folder with a folder for each batch, at any depth; or s3://bucket/folder, which is fetched.",
        ),
    ],
    workspace: options.Workspace,
    settings: ScanSettings,
    recipe: Recipe | None,
    layout: options.Layout = "auto",
    fresh: Annotated[bool, typer.Option("--fresh", help="Scan again what is already in the workspace.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the folders to be scanned, and those that are done; stop.")
    ] = False,
    events: options.Events = "auto",
    ray: cluster.Ray = None,
    ray_workers: cluster.Workers = None,
    storage: cluster.StorageAddress = None,
    operator: Operator = None,
    verbose: options.Verbose = False,
) -> None:
    """Scan each folder below ROOT that holds a batch, as `inspector scan` does; go on after one that fails.

    Finished runs of the same files, method and version are kept, stopped ones are taken up where they were.
    """
    if dry_run:
        _tell_plan(_list_batches(root, layout), layout, settings, None if fresh else workspace)
        return
    source, origin = open_source(root, workspace, events, operator)
    source = source.absolute()
    from inspector.data.fetched import telling_address
    from inspector.jobs.scan_many import scan_many as run_scans

    with telling_address(origin):
        folders = find_batches(source, layout)

    outcomes: list[Outcome] = []
    with open_as(workspace, operator) as (store, _):
        store.users.require("scan")
        try:
            with cluster.open_engine(ray, ray_workers, storage) as engine, reporting(events) as report:
                for outcome in run_scans(
                    folders,
                    layout,
                    settings,
                    store,
                    report,
                    fresh=fresh,
                    recipe=recipe,
                    engine=engine,
                    origin=origin,
                ):
                    outcomes.append(outcome)
        finally:
            if events == "auto" and outcomes:
                _print_outcomes(store, outcomes, source)
    if failed := sum(outcome.found is None for outcome in outcomes):
        them = "it" if failed == 1 else "them"
        raise InspectorError(f"{_count(failed, len(folders))} failed; the same command tries {them} again")


def _count(failed: int, folders: int) -> str:
    return "the only folder" if folders == 1 else f"{failed} of {folders} folders"


def _list_batches(root: str, layout: str) -> list[str]:
    """List the batches below a folder or an address, of which nothing is fetched."""
    if not is_address(root):
        return [str(folder) for folder in find_batches(Path(root).absolute(), layout)]
    from inspector.data.fetched import find_batches_at

    return find_batches_at(root, layout)


def _tell_plan(places: Sequence[str], layout: str, settings: ScanSettings, workspace: str | None) -> None:
    """Print the folders or addresses that would be scanned; beside them, what is done, and what fails and why.

    Args:
        places: folders or addresses. Which of those at an address are done is told of fetched files alone.
        layout, settings: of the scans.
        workspace: where earlier runs are looked for; None = all are scanned anew.

    Raises:
        InspectorError: there are such that fail, so that a scan would end with the same exit code.
    """
    failed = 0
    with _open_existing(workspace) as store:
        for place in places:
            try:
                batch = list_source(place, layout, settings)
                earlier = None if store is None or is_address(place) else find_earlier_run(batch, settings, store)
                if store is not None and earlier is not None and earlier.status == "done":
                    typer.echo(escape_text(f"{place} is done: run {earlier.id}"), err=True)
                    continue
                kept = find_roi(store, earlier.id) if store is not None and earlier is not None else None
                refuse_early(batch, settings if kept is None else settings.changed(roi=str(kept)))
            except InspectorError as error:
                failed += 1
                problem = options.add_flags(say_of(place, str(error)))
                typer.echo(escape_text(f"{place} would fail: {problem}"), err=True)
            else:
                typer.echo(escape_text(place))
    if failed:
        raise InspectorError(f"{_count(failed, len(places))} would fail")


def _open_existing(workspace: str | None) -> AbstractContextManager[Workspace | None]:
    """Open a workspace, where there is one; a dry run makes none."""
    return Workspace(workspace) if workspace is not None and options.has_workspace(workspace) else nullcontext()


def _print_outcomes(store: Workspace, outcomes: Sequence["Outcome"], root: Path) -> None:
    table = Table("Folder", "Run", "Samples", "Flagged", "Unreadable", "", box=None)
    for folder, found, _ in outcomes:
        name = Text(escape_text(str(folder.relative_to(root))))
        if found is None:
            table.add_row(name, "", "", "", "", "failed")
            continue
        run = store.runs.get(found.run_id)
        sure = "" if run.is_sure else ", unsure"
        counts = (str(run.samples), str(run.flagged), str(run.unreadable))
        table.add_row(name, str(run.id), *counts, HOW[found.how] + sure)
    print_table(table)
    for folder, _, problem in outcomes:
        if problem:
            told = options.add_flags(problem)
            typer.echo(escape_text(f"{folder.relative_to(root)} failed: {told}"))
