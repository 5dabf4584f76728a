"""`inspector statistics`: yield, agreement, Pareto and control charts over runs."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli import options
from inspector.cli.sources import require_folder
from inspector.errors import InputError, SettingsError
from inspector.statistics.selection import GroupBy, Selection, read_span
from inspector.statistics.shifts import USUAL, read_shifts
from inspector.store.workspace import Workspace
from inspector.terminal import escape_text


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("statistics")(statistics)


def statistics(
    out: Annotated[
        Path,
        typer.Option(
            "--out", parser=require_folder, metavar="FOLDER", help="Folder to write to: report.html and CSV files."
        ),
    ],
    workspace: options.ExistingWorkspace,
    first: Annotated[str | None, typer.Option("--from", help="First day, as 2026-05-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day.")] = None,
    product: Annotated[str | None, typer.Option(help="Only runs with this recipe.")] = None,
    folder: Annotated[str | None, typer.Option(help="Only runs of this folder.")] = None,
    lot: Annotated[str | None, typer.Option(help="Only parts of this lot.")] = None,
    station: Annotated[str | None, typer.Option(help="Only parts of this station.")] = None,
    operator: Annotated[str | None, typer.Option(help="Only parts with a verdict of this operator.")] = None,
    shift: Annotated[str | None, typer.Option(help="Only parts of this shift.")] = None,
    shifts: Annotated[str, typer.Option(help="Names of the shifts, and when they begin.")] = USUAL,
    by: Annotated[GroupBy, typer.Option(help="What a point of the control chart is.")] = "run",
    decimal: options.Decimal = "point",
    language: options.Language = "en",
) -> None:
    """Compute statistics over runs: yield, agreement, Pareto and control charts, as CSV and a shift report."""
    from inspector.statistics.overview import read_overview
    from inspector.statistics.report import render_report, write_page, write_tables
    from inspector.statistics.words import StatisticsWords

    times = read_shifts(shifts)
    if shift is not None and shift not in [one.name for one in times]:
        raise SettingsError(f"there is no shift {shift!r}; choose one of: {', '.join(one.name for one in times)}")
    since, until = read_span(first, last)
    asked = {"product": product, "folder": folder, "lot": lot, "station": station, "operator": operator, "shift": shift}
    chosen, words, of_report = Selection(**asked), StatisticsWords(), StatisticsWords.of(language)
    with Workspace(workspace) as store:
        overview, places = read_overview(store, chosen, by, times, since, until)
    told = {"From": first, "To": last, **{name.capitalize(): value for name, value in asked.items()}}
    about = [(of_report.tell(name), value) for name, value in told.items() if value is not None]
    try:
        write_tables(overview, places, out, decimal)
        write_page(render_report(overview, places, about, of_report), out / "report.html")
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}; choose another folder") from error
    for name, value, _ in words.list_figures(overview.counts):
        typer.echo(f"{name}: {value}")
    for sentence in words.list_signals(overview):
        typer.echo(escape_text(sentence))
    typer.echo(escape_text(str(out / "report.html")))
