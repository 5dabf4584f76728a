"""`inspector runs` and `inspector export`: what earlier scans left."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from inspector.cli import options
from inspector.cli.printing import print_table
from inspector.cli.progress import reporting
from inspector.cli.targets import name_report, open_target
from inspector.sinks.backlog import list_refused
from inspector.store.claims import is_alive
from inspector.store.records import RunRecord
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text
from inspector.times import write_local


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("runs")(runs)
    app.command("export")(export)


def runs(
    workspace: options.ExistingWorkspace,
    refused: Annotated[
        int | None,
        typer.Option(metavar="RUN", help="List the results of this watched run that a sink refused for good, and why."),
    ] = None,
) -> None:
    """List the runs of the workspace, newest first."""
    with Workspace(workspace) as store:
        if refused is not None:
            _print_refused(store, refused)
            return
        table = Table("Run", "Date", "Status", "Samples", "Flagged", "Unreadable", "Backbone", "Folder", box=None)
        runs, now = store.runs.all(), store.database.read_clock()
        for run in runs:
            counts = (str(run.samples), str(run.flagged), str(run.unreadable))
            table.add_row(
                str(run.id),
                write_local(run.created),
                _say_status(run, now),
                *counts,
                run.backbone,
                Text(escape_text(run.root)),
            )
    print_table(table)


def _print_refused(store: Workspace, run_id: int) -> None:
    found = list_refused(store.artefacts.run_folder(store.runs.get(run_id).id))
    table = Table("Sink", "Result", "Verdict", "Part", "Reason", box=None)
    for sink, result, reason in found:
        texts = (sink, result.id, result.verdict, result.name, reason)
        table.add_row(*(Text(escape_text(text)) for text in texts))
    if found:
        print_table(table)
    else:
        typer.echo(f"No result of run {run_id} was refused.")


def _say_status(run: RunRecord, now: datetime) -> str:
    """Say how a run stands; one whose program is gone is not running, whatever it wrote last."""
    return "stopped" if run.status == "running" and not is_alive(run, now) else run.status


def export(
    run: Annotated[int, typer.Argument(help="Number of the run; `inspector runs` lists them.")],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER|ADDRESS", help="Where to write to.")],
    workspace: options.ExistingWorkspace,
    what: options.What = options.USUAL_EXPORTS,
    decimal: options.Decimal = "point",
    language: options.Language = "en",
) -> None:
    """Write a run as files: CSV, overlays, raw maps, clouds, one HTML report, and more where `--what` says so."""
    names = options.choose_exports(what, "--what")
    from inspector.export.run import write_exports

    with Workspace(workspace) as store, reporting("auto") as report, open_target(out) as folder:
        assert folder is not None  # there is a target
        written = write_exports(store, run, folder, names, report, decimal=decimal, language=language)
    typer.echo(escape_text(name_report(out, written) or out))
